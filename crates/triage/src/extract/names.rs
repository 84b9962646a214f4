//! Names of people, precision before recall: a surname and given name count only beside a post, a
//! form of address or a cue, or where the given name is withheld (张某某). Whose names they are is
//! never compared across reports.

use std::sync::LazyLock;

use super::context::han;
use super::{Found, Scene};
use crate::entity::EntityKind;
use crate::quick::{CharSet, PairSet, list};
use crate::stage::Rule;

/// Surnames of one character, the common ones.
const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉仝";

/// Surnames of two characters.
const DOUBLE: &[&str] = &[
    "欧阳", "上官", "司马", "诸葛", "东方", "皇甫", "尉迟", "令狐", "司徒", "夏侯", "慕容", "公孙", "端木", "宇文",
    "长孙",
];

/// Words after a cue that begin like a name and are none.
static WORDS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    list(
        "\
     马上 高度 高兴 高级 高中 高速 高额 高价 严重 严厉 严格 安排 安全 安置 安装 关于 关系 关心 \
     关注 项目 金额 任职 任何 任意 任命 任用 成立 成为 成都 方面 方式 方便 时候 时间 时任 管理 \
     路面 应该 应当 周边 周围 张贴 张口 于是 于今 万元 石材 白天 明显 明确 明知 温度 包括 包庇 \
     包工 包养 何时 何人 何况 何种 程度 程序 施工 施压 计划 黄金 黄色 古代 连续 连同 连锁 强行 \
     强制 全部 全家 全村 全体 全面 全县 全市 田地 林地 林业 孙子 孙女 胡乱 胡说 武装 武力 谢谢 \
     余万 余元 许多 许可 曾经 曾多 曾任 曾在 曾因 陈述 陈旧 康复 章程 平时 平台 平均 单位 单独 \
     解决 解释 解除 车辆 车主 车牌 车间 商量 商业 商店 商户 文件 文化 文明 南方 和我 和他 和她 \
     和其 和家 和村 华侨 江边 水利 师傅 师生 司机 司法 农民 农村 农业 党员 党委 党组 边上 封闭 \
     查处 查看 查询 明天 金钱 钱财 钱款 费用 向我 向他 向村 向县 向市 路上 满意 满足 官员 官僚 \
     欧元 宫颈 申请 申报 申诉 符合 左右 尚未 尚有 凌晨 毕业 盛大 曲解 游客 管他 房产 房子 房屋 \
     房东 解答 华丽 简单 简直 甘心 祝福 宁可 宁愿 纪委 纪律 纪检 童年 单方 季度 苗木 卫生 池塘 \
     麻将 麻烦 迟迟 谈话 谈到 惠农 南边 班子 储蓄 原因 原来 劳动 皮肤 楼上 楼下 楼盘 楼房 盘查 \
     位于 位置 厉害 石头 龙头 毛病 莫名 孔子 汤药 牛羊 齐全 易燃 庄严 章子 鲁莽 岳父 岳母 耿直 \
     焦急 柳树 阳光 阳台 时常 农户 简历 景区 景观 席位 米粉 师范 商家 沙石 荣誉 明星 段时 温馨 \
     曹操 唐代 宋代 秦代 汉代 夏天 夏季 冬季 金融 石油 江南 江北 姜汤 钟头 钟表 范围 廖廖 方案 \
     方向 方法 白白 白酒 熊猫 雷达 雷同 史上 史料 顾客 顾问 顾虑 龚某 严禁 严查 武警 戴着 莫非 \
     向上 施行 文章 牛奶 安心 安定 易于 颜色 成绩 成员 成人 成年 成本 同志 先生 女士 经理 老板",
    )
});

/// Characters that never stand in a given name (they begin what comes after one).
const NOT_GIVEN: &str = "的了在是和与及被把将向对从由给让叫到于我你您他她它们这那该请找去来就也都又还但而且或因为所以则只很太最更已曾并等称说问帮有没无不如若此其每各跟同要吗呢啊吧着某经受住至查原不收贪占拿用利私违非多长任当做个两几一二三四五六七八九十百千万元年月日号、及局厅部委办科处室村镇乡县市省区组队员长会站所院校吃拿卖买打骂骗欠借还逼抢偷先后前均系现时期间人等为";

/// Characters that close a name although they may stand in one.
const CLOSING: &str = "开送办搞弄带拉家坐进走跑可能会想敢愿都只签写答承住租买修建种养挂转存投入出回帮指要强威";

/// Cues that stand right before a name, longer ones first.
static CUES: LazyLock<Vec<&str>> = LazyLock::new(|| {
    list(
        "\
     法定代表人 法人代表 负责人 联系人 被举报人 举报人 反映人 被反映人 当事人 申请人 被申请人 \
     投诉人 实际控制人 包工头 承包人 包工老板 施工老板 公司老板 老板 业主 村民 居民 社员 职工 \
     员工 同事 司机 家长 学生 患者 死者 伤者 本人姓名 姓名 我叫 本人叫 名叫 叫做 一个叫 有个叫 \
     侄子 侄儿 外甥 妻子 丈夫 儿子 女儿 弟弟 哥哥 姐姐 妹妹 父亲 母亲 妻弟 小舅子 姐夫 妹夫 同学 \
     战友 朋友 邻居 嫂子 哥嫂 女婿 儿媳 亲戚 情妇 其妻 其子 其弟 其兄 其父 伙同 勾结 同伙 组长 \
     干部 党员 会计 送给 转给 行贿给",
    )
});

/// Forms of address that stand right after a name.
const AFTER: &[&str] = &[
    "同志", "先生", "女士", "小姐", "老师", "医生", "书记", "主任", "局长", "所长", "镇长", "县长", "市长", "村长",
    "校长", "院长", "经理", "律师", "法官", "警官",
];

static SURNAME_SET: LazyLock<CharSet> = LazyLock::new(|| CharSet::new(SURNAMES.chars()));
static DOUBLE_FIRST: LazyLock<CharSet> = LazyLock::new(|| CharSet::firsts(DOUBLE));
static NOT_GIVEN_SET: LazyLock<CharSet> = LazyLock::new(|| CharSet::new(NOT_GIVEN.chars()));
static WORD_SET: LazyLock<PairSet> = LazyLock::new(|| PairSet::firsts(WORDS.iter().copied()));

/// Whether these characters are a name and nothing else.
pub(crate) fn is_name(chars: &[char]) -> bool {
    let double = chars.len() > 2 && DOUBLE.iter().any(|d| d.chars().eq(chars[..2].iter().copied()));
    let surname = double || chars.first().is_some_and(|c| SURNAME_SET.has(*c));
    let word = !double && chars.len() > 1 && WORD_SET.has(chars[0], chars[1]);
    let rest = chars.get(if double { 2 } else { 1 }..).unwrap_or_default();
    let follows = FOLLOWING.iter().any(|w| w.chars().eq(rest.iter().copied()));
    surname && !word && !follows && (1..=2).contains(&rest.len()) && rest.iter().all(|c| given(*c))
}

/// Characters of the surname at `at`, 0 for none.
fn surname(scene: &Scene<'_>, at: usize) -> usize {
    if scene.char(at).is_some_and(|c| DOUBLE_FIRST.has(c)) && DOUBLE.iter().any(|d| scene.at(at, d)) {
        return 2;
    }
    usize::from(scene.char(at).is_some_and(|c| SURNAME_SET.has(c)))
}

fn given(c: char) -> bool {
    han(c) && !NOT_GIVEN_SET.has(c)
}

/// Where a name that begins at `at` ends, if one can begin there.
fn name_from(scene: &Scene<'_>, at: usize) -> Option<usize> {
    let width = surname(scene, at);
    if width == 0 {
        return None;
    }
    if width == 1
        && let (Some(a), Some(b)) = (scene.char(at), scene.char(at + 1))
        && WORD_SET.has(a, b)
    {
        return None;
    }
    let first = at + width;
    // 陈老板, 王老师: a form of address, no given name.
    let address =
        ["老板", "老师", "老总", "姓"].iter().any(|w| scene.at(first, w)) || AFTER.iter().any(|w| scene.at(first, w));
    if address || !scene.char(first).is_some_and(given) {
        return None;
    }
    // The second character of the given name, unless it begins the next word.
    if scene.char(first + 1).is_some_and(given) && !begins_word(scene, first + 1) {
        return Some(first + 2);
    }
    Some(first + 1)
}

/// Words that often follow a name.
const FOLLOWING: &[&str] = &[
    "同志", "先生", "女士", "小姐", "老师", "医生", "书记", "主任", "利用", "伙同", "收受", "贪污", "挪用", "侵占",
    "强占", "霸占", "非法", "违法", "违规", "私自", "擅自", "强行", "多次", "长期", "承包", "担任", "以及", "之妻",
    "之子", "夫妇", "夫妻", "两人", "反映", "举报", "投诉", "电话", "手机", "联系", "身份", "负责", "说话", "告诉",
    "打电", "打人", "威胁", "殴打", "辱骂", "索要", "索取", "接受", "安排", "指使", "授意", "纵容", "包庇", "涉嫌",
    "公然", "故意", "串通", "冒充", "冒领", "虚报", "套取", "截留", "克扣", "拖欠", "拒绝", "推诿", "答复", "回复",
    "表示", "认为", "承诺", "签订", "签字", "女", "男",
];

/// Whether a word that often follows a name begins at `at`.
fn begins_word(scene: &Scene<'_>, at: usize) -> bool {
    FOLLOWING.iter().any(|w| scene.at(at, w))
}

/// Finds names.
pub(crate) fn find(scene: &Scene<'_>, found: &mut Vec<Found>) {
    let posts: Vec<(usize, usize)> =
        found.iter().filter(|f| f.kind == EntityKind::Position).map(|f| (f.start, f.end)).collect();
    for (start, end) in &posts {
        before_post(scene, *start, found);
        after_cue(scene, *end, found);
    }
    for at in 0..scene.chars.len() {
        withheld(scene, at, found);
        if CUE_LAST.has(scene.chars[at]) && CUES.iter().any(|cue| scene.before(at + 1, cue)) {
            after_cue(scene, at + 1, found);
        }
        if AFTER_FIRST.has(scene.chars[at]) && AFTER.iter().any(|w| scene.at(at, w)) {
            before_post(scene, at, found);
        }
    }
}

static CUE_LAST: LazyLock<CharSet> = LazyLock::new(|| CharSet::new(CUES.iter().filter_map(|c| c.chars().last())));
static AFTER_FIRST: LazyLock<CharSet> = LazyLock::new(|| CharSet::firsts(AFTER));

/// 张某, 李某某, 王某甲: the given name is withheld.
fn withheld(scene: &Scene<'_>, at: usize, found: &mut Vec<Found>) {
    let width = surname(scene, at);
    let first = at + width;
    if width == 0 || !matches!(scene.char(first), Some('某' | '×' | 'x' | 'X')) {
        return;
    }
    let crossed = matches!(scene.char(first), Some('x' | 'X' | '×'));
    let mut end = first + 1;
    if scene.char(end) == scene.char(first) {
        end += 1;
    } else if crossed {
        // One cross may be anything; 李X家 is left alone.
        return;
    } else if scene.char(end).is_some_and(|c| "甲乙丙丁".contains(c)) {
        end += 1;
    } else if scene.char(end).is_some_and(|c| given(c) && !"家妻子父母弟哥村镇公单小大工".contains(c))
        && scene.char(end + 1).is_none_or(|c| !han(c) || NOT_GIVEN_SET.has(c))
    {
        // 李某强
        end += 1;
    }
    // 和某某, 时某 in the middle of prose: the surname is one of the ambiguous.
    let ambiguous = scene.char(at).is_some_and(|c| "和时于向查原师成明单全连解应任关管商".contains(c)) && width == 1;
    let clear_left = scene.previous(at).is_none_or(|c| !han(c));
    if !ambiguous || clear_left {
        found.push(Found::new(at, end, EntityKind::Name, 0.9, Rule::NameWithheld));
    }
}

/// 王建国局长: the name ends where the post begins.
fn before_post(scene: &Scene<'_>, post: usize, found: &mut Vec<Found>) {
    for length in [3_usize, 4, 2] {
        let Some(start) = post.checked_sub(length) else {
            continue;
        };
        let width = surname(scene, start);
        if width == 0 || (length == 4) != (width == 2) {
            continue;
        }
        // The character before must close what came before: punctuation, a break, an organ's end.
        let left = scene.previous(start);
        let closed = left.is_none_or(|c| !han(c) || NOT_GIVEN_SET.has(c) || scene.breaks(start - 1));
        let whole = scene.chars[start + width..post].iter().all(|c| given(*c));
        let word = scene.chars.get(start..start + 2).is_some_and(|w| WORD_SET.has(w[0], w[1]));
        // 王副局长: 副 belongs to the post.
        let deputy = scene.previous(post) == Some('副');
        let place = scene.chars[start..post].iter().any(|c| "县市省区镇乡村局厅校院厂司街".contains(*c));
        if closed && whole && !word && !deputy && !place {
            // Two characters are a name only after clear punctuation: 张强局长.
            if length == 2 && left.is_some_and(han) {
                continue;
            }
            found.push(Found::new(
                start,
                post,
                EntityKind::Name,
                if length == 2 { 0.72 } else { 0.8 },
                Rule::NameByPost,
            ));
            return;
        }
    }
}

/// 局长王建国, 村民:李大山: the name begins after the cue.
fn after_cue(scene: &Scene<'_>, cue_end: usize, found: &mut Vec<Found>) {
    let mut at = cue_end;
    while matches!(scene.char(at), Some(':' | '是' | ' ' | '"' | '“' | '为')) && at < cue_end + 2 {
        at += 1;
    }
    let Some(end) = name_from(scene, at) else {
        return;
    };
    // What follows must close the name: punctuation, a word that follows names, or no name character.
    let closed = scene.char(end).is_none_or(|c| !han(c) || NOT_GIVEN_SET.has(c) || CLOSING.contains(c))
        || begins_word(scene, end)
        || AFTER.iter().any(|w| scene.at(end, w));
    if closed && scene.char(end) != Some('某') {
        found.push(Found::new(at, end, EntityKind::Name, 0.8, Rule::NameByPost));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::of;
    use super::*;

    #[test]
    fn names_beside_posts_cues_and_withheld() {
        for (text, names) in [
            ("住建局局长王建国利用职务", vec!["王建国"]),
            ("王建国局长受贿", vec!["王建国"]),
            ("村支书李大山,会计陈秀", vec!["李大山", "陈秀"]),
            ("张某某和李某收钱", vec!["张某某", "李某"]),
            ("老板姓名:欧阳修文。", vec!["欧阳修文"]),
            ("我叫赵小燕,是村民", vec!["赵小燕"]),
            ("其妻刘梅在公司挂名", vec!["刘梅"]),
            ("联系人:钱冬冬 13812345678", vec!["钱冬冬"]),
            ("给了小舅子刘建军开的公司,会计王秀兰可以作证", vec!["刘建军", "王秀兰"]),
        ] {
            assert_eq!(of(text, EntityKind::Name), names, "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_a_name() {
        for text in [
            "局长高度重视",
            "主任马上答复",
            "村民关于道路的意见",
            "业主严重不满",
            "王局长",
            "老板安排加班",
            "包工头陈老板",
            "书记、局长",
            "居民方便出行",
            "员工工资",
            "负责人包庇",
        ] {
            assert!(of(text, EntityKind::Name).is_empty(), "{text}: {:?}", of(text, EntityKind::Name));
        }
    }
}
