//! Organs, companies and other organisations by how their names end, extended to the left as far
//! as the run of name characters goes. It knows no register of organs; that is the directory's.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::{Found, Scene};
use crate::entity::EntityKind;
use crate::quick::{CharSet, list};
use crate::stage::Rule;

/// Stems of departments (`住建`, `自规` …), shared with the dictionary of words.
const STEMS: &str = include_str!("../../data/organs.txt");

/// What makes an organ of a stem.
const ENDS: &[&str] =
    &["局", "厅", "委", "委员会", "部门", "总局", "分局", "办公室", "所", "站", "大队", "支队", "总队", "中队", "办"];

/// Organs that need no stem, longer ones first where one begins another.
static ORGANS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    list(
        "\
     人民政府 政府办公室 政府 人民代表大会常务委员会 人大常委会 人民代表大会 人大 政治协商会议 \
     政协 纪律检查委员会 监察委员会 纪委监委 监察委 纪检委 纪委 监委 派驻纪检监察组 纪检监察组 \
     纪检组 巡察办 巡察组 巡视组 县委 市委 区委 省委 镇党委 乡党委 街道党工委 党工委 党委 党组 \
     组织部 宣传部 统战部 政法委 人民法院 中级人民法院 高级人民法院 法院 人民检察院 检察院 公安局 \
     公安分局 公安厅 派出所 交警大队 交警支队 交警队 刑警大队 刑警队 看守所 拘留所 监狱 \
     街道办事处 街道办 管理委员会 管委会 城管局 城管队 国资委 发改委 卫健委 住建委 政务服务中心 \
     政务中心 信访办 拆迁办 征收办 扶贫办 教育部 公安部 财政部 民政部 国务院 税务局 税务所 海关 \
     司法所 国土所 工商所 财政所 团委 妇联 总工会 武装部 指挥部 机关事务管理局 应急管理局",
    )
});

/// Other organisations.
static ORGANISATIONS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    list(
        "\
     村民委员会 村委会 村委 村支部 居民委员会 居委会 业主委员会 业委会 党支部 小学 中学 大学 学院 \
     幼儿园 职业学校 技校 学校 中专 高中 初中 一中 二中 三中 四中 五中 人民医院 中医院 中医医院 \
     妇幼保健院 卫生院 医院 卫生室 保健院 协会 联合会 基金会 研究所 研究院 设计院 俱乐部 福利院 \
     敬老院 养老院 博物馆 图书馆 文化馆 体育馆 电视台 报社 杂志社 商会 教育局考试院 考试院 \
     疾控中心 红十字会 残联 消费者协会 消协",
    )
});

/// Companies, longer ones first where one ends another.
static COMPANIES: LazyLock<Vec<&str>> = LazyLock::new(|| {
    list(
        "\
     有限责任公司 股份有限公司 集团有限公司 有限公司 分公司 子公司 总公司 集团公司 物业公司 \
     建筑公司 房地产公司 开发公司 工程公司 公司 集团 银行 支行 信用社 合作社 物业 酒店 宾馆 饭店 \
     超市 商行 商场 商城 工厂 砖厂 水泥厂 化工厂 加工厂 采石场 养殖场 砂石场 砂场 矿业 煤矿 药房 \
     药店 大药房 旅行社 地产 置业 实业 置地 餐馆 网吧 KTV 会所 事务所 培训机构 驾校 影城 电影院 \
     证券 保险",
    )
});

/// Companies everyone knows by one word.
static WHOLE: LazyLock<Vec<&str>> = LazyLock::new(|| {
    list(
        "\
     中国银行 工商银行 建设银行 农业银行 交通银行 招商银行 邮储银行 民生银行 光大银行 浦发银行 \
     兴业银行 中信银行 华夏银行 平安银行 中国移动 中国电信 中国联通 中国石化 中国石油 中石化 \
     中石油 国家电网 南方电网 中国铁塔",
    )
});

/// Words of which a whole name cannot consist: `这家公司`, `物业公司` name nobody.
static GENERIC: LazyLock<Vec<&str>> = LazyLock::new(|| {
    list(
        "\
     小区 物业 建筑 房地产 开发 工程 开发商 家 个 本 贵 国有 私人 民营 外地 当地 本地 小 大 全 中 \
     新 老 旧 两 几 多家 一些 各级 地方 乡镇 上级 下级 基层 相应 主管 有限 责任 股份 集团 分 总 \
     子 保险 旅游 食品 装修 中介 劳务 环卫 自来水 燃气 电力 天然气 供水 供电 出租车 公交 客运 \
     担保 小额贷款 贷款 通信 网络 快递 物流 施工 建设 装饰 公立 私立 民办 公办 乡村 农村 城市 \
     城区 县级 市级 省级 重点 普通 附近 大型 小型 正规 三甲 二甲 三级 定点 专科 综合 公共 商业 \
     学前 职业 示范 高等 全日制 名牌 我国 中国 全国",
    )
});

/// Which kind an ending makes, and its rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Organ,
    Organisation,
    Company,
}

/// Endings with what they make, longer ones first.
type Endings = Vec<(Vec<char>, Sort)>;

/// Endings by their last character.
static BY_LAST: LazyLock<HashMap<char, Endings>> = LazyLock::new(|| {
    let mut map: HashMap<char, Endings> = HashMap::new();
    let mut add = |word: &str, sort: Sort| {
        let chars: Vec<char> = word.chars().collect();
        if let Some(last) = chars.last() {
            map.entry(*last).or_default().push((chars, sort));
        }
    };
    for word in departments() {
        add(&word, Sort::Organ);
    }
    for (list, sort) in [
        (&ORGANS, Sort::Organ),
        (&ORGANISATIONS, Sort::Organisation),
        (&COMPANIES, Sort::Company),
        (&WHOLE, Sort::Company),
    ] {
        for word in list.iter() {
            add(word, sort);
        }
    }
    for list in map.values_mut() {
        list.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
    }
    map
});

/// Last characters of all endings.
static LASTS: LazyLock<CharSet> = LazyLock::new(|| CharSet::new(BY_LAST.keys().copied()));

static GENERIC_SET: LazyLock<HashSet<&'static str>> = LazyLock::new(|| GENERIC.iter().copied().collect());

/// Every department: stem and ending, generated.
pub(crate) fn departments() -> impl Iterator<Item = String> {
    STEMS
        .lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(str::split_whitespace)
        .flat_map(|stem| ENDS.iter().map(move |end| format!("{stem}{end}")))
        // 农委 + 委 and the like repeat a character; 规划所, 建设部门 name no organ.
        .filter(|word| {
            !["委委", "办办", "建设部门", "建设所", "劳动部门", "规划部门", "文化部门", "建设站"]
                .iter()
                .any(|w| word.contains(w))
        })
}

/// The ending that closes at `end` (exclusive).
fn ending(scene: &Scene<'_>, end: usize) -> Option<(usize, Sort)> {
    if !LASTS.has(scene.chars[end - 1]) {
        return None;
    }
    let list = BY_LAST.get(&scene.chars[end - 1])?;
    list.iter()
        .find(|(word, _)| end >= word.len() && scene.chars[end - word.len()..end] == word[..])
        .map(|(word, sort)| (word.len(), *sort))
}

/// Finds organs, organisations and companies.
pub(crate) fn find(scene: &Scene<'_>, found: &mut Vec<Found>) {
    let mut floor = 0;
    let mut end = 1;
    while end <= scene.chars.len() {
        let Some((width, sort)) = ending(scene, end) else {
            end += 1;
            continue;
        };
        // A longer ending may close a little later over the same characters: 人大常委会, 街道办事处.
        let longer = (end + 1..=(end + 7).min(scene.chars.len()))
            .rev()
            .find(|later| ending(scene, *later).is_some_and(|(w, _)| later - w < end));
        if let Some(longer) = longer {
            end = longer;
            continue;
        }
        let stem_end = end - width;
        let most = match sort {
            Sort::Organ => 12,
            Sort::Organisation => 14,
            Sort::Company => 20,
        };
        let start = trimmed(scene, scene.left(stem_end, most).max(floor), stem_end, sort);
        if let Some(hit) = judged(scene, start, stem_end, end, sort) {
            floor = end;
            found.push(hit);
        }
        end += 1;
    }
}

/// Leaves out what cannot begin a name: verbs and counts before it, an organ before a company.
fn trimmed(scene: &Scene<'_>, start: usize, stem_end: usize, sort: Sort) -> usize {
    const LEADING: &[&str] = &[
        "县内", "市内", "本市", "本县", "本区", "本镇", "本村", "我市", "我县", "区域", "全市", "全县", "老板", "业主",
        "居民", "村民", "员工", "工人", "书记", "局长", "镇长", "县长", "主任", "校长", "经理", "时候", "中标", "挂靠",
        "名下", "入股", "上班", "工作", "服务", "毕业", "就读", "打工", "通知", "包庇", "勾结", "串通", "索要", "侵占",
        "拖欠", "安排", "转让", "出租", "引进", "控股", "注入", "交给", "送给", "卖给", "租给",
    ];
    let mut from = start;
    loop {
        let before = from;
        // 任公路管理站站长: the verb is no part of the name.
        while from < stem_end && matches!(scene.chars[from], '任' | '兼' | '当') {
            from += 1;
        }
        while from < stem_end
            && scene.chars[from].is_ascii_digit()
            && !scene.char(from + 1).is_some_and(|c| c.is_ascii_alphanumeric())
        {
            from += 1;
        }
        if let Some(word) =
            (from..stem_end).rev().find_map(|i| LEADING.iter().find(|w| scene.at(i, w)).map(|w| i + w.chars().count()))
        {
            from = word.min(stem_end);
        }
        if from == before {
            break;
        }
    }
    if sort == Sort::Organ {
        from = organ_start(scene, from, stem_end);
    }
    from
}

/// An organ's name begins with its place: of the run only what ends in a level belongs to it.
fn organ_start(scene: &Scene<'_>, start: usize, stem_end: usize) -> usize {
    // At most four levels back: 云川市青山县柳林镇.
    let level = |c: char| matches!(c, '省' | '市' | '县' | '区' | '州' | '镇' | '乡' | '盟' | '旗' | '村' | '道');
    if stem_end > start && level(scene.chars[stem_end - 1]) {
        // A name of a place has at most five characters before its level.
        let mut from = stem_end;
        let mut at = stem_end;
        while at > start && level(scene.chars[at - 1]) {
            let mut name = at - 1;
            while name > start && at - name <= 5 && !level(scene.chars[name - 1]) {
                name -= 1;
            }
            from = name;
            at = name;
        }
        return from;
    }
    let left = stem_end - start;
    if left <= 4 { start } else { stem_end }
}

fn judged(scene: &Scene<'_>, start: usize, stem_end: usize, end: usize, sort: Sort) -> Option<Found> {
    let stem = scene.string(start, stem_end);
    let length = end - start;
    let stem_length = stem_end - start;
    let word = scene.string(stem_end, end);
    let named = stem_length > 0 && !GENERIC_SET.contains(stem.as_str());
    let next_level = scene.char(end).is_some_and(|c| matches!(c, '长'));
    match sort {
        Sort::Organ => {
            // 政府 alone is no organ in particular; 住建局 is.
            let vague = matches!(
                word.as_str(),
                "政府"
                    | "人大"
                    | "法院"
                    | "党委"
                    | "党组"
                    | "办公室"
                    | "监狱"
                    | "海关"
                    | "团委"
                    | "管委会"
                    | "指挥部"
                    | "人民政府"
            );
            let department = word.ends_with("部门") || (word.ends_with('所') && stem_length == 0 && word != "派出所");
            let town_seat = word == "政府" && scene.at(end, "大楼");
            ((named || !vague) && !department && length >= 2 && !town_seat).then(|| {
                Found::new(
                    start,
                    end,
                    EntityKind::Government,
                    if stem_length > 0 { 0.88 } else { 0.8 },
                    Rule::OrganName,
                )
            })
        }
        // 大学生, 中学生 are people.
        Sort::Organisation => (named && stem_length >= 1 && !next_level && !scene.at(end, "生"))
            .then(|| Found::new(start, end, EntityKind::Organization, 0.78, Rule::OrganisationName))
            .filter(|_| stem_length >= 2 || "省市县区镇乡村".contains(stem.as_str())),
        Sort::Company if WHOLE.contains(&word.as_str()) => {
            Some(Found::new(stem_end, end, EntityKind::Company, 0.8, Rule::CompanyName))
        }
        Sort::Company => {
            let sure = word.contains("有限公司") || word.contains("责任公司");
            (named && stem_length >= 2)
                .then(|| Found::new(start, end, EntityKind::Company, if sure { 0.9 } else { 0.76 }, Rule::CompanyName))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::of;
    use super::*;

    #[test]
    fn organs() {
        for (text, organ) in [
            ("向青山县住建局反映", "青山县住建局"),
            ("举报云川市自然资源和规划局", "云川市自然资源和规划局"),
            ("区城管局执法", "区城管局"),
            ("柳林镇人民政府", "柳林镇人民政府"),
            ("A市A3区交警支队", "A市A3区交警支队"),
            ("市纪委监委收到", "市纪委监委"),
            ("在县人民法院起诉", "县人民法院"),
            ("驻县住建局纪检监察组", "住建局纪检监察组"),
        ] {
            assert!(
                of(text, EntityKind::Government).iter().any(|o| o.ends_with(organ) || organ.ends_with(o.as_str())),
                "{text}: {:?}",
                of(text, EntityKind::Government)
            );
        }
        for text in ["有关部门", "政府不管", "到处都是饭局", "大结局"] {
            assert!(of(text, EntityKind::Government).is_empty(), "{text}: {:?}", of(text, EntityKind::Government));
        }
    }

    #[test]
    fn companies() {
        for (text, company) in [
            ("由鑫源建筑有限公司承建", "鑫源建筑有限公司"),
            ("投诉天健物业公司乱收费", "天健物业公司"),
            ("在云川农商银行贷款", "云川农商银行"),
        ] {
            assert_eq!(of(text, EntityKind::Company), [company], "{text}");
        }
        for text in ["这家公司", "物业公司乱收费", "该集团", "小区物业"] {
            assert!(of(text, EntityKind::Company).is_empty(), "{text}: {:?}", of(text, EntityKind::Company));
        }
    }

    #[test]
    fn organisations() {
        for (text, name) in [
            ("反映青山县第一中学补课", "青山县第一中学"),
            ("柳林村村委会", "柳林村村委会"),
            ("在云川市中心医院看病", "云川市中心医院"),
            ("市人民医院医生", "市人民医院"),
        ] {
            assert_eq!(of(text, EntityKind::Organization), [name], "{text}");
        }
        assert!(of("这所学校", EntityKind::Organization).is_empty());
    }
}
