//! The Chinese words people write in spreadsheets for channels, sources and ranks, and the word the
//! import template offers for each. Screens have their own words in the locales.

use domain::words::{Channel, Kind, Rank, Source};

/// One value with the words that mean it; the first is the one offered.
type Words<T> = &'static [(T, &'static [&'static str])];

/// 渠道
pub(crate) const CHANNELS: Words<Channel> = &[
    (Channel::Letter, &["来信", "信件", "信函", "邮寄", "书信", "举报箱"]),
    (Channel::Visit, &["来访", "走访", "上门", "当面", "接访"]),
    (Channel::Phone, &["来电", "电话", "热线", "12388", "12345"]),
    (Channel::Web, &["网络", "网上", "互联网", "网站", "微信", "小程序", "app", "邮箱", "电子邮件"]),
    (Channel::Video, &["视频"]),
    (Channel::Other, &["其他", "其它", "传真", "短信"]),
];

/// 来源
pub(crate) const SOURCES: Words<Source> = &[
    (Source::Own, &["本级自收", "自收", "本级"]),
    (Source::SuperiorTransfer, &["上级转送", "上级转来"]),
    (Source::SuperiorAssign, &["上级交办"]),
    (Source::LeaderReferral, &["领导批转", "领导批示"]),
    (Source::DepartmentTransfer, &["同级部门移送", "部门移送"]),
    (Source::SubordinateReport, &["下级上报"]),
    (Source::PublicOpinion, &["舆情"]),
    (Source::Inspection, &["监督检查中发现", "监督检查"]),
];

/// 职级
pub(crate) const RANKS: Words<Rank> = &[
    (Rank::Province, &["中管/省部", "省部级", "中管干部", "正省级", "副省级", "正部级", "副部级"]),
    (Rank::Bureau, &["厅局级", "正厅级", "副厅级", "正局级", "副局级", "厅级", "地厅级"]),
    (Rank::County, &["县处级", "正处级", "副处级", "正县级", "副县级", "处级"]),
    (Rank::Section, &["乡科级", "正科级", "副科级", "科级", "正乡级", "副乡级"]),
    (Rank::General, &["一般干部", "科员", "办事员", "股级", "正股级", "副股级"]),
    (Rank::Institution, &["事业单位人员", "事业单位", "事业"]),
    (Rank::StateEnterprise, &["国有企业人员", "国有企业", "国企"]),
    (Rank::VillageHead, &["村（社区）两委负责人", "村两委负责人", "社区两委负责人", "村支书", "村主任"]),
    (Rank::Village, &["村（社区）其他人员", "村其他人员", "社区其他人员", "农村其他人员"]),
    (Rank::Other, &["其他", "其它"]),
    (Rank::Unknown, &["不详", "不清楚", "不明"]),
];

/// 类别, by the word offered in each edition.
pub(crate) const KINDS_JW: Words<Kind> = &[
    (Kind::Accusation, &["检举控告"]),
    (Kind::Appeal, &["申诉"]),
    (Kind::Suggestion, &["批评建议"]),
    (Kind::OutOfScope, &["业务范围外"]),
    (Kind::NoSubstance, &["无实质内容"]),
];
/// 类别 of the petition bureau.
pub(crate) const KINDS_XF: Words<Kind> =
    &[(Kind::Suggestion, &["意见建议"]), (Kind::Accusation, &["检举控告"]), (Kind::Petition, &["申诉求决"])];

/// The value a word means; brackets, blanks and case do not matter.
pub(crate) fn meaning<T: Copy>(words: Words<T>, written: &str) -> Option<T> {
    let plain = |s: &str| -> String {
        s.chars()
            .map(half_width)
            .filter(|c| !c.is_whitespace() && !"()[]【】".contains(*c))
            .flat_map(char::to_lowercase)
            .collect()
    };
    let written = plain(written);
    // Remarks such as 上级交办（要结果） follow the word.
    let exact = words.iter().find(|(_, ws)| ws.iter().any(|w| plain(w) == written));
    exact
        .or_else(|| {
            words.iter().find(|(_, ws)| ws.iter().any(|w| w.chars().count() > 3 && written.starts_with(&plain(w))))
        })
        .map(|(value, _)| *value)
}

/// The words offered, in order.
pub(crate) fn offered<T>(words: Words<T>) -> Vec<&'static str> {
    words.iter().filter_map(|(_, ws)| ws.first().copied()).collect()
}

/// Full-width letters, digits and signs as half-width ones.
pub(crate) fn half_width(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        _ => c,
    }
}
