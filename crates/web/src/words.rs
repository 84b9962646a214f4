//! The vocabulary's keys: which message of `locales/*/words.ftl` names a value of `domain::words`.

use domain::words::*;

/// A word that screens can name.
pub trait Word: Copy {
    /// The message's key, `word-KIND-VALUE`.
    fn key(self) -> String;
}

macro_rules! words {
    ($($type:ident => $kind:literal,)+) => {
        $(impl Word for $type {
            fn key(self) -> String {
                format!(concat!("word-", $kind, "-{}"), self.as_str())
            }
        })+

        /// Every key of every word: for the test, and for lists that offer all values.
        pub fn all_keys() -> Vec<String> {
            let mut keys = Vec::new();
            $(keys.extend($type::ALL.iter().map(|w| w.key()));)+
            keys
        }

        #[cfg(test)]
        const NAMES: &[&str] = &[$(stringify!($type),)+];
    };
}

words! {
    Edition => "edition",
    Channel => "channel",
    Form => "form",
    Source => "source",
    Signing => "signing",
    Kind => "kind",
    Stage => "stage",
    Ground => "ground",
    Art13Duty => "art13_duty",
    DispatchWay => "dispatch_way",
    AssignGround => "assign_ground",
    Finding => "finding",
    Disposition => "disposition",
    Disposal => "disposal",
    TellingWay => "telling_way",
    Rating => "rating",
    ContactWay => "contact_way",
    ExtensionGround => "extension_ground",
    ReturnGround => "return_ground",
    ReopenCause => "reopen_cause",
    Urgency => "urgency",
    Rank => "rank",
    Colour => "colour",
    Role => "role",
    Lang => "lang",
    Basis => "basis",
    CommandKind => "command",
    RecusalBasis => "recusal_basis",
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale;

    #[test]
    fn every_value_of_every_word_has_a_name_in_both_languages() {
        for key in all_keys() {
            assert!(locale::knows(&key), "words.ftl lacks {key}");
        }
    }

    #[test]
    fn no_word_of_the_domain_is_forgotten_here() {
        let source = include_str!("../../domain/src/words.rs");
        let mut after_word = false;
        for line in source.lines().skip_while(|l| !l.starts_with("word! {")) {
            if line.starts_with("word! {") {
                after_word = true;
            } else if after_word && line.starts_with("    ") && line.ends_with(" {") {
                let name = line.trim().trim_end_matches(" {");
                assert!(NAMES.contains(&name), "{name} is not listed in web::words");
                after_word = false;
            }
        }
    }
}
