//! 类别 of the edition from plain words and what was found: simple rules that abstain when unsure.
//! A suggestion only; `domain::decide` knows what follows from a kind, this does not.

use std::sync::LazyLock;

use domain::words::{Edition, Kind};

use crate::entity::{Entity, EntityKind};
use crate::quick::list;
use crate::rank::salutation;
use crate::stage::{Claim, Ground, Known, Rule, Span, Stage, Suggestion, What};

/// Acts against discipline or law by one who holds a public post (规则 Art 4).
static ACCUSING: LazyLock<Vec<&str>> = LazyLock::new(|| {
    list(
        "\
     贪污 受贿 收受贿 收受 行贿 索贿 贿选 挪用 侵占 截留 冒领 虚报 套取 滥用职权 玩忽职守 \
     以权谋私 权钱交易 徇私 保护伞 优亲厚友 公款 吃拿卡要 任人唯亲 买官卖官 利益输送 中饱私囊 \
     公车私用 贪腐 腐败 违纪 好处费 回扣 围标 串标 小金库 作风问题 包养 吃空饷 雁过拔毛 私分 索要 \
     包庇 欺压百姓 官商勾结",
    )
});
/// Not accepting an earlier decision about oneself.
const APPEALING: &[&str] =
    &["不服", "申诉", "申请复审", "撤销处分", "处分决定", "开除党籍", "党纪处分", "政务处分", "处分过重"];
/// Courts, arbitration, review: other procedures (规则 Art 13).
const PROCEEDINGS: &[&str] = &["判决", "起诉", "诉讼", "一审", "二审", "仲裁", "行政复议", "强制执行", "再审"];
/// Proposals.
const PROPOSING: &[&str] = &["建议", "提议", "不妨", "可否考虑"];
/// Asking for one's own difficulty to be solved, or asking a question.
const ASKING: &[&str] = &[
    "请求",
    "恳请",
    "希望",
    "要求",
    "请问",
    "咨询",
    "为什么",
    "什么时候",
    "何时",
    "能否",
    "解决",
    "帮帮",
    "帮助",
    "求助",
    "盼",
    "给个说法",
    "怎么办",
    "尽快",
    "处理",
    "投诉",
];

/// Suggests the kind.
#[derive(Debug, Clone, Copy)]
pub struct KindFromWords;

/// The first word of a list in the text, as a span.
fn first(text: &str, words: &[&str]) -> Option<Span> {
    let (byte, word) = words.iter().filter_map(|w| text.find(w).map(|b| (b, *w))).min()?;
    let start = text[..byte].chars().count();
    Some(Span { start, end: start + word.chars().count() })
}

fn count(text: &str, words: &[&str]) -> usize {
    words.iter().map(|w| text.matches(w).count()).sum()
}

impl Stage for KindFromWords {
    fn name(&self) -> &'static str {
        "kind"
    }

    fn suggest(&self, known: &Known<'_>) -> Vec<Suggestion> {
        let Some(edition) = known.input.edition else {
            return Vec::new();
        };
        let text = known.input.text;
        let title = known.input.title.unwrap_or_default();
        let chars: Vec<char> = text.chars().collect();
        let letters = chars.iter().filter(|c| c.is_alphanumeric()).count();
        let has = |kinds: &[EntityKind]| known.entities().any(|e| kinds.contains(&e.kind));
        let public = known.entities().any(|e: &Entity| {
            matches!(e.kind, EntityKind::Position | EntityKind::Government) && !salutation(&chars, e)
        });
        let accused = count(text, &ACCUSING) + count(title, &ACCUSING);
        let appealed = count(text, APPEALING) + count(title, APPEALING);
        let proposed = count(text, PROPOSING) + 2 * count(title, PROPOSING);
        let asked = count(text, ASKING) + count(title, ASKING);
        let in_court = count(text, PROCEEDINGS) + count(title, PROCEEDINGS);

        let facts =
            has(&[EntityKind::Date, EntityKind::Money, EntityKind::Project, EntityKind::Address, EntityKind::Company]);
        let named = has(&[EntityKind::Name]);
        let suggestion = |kind, rule, words: &[&str], confidence| {
            let span = first(text, words);
            let quote = span.map(|s| chars[s.start..s.end].iter().collect()).unwrap_or_default();
            vec![Suggestion {
                claim: Claim::Kind(kind),
                confidence,
                grounds: vec![Ground { what: What::Kind, rule, span, quote }],
            }]
        };
        match edition {
            Edition::Jw if accused > 0 && letters < 40 && !facts && !named => {
                suggestion(Kind::NoSubstance, Rule::KindNoSubstance, &ACCUSING, 0.6)
            }
            Edition::Jw if appealed >= 2 && accused == 0 && in_court == 0 => {
                suggestion(Kind::Appeal, Rule::KindAppeal, APPEALING, 0.7)
            }
            _ if accused >= 2 && public => suggestion(Kind::Accusation, Rule::KindAccusation, &ACCUSING, 0.85),
            _ if accused > 0 && public => suggestion(Kind::Accusation, Rule::KindAccusation, &ACCUSING, 0.7),
            Edition::Jw if accused == 0 && in_court >= 2 => {
                suggestion(Kind::OutOfScope, Rule::KindOutOfScope, PROCEEDINGS, 0.7)
            }
            _ if accused == 0 && proposed >= 2 && proposed * 2 > asked => {
                suggestion(Kind::Suggestion, Rule::KindSuggestion, PROPOSING, 0.7)
            }
            Edition::Xf if accused == 0 && asked > 0 => {
                suggestion(Kind::Petition, Rule::KindPetition, ASKING, if asked > 1 { 0.8 } else { 0.65 })
            }
            Edition::Jw if accused == 0 && !public && asked >= 2 => {
                suggestion(Kind::OutOfScope, Rule::KindOutOfScope, ASKING, 0.6)
            }
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::testing::judge_with;
    use crate::judge::Input;
    use crate::text::Text;

    fn kind(edition: Option<Edition>, text: &str) -> Option<Kind> {
        let input = Input { text, edition, ..Input::default() };
        let suggestions = judge_with(&input);
        let prepared = Text::new(text);
        KindFromWords
            .suggest(&Known { input: &input, text: &prepared, suggestions: &suggestions })
            .into_iter()
            .find_map(|s| match s.claim {
                Claim::Kind(kind) => Some(kind),
                _ => None,
            })
    }

    #[test]
    fn kinds_of_each_edition() {
        let (jw, xf) = (Some(Edition::Jw), Some(Edition::Xf));
        assert_eq!(kind(jw, "村支书李大山2024年截留低保金3万元,村会计陈秀虚报冒领。"), Some(Kind::Accusation));
        assert_eq!(kind(jw, "镇长是个大贪官,腐败!"), Some(Kind::NoSubstance));
        assert_eq!(kind(jw, "我对青山县纪委给我的党纪处分不服,处分过重,申诉。"), Some(Kind::Appeal));
        assert_eq!(kind(jw, "一审判决后对方不履行,申请强制执行一直没有结果,二审也拖着。"), Some(Kind::OutOfScope));
        assert_eq!(kind(xf, "请问小区的路灯什么时候能修好?希望尽快处理。"), Some(Kind::Petition));
        assert_eq!(kind(xf, "建议在路口增设红绿灯,建议把公交站往前移。"), Some(Kind::Suggestion));
        assert_eq!(kind(xf, "今天天气很好。"), None, "abstains");
        assert_eq!(kind(None, "村支书截留低保金,虚报冒领。"), None, "no edition, no kinds");
    }
}
