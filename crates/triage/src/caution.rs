//! What in her own words may give her away: numbers, accounts, 我是…, things only she knows, her
//! family and home. It marks and explains; it never changes or refuses anything, keeps nothing and
//! runs before anything is submitted; the drafted digest leaves these places out. It does not know
//! whom she reports.

use crate::extract::is_name;

/// Why a place in the text may give her away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CautionKind {
    /// A telephone number.
    Phone,
    /// An identity number.
    Identity,
    /// An account name or e-mail.
    Account,
    /// Says who she is.
    Self_,
    /// Sounds as if only she could know.
    Only,
    /// Her family or home.
    Family,
}

impl CautionKind {
    /// The message that explains it.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Phone => "caution-phone",
            Self::Identity => "caution-identity",
            Self::Account => "caution-account",
            Self::Self_ => "caution-self",
            Self::Only => "caution-only",
            Self::Family => "caution-family",
        }
    }
}

/// One place in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caution {
    /// First character, counted in characters.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// The words themselves.
    pub excerpt: String,
    /// Why.
    pub kind: CautionKind,
}

/// Openings that say who she is; the rest of the clause belongs to them.
const SELF: &[&str] = &[
    "我是",
    "本人是",
    "本人系",
    "我叫",
    "本人姓",
    "我姓",
    "我名叫",
    "作为一名",
    "我作为",
    "本人作为",
    "我在",
    "我担任",
    "我负责",
    "我的名字",
    "我家住",
    "家住",
    "作为",
    "举报人",
    "反映人",
    "我住在",
    "本人住",
];
const ONLY: &[&str] = &[
    "只有我",
    "仅有我",
    "就我一个人",
    "只对我",
    "只跟我",
    "只和我说",
    "单独跟我",
    "单独找我",
    "单独和我",
    "当着我的面",
    "除了我没有",
    "除了我谁",
    "我亲手",
    "我经手",
    "由我经办",
    "我签的字",
    "我一个人看见",
    "他私下跟我",
    "私下对我",
    "only i ",
    "only me",
    "told me alone",
    "told only me",
];
const FAMILY: &[&str] = &[
    "我爱人",
    "我老婆",
    "我妻子",
    "我丈夫",
    "我老公",
    "我儿子",
    "我女儿",
    "我孩子",
    "我父亲",
    "我母亲",
    "我爸",
    "我妈",
    "我哥",
    "我弟",
    "我姐",
    "我妹",
    "我公公",
    "我婆婆",
    "我岳父",
    "我岳母",
    "我家",
    "我家地址",
    "我家隔壁",
    "my wife",
    "my husband",
    "my son",
    "my daughter",
    "my father",
    "my mother",
    "my home",
];
const ACCOUNT: &[&str] = &[
    "微信",
    "我的微信",
    "加我微信",
    "qq",
    "我的qq",
    "我的电话",
    "我的手机",
    "我的身份证",
    "my wechat",
    "my phone",
    "call me",
];
const SELF_EN: &[&str] = &["i am a", "i am the", "i'm a", "i'm the", "my name is", "i work ", "i live "];

/// Finds them, in the order of the text; places do not overlap.
pub fn cautions(text: &str) -> Vec<Caution> {
    let chars: Vec<char> = text.chars().collect();
    // Lower case one to one, so that positions stay those of the text.
    let lower: Vec<char> = chars.iter().map(|c| c.to_lowercase().next().unwrap_or(*c)).collect();
    let mut found = Vec::new();
    numbers(&chars, &mut found);
    emails(&chars, &mut found);
    phrases(&lower, SELF, CautionKind::Self_, &mut found);
    phrases(&lower, SELF_EN, CautionKind::Self_, &mut found);
    phrases(&lower, ONLY, CautionKind::Only, &mut found);
    phrases(&lower, FAMILY, CautionKind::Family, &mut found);
    phrases(&lower, ACCOUNT, CautionKind::Account, &mut found);
    introductions(&chars, &mut found);
    found.sort_by_key(|(start, end, _)| (*start, usize::MAX - *end));
    // Places that overlap become one, which reaches as far as any of them.
    let mut places: Vec<Place> = Vec::new();
    for (start, end, kind) in found {
        match places.last_mut() {
            Some((_, last, _)) if start < *last => *last = end.max(*last),
            _ => places.push((start, end, kind)),
        }
    }
    let caution = |(start, end, kind): Place| Caution { start, end, excerpt: chars[start..end].iter().collect(), kind };
    places.into_iter().map(caution).collect()
}

/// The text cut into pieces; `true` marks a piece that may give her away.
pub fn pieces(text: &str, cautions: &[Caution]) -> Vec<(String, bool)> {
    let chars: Vec<char> = text.chars().collect();
    let mut out = Vec::new();
    let mut at = 0;
    for c in cautions {
        if c.start > at {
            out.push((chars[at..c.start].iter().collect(), false));
        }
        out.push((chars[c.start..c.end].iter().collect(), true));
        at = c.end;
    }
    if at < chars.len() {
        out.push((chars[at..].iter().collect(), false));
    }
    out
}

type Place = (usize, usize, CautionKind);

/// Between the word for an account and what it is: `微信号：xiaohe88`.
const ACCOUNT_IS: &[&str] = &["", "号", "号码", "账号", "帐号", "是", "号是", "id"];
/// Openings of a signature; it reaches to the end of its sentence, because an address follows the name.
const SIGNATURES: &[&str] = &["举报人", "反映人"];

/// A phrase's mark reaches to the end of its clause, past the colon before an account or a signature.
fn phrases(lower: &[char], list: &[&str], kind: CautionKind, found: &mut Vec<Place>) {
    for phrase in list {
        let needle: Vec<char> = phrase.chars().collect();
        let latin = phrase.is_ascii();
        for start in 0..lower.len().saturating_sub(needle.len() - 1) {
            if lower[start..start + needle.len()] != needle[..] {
                continue;
            }
            if latin && start > 0 && lower[start - 1].is_ascii_alphanumeric() {
                continue;
            }
            let opened = start + needle.len();
            let mut end = clause_end(lower, opened);
            let colon = lower.get(end).is_some_and(|c| matches!(c, '：' | ':'));
            if SIGNATURES.contains(phrase) {
                // A signature, not a word of the story: 打击报复举报人 and 举报人反映 say nothing of her.
                let begins = start == 0 || ends_clause(lower[start - 1]) || lower[start - 1].is_whitespace();
                let signs = lower.get(opened).is_none_or(|c| matches!(c, '：' | ':') || c.is_whitespace());
                if !begins || !signs {
                    continue;
                }
                end = sentence_end(lower, opened);
            } else if colon && kind == CautionKind::Account {
                let between: String = lower[opened..end].iter().filter(|c| !c.is_whitespace()).collect();
                if ACCOUNT_IS.contains(&between.as_str()) {
                    end = clause_end(lower, end + 1);
                }
            }
            let clause: String = lower[start..end].iter().collect();
            // 作为 too: only where it says of whom.
            if *phrase == "作为"
                && !["一名", "我", "本人", "员工", "职工", "村民", "工作人员"].iter().any(|w| clause.contains(w))
            {
                continue;
            }
            // An account has a number or a name in Latin letters.
            if ["微信", "qq"].contains(phrase) && !clause.chars().any(|c| c.is_ascii_digit()) && !clause.contains('号')
            {
                continue;
            }
            // 我在 alone is too common: only where a workplace or home follows.
            if *phrase == "我在" && !["工作", "上班", "任职", "住", "干"].iter().any(|w| clause.contains(w)) {
                continue;
            }
            found.push((start, end, kind));
        }
    }
}

/// What stands beside a name where somebody introduces herself.
const ATTRIBUTES: &[&str] = &["女", "男", "岁", "人", "住", "电话", "手机", "族", "年生", "身份证", "现任"];

/// 本人 and a name by itself: `本人王小丽，女，青石镇人。` What says more of her belongs to it.
fn introductions(chars: &[char], found: &mut Vec<Place>) {
    let mut at = 0;
    while let Some(next) = chars[at..].windows(2).position(|two| two == ['本', '人']) {
        let start = at + next;
        let mut end = clause_end(chars, start + 2);
        at = start + 2;
        if !is_name(&chars[start + 2..end]) {
            continue;
        }
        while matches!(chars.get(end), Some('，' | ',' | '、')) {
            let further = clause_end(chars, end + 1);
            let clause: String = chars[end + 1..further].iter().collect();
            if clause.chars().count() > 16 || !ATTRIBUTES.iter().any(|word| clause.contains(word)) {
                break;
            }
            end = further;
        }
        found.push((start, end, CautionKind::Self_));
    }
}

fn clause_end(chars: &[char], from: usize) -> usize {
    // A point inside an account or a number ends nothing: xiao.he88.
    let inside = |at: usize| chars[at] == '.' && chars.get(at + 1).is_some_and(char::is_ascii_alphanumeric);
    (from..chars.len()).find(|at| ends_clause(chars[*at]) && !inside(*at)).unwrap_or(chars.len())
}

fn sentence_end(chars: &[char], from: usize) -> usize {
    let ends = |c: &char| matches!(c, '。' | '！' | '？' | '!' | '?' | '\n');
    chars[from..].iter().position(ends).map_or(chars.len(), |n| from + n)
}

fn ends_clause(c: char) -> bool {
    matches!(c, '，' | '。' | '；' | '！' | '？' | '、' | ',' | '.' | ';' | '!' | '?' | '\n' | '：' | ':')
}

/// Runs of digits: 11 from 1 are a mobile number, 18 (or 17 and X) an identity number, an area
/// code and 7 or 8 a fixed line. Spaces and hyphens inside a run count as part of it.
fn numbers(chars: &[char], found: &mut Vec<Place>) {
    let value = |c: char| match c {
        '０'..='９' => char::from_digit(c as u32 - '０' as u32, 10),
        c if c.is_ascii_digit() => Some(c),
        // Written out, to get past whoever looks for digits.
        c => "〇一二三四五六七八九".chars().position(|n| n == c).and_then(|n| char::from_digit(n as u32, 10)),
    };
    let mut i = 0;
    while i < chars.len() {
        if value(chars[i]).is_none() || (i > 0 && chars[i - 1].is_ascii_alphabetic()) {
            i += 1;
            continue;
        }
        let start = i;
        let mut digits = String::new();
        let mut end = i;
        while i < chars.len() {
            if let Some(d) = value(chars[i]) {
                digits.push(d);
                end = i + 1;
            } else if !matches!(chars[i], ' ' | '-') || i + 1 >= chars.len() || value(chars[i + 1]).is_none() {
                break;
            }
            i += 1;
        }
        let x = chars.get(end).is_some_and(|c| matches!(c, 'X' | 'x'));
        let identity = digits.len() == 18 || (digits.len() == 17 && x);
        let mobile = digits.len() == 11 && digits.starts_with('1');
        let fixed = (10..=12).contains(&digits.len()) && digits.starts_with('0');
        if identity {
            found.push((start, if digits.len() == 17 { end + 1 } else { end }, CautionKind::Identity));
        } else if mobile || fixed {
            found.push((start, end, CautionKind::Phone));
        }
    }
}

fn emails(chars: &[char], found: &mut Vec<Place>) {
    let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '+');
    for (at, _) in chars.iter().enumerate().filter(|(_, c)| **c == '@') {
        let start = chars[..at].iter().rposition(|c| !part(*c)).map_or(0, |p| p + 1);
        let end = chars[at + 1..].iter().position(|c| !part(*c)).map_or(chars.len(), |p| at + 1 + p);
        if start < at && chars[at + 1..end].contains(&'.') {
            found.push((start, end, CautionKind::Account));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<CautionKind> {
        cautions(text).into_iter().map(|c| c.kind).collect()
    }

    #[test]
    fn marks_numbers_of_a_person_and_leaves_money_and_dates() {
        assert_eq!(kinds("请打 138 0000 0000 找我"), [CautionKind::Phone]);
        assert_eq!(kinds("电话0991-5550000"), [CautionKind::Phone]);
        assert_eq!(kinds("号码11010119900101001X。"), [CautionKind::Identity]);
        assert_eq!(kinds("2024年3月5日，收了120000元，合同号20240305001"), []);
    }

    #[test]
    fn marks_who_she_says_she_is() {
        let found = cautions("我是村里的会计，他让我做假账。");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].excerpt, "我是村里的会计");
        assert_eq!(kinds("这件事只有我和他知道。"), [CautionKind::Only]);
        assert_eq!(kinds("我爱人也在那个单位"), [CautionKind::Family]);
        assert_eq!(kinds("我在镇政府上班"), [CautionKind::Self_]);
        assert_eq!(kinds("我在路上看见车"), []);
        assert_eq!(kinds("作为柳堰镇政府的一名出纳，亲眼看见"), [CautionKind::Self_]);
        assert_eq!(kinds("作为镇长，他应当公示"), []);
        assert_eq!(kinds("请查处。举报人：何某某，柳堰村"), [CautionKind::Self_]);
        assert_eq!(kinds("镇长打击报复举报人两次"), []);
        assert_eq!(kinds("加QQ12345678，或者微信xiaohe_88"), [CautionKind::Account, CautionKind::Account]);
        assert_eq!(kinds("他在微信群里发通知"), []);
        assert_eq!(kinds("电话一三八一二三四五六七八"), [CautionKind::Phone]);
        assert_eq!(kinds("二〇二五年三月五日"), []);
        assert_eq!(kinds("我家去年被征地"), [CautionKind::Family]);
        assert_eq!(kinds("I am a clerk there. Write to a.b@example.org"), [CautionKind::Self_, CautionKind::Account]);
    }

    #[test]
    fn a_mark_reaches_as_far_as_what_gives_her_away() {
        for (text, left) in [
            ("我是青石镇人民政府财政所负责低保发放的会计王小丽。", "。"),
            ("我是李某某身份证号码430102199001011234。他收了钱。", "。他收了钱。"),
            ("本人是张家村村民手机13812345678。", "。"),
            ("我的微信：xiaohe_88。", "。"),
            ("微信号：xiaohe88，请保密。", "，请保密。"),
            ("请查处。举报人：王小丽，青石镇张家村三组。", "请查处。。"),
            ("本人王小丽，女，青石镇人。村里的账不公开。", "。村里的账不公开。"),
            ("本人多次反映，没有结果。", "本人多次反映，没有结果。"),
            ("本人于去年，发现账目不对。", "本人于去年，发现账目不对。"),
            ("本人曾举报，没有人答复。", "本人曾举报，没有人答复。"),
            ("举报人反映：李某某收受三万元。", "举报人反映：李某某收受三万元。"),
            ("微信号：xiao.he88。请保密。", "。请保密。"),
            ("他在微信群里说：10点开会。", "他在微信群里说：10点开会。"),
        ] {
            let kept: String =
                pieces(text, &cautions(text)).into_iter().filter(|(_, marked)| !marked).map(|(t, _)| t).collect();
            assert_eq!(kept, left, "{text}");
        }
    }

    #[test]
    fn leaves_an_impersonal_text_alone() {
        assert_eq!(kinds("某村支书李某某2023年把集体林地低价承包给亲戚，公示栏里没有贴出。"), []);
    }

    proptest::proptest! {
        #[test]
        fn pieces_always_give_the_text_back(text in ".{0,200}") {
            let found = cautions(&text);
            let joined: String = pieces(&text, &found).into_iter().map(|(t, _)| t).collect();
            proptest::prop_assert_eq!(joined, text);
        }
    }
}
