//! 归口分办建议: which office or organ should have a report, by who manages the person reported.
//!
//! It follows 干部管理权限 (规则 Art 10–12) and never where the reporter stands; the place of the
//! matter only helps where nobody is named (M3). It suggests; a person dispatches. The rules it
//! applies, with their confidence and their words, stand in `rules/routing`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::content::Subject;
use crate::directory::{Accepts, CommitteeId, Directory, OfficeKind, OrganRelation, Unit};
use crate::report::Holder;
use crate::rules::{Rules, RulesError};
use crate::words::{DispatchWay, Edition};

/// A place a report could go to, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Suggestion {
    /// Office, organ or outside organ.
    pub to: Holder,
    /// Way that fits (移送, 转送, 径送, 双向移交).
    pub way: DispatchWay,
    /// 0 … 1.
    pub confidence: f32,
    /// Rule of `rules/routing` that fired.
    pub rule: String,
    /// Index of the subject that led here; `None` if the place did.
    pub subject: Option<usize>,
    /// Why, in Chinese.
    pub zh: String,
    /// Why, in English.
    pub en: String,
}

/// The rules of one edition.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Routes {
    /// Version of this file.
    pub version: String,
    /// In force from.
    pub effective: jiff::civil::Date,
    /// Where it comes from.
    pub source: String,
    /// By id.
    pub rule: BTreeMap<String, Route>,
}

/// One rule: how sure, by which law, in which words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Route {
    /// 0 … 1.
    pub confidence: f32,
    /// Article.
    pub law: String,
    /// Words with `{subject}`, `{committee}`, `{to}`.
    pub zh: String,
    /// The same in English.
    pub en: String,
}

/// The rules the code applies; a file must have every one.
const RULES: &[&str] = &[
    "superior",
    "vertical",
    "office_committee",
    "own_unit",
    "own_division",
    "own",
    "lower",
    "place_lower",
    "place_own",
    "unlisted_lower",
    "unlisted_own",
    "peer",
];

impl Routes {
    /// The routing rules of an edition, out of the rules in force.
    ///
    /// # Errors
    /// Names the file and what it lacks.
    pub fn of(edition: Edition, rules: &Rules) -> Result<Self, RulesError> {
        let path = format!("routing/{edition}.toml");
        let text = rules
            .text(&path)
            .ok_or_else(|| RulesError::new(&path, "the file is missing; put it back from the release"))?;
        let routes: Self =
            toml::from_str(text).map_err(|e| RulesError::new(&path, e.to_string().trim_end().to_owned()))?;
        match RULES.iter().find(|r| !routes.rule.contains_key(**r)) {
            Some(lacking) => {
                Err(RulesError::new(path, format!("the rule {lacking} is missing; take it over from the shipped file")))
            }
            None => Ok(routes),
        }
    }
}

/// Suggestions for a report, the surest first, one per holder.
///
/// `division` is the place of the matter (GB/T 2260), never of the reporter.
pub fn route(subjects: &[Subject], division: Option<&str>, directory: &Directory, routes: &Routes) -> Vec<Suggestion> {
    let mut found: Vec<Suggestion> = Vec::new();
    for (index, subject) in subjects.iter().enumerate() {
        let finder = Finder { directory, routes, subject: Some(index), words: words_of(subject) };
        finder.by_management(subject, division, &mut found);
    }
    if found.is_empty()
        && let Some(division) = division
    {
        let named: Vec<String> = subjects.iter().map(words_of).filter(|words| !words.is_empty()).collect();
        let finder = Finder { directory, routes, subject: None, words: named.join("、") };
        finder.by_place(division, &mut found);
    }
    found.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    let mut kept: Vec<Suggestion> = Vec::new();
    for s in found {
        if !kept.iter().any(|k| k.to == s.to) {
            kept.push(s);
        }
    }
    kept
}

fn words_of(subject: &Subject) -> String {
    let parts = [&subject.unit, &subject.post];
    let words: String = parts.into_iter().flatten().map(String::as_str).collect();
    if words.is_empty() { subject.name.clone().unwrap_or_default() } else { words }
}

struct Finder<'a> {
    directory: &'a Directory,
    routes: &'a Routes,
    subject: Option<usize>,
    words: String,
}

impl Finder<'_> {
    fn suggest(
        &self,
        rule: &str,
        share: usize,
        way: DispatchWay,
        to: Holder,
        committee: &str,
        out: &mut Vec<Suggestion>,
    ) {
        let Some(r) = self.routes.rule.get(rule) else { return };
        let name = self.directory.holder_name(&to).unwrap_or_default().to_owned();
        let fill =
            |t: &str| t.replace("{subject}", &self.words).replace("{committee}", committee).replace("{to}", &name);
        out.push(Suggestion {
            // Words that fit several units or posts are worth a share each.
            confidence: r.confidence / share.max(1) as f32,
            rule: rule.to_owned(),
            subject: self.subject,
            zh: format!("{}({})", fill(&r.zh), r.law),
            en: format!("{} ({})", fill(&r.en), r.law),
            way,
            to,
        });
    }

    fn by_management(&self, subject: &Subject, division: Option<&str>, out: &mut Vec<Suggestion>) {
        let d = self.directory;
        let posts = d.posts_named(subject);
        for m in &posts {
            let unit = m.post.unit.as_ref().and_then(|id| d.unit(id));
            self.by_committee(&m.post.committee, unit, division, posts.len(), out);
        }
        if !posts.is_empty() {
            return;
        }
        let units = d.units_named(subject.unit.as_deref().unwrap_or_default());
        for m in &units {
            self.by_committee(&m.unit.committee, Some(m.unit), division, units.len(), out);
        }
        if !units.is_empty() {
            return;
        }
        let text = crate::directory::normal(&self.words);
        let organ = d.organs.iter().find(|o| {
            std::iter::once(&o.name).chain(&o.aliases).any(|n| {
                let n = crate::directory::normal(n);
                n.chars().count() >= 3 && text.contains(&n)
            })
        });
        if let Some(o) = organ {
            let (rule, way) = match o.relation {
                OrganRelation::Superior => ("superior", DispatchWay::DirectSeal),
                OrganRelation::Lower => ("lower", DispatchWay::Forward),
                OrganRelation::Vertical => ("vertical", DispatchWay::Move),
                OrganRelation::Peer => ("peer", DispatchWay::Move),
            };
            self.suggest(rule, 1, way, o.holder(), &o.name, out);
        }
    }

    fn by_committee(
        &self,
        id: &CommitteeId,
        unit: Option<&Unit>,
        division: Option<&str>,
        share: usize,
        out: &mut Vec<Suggestion>,
    ) {
        let d = self.directory;
        let Some(committee) = d.committee(id) else { return };
        // Art 11: the cadre's party relation is here but a department above manages him.
        if let Some(o) = unit.and_then(|u| u.vertical.as_deref()).and_then(|key| d.organ(key)) {
            self.suggest("vertical", share, DispatchWay::Move, o.holder(), &committee.name, out);
            return;
        }
        match &committee.accepts {
            Accepts::Organ(key) => {
                let Some(o) = d.organ(key) else { return };
                let (rule, way) = match o.relation {
                    OrganRelation::Superior => ("superior", DispatchWay::DirectSeal),
                    OrganRelation::Lower => ("lower", DispatchWay::Forward),
                    OrganRelation::Vertical => ("vertical", DispatchWay::Move),
                    OrganRelation::Peer => ("peer", DispatchWay::Move),
                };
                self.suggest(rule, share, way, o.holder(), &committee.name, out);
            }
            Accepts::Office(office) => {
                let to = Holder::Office { office: office.clone() };
                self.suggest("office_committee", share, DispatchWay::Move, to, &committee.name, out);
            }
            Accepts::Own => {
                if let Some(office) = unit.and_then(|u| u.office.clone()) {
                    self.suggest("own_unit", share, DispatchWay::Move, Holder::Office { office }, &committee.name, out);
                } else if let Some(office) = self.office_for(unit.map(|u| u.division.as_str()).or(division)) {
                    self.suggest("own_division", share, DispatchWay::Move, office, &committee.name, out);
                } else if let Some(o) = d.petition_office() {
                    self.suggest(
                        "own",
                        share,
                        DispatchWay::Move,
                        Holder::Office { office: o.id.clone() },
                        &committee.name,
                        out,
                    );
                }
            }
        }
    }

    /// The supervision office that looks after a division; the longest prefix wins.
    fn office_for(&self, division: Option<&str>) -> Option<Holder> {
        let division = division?;
        let fits = |o: &&crate::directory::Office| o.kind != OfficeKind::Petition;
        self.directory
            .offices
            .iter()
            .filter(fits)
            .filter_map(|o| {
                o.divisions.iter().filter(|p| division.starts_with(p.as_str())).map(String::len).max().map(|n| (n, o))
            })
            .max_by_key(|(n, _)| *n)
            .map(|(_, o)| Holder::Office { office: o.id.clone() })
    }

    fn by_place(&self, division: &str, out: &mut Vec<Suggestion>) {
        let d = self.directory;
        // Somebody may be named whom the directory does not have: that is another ground.
        let rule = |nobody, unlisted| if self.words.is_empty() { nobody } else { unlisted };
        let lower = d
            .organs
            .iter()
            .filter(|o| o.relation == OrganRelation::Lower)
            .find(|o| o.division.as_deref().is_some_and(|p| division.starts_with(p)));
        if let Some(o) = lower {
            self.suggest(rule("place_lower", "unlisted_lower"), 1, DispatchWay::Forward, o.holder(), &o.name, out);
        } else if let Some(office) = self.office_for(Some(division)) {
            self.suggest(rule("place_own", "unlisted_own"), 1, DispatchWay::Move, office, &d.organ.name, out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::tests::example;
    use crate::ids::OfficeId;

    fn subject(unit: &str, post: &str) -> Subject {
        let some = |s: &str| (!s.is_empty()).then(|| s.to_owned());
        Subject { unit: some(unit), post: some(post), ..Subject::default() }
    }
    fn routes() -> Routes {
        Routes::of(Edition::Jw, Rules::embedded()).unwrap()
    }
    fn office(id: &str) -> Holder {
        Holder::Office { office: OfficeId(id.into()) }
    }
    fn outside(key: &str) -> Holder {
        Holder::Outside { key: key.into() }
    }
    fn first(unit: &str, post: &str, division: Option<&str>) -> (Holder, DispatchWay, String) {
        let s = route(&[subject(unit, post)], division, &example(), &routes()).remove(0);
        (s.to, s.way, s.rule)
    }

    #[test]
    fn the_shipped_rules_of_both_editions_are_whole() {
        for edition in Edition::ALL {
            let routes = Routes::of(*edition, Rules::embedded()).unwrap();
            for (id, rule) in &routes.rule {
                assert!((0.0..=1.0).contains(&rule.confidence), "{id}");
                assert!(RULES.contains(&id.as_str()), "{id} is applied nowhere");
            }
        }
    }

    #[test]
    fn the_managing_committee_decides() {
        assert_eq!(first("住建局", "局长", None), (office("stationed-housing"), DispatchWay::Move, "own_unit".into()));
        assert_eq!(first("县政府", "县长", None), (outside("city-jw"), DispatchWay::DirectSeal, "superior".into()));
        assert_eq!(first("县税务局", "股长", None), (outside("tax-group"), DispatchWay::Move, "vertical".into()));
        assert_eq!(
            first("青石镇政府", "会计", None),
            (office("qingshi-jw"), DispatchWay::Move, "office_committee".into())
        );
        assert_eq!(first("青石镇政府", "镇长", None), (office("supervision-1"), DispatchWay::Move, "own_unit".into()));
        assert_eq!(first("县法院", "", None), (outside("court"), DispatchWay::Move, "peer".into()));
    }

    #[test]
    fn the_place_never_overrides_the_person() {
        let with = first("住建局", "局长", Some("990121100"));
        assert_eq!(with, first("住建局", "局长", None));
    }

    #[test]
    fn somebody_the_directory_does_not_have_is_not_nobody() {
        let told = |subjects: &[Subject], division| {
            let found = route(subjects, Some(division), &example(), &routes()).remove(0);
            (found.rule, found.zh, found.confidence)
        };
        let stranger = Subject { name: Some("方某某".into()), ..subject("望海镇政府", "副镇长") };
        for (division, rule) in [("990121100", "unlisted_own"), ("990100100", "unlisted_own")] {
            let (fired, zh, sure) = told(std::slice::from_ref(&stranger), division);
            if fired == rule {
                assert!(zh.contains("“望海镇政府副镇长”在目录中查无"), "{zh}");
                assert!(!zh.contains("未写明") && sure <= 0.5, "{zh}");
                let (nobody, zh, _) = told(&[], division);
                assert!(nobody.starts_with("place_") && zh.contains("未写明被反映人"), "{zh}");
                return;
            }
        }
        panic!("no place of the example leads anywhere");
    }

    #[test]
    fn nobody_named_leaves_the_place_and_less_confidence() {
        let found = route(&[], Some("990121100"), &example(), &routes());
        assert_eq!(found[0].to, office("qingshi-jw"), "the longest prefix");
        assert_eq!(found[0].rule, "place_own");
        assert!(found[0].confidence < 0.5);
        assert!(route(&[], None, &example(), &routes()).is_empty());
        assert!(route(&[subject("不详", "")], Some("110101"), &example(), &routes()).is_empty());
    }

    #[test]
    fn several_subjects_give_several_suggestions_and_one_per_holder() {
        let all = [subject("住建局", "局长"), subject("县政府", "县长"), subject("青禾县住建局", "局长")];
        let found = route(&all, None, &example(), &routes());
        let to: Vec<_> = found.iter().map(|s| s.to.clone()).collect();
        assert_eq!(to, [outside("city-jw"), office("stationed-housing")]);
        assert_eq!(found[0].subject, Some(1));
    }

    #[test]
    fn words_that_fit_several_units_are_worth_a_share_each() {
        let mut d = example();
        let mut twin = d.units[0].clone();
        twin.id = crate::directory::UnitId("housing-2".into());
        twin.office = Some(OfficeId("supervision-1".into()));
        d.units.push(twin);
        d.posts.clear();
        let found = route(&[subject("住建局", "")], None, &d, &routes());
        assert_eq!(found.len(), 2);
        assert!(found.iter().all(|s| s.confidence < 0.5));
    }

    #[test]
    fn grounds_name_the_law_and_leave_no_gap() {
        for s in route(&[subject("住建局", "局长"), subject("县政府", "县长")], None, &example(), &routes()) {
            assert!(s.zh.contains("规则第") && !s.zh.contains('{'), "{}", s.zh);
            assert!(!s.en.contains('{'), "{}", s.en);
        }
    }
}
