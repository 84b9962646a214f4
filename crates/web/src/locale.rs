//! The two languages: messages in Fluent files under `locales/`, embedded, looked up by key.
//! A message may have an attribute `.xf` that the petition-bureau edition shows instead (a jw
//! office gives 反馈, an xf office 答复). It does not know where a message is shown.

use std::fmt::Display;
use std::sync::LazyLock;

use domain::words::Edition;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use jiff::civil::Date;

pub use domain::words::Lang;

/// Both languages, the first first.
pub const LANGS: [Lang; 2] = [Lang::Zh, Lang::En];

/// For the `lang` attribute.
pub const fn tag(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "zh-CN",
        Lang::En => "en",
    }
}

/// Prefix of the public pages' addresses in this language.
pub const fn prefix(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "",
        Lang::En => "/en",
    }
}

/// The files, both languages side by side.
pub(crate) const FILES: [(&str, &str, &str); 6] = [
    ("words.ftl", include_str!("../../../locales/zh-CN/words.ftl"), include_str!("../../../locales/en/words.ftl")),
    ("public.ftl", include_str!("../../../locales/zh-CN/public.ftl"), include_str!("../../../locales/en/public.ftl")),
    ("desk.ftl", include_str!("../../../locales/zh-CN/desk.ftl"), include_str!("../../../locales/en/desk.ftl")),
    ("hand.ftl", include_str!("../../../locales/zh-CN/hand.ftl"), include_str!("../../../locales/en/hand.ftl")),
    ("events.ftl", include_str!("../../../locales/zh-CN/events.ftl"), include_str!("../../../locales/en/events.ftl")),
    ("errors.ftl", include_str!("../../../locales/zh-CN/errors.ftl"), include_str!("../../../locales/en/errors.ftl")),
];

static ZH: LazyLock<FluentBundle<FluentResource>> = LazyLock::new(|| bundle(Lang::Zh));
static EN: LazyLock<FluentBundle<FluentResource>> = LazyLock::new(|| bundle(Lang::En));

fn bundle(lang: Lang) -> FluentBundle<FluentResource> {
    let id = tag(lang).parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![id]);
    bundle.set_use_isolating(false);
    for (file, zh, en) in FILES {
        let text = match lang {
            Lang::Zh => zh,
            Lang::En => en,
        };
        // A broken line loses its own message only; the tests below refuse to pass then.
        let resource = match FluentResource::try_new(text.to_owned()) {
            Ok(resource) => resource,
            Err((resource, errors)) => {
                tracing::error!(file, ?errors, "a locale file has a broken line");
                resource
            }
        };
        if let Err(errors) = bundle.add_resource(resource) {
            tracing::error!(file, ?errors, "a locale file repeats a key");
        }
    }
    bundle
}

/// The message `key` in a language and edition. An unknown key shows itself in ⟦…⟧, which a test
/// looks for on every page.
pub fn text(lang: Lang, edition: Edition, key: &str, args: &[(&str, String)]) -> String {
    let bundle = match lang {
        Lang::Zh => &*ZH,
        Lang::En => &*EN,
    };
    let Some(message) = bundle.get_message(key) else { return format!("⟦{key}⟧") };
    let attribute = message.get_attribute(edition.as_str()).map(|a| a.value());
    let Some(pattern) = attribute.or_else(|| message.value()) else { return format!("⟦{key}⟧") };
    let mut fluent = FluentArgs::new();
    for (name, value) in args {
        // Whole numbers stay numbers, so that English plurals work.
        match value.parse::<i64>() {
            Ok(number) if value.len() < 10 => fluent.set(*name, FluentValue::from(number)),
            _ => fluent.set(*name, FluentValue::from(value.as_str())),
        }
    }
    let mut errors = Vec::new();
    let out = bundle.format_pattern(pattern, Some(&fluent), &mut errors).into_owned();
    if errors.is_empty() { out } else { format!("⟦{key}⟧") }
}

/// Whether both languages know the key.
pub fn knows(key: &str) -> bool {
    ZH.has_message(key) && EN.has_message(key)
}

/// A day as people write it: 2026年11月21日, 21 November 2026.
pub fn date(lang: Lang, day: Date) -> String {
    match lang {
        Lang::Zh => format!("{}年{}月{}日", day.year(), day.month(), day.day()),
        Lang::En => {
            const MONTHS: [&str; 12] = [
                "January",
                "February",
                "March",
                "April",
                "May",
                "June",
                "July",
                "August",
                "September",
                "October",
                "November",
                "December",
            ];
            let month = MONTHS[usize::from(day.month().unsigned_abs()) - 1];
            format!("{} {month} {}", day.day(), day.year())
        }
    }
}

/// What every page shows in: a language and an edition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Voice {
    /// Language.
    pub lang: Lang,
    /// Edition of the organ whose page it is.
    pub edition: Edition,
}

impl Voice {
    /// A message without arguments.
    pub fn t(&self, key: &str) -> String {
        text(self.lang, self.edition, key, &[])
    }

    /// A message with one argument.
    pub fn t1(&self, key: &str, name: &str, value: impl Display) -> String {
        text(self.lang, self.edition, key, &[(name, value.to_string())])
    }

    /// A message with two arguments.
    pub fn t2(&self, key: &str, n1: &str, v1: impl Display, n2: &str, v2: impl Display) -> String {
        text(self.lang, self.edition, key, &[(n1, v1.to_string()), (n2, v2.to_string())])
    }

    /// A message with any arguments.
    pub fn ta(&self, key: &str, args: &[(&str, String)]) -> String {
        text(self.lang, self.edition, key, args)
    }

    /// A day as people write it.
    pub fn date(&self, day: &Date) -> String {
        date(self.lang, *day)
    }

    /// A word of the vocabulary, as this edition says it.
    pub fn word(&self, word: &impl crate::words::Word) -> String {
        text(self.lang, self.edition, &word.key(), &[])
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use fluent_bundle::FluentResource;

    use super::*;

    /// Key (with attribute) → names of its arguments.
    fn keys(text: &str) -> BTreeMap<String, BTreeSet<String>> {
        FluentResource::try_new(text.to_owned()).expect("every line of a locale file parses");
        let mut all = BTreeMap::new();
        let mut message = String::new();
        let mut current = String::new();
        for line in text.lines() {
            if line.starts_with('#') || line.trim().is_empty() {
                continue;
            }
            let head = line.split_once('=').map(|(k, _)| k.trim());
            match head {
                Some(k) if !line.starts_with(' ') => {
                    message = k.to_owned();
                    current = message.clone();
                    assert!(all.insert(current.clone(), BTreeSet::new()).is_none(), "{k} stands twice");
                }
                Some(k) if k.starts_with('.') => {
                    current = format!("{message}{k}");
                    all.insert(current.clone(), BTreeSet::new());
                }
                _ => {}
            }
            let args = line
                .split('$')
                .skip(1)
                .map(|rest| rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect());
            all.get_mut(&current).expect("a line belongs to a message").extend::<Vec<String>>(args.collect());
        }
        all
    }

    #[test]
    fn both_languages_have_the_same_keys_and_arguments() {
        for (file, zh, en) in FILES {
            let (zh, en) = (keys(zh), keys(en));
            for (key, args) in &zh {
                let other = en.get(key).unwrap_or_else(|| panic!("{file}: en lacks {key}"));
                assert_eq!(args, other, "{file}: arguments of {key}");
            }
            for key in en.keys() {
                assert!(zh.contains_key(key), "{file}: zh-CN lacks {key}");
            }
        }
    }

    #[test]
    fn no_key_stands_in_two_files() {
        let mut seen = BTreeSet::new();
        for (file, zh, _) in FILES {
            for key in keys(zh).into_keys() {
                assert!(seen.insert(key.clone()), "{file}: {key} already stands in another file");
            }
        }
    }

    #[test]
    fn an_edition_says_it_in_its_own_words() {
        assert_eq!(text(Lang::Zh, Edition::Jw, "word-stage-awaiting_feedback", &[]), "待反馈");
        assert_eq!(text(Lang::Zh, Edition::Xf, "word-stage-awaiting_feedback", &[]), "待答复");
    }
}
