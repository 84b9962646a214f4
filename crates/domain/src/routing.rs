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

/// Why a rules file is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RoutesError {
    /// Not the format.
    #[error("the routing rules cannot be read: {0}; compare the file with the shipped one")]
    Format(String),
    /// A rule the code applies has no words.
    #[error("the routing rules lack the rule {0}; take it over from the shipped file")]
    Lacks(&'static str),
}

/// The rules the code applies; a file must have every one.
pub const RULES: &[&str] = &["superior", "vertical", "office_committee", "own_unit", "own_division", "own", "lower", "place_lower", "place_own", "peer"];

impl Routes {
    /// Reads one file of `rules/routing`.
    ///
    /// # Errors
    /// [`RoutesError`] when it is not the format or lacks a rule.
    pub fn from_toml(text: &str) -> Result<Self, RoutesError> {
        let routes: Self = toml::from_str(text).map_err(|e| RoutesError::Format(e.message().to_owned()))?;
        match RULES.iter().find(|r| !routes.rule.contains_key(**r)) {
            Some(lacking) => Err(RoutesError::Lacks(lacking)),
            None => Ok(routes),
        }
    }

    /// The shipped rules of an edition.
    pub fn embedded(edition: Edition) -> Self {
        let text = match edition {
            Edition::Jw => include_str!("../../../rules/routing/jw.toml"),
            Edition::Xf => include_str!("../../../rules/routing/xf.toml"),
        };
        Self::from_toml(text).expect("the shipped routing rules are read by a test")
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
    if found.is_empty() && let Some(division) = division {
        let finder = Finder { directory, routes, subject: None, words: division.to_owned() };
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
    fn suggest(&self, rule: &str, share: usize, way: DispatchWay, to: Holder, committee: &str, out: &mut Vec<Suggestion>) {
        let Some(r) = self.routes.rule.get(rule) else { return };
        let name = self.directory.holder_name(&to).unwrap_or_default().to_owned();
        let fill = |t: &str| t.replace("{subject}", &self.words).replace("{committee}", committee).replace("{to}", &name);
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

    fn by_committee(&self, id: &CommitteeId, unit: Option<&Unit>, division: Option<&str>, share: usize, out: &mut Vec<Suggestion>) {
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
                    self.suggest("own", share, DispatchWay::Move, Holder::Office { office: o.id.clone() }, &committee.name, out);
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
            .filter_map(|o| o.divisions.iter().filter(|p| division.starts_with(p.as_str())).map(String::len).max().map(|n| (n, o)))
            .max_by_key(|(n, _)| *n)
            .map(|(_, o)| Holder::Office { office: o.id.clone() })
    }

    fn by_place(&self, division: &str, out: &mut Vec<Suggestion>) {
        let d = self.directory;
        let lower = d
            .organs
            .iter()
            .filter(|o| o.relation == OrganRelation::Lower)
            .find(|o| o.division.as_deref().is_some_and(|p| division.starts_with(p)));
        if let Some(o) = lower {
            self.suggest("place_lower", 1, DispatchWay::Forward, o.holder(), &o.name, out);
        } else if let Some(office) = self.office_for(Some(division)) {
            self.suggest("place_own", 1, DispatchWay::Move, office, &d.organ.name, out);
        }
    }
}
