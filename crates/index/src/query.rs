//! Questions to the index, and how they become the engine's. Every question about reports takes a
//! [`Viewer`], whose permission and recusal become clauses. It does not run them.

use std::ops::Bound;

use domain::ids::ReportId;
use domain::permission::Scope;
use domain::words::{Channel, Kind, Rank};
use jiff::civil::Date;
use tantivy::Term;
use tantivy::query::{
    AllQuery, BooleanQuery, ConstScoreQuery, EmptyQuery, Occur, PhraseQuery, Query as Clause, RangeQuery, TermQuery,
    TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption};

use crate::document::Word;
use crate::fields::{Fields, NOBODY, assigned, letters, order, whole};

/// Who asks: what she may list, and the token under which reports hide from her.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer {
    /// What her role and office allow.
    pub scope: Scope,
    /// Her recusal token ([`seal::recusal_token`]).
    pub me: String,
}

/// Words to find in title, text and digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Words {
    /// All of them, anywhere.
    All(Vec<String>),
    /// Exactly so: the offsets between the words must be those given.
    Phrase(Vec<Word>),
}

/// The order of hits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Order {
    /// Latest day first, then highest serial.
    #[default]
    Newest,
    /// Best match of the words first.
    Relevance,
}

/// What to find; empty fields ask for nothing, several values in one list are alternatives.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// Words in title, text and digest.
    pub words: Option<Words>,
    /// Part of the name of a 被反映人.
    pub subject: Option<String>,
    /// The whole name of a 被反映人: nobody whose name only contains it.
    pub named: Option<String>,
    /// Part of the name of a unit.
    pub unit: Option<String>,
    /// Part of the name of a post.
    pub post: Option<String>,
    /// Part of the name of a project.
    pub project: Option<String>,
    /// An account, phone or other number, whole.
    pub account: Option<String>,
    /// Part of 来文机关 or 文号.
    pub letter: Option<String>,
    /// Problem classes.
    pub categories: Vec<String>,
    /// Ranks.
    pub ranks: Vec<Rank>,
    /// Division codes; what lies below them is found if it was put with its ancestors.
    pub places: Vec<String>,
    /// Kinds.
    pub kinds: Vec<Kind>,
    /// Channels.
    pub channels: Vec<Channel>,
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub until: Option<Date>,
    /// Order of the hits.
    pub order: Order,
    /// How many hits to leave out at the front.
    pub offset: usize,
    /// How many hits to give; 0 gives the total only.
    pub limit: usize,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hits {
    /// Reports of this page, in order.
    pub reports: Vec<ReportId>,
    /// How many there are in all, of those the viewer may see.
    pub total: usize,
}

type Clauses = Vec<(Occur, Box<dyn Clause>)>;

/// The engine's query: what is asked, and what the viewer may see.
pub(crate) fn build(fields: &Fields, query: &Query, viewer: &Viewer) -> Box<dyn Clause> {
    let mut clauses: Clauses = vec![(Occur::Must, reach(fields, &viewer.scope))];
    let hidden = term(fields.recused, &viewer.me);
    clauses.push((Occur::MustNot, Box::new(hidden)));
    clauses.extend(asked(fields, query).into_iter().map(|clause| (Occur::Must, clause)));
    Box::new(BooleanQuery::new(clauses))
}

fn asked(fields: &Fields, query: &Query) -> Vec<Box<dyn Clause>> {
    let mut clauses = Vec::new();
    if let Some(words) = &query.words {
        clauses.push(find(fields.words, words));
    }
    for (field, part) in [
        (fields.subjects, &query.subject),
        (fields.units, &query.unit),
        (fields.posts, &query.post),
        (fields.projects, &query.project),
        (fields.letters, &query.letter),
    ] {
        if let Some(part) = part.as_deref().map(letters).filter(|part| !part.is_empty()) {
            let part = part.into_iter().map(|(text, at)| Word { text, at: at as u32 }).collect();
            clauses.push(silent(find(field, &Words::Phrase(part))));
        }
    }
    if let Some(name) = query.named.as_deref().map(whole).filter(|name| !name.is_empty()) {
        clauses.push(silent(Box::new(term(fields.names, &name))));
    }
    if let Some(account) = &query.account {
        clauses.push(silent(Box::new(term(fields.accounts, account))));
    }
    let mut any = |field: Field, values: Vec<&str>| {
        if !values.is_empty() {
            let terms = values.into_iter().map(|value| Term::from_field_text(field, value));
            clauses.push(silent(Box::new(TermSetQuery::new(terms))));
        }
    };
    any(fields.categories, query.categories.iter().map(String::as_str).collect());
    any(fields.places, query.places.iter().map(String::as_str).collect());
    any(fields.ranks, query.ranks.iter().map(|rank| rank.as_str()).collect());
    any(fields.kind, query.kinds.iter().map(|kind| kind.as_str()).collect());
    any(fields.channel, query.channels.iter().map(|channel| channel.as_str()).collect());
    if query.from.is_some() || query.until.is_some() {
        let bound = |day: Option<Date>, serial| match day {
            Some(day) => Bound::Included(Term::from_field_u64(fields.order, order(day, serial))),
            None => Bound::Unbounded,
        };
        let range = RangeQuery::new(bound(query.from, 0), bound(query.until, u32::MAX));
        clauses.push(silent(Box::new(range)));
    }
    clauses
}

/// What the scope allows; the meaning is that of [`Scope::contains`] without recusal.
fn reach(fields: &Fields, scope: &Scope) -> Box<dyn Clause> {
    let clause: Box<dyn Clause> = match scope {
        Scope::Tenant => Box::new(AllQuery),
        Scope::None => Box::new(EmptyQuery),
        Scope::Offices(offices) => {
            Box::new(TermSetQuery::new(offices.iter().map(|office| Term::from_field_text(fields.offices, &office.0))))
        }
        Scope::Assigned { staff, office } => {
            let unassigned = BooleanQuery::intersection(vec![
                Box::new(term(fields.holder, &office.0)),
                Box::new(term(fields.assignee, NOBODY)),
            ]);
            Box::new(BooleanQuery::union(vec![Box::new(term(fields.assignee, &assigned(staff))), Box::new(unassigned)]))
        }
    };
    silent(clause)
}

/// A filter adds nothing to the score.
fn silent(clause: Box<dyn Clause>) -> Box<dyn Clause> {
    Box::new(ConstScoreQuery::new(clause, 0.0))
}

fn term(field: Field, text: &str) -> TermQuery {
    TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::Basic)
}

fn find(field: Field, words: &Words) -> Box<dyn Clause> {
    let clause = |text: &str| -> Box<dyn Clause> {
        let term = Term::from_field_text(field, &text.to_lowercase());
        Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs))
    };
    match words {
        Words::All(words) if words.is_empty() => Box::new(AllQuery),
        Words::All(words) => Box::new(BooleanQuery::intersection(words.iter().map(|w| clause(w)).collect())),
        Words::Phrase(words) => match &words[..] {
            [] => Box::new(AllQuery),
            [one] => clause(&one.text),
            several => {
                let first = several.iter().map(|word| word.at).min().unwrap_or(0);
                let terms = several.iter().map(|word| {
                    let text = word.text.to_lowercase();
                    ((word.at - first) as usize, Term::from_field_text(field, &text))
                });
                Box::new(PhraseQuery::new_with_offset(terms.collect()))
            }
        },
    }
}
