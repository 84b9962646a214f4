//! Entities and places by rules: each finder is linear in the text, none knows the others; what
//! two of them claim goes to the surer, then to the longer. Nothing here decides what an entity
//! means for the report.

mod addresses;
mod context;
mod dates;
mod documents;
mod money;
mod names;
mod numbers;
mod organs;
mod places;
mod posts;
mod projects;
mod quantity;

use std::sync::Arc;

use crate::entity::{Entity, EntityKind, Value};
use crate::gazetteer::Gazetteer;
use crate::stage::{Claim, Ground, Known, Rule, Stage, Suggestion, What};
use crate::text::Text;

pub(crate) use context::Scene;
pub(crate) use names::is_name;
pub(crate) use organs::departments;
pub(crate) use posts::posts;

/// A find before overlaps are settled; offsets count folded characters.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Found {
    pub start: usize,
    pub end: usize,
    pub kind: EntityKind,
    pub value: Option<Value>,
    pub confidence: f32,
    pub rule: Rule,
}

impl Found {
    pub fn new(start: usize, end: usize, kind: EntityKind, confidence: f32, rule: Rule) -> Self {
        Self { start, end, kind, value: None, confidence, rule }
    }

    pub fn with(mut self, value: Value) -> Self {
        self.value = Some(value);
        self
    }
}

/// The extraction stage.
pub struct Extract {
    gazetteer: Arc<dyn Gazetteer>,
}

impl std::fmt::Debug for Extract {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Extract")
    }
}

impl Extract {
    /// Over this gazetteer.
    pub fn new(gazetteer: Arc<dyn Gazetteer>) -> Self {
        Self { gazetteer }
    }
}

impl Stage for Extract {
    fn name(&self) -> &'static str {
        "extract"
    }

    fn suggest(&self, known: &Known<'_>) -> Vec<Suggestion> {
        let gazetteer = self.gazetteer.as_ref();
        let mentions = places::mentions(known.text.chars(), gazetteer);
        let title = Text::new(known.input.title.unwrap_or_default());
        let in_title = places::mentions(title.chars(), gazetteer);
        let settled = places::settle(&mentions, &in_title, known.input.home);
        let mut scene = Scene::new(known.text, known.input.received, &mentions);

        let mut found: Vec<Found> = Vec::new();
        numbers::find(&scene, &mut found);
        documents::find(&scene, &mut found);
        money::find(&scene, &mut found);
        dates::find(&scene, &mut found);
        scene.close(&found);
        posts::find(&scene, &mut found);
        organs::find(&scene, &mut found);
        projects::find(&scene, &mut found);
        names::find(&scene, &mut found);
        addresses::find(&scene, &mentions, &settled, &mut found);
        let mut found = without_overlaps(found, scene.chars.len());
        posts::rank(&scene, &mentions, &settled, &mut found);

        let mut out: Vec<Suggestion> = found
            .into_iter()
            .map(|f| {
                let span = known.text.span(f.start, f.end);
                let text = known.text.slice(f.start, f.end).to_owned();
                Suggestion {
                    confidence: f.confidence,
                    grounds: vec![Ground { what: What::Entity, rule: f.rule, span: Some(span), quote: text.clone() }],
                    claim: Claim::Entity(Entity {
                        start: span.start,
                        end: span.end,
                        kind: f.kind,
                        text,
                        value: f.value,
                        confidence: f.confidence,
                        rule: f.rule,
                    }),
                }
            })
            .collect();
        out.extend(places::report(&mentions, &in_title, &settled, known.text));
        out
    }
}

/// Keeps, of finds that overlap, the surer one, then the longer, then the earlier. In order of
/// place.
fn without_overlaps(mut found: Vec<Found>, length: usize) -> Vec<Found> {
    found.retain(|f| f.start < f.end && f.end <= length);
    found.sort_by(|a, b| {
        b.confidence
            .total_cmp(&a.confidence)
            .then((b.end - b.start).cmp(&(a.end - a.start)))
            .then(a.start.cmp(&b.start))
            .then(a.kind.cmp(&b.kind))
    });
    let mut taken = vec![false; length];
    found.retain(|f| {
        let free = taken[f.start..f.end].iter().all(|t| !t);
        if free {
            taken[f.start..f.end].fill(true);
        }
        free
    });
    found.sort_by_key(|f| f.start);
    found
}

#[cfg(test)]
pub(crate) mod testing {
    //! What the tests of the finders share.
    use super::*;
    use crate::gazetteer::Place;
    use crate::judge::Input;

    /// A made-up province: no test of a finder depends on the national list.
    pub struct Made;

    impl Gazetteer for Made {
        fn find(&self, name: &str) -> Vec<Place> {
            const ALL: &[(&str, &str)] = &[
                ("99", "云川省"),
                ("9901", "云川市"),
                ("9902", "江北市"),
                ("990121", "青山县"),
                ("990102", "城东区"),
                ("990202", "城东区"),
                ("990121100", "柳林镇"),
                ("990222", "白石县"),
                ("990222100", "柳林镇"),
            ];
            let short = |full: &str, name: &str| {
                full.strip_suffix(['省', '市', '县', '区', '镇']).is_some_and(|s| s == name && s.chars().count() > 1)
            };
            ALL.iter()
                .filter(|(_, full)| *full == name || short(full, name))
                .map(|(code, full)| Place { code: (*code).into(), name: (*full).into() })
                .collect()
        }
    }

    pub fn judge_with(input: &Input<'_>) -> Vec<Suggestion> {
        let text = Text::new(input.text);
        Extract::new(Arc::new(Made)).suggest(&Known { input, text: &text, suggestions: &[] })
    }

    pub fn entities(text: &str) -> Vec<Entity> {
        let input = Input { text, received: Some(jiff::civil::date(2026, 3, 10)), ..Input::default() };
        judge_with(&input)
            .into_iter()
            .filter_map(|s| match s.claim {
                Claim::Entity(e) => Some(e),
                _ => None,
            })
            .collect()
    }

    pub fn of(text: &str, kind: EntityKind) -> Vec<String> {
        entities(text).into_iter().filter(|e| e.kind == kind).map(|e| e.text).collect()
    }

    pub fn values(text: &str, kind: EntityKind) -> Vec<Option<Value>> {
        entities(text).into_iter().filter(|e| e.kind == kind).map(|e| e.value).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::testing::*;
    use super::*;

    #[test]
    fn a_whole_report() {
        let text = "举报青山县住建局局长王建国于2024年5月收受鑫源建筑有限公司老板陈某20万元,账号6222021234567890128,电话13812345678。";
        let found: Vec<(EntityKind, String)> = entities(text).into_iter().map(|e| (e.kind, e.text)).collect();
        let expected = [
            (EntityKind::Government, "青山县住建局"),
            (EntityKind::Position, "局长"),
            (EntityKind::Name, "王建国"),
            (EntityKind::Date, "2024年5月"),
            (EntityKind::Company, "鑫源建筑有限公司"),
            (EntityKind::Name, "陈某"),
            (EntityKind::Money, "20万元"),
            (EntityKind::Account, "6222021234567890128"),
            (EntityKind::Phone, "13812345678"),
        ];
        for (kind, text) in expected {
            assert!(found.contains(&(kind, text.to_owned())), "{kind:?} {text} not in {found:?}");
        }
    }

    #[test]
    fn the_surer_then_the_longer_wins() {
        let f = |start, end, confidence| Found::new(start, end, EntityKind::Name, confidence, Rule::NameByPost);
        let kept = without_overlaps(vec![f(0, 4, 0.5), f(2, 3, 0.9), f(5, 7, 0.5), f(5, 9, 0.5), f(9, 99, 1.0)], 10);
        assert_eq!(kept.iter().map(|k| (k.start, k.end)).collect::<Vec<_>>(), [(2, 3), (5, 9)]);
    }
}
