//! Her answers on their way through the steps. They travel in the body of each form and are kept
//! nowhere; files are chosen in the last step and go with it.

use domain::content::Subject;
use domain::words::Rank;

use super::page::{FieldError, PublicPage};

/// How many persons or units the form offers.
pub const SUBJECTS: usize = 3;
/// Longest text, in characters.
pub const MAX_TEXT: usize = 5000;
/// Longest title, in characters: what a row of a list shows of it.
pub const MAX_TITLE: usize = 30;
/// Shortest text, in characters.
pub const MIN_TEXT: usize = 10;

/// A person or unit as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SubjectDraft {
    /// 姓名
    pub name: String,
    /// 单位
    pub unit: String,
    /// 职务
    pub post: String,
    /// 级别, stored spelling; empty for unknown.
    pub rank: String,
}

impl SubjectDraft {
    fn is_empty(&self) -> bool {
        self.name.is_empty() && self.unit.is_empty() && self.post.is_empty()
    }
}

/// All her answers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// Whom she reports; always [`SUBJECTS`] entries, empty ones included.
    pub subjects: Vec<SubjectDraft>,
    /// Division code of the place; empty for unknown.
    pub division: String,
    /// It is about a leader of this organ.
    pub own_leader: bool,
    /// 问题类别 in plain words: code of a group of `rules/problems`; empty for not chosen.
    pub problem: String,
    /// Title; may be empty.
    pub title: String,
    /// What she reports.
    pub text: String,
    /// When.
    pub when: String,
    /// Where.
    pub place: String,
    /// How she knows.
    pub known: String,
    /// `anonymous` or `named`.
    pub signing: String,
    /// Name, if named.
    pub reporter_name: String,
    /// Contact, if named.
    pub reporter_contact: String,
    /// When she can be reached, if named; may be empty.
    pub hours: String,
    /// She ticked that she read the notice.
    pub read: bool,
}

/// Fields the first step asks for itself.
fn of_who(name: &str) -> bool {
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
    (stem != name && ["name", "unit", "post", "rank"].contains(&stem)) || ["division", "own_leader"].contains(&name)
}

/// Fields the second step asks for itself.
fn of_what(name: &str) -> bool {
    ["problem", "title", "text", "when", "place", "known", "signing", "reporter_name", "reporter_contact", "hours"]
        .contains(&name)
}

impl Draft {
    /// An empty form.
    pub fn new() -> Self {
        Self { subjects: vec![SubjectDraft::default(); SUBJECTS], signing: "anonymous".to_owned(), ..Self::default() }
    }

    /// From the fields of a submitted form. Unknown fields are ignored, texts trimmed.
    pub fn from_pairs(pairs: &[(String, String)]) -> Self {
        let mut draft = Self::new();
        for (name, value) in pairs {
            let value = clean(value);
            match name.as_str() {
                "division" => draft.division = value,
                "own_leader" => draft.own_leader = value == "yes",
                "problem" => draft.problem = value,
                "title" => draft.title = value,
                "text" => draft.text = value,
                "when" => draft.when = value,
                "place" => draft.place = value,
                "known" => draft.known = value,
                "signing" => draft.signing = value,
                "reporter_name" => draft.reporter_name = value,
                "reporter_contact" => draft.reporter_contact = value,
                "hours" => draft.hours = value,
                "read" => draft.read = value == "yes",
                numbered => draft.set_subject(numbered, value),
            }
        }
        draft
    }

    fn set_subject(&mut self, field: &str, value: String) {
        let Some(number) = field.chars().last().and_then(|c| c.to_digit(10)) else { return };
        let stem = &field[..field.len() - 1];
        let Some(subject) = (number as usize).checked_sub(1).and_then(|i| self.subjects.get_mut(i)) else {
            return;
        };
        match stem {
            "name" => subject.name = value,
            "unit" => subject.unit = value,
            "post" => subject.post = value,
            "rank" => subject.rank = value,
            _ => {}
        }
    }

    /// Every answer as a field, to be carried on.
    pub fn pairs(&self) -> Vec<(String, String)> {
        let mut pairs = Vec::new();
        for (i, s) in self.subjects.iter().enumerate() {
            for (stem, value) in [("name", &s.name), ("unit", &s.unit), ("post", &s.post), ("rank", &s.rank)] {
                if !value.is_empty() {
                    pairs.push((format!("{stem}{}", i + 1), value.clone()));
                }
            }
        }
        if self.own_leader {
            pairs.push(("own_leader".to_owned(), "yes".to_owned()));
        }
        let texts = [
            ("division", &self.division),
            ("problem", &self.problem),
            ("title", &self.title),
            ("text", &self.text),
            ("when", &self.when),
            ("place", &self.place),
            ("known", &self.known),
            ("signing", &self.signing),
            ("reporter_name", &self.reporter_name),
            ("reporter_contact", &self.reporter_contact),
            ("hours", &self.hours),
        ];
        for (name, value) in texts {
            if !value.is_empty() {
                pairs.push((name.to_owned(), value.clone()));
            }
        }
        pairs
    }

    /// The answers a step carries along because it does not ask for them itself.
    pub fn pairs_except(&self, step: &str) -> Vec<(String, String)> {
        let own: fn(&str) -> bool = match step {
            "who" => of_who,
            _ => of_what,
        };
        self.pairs().into_iter().filter(|(name, _)| !own(name)).collect()
    }

    /// She signed.
    pub fn named(&self) -> bool {
        self.signing == "named"
    }

    /// A second person or unit was entered.
    pub fn more_subjects(&self) -> bool {
        self.subjects.iter().skip(1).any(|s| !s.is_empty())
    }

    /// Whom it is about, one line each, for the review.
    pub fn subject_lines(&self, p: &PublicPage) -> Vec<String> {
        let separator = p.voice.t("review-separator");
        let mut lines: Vec<String> = self
            .subjects
            .iter()
            .filter(|s| !s.is_empty())
            .map(|s| {
                let rank = s.rank.parse::<Rank>().map(|r| p.voice.word(&r)).unwrap_or_default();
                [s.name.clone(), s.unit.clone(), s.post.clone(), rank]
                    .into_iter()
                    .filter(|t| !t.is_empty())
                    .collect::<Vec<_>>()
                    .join(&separator)
            })
            .collect();
        if !self.division.is_empty() {
            lines.push(p.division_name(&self.division));
        }
        lines
    }

    /// What the first step still lacks.
    pub fn check_who(&self, p: &PublicPage) -> Vec<FieldError> {
        if self.subjects.iter().all(SubjectDraft::is_empty) {
            vec![FieldError { field: "name1".to_owned(), text: p.voice.t("who-error-none") }]
        } else {
            Vec::new()
        }
    }

    /// What the second step still lacks.
    pub fn check_what(&self, p: &PublicPage) -> Vec<FieldError> {
        let mut errors = Vec::new();
        let mut wrong = |field: &str, text: String| errors.push(FieldError { field: field.to_owned(), text });
        let length = self.text.chars().filter(|c| !c.is_whitespace()).count();
        if length < MIN_TEXT {
            wrong("text", p.voice.t("what-error-short"));
        } else if self.text.chars().count() > MAX_TEXT {
            wrong("text", p.voice.t1("what-error-long", "n", self.text.chars().count()));
        }
        if self.title.chars().count() > MAX_TITLE {
            wrong("title", p.voice.t("what-error-title"));
        }
        if self.named() && self.reporter_name.is_empty() {
            wrong("reporter_name", p.voice.t("what-error-name"));
        }
        if self.named() && self.reporter_contact.is_empty() {
            wrong("reporter_contact", p.voice.t("what-error-contact"));
        }
        errors
    }

    /// Whom it is about, for the register.
    pub fn to_subjects(&self) -> Vec<Subject> {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        self.subjects
            .iter()
            .filter(|s| !s.is_empty())
            .map(|s| Subject {
                name: some(&s.name),
                unit: some(&s.unit),
                post: some(&s.post),
                rank: s.rank.parse().ok(),
            })
            .collect()
    }

    /// The text with when, where and how known as labelled lines, as it is sealed. The labels are
    /// Chinese, because the office reads them.
    pub fn full_text(&self) -> String {
        let mut text = self.text.clone();
        for (label, value) in [("时间", &self.when), ("地点", &self.place), ("如何得知", &self.known)] {
            if !value.is_empty() {
                text.push_str(&format!("\n【{label}】{value}"));
            }
        }
        text
    }
}

/// Trims, unifies line ends and drops control characters.
pub fn clean(text: &str) -> String {
    text.replace("\r\n", "\n")
        .chars()
        .filter(|c| *c == '\n' || *c == '\t' || !c.is_control())
        .collect::<String>()
        .trim()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn full() -> Draft {
        let mut d = Draft::new();
        d.subjects[1] = SubjectDraft { name: "甲某".into(), rank: "village".into(), ..Default::default() };
        d.text = "一行\n二行 <script>".into();
        d.signing = "named".into();
        d.reporter_name = "乙某".into();
        d.own_leader = true;
        d.title = "水渠工程".into();
        d.problem = "4".into();
        d.hours = "晚上七点以后".into();
        d
    }

    #[test]
    fn answers_survive_the_way_through_a_form() {
        let d = full();
        assert_eq!(Draft::from_pairs(&d.pairs()), d);
    }

    #[test]
    fn a_step_carries_exactly_what_it_does_not_ask_for() {
        let d = full();
        assert!(d.pairs_except("who").iter().all(|(n, _)| n != "name2"));
        assert!(d.pairs_except("what").iter().all(|(n, _)| n != "text"));
        assert!(d.pairs_except("what").iter().any(|(n, _)| n == "name2"));
        // The reporter's own name is the second step's, not the first's.
        assert!(d.pairs_except("who").iter().any(|(n, _)| n == "reporter_name"));
    }
}
