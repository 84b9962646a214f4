//! What the people of the made-up city 望澜市 write: seeded sentences of our own, so that a demo
//! looks alive and is the same every time. Every name and place is invented.

/// A small reproducible generator (xorshift64*): the demo must be the same on every machine.
pub struct Dice(u64);

impl Dice {
    /// A generator that always gives the same sequence for the same seed.
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }
    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }
    /// A number below `n`; `n` must not be zero.
    pub fn below(&mut self, n: usize) -> usize {
        (self.bits() >> 11) as usize % n.max(1)
    }
    /// True in `percent` of a hundred throws.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
    /// One of the given things.
    pub fn pick<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of[self.below(of.len())]
    }
    /// A place in a list of weights, drawn by weight.
    pub fn weighted(&mut self, weights: &[usize]) -> usize {
        let mut left = self.below(weights.iter().sum());
        for (i, w) in weights.iter().enumerate() {
            if left < *w {
                return i;
            }
            left -= w;
        }
        0
    }
}

/// A county of the made-up city with its townships; codes lie outside GB/T 2260.
pub struct County {
    /// Division code.
    pub code: &'static str,
    /// Name.
    pub name: &'static str,
    /// Townships: code and name.
    pub towns: [(&'static str, &'static str); 3],
}

/// The three counties of 望澜市.
pub const COUNTIES: [County; 3] = [
    County {
        code: "990121",
        name: "砚溪县",
        towns: [("990121001", "柳堰镇"), ("990121002", "南梁乡"), ("990121003", "东渡镇")],
    },
    County {
        code: "990122",
        name: "青禾县",
        towns: [("990122001", "麦港镇"), ("990122002", "大垅乡"), ("990122003", "桥头铺镇")],
    },
    County {
        code: "990123",
        name: "云岫县",
        towns: [("990123001", "竹坪镇"), ("990123002", "上坝乡"), ("990123003", "雾渡河镇")],
    },
];

const SURNAMES: [&str; 24] = [
    "陈", "李", "周", "吴", "郑", "孙", "许", "何", "吕", "施", "孔", "曹", "严", "魏", "陶", "姜", "谢", "邹", "苏",
    "潘", "葛", "范", "彭", "鲁",
];
const GIVEN: [&str; 24] = [
    "立新", "桂芳", "守田", "德发", "长庚", "小满", "雨禾", "望山", "秋实", "石生", "兰英", "天佑", "启明", "金水",
    "明远", "春来", "永和", "志成", "云舟", "青松", "有粮", "大川", "冬青", "玉书",
];
const VILLAGES: [&str; 10] =
    ["上湾村", "石桥村", "柿树坪村", "杨家埠村", "双井村", "北坳村", "长堰村", "古渡村", "新塘村", "茶亭村"];

/// One made-up report before it is filed.
#[derive(Debug, Clone)]
pub struct Story {
    /// Title.
    pub title: String,
    /// Text.
    pub text: String,
    /// Name of the person reported, if given.
    pub name: Option<String>,
    /// Unit reported.
    pub unit: String,
    /// Post of the person reported.
    pub post: String,
    /// Stored spelling of the rank.
    pub rank: &'static str,
    /// Division code of the matter.
    pub division: &'static str,
}

/// What is said in each of the stories, by its title: problem class of its edition, and in one
/// sentence who did what.
const CLASSES: [(&str, Option<&str>, &str); 20] = [
    ("反映村支书侵占集体土地租金", Some("86"), "把村集体土地租金长期留在账外，未经村民代表会"),
    ("低保评定优亲厚友", Some("86"), "评定低保优亲厚友，公示走过场"),
    ("虚报退耕还林面积套取补助", Some("99"), "以他人名义虚报退耕还林面积，套取补助款"),
    ("镇干部违规承揽工程", Some("91"), "把镇里的道路、水渠工程交给亲属的公司，未招标"),
    ("县住建局工作人员吃拿卡要", Some("72"), "办理施工许可时刁难，接受宴请和香烟"),
    ("学校食堂采购吃回扣", Some("74"), "把学校食堂包给亲属，从采购差价中获利"),
    ("公车私用、工作日饮酒", Some("81"), "长期用公车接送子女，工作日中午饮酒"),
    ("反映干部插手征地补偿", Some("86"), "截留征地补偿款，未向群众公开文件"),
    ("收受礼金、大办婚宴", Some("73"), "借子女婚宴收受下属和工程老板的礼金"),
    ("医院设备采购有问题", Some("91"), "设备采购为特定供货商设定参数，价格明显偏高"),
    ("物业和小区停车问题", None, "物业涨收停车费，占用消防通道"),
    ("某干部有严重问题", None, "仅称贪污受贿、作风败坏，没有具体事实"),
    ("房屋征收补偿未到位", Some("cxjs1"), "征收补偿款和过渡费逾期未付"),
    ("工地拖欠工资", Some("ldsb1"), "安置房项目完工后拖欠工人工资"),
    ("对交通事故责任认定不服", Some("zf1"), "对交通事故责任认定不服"),
    ("灌溉水渠堵塞影响春耕", Some("nync4"), "灌溉渠坍塌，影响春耕放水"),
    ("道路坑洼、路灯不亮", Some("cxjs5"), "道路坑洼、路灯损坏，影响出行安全"),
    ("孩子入学学位问题", Some("jywt1"), "学区内学校以学位已满为由不予入学"),
    ("养殖场污水直排", Some("hjbh2"), "养殖场夜间偷排污水，影响群众用水"),
    ("建议增加乡村公交班次", Some("jtys2"), "建议早晚增加乡村公交班次"),
];

impl Story {
    fn class(&self) -> Option<&'static (&'static str, Option<&'static str>, &'static str)> {
        CLASSES.iter().find(|(title, _, _)| *title == self.title)
    }

    /// Problem class of `rules/problems`; `None` where no class fits.
    pub fn problem(&self) -> Option<&'static str> {
        self.class().and_then(|class| class.1)
    }

    /// 问题概述: who did what, in one sentence.
    pub fn summary(&self) -> String {
        let what = self.class().map_or(self.title.as_str(), |class| class.2);
        match &self.name {
            Some(name) => format!("{name}{what}"),
            None => format!("{}：{what}", self.unit),
        }
    }
}

/// A made-up name.
pub fn name(dice: &mut Dice) -> String {
    format!("{}{}", dice.pick(&SURNAMES), dice.pick(&GIVEN))
}

struct Scene {
    county: &'static County,
    town: (&'static str, &'static str),
    village: &'static str,
    who: String,
    year: usize,
    month: usize,
    wan: usize,
    mu: usize,
    homes: usize,
}

impl Scene {
    fn draw(dice: &mut Dice) -> Self {
        let county = &COUNTIES[dice.below(3)];
        Self {
            county,
            town: county.towns[dice.below(3)],
            village: dice.pick(&VILLAGES),
            who: name(dice),
            year: 2023 + dice.below(3),
            month: 1 + dice.below(12),
            wan: 2 + dice.below(60),
            mu: 3 + dice.below(90),
            homes: 5 + dice.below(60),
        }
    }
}

const OPENINGS: [&str; 8] = [
    "我们是本地的普通群众，",
    "你好，我想反映一件事。",
    "领导好！",
    "实在没有办法了才写这封信。",
    "我在外地打工，过年回家才晓得这个事，",
    "事情是这样的：",
    "",
    "我识字不多，请别人代写，",
];
const CLOSINGS: [&str; 8] = [
    "请派人查一查账，还大家一个明白。",
    "希望上级核实处理。",
    "材料都在，查了就知道。",
    "我们只想要一个说法。",
    "请不要把我的信转给他们看。",
    "盼回复。",
    "恳请组织调查，我愿意配合。",
    "如果查了没有这回事，也请告诉大家一声。",
];

fn wrap(dice: &mut Dice, core: &str) -> String {
    format!("{}{}{}", dice.pick(&OPENINGS), core, dice.pick(&CLOSINGS))
}

/// A report an office of discipline inspection receives (edition `jw`).
pub fn discipline(dice: &mut Dice) -> Story {
    let s = Scene::draw(dice);
    let place = format!("{}{}{}", s.county.name, s.town.1, s.village);
    let division = s.town.0;
    let builder = dice.pick(&["顺达", "宏基", "远大", "恒通"]);
    let grocer = dice.pick(&["绿源", "鑫旺", "好滋味"]);
    let village = |title: &str, core: String, post: &str, dice: &mut Dice| Story {
        title: title.to_owned(),
        text: wrap(dice, &core),
        name: Some(s.who.clone()),
        unit: place.clone(),
        post: post.to_owned(),
        rank: "village_head",
        division,
    };
    match dice.weighted(&[14, 12, 10, 9, 9, 8, 8, 7, 6, 6, 6, 5]) {
        0 => village(
            "反映村支书侵占集体土地租金",
            format!(
                "{place}党支部书记{}从{}年起把村集体{}亩地租给外面的老板种药材，租金每年{}万元，一直没有进村里的账，也没有开过村民代表会。问他，他说钱在会计那里，会计说没见过。",
                s.who, s.year, s.mu, s.wan
            ),
            "党支部书记",
            dice,
        ),
        1 => village(
            "低保评定优亲厚友",
            format!(
                "{place}评低保不公开，村主任{}的哥哥家里有小汽车、在县城有房子，照样吃低保；真正困难的{}户报了两年都没有批。{}年{}月的公示只贴了半天就撕了。",
                s.who,
                s.homes % 7 + 2,
                s.year,
                s.month
            ),
            "村民委员会主任",
            dice,
        ),
        2 => village(
            "虚报退耕还林面积套取补助",
            format!(
                "{}在{place}任职期间，用已经去世的人和外出户的名字虚报退耕还林{}亩，套取补助款{}万元左右，存折都由他自己保管。{}年县里来检查，他临时借别人的林子充数。",
                s.who, s.mu, s.wan, s.year
            ),
            "党支部书记",
            dice,
        ),
        3 => Story {
            title: "镇干部违规承揽工程".into(),
            text: wrap(
                dice,
                &format!(
                    "{}{}副镇长{}分管建设，{}年以来镇里的道路硬化工程、水渠维修项目都给了他妻弟的望澜市{}建筑工程有限公司，没有招标，{}公里的路花了{}万元，通车不到一年就坏了。",
                    s.county.name,
                    s.town.1,
                    s.who,
                    s.year,
                    builder,
                    s.mu % 9 + 1,
                    s.wan * 6
                ),
            ),
            name: Some(s.who.clone()),
            unit: format!("{}{}人民政府", s.county.name, s.town.1),
            post: "副镇长".into(),
            rank: "section",
            division,
        },
        4 => Story {
            title: "县住建局工作人员吃拿卡要".into(),
            text: wrap(
                dice,
                &format!(
                    "我在{}办施工许可，{}住建局审批股股长{}前后三次以材料不全为由退回，后来有人带话说请吃饭、送两条烟就行。{}年{}月{}日我在饭店付了{}元，第二天就办下来了，发票还在。",
                    s.county.name,
                    s.county.name,
                    s.who,
                    s.year,
                    s.month,
                    s.mu % 27 + 1,
                    s.wan * 100
                ),
            ),
            name: Some(s.who.clone()),
            unit: format!("{}住建局", s.county.name),
            post: "审批股股长".into(),
            rank: "general",
            division: s.county.code,
        },
        5 => Story {
            title: "学校食堂采购吃回扣".into(),
            text: wrap(
                dice,
                &format!(
                    "{}{}中心学校校长{}把食堂包给自己的亲戚，孩子们的菜又少又差，每生每天收{}元，营养餐补助另算。家长要求公开账目，学校说这是内部事务。供货的{}食品有限公司就是他外甥开的，一学期少说有{}万元的差价。",
                    s.county.name,
                    s.town.1,
                    s.who,
                    s.wan % 9 + 12,
                    grocer,
                    s.wan
                ),
            ),
            name: Some(s.who.clone()),
            unit: format!("{}{}中心学校", s.county.name, s.town.1),
            post: "校长".into(),
            rank: "institution",
            division,
        },
        6 => Story {
            title: "公车私用、工作日饮酒".into(),
            text: wrap(
                dice,
                &format!(
                    "{}农业农村局副局长{}经常用公车接送孩子上学，{}年{}月以来我见过不下{}次。中午在单位旁边的饭馆喝酒，下午办事找不到人。",
                    s.county.name,
                    s.who,
                    s.year,
                    s.month,
                    s.mu % 12 + 3
                ),
            ),
            name: Some(s.who.clone()),
            unit: format!("{}农业农村局", s.county.name),
            post: "副局长".into(),
            rank: "section",
            division: s.county.code,
        },
        7 => Story {
            title: "反映干部插手征地补偿".into(),
            text: wrap(
                dice,
                &format!(
                    "{place}修高速引线征地，补偿款按每亩{}万元发，到户的只有一半。镇党委委员{}说剩下的统一用作村里的建设，到现在{}户没有一户看到过文件。有人去问，反被说成不支持重点项目。",
                    s.wan % 6 + 3,
                    s.who,
                    s.homes
                ),
            ),
            name: Some(s.who.clone()),
            unit: format!("{}{}党委", s.county.name, s.town.1),
            post: "党委委员".into(),
            rank: "section",
            division,
        },
        8 => Story {
            title: "收受礼金、大办婚宴".into(),
            text: wrap(
                dice,
                &format!(
                    "{}交通运输局{}{}年{}月为儿子办婚宴，分两个酒店摆了{}桌，下属和做工程的老板都去随礼，少的两千，多的上万。",
                    s.county.name,
                    s.who,
                    s.year,
                    s.month,
                    s.homes + 10
                ),
            ),
            name: Some(s.who.clone()),
            unit: format!("{}交通运输局", s.county.name),
            post: "局长".into(),
            rank: "section",
            division: s.county.code,
        },
        9 => Story {
            title: "医院设备采购有问题".into(),
            text: wrap(
                dice,
                &format!(
                    "{}人民医院{}年买的一台设备报价{}万元，隔壁县同样的型号便宜三成。听说副院长{}和供货商是同学，招标文件里的参数写得只有那一家能中。",
                    s.county.name,
                    s.year,
                    s.wan * 10,
                    s.who
                ),
            ),
            name: Some(s.who.clone()),
            unit: format!("{}人民医院", s.county.name),
            post: "副院长".into(),
            rank: "institution",
            division: s.county.code,
        },
        10 => Story {
            title: "物业和小区停车问题".into(),
            text: wrap(
                dice,
                &format!(
                    "我们小区{}户，物业乱收停车费，每月涨到{}元，消防通道也被划成车位。业主找了物业好几次都没有结果，想请有关部门管一管。",
                    s.homes * 9,
                    s.wan * 10
                ),
            ),
            name: None,
            unit: format!("{}某小区物业服务中心", s.county.name),
            post: String::new(),
            rank: "other",
            division: s.county.code,
        },
        _ => Story {
            title: "某干部有严重问题".into(),
            text: format!("{}的{}贪污受贿，作风败坏，请严查！", s.county.name, s.who),
            name: Some(s.who.clone()),
            unit: s.county.name.to_owned(),
            post: "干部".into(),
            rank: "unknown",
            division: s.county.code,
        },
    }
}

/// A matter a petition bureau receives (edition `xf`).
pub fn petition(dice: &mut Dice) -> Story {
    let s = Scene::draw(dice);
    let place = format!("{}{}{}", s.county.name, s.town.1, s.village);
    let (title, unit, core) = match dice.weighted(&[28, 20, 15, 12, 10, 7, 5, 3]) {
        0 => (
            "房屋征收补偿未到位",
            format!("{}自然资源局", s.county.name),
            format!(
                "{place}的房子{}年{}月签了征收协议，说好三个月付清补偿款{}万元，过渡费每月{}元，到现在只付了头一笔，过渡费也停了。我们{}户还在外面租房。",
                s.year,
                s.month,
                s.wan,
                s.wan * 20,
                s.homes
            ),
        ),
        1 => (
            "工地拖欠工资",
            format!("{}人力资源和社会保障局", s.county.name),
            format!(
                "我们{}个人在{}{}的安置房项目干活，{}年{}月完工，还欠工资{}万元。包工头说总包没给钱，总包说已经给了，两边推。",
                s.homes, s.county.name, s.town.1, s.year, s.month, s.wan
            ),
        ),
        2 => (
            "对交通事故责任认定不服",
            format!("{}公安局", s.county.name),
            format!(
                "{}年{}月我父亲在{}{}路口被货车撞伤，责任认定我们不服，复核也没有改，现在不知道还能找哪里。",
                s.year, s.month, s.county.name, s.town.1
            ),
        ),
        3 => (
            "灌溉水渠堵塞影响春耕",
            format!("{}水利局", s.county.name),
            format!(
                "{place}的灌溉渠塌了一段，{}亩水田放不进水，村里报了两次，说要等项目。眼看就要插秧了，能不能先清一清。",
                s.mu * 4
            ),
        ),
        4 => (
            "道路坑洼、路灯不亮",
            format!("{}住建局", s.county.name),
            format!(
                "{}{}到县城的那条路坑洼{}处，晚上路灯一半不亮，{}月里摔了三个骑车的学生，请安排维修。",
                s.county.name, s.town.1, s.mu, s.month
            ),
        ),
        5 => (
            "孩子入学学位问题",
            format!("{}教育局", s.county.name),
            format!(
                "我家住{}{}，按通知属于中心学校学区，报名时却说学位满了，要去{}公里外上学。请问怎么解决？",
                s.county.name,
                s.town.1,
                s.mu % 20 + 5
            ),
        ),
        6 => (
            "养殖场污水直排",
            format!("{}生态环境局", s.county.name),
            format!("{place}上游的养猪场夜里偷排污水，河水发黑，{}户人家不敢用井水，夏天窗户都不能开。", s.homes),
        ),
        _ => (
            "建议增加乡村公交班次",
            format!("{}交通运输局", s.county.name),
            format!(
                "{}{}到县城一天只有{}班车，老人看病不方便，建议早晚各加一班，线路从集市绕一下。",
                s.county.name,
                s.town.1,
                s.mu % 3 + 2
            ),
        ),
    };
    Story {
        title: title.to_owned(),
        text: wrap(dice, &core),
        name: None,
        unit,
        post: String::new(),
        rank: "unknown",
        division: s.town.0,
    }
}
