//! Names of divisions in the text, and which division each means when several share the name. The
//! names themselves are the gazetteer's.

use std::sync::LazyLock;

use super::context::{han, starts_with};
use crate::gazetteer::{Gazetteer, Place};
use crate::quick::list;
use crate::stage::{Claim, Ground, Rule, Suggestion, What};
use crate::text::Text;

/// A name of the gazetteer in the text, in folded characters.
#[derive(Debug, Clone)]
pub(crate) struct Mention {
    pub start: usize,
    pub end: usize,
    /// Whether it is the full name (`长沙市`, not `长沙`).
    pub full: bool,
    /// Every division of that name.
    pub candidates: Vec<Place>,
}

/// A mention with the division it means.
#[derive(Debug, Clone)]
pub(crate) struct Settled {
    /// Index of the mention; those of the title come after those of the text.
    pub mention: usize,
    pub place: Place,
    pub rule: Rule,
}

/// Digits of a code that say something: `430000` is the province `43`.
fn core(code: &str) -> &str {
    let trimmed = code.trim_end_matches('0');
    let length = trimmed.len().next_multiple_of(2).clamp(2, code.len().max(2));
    let length = if length > 6 { code.len() } else { length };
    code.get(..length).unwrap_or(code)
}

fn below(place: &Place, above: &str) -> bool {
    let own = core(&place.code);
    own.len() > above.len() && own.starts_with(above)
}

/// Words that are divisions somewhere and something else nearly everywhere.
static COMMON: LazyLock<Vec<&str>> = LazyLock::new(|| {
    list(
        "\
     城区 矿区 郊区 新区 东区 西区 南区 北区 中区 城镇 乡镇 集镇 村镇 小镇 市区 县城 老城 新城 \
     大同 安康 白银 中山 朝阳 三明 长治 同心 和平 平安 开发区 高新区 工业区 示范区 管委会 城关 \
     中心 东方 新市 新民 文明 解放 人民 建设 胜利 前进 光明 幸福 团结 民主 自由 和谐 兴隆 大方 \
     安定 保定路 开放 公平 公正 永安 长安 太平",
    )
});

/// What after a short name shows that it is part of a road, an estate or a firm.
static NOT_AFTER_SHORT: LazyLock<Vec<&str>> = LazyLock::new(|| {
    list(
        "\
     路 街 大道 巷 小区 花园 桥 站 大厦 广场 酒店 宾馆 饭店 超市 银行 公司 集团 小学 中学 大学 \
     医院 学院 社区 村 国际 家园 公馆 名城 菜 米粉 牛 话 人 山庄",
    )
});

/// Longest name that is looked up.
const LONGEST: usize = 15;

/// Mentions looked at in one text. A text of more is a list, not a report, and comparing all of
/// them with all would take time that grows with the square.
const MOST: usize = 1_000;

/// Every name of the gazetteer in `chars`, longest first, none inside another.
pub(crate) fn mentions(chars: &[char], gazetteer: &dyn Gazetteer) -> Vec<Mention> {
    let mut out: Vec<Mention> = Vec::new();
    let mut name = String::new();
    let mut at = 0;
    while at + 1 < chars.len() && out.len() < MOST {
        if !han(chars[at]) || !han(chars[at + 1]) || !gazetteer.may_begin(chars[at], chars[at + 1]) {
            at += 1;
            continue;
        }
        let run = chars[at..].iter().take(LONGEST).take_while(|c| han(**c)).count();
        let hit = (2..=run).rev().find_map(|length| {
            name.clear();
            name.extend(&chars[at..at + length]);
            if COMMON.contains(&name.as_str()) {
                return None;
            }
            let candidates = gazetteer.find(&name);
            if candidates.is_empty() {
                return None;
            }
            let full = candidates.iter().any(|p| p.name == name);
            let candidates: Vec<Place> =
                if full { candidates.into_iter().filter(|p| p.name == name).collect() } else { candidates };
            let end = at + length;
            if full {
                return Some(Mention { start: at, end, full, candidates });
            }
            short(chars, at, end, candidates, out.last())
        });
        match hit {
            Some(mention) => {
                at = mention.end;
                out.push(mention);
            }
            None => at += 1,
        }
    }
    out
}

/// A short name counts for provinces and cities, and for what lies below the name just before it.
fn short(chars: &[char], start: usize, end: usize, candidates: Vec<Place>, last: Option<&Mention>) -> Option<Mention> {
    if NOT_AFTER_SHORT.iter().any(|w| starts_with(chars, end, w)) {
        return None;
    }
    let under: Vec<Place> = match last {
        Some(last) if last.end == start => candidates
            .iter()
            .filter(|c| last.candidates.iter().any(|above| below(c, core(&above.code))))
            .cloned()
            .collect(),
        _ => Vec::new(),
    };
    let candidates =
        if under.is_empty() { candidates.into_iter().filter(|c| core(&c.code).len() <= 4).collect() } else { under };
    (!candidates.is_empty()).then_some(Mention { start, end, full: false, candidates })
}

/// Decides which division each mention means; a mention that stays ambiguous is left out.
pub(crate) fn settle(text: &[Mention], title: &[Mention], home: Option<&str>) -> Vec<Settled> {
    let all: Vec<&Mention> = text.iter().chain(title).collect();
    let mut settled: Vec<Settled> = Vec::new();
    for (index, mention) in all.iter().enumerate() {
        if let [only] = mention.candidates.as_slice() {
            settled.push(Settled { mention: index, place: only.clone(), rule: Rule::PlaceName });
        } else if let Some(highest) = highest(&mention.candidates) {
            settled.push(Settled { mention: index, place: highest.clone(), rule: Rule::PlaceName });
        }
    }
    // The name just before, then any settled name above it, then the office's own division. Twice,
    // since one settled name may settle the next.
    for _ in 0..2 {
        for (index, mention) in all.iter().enumerate() {
            if settled.iter().any(|s| s.mention == index) {
                continue;
            }
            let before = settled.iter().find(|s| {
                index > 0 && s.mention == index - 1 && index != text.len() && all[s.mention].end == mention.start
            });
            let by_neighbour = before.and_then(|s| only_below(&mention.candidates, core(&s.place.code)));
            let by_any = || {
                let mut found: Option<&Place> = None;
                for s in &settled {
                    if let Some(place) = only_below(&mention.candidates, core(&s.place.code)) {
                        if found.is_some_and(|f| f.code != place.code) {
                            return None;
                        }
                        found = Some(place);
                    }
                }
                found
            };
            if let Some(place) = by_neighbour.or_else(by_any) {
                settled.push(Settled { mention: index, place: place.clone(), rule: Rule::PlaceByChain });
            }
        }
    }
    if let Some(home) = home {
        for (index, mention) in all.iter().enumerate() {
            if settled.iter().any(|s| s.mention == index) {
                continue;
            }
            if let Some(place) = nearest(&mention.candidates, home) {
                settled.push(Settled { mention: index, place: place.clone(), rule: Rule::PlaceByHome });
            }
        }
    }
    settled.sort_by_key(|s| s.mention);
    settled
}

/// Of places of one name the one of the highest level, where a province or city stands against
/// smaller ones, or a county against townships.
fn highest(candidates: &[Place]) -> Option<&Place> {
    let level = |p: &Place| core(&p.code).len();
    let top = candidates.iter().map(level).min()?;
    let mut of_top = candidates.iter().filter(|c| level(c) == top);
    let first = of_top.next()?;
    (top <= 6 && of_top.next().is_none()).then_some(first)
}

fn only_below<'a>(candidates: &'a [Place], above: &str) -> Option<&'a Place> {
    let mut under = candidates.iter().filter(|c| below(c, above));
    let first = under.next()?;
    under.next().is_none().then_some(first)
}

/// The candidate that shares most with the office's own code, at least the province.
fn nearest<'a>(candidates: &'a [Place], home: &str) -> Option<&'a Place> {
    let shared = |p: &Place| {
        let common = p.code.bytes().zip(home.bytes()).take_while(|(a, b)| a == b).count();
        common - common % 2
    };
    let most = candidates.iter().map(shared).max().filter(|m| *m >= 2)?;
    let mut of_most = candidates.iter().filter(|c| shared(c) == most);
    let first = of_most.next()?;
    of_most.next().is_none().then_some(first)
}

/// The deepest division of each chain, in order of first mention, with its ground.
pub(crate) fn report(text: &[Mention], title: &[Mention], settled: &[Settled], given: &Text<'_>) -> Vec<Suggestion> {
    let mut out: Vec<Suggestion> = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    for s in settled {
        let code = s.place.code.as_str();
        let deeper = settled.iter().any(|other| below(&other.place, core(code)));
        if deeper || seen.contains(&code) {
            continue;
        }
        seen.push(code);
        let span = text.get(s.mention).map(|m| given.span(m.start, m.end));
        let quote = match text.get(s.mention) {
            Some(m) => given.slice(m.start, m.end).to_owned(),
            None => title.get(s.mention - text.len()).map(|_| s.place.name.clone()).unwrap_or_default(),
        };
        let confidence = if s.rule == Rule::PlaceName { 0.95 } else { 0.85 };
        out.push(Suggestion {
            claim: Claim::Place(s.place.clone()),
            confidence,
            grounds: vec![Ground { what: What::Place, rule: s.rule, span, quote }],
        });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::testing::judge_with;
    use super::*;
    use crate::judge::Input;

    fn codes(input: &Input<'_>) -> Vec<(String, Rule)> {
        judge_with(input)
            .into_iter()
            .filter_map(|s| match s.claim {
                Claim::Place(p) => Some((p.code, s.grounds[0].rule)),
                _ => None,
            })
            .collect()
    }

    fn in_text(text: &str) -> Vec<(String, Rule)> {
        codes(&Input { text, ..Input::default() })
    }

    fn one(code: &str, rule: Rule) -> Vec<(String, Rule)> {
        vec![(code.to_owned(), rule)]
    }

    #[test]
    fn the_deepest_of_a_chain() {
        assert_eq!(in_text("云川省云川市青山县有人举报"), one("990121", Rule::PlaceName));
        assert_eq!(in_text("我是云川人"), vec![], "a short name before 人 may be a surname's home");
        assert_eq!(in_text("在云川,青山县的事"), one("990121", Rule::PlaceName));
        assert_eq!(in_text("云川省的事"), one("99", Rule::PlaceName));
    }

    #[test]
    fn places_of_one_name_are_settled_by_the_chain_or_by_home() {
        assert_eq!(in_text("柳林镇政府"), vec![]);
        assert_eq!(in_text("青山县柳林镇政府"), one("990121100", Rule::PlaceByChain));
        assert_eq!(in_text("江北市城东区某街道"), one("990202", Rule::PlaceByChain));
        let home = |text, home| codes(&Input { text, home: Some(home), ..Input::default() });
        assert_eq!(home("柳林镇政府", "990222"), one("990222100", Rule::PlaceByHome));
        assert_eq!(home("柳林镇政府", "110101"), vec![]);
        let titled = codes(&Input { title: Some("白石县的事"), text: "柳林镇修路", ..Input::default() });
        assert_eq!(titled, one("990222100", Rule::PlaceByChain));
    }

    #[test]
    fn short_names_of_counties_count_only_below_another() {
        assert_eq!(in_text("青山绿水"), vec![]);
        assert_eq!(in_text("云川市青山的村民"), one("990121", Rule::PlaceName));
        assert_eq!(in_text("云川路上"), vec![]);
    }
}
