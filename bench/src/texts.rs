//! Made-up reports of the median length, 215 characters, no two alike: a few sentences with a
//! place, a time, an amount and a post, and words in random order between them, some of them common and
//! most of them rare, as in what people write. The same number gives the same text.

/// Characters of a text.
const LENGTH: usize = 215;

const WORDS: [&str; 120] = [
    "道路",
    "路灯",
    "小区",
    "物业",
    "停车",
    "噪音",
    "施工",
    "夜间",
    "垃圾",
    "清运",
    "河道",
    "污水",
    "井盖",
    "绿化",
    "公园",
    "学校",
    "招生",
    "食堂",
    "医院",
    "挂号",
    "医保",
    "报销",
    "社保",
    "养老",
    "低保",
    "补贴",
    "工资",
    "拖欠",
    "合同",
    "招标",
    "工程",
    "验收",
    "质量",
    "漏水",
    "电梯",
    "维修",
    "基金",
    "账目",
    "公开",
    "村务",
    "土地",
    "征收",
    "补偿",
    "拆迁",
    "安置",
    "房产",
    "登记",
    "公证",
    "公交",
    "线路",
    "站台",
    "候车",
    "出租",
    "计价",
    "市场",
    "摊位",
    "食品",
    "卫生",
    "价格",
    "执法",
    "处罚",
    "收据",
    "窗口",
    "态度",
    "材料",
    "证明",
    "户籍",
    "居住",
    "教育",
    "培训",
    "退费",
    "押金",
    "快递",
    "网络",
    "宽带",
    "信号",
    "供水",
    "水压",
    "供电",
    "停电",
    "供暖",
    "温度",
    "燃气",
    "管道",
    "消防",
    "通道",
    "隐患",
    "扬尘",
    "异味",
    "油烟",
    "广场",
    "音响",
    "宠物",
    "护栏",
    "标线",
    "信号灯",
    "斑马线",
    "桥梁",
    "积水",
    "排水",
    "防汛",
    "树木",
    "修剪",
    "路面",
    "坑洼",
    "围挡",
    "工期",
    "延误",
    "居民",
    "老人",
    "孩子",
    "邻居",
    "干部",
    "主任",
    "书记",
    "会计",
    "科长",
    "经理",
    "负责人",
    "工作人员",
];
const VERBS: [&str; 20] = [
    "没有处理",
    "一直拖着",
    "多次反映",
    "至今未修",
    "无人过问",
    "影响出行",
    "引起不满",
    "存在隐患",
    "收了费用",
    "不予答复",
    "互相推诿",
    "说法不一",
    "没有公示",
    "要求核查",
    "希望解决",
    "请求退还",
    "弄虚作假",
    "私自决定",
    "反复发生",
    "越来越重",
];
const PLACES: [&str; 16] = [
    "青禾路",
    "柳渡镇",
    "三合村",
    "东岸县",
    "望澜市",
    "石桥街道",
    "北亭社区",
    "白鹭洲",
    "南坪镇",
    "清河小区",
    "云溪路",
    "槐荫巷",
    "长堤路",
    "松岗村",
    "新安里",
    "西渡口",
];

/// A sequence of numbers that looks like chance and is the same every time.
pub struct Chance(u64);

impl Chance {
    /// The sequence of a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0xD1B5_4A32_D192_ED03)
    }

    /// The next number.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    fn of<'a>(&mut self, some: &[&'a str]) -> &'a str {
        some[self.below(some.len())]
    }

    /// A word as people use them: the n-th commonest one n times as rarely as the commonest (Zipf's law),
    /// out of [`VOCABULARY`]. Beyond the list at hand words are made of two characters.
    fn word(&mut self) -> String {
        let share = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        let rank = (VOCABULARY as f64).powf(share) as usize - 1;
        match WORDS.get(rank) {
            Some(word) => (*word).to_owned(),
            None => {
                // Two different steps, so that neighbours in rank look different.
                let [first, second] = [7_919, 104_729].map(|step| (rank * step) % COMMON as usize);
                [first, second].iter().filter_map(|at| char::from_u32(0x4E00 + *at as u32)).collect()
            }
        }
    }
}

/// Words in use; a person knows some ten thousand, an office hears more.
const VOCABULARY: usize = 40_000;
/// Characters that words are made of, from the beginning of their block.
const COMMON: u32 = 4_000;

/// The text of a number.
pub fn report(n: u64) -> String {
    let mut chance = Chance::new(n);
    let mut text = format!(
        "{}年{}月，{}{}的{}",
        2024 + chance.below(3),
        1 + chance.below(12),
        chance.of(&PLACES),
        1 + chance.below(900),
        chance.of(&["号", "幢", "组"]),
    );
    while text.chars().count() < LENGTH {
        for _ in 0..2 + chance.below(4) {
            text.push_str(&chance.word());
        }
        text.push_str(chance.of(&VERBS));
        if chance.below(6) == 0 {
            text.push_str(&format!("，涉及{}元", 100 + chance.below(900_000)));
        }
        text.push_str(chance.of(&["，", "。", "；"]));
    }
    text.chars().take(LENGTH - 1).chain(['。']).collect()
}

/// The same text with about three characters in ten changed, sentence by sentence, as somebody
/// would who writes it again in other words.
pub fn edited(text: &str, seed: u64) -> String {
    let mut chance = Chance::new(seed ^ 0x5EED);
    let mut out = String::new();
    for sentence in text.split_inclusive(['，', '。', '；']) {
        if chance.below(10) < 3 {
            for _ in 0..sentence.chars().count() / 2 {
                out.push_str(&chance.word());
            }
            out.push('。');
        } else {
            out.push_str(sentence);
        }
    }
    out
}

/// A random name of 16 bytes.
pub fn id(chance: &mut Chance) -> [u8; 16] {
    (u128::from(chance.next()) << 64 | u128::from(chance.next())).to_be_bytes()
}
