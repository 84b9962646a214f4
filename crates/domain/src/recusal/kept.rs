//! Whoever joins a report's list of those who must not see it. The list grows by a [`KeptAway`] and
//! by nothing else, and there is one way to make one: it leaves the report to somebody.
//!
//! It knows people by their tokens only, and not why they are kept away.

use serde::Serialize;

/// Tokens that join a report's list. Whoever holds one holds it from
/// [`KeptAway::leaving_somebody`]: a command cannot keep anybody away past that rule.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct KeptAway(Vec<String>);

impl KeptAway {
    /// Nobody joins the list.
    pub fn nobody() -> Self {
        Self::default()
    }

    /// Of those who are to be kept away besides `already`, as many as leave one of the `readers` (who
    /// can take the report in hand, whoever stands highest first). A text may name everybody in
    /// passing, and a report that nobody can open is buried: then whoever stands highest goes on
    /// seeing it. Never one of those it is `about`: when all the others answer to him, the highest
    /// of those does. Each token stands in it once, in order, and none of `already`.
    pub fn leaving_somebody(already: &[String], mut more: Vec<String>, about: &[String], readers: &[String]) -> Self {
        more.retain(|token| !already.contains(token));
        more.sort_unstable();
        more.dedup();
        let away = |who: &String| already.contains(who) || more.contains(who);
        if !more.is_empty() && readers.iter().all(away) {
            let spared = readers.iter().find(|who| more.contains(who) && !about.contains(who));
            more.retain(|who| Some(who) != spared);
        }
        Self(more)
    }

    /// Somebody, for asking whether it would be lawful to keep her away.
    pub(crate) fn somebody() -> Self {
        Self(vec!["·".to_owned()])
    }

    /// The tokens.
    pub fn tokens(&self) -> &[String] {
        &self.0
    }

    /// Whether nobody joins the list.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn words(text: &str) -> Vec<String> {
        text.chars().map(String::from).collect()
    }

    fn kept(already: &str, more: &str, about: &str) -> String {
        KeptAway::leaving_somebody(&words(already), words(more), &words(about), &words("hla")).tokens().concat()
    }

    #[test]
    fn whoever_stands_highest_goes_on_seeing_what_names_everybody() {
        assert_eq!(kept("", "al", ""), "al", "somebody is left");
        assert_eq!(kept("", "xlhaa", ""), "alx", "the highest is spared");
        assert_eq!(kept("h", "la", ""), "a", "he is away already: the next");
        assert_eq!(kept("", "hla", "h"), "ah", "it is about him: the next");
        assert_eq!(kept("", "hla", "hla"), "ahl", "about all of them: nobody of them reads it");
        assert_eq!(kept("hla", "x", ""), "x", "nobody was left before");
        assert_eq!(kept("a", "a", ""), "", "he stands there");
    }

    proptest! {
        /// However the names fall, somebody it is not about goes on seeing it if anybody could.
        #[test]
        fn somebody_is_left(already in "[hlax]{0,3}", more in "[hlax]{0,6}", about in "[hlax]{0,3}") {
            let joined = format!("{already}{}", kept(&already, &more, &about));
            let could = |who: char| !already.contains(who) && !about.contains(who);
            if "hla".chars().any(could) {
                prop_assert!("hla".chars().any(|who| !joined.contains(who)));
            }
            prop_assert!(about.chars().filter(|who| more.contains(*who)).all(|who| joined.contains(who)));
        }
    }
}
