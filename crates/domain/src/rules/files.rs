//! The one list of rules files built into the program. A new file under `rules/` is added here
//! and nowhere else; a test compares the list with the folder.

macro_rules! embed {
    ($($path:literal,)+) => {
        &[$(($path, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../rules/", $path))),)+]
    };
}

/// Path under `rules/` and text.
pub(super) const EMBEDDED: &[(&str, &str)] = embed![
    "VERSION",
    "calendar/2004.toml",
    "calendar/2005.toml",
    "calendar/2006.toml",
    "calendar/2007.toml",
    "calendar/2008.toml",
    "calendar/2009.toml",
    "calendar/2010.toml",
    "calendar/2011.toml",
    "calendar/2012.toml",
    "calendar/2013.toml",
    "calendar/2014.toml",
    "calendar/2015.toml",
    "calendar/2016.toml",
    "calendar/2017.toml",
    "calendar/2018.toml",
    "calendar/2019.toml",
    "calendar/2020.toml",
    "calendar/2021.toml",
    "calendar/2022.toml",
    "calendar/2023.toml",
    "calendar/2024.toml",
    "calendar/2025.toml",
    "calendar/2026.toml",
    "clocks/colours.toml",
    "clocks/jw.toml",
    "clocks/xf.toml",
    "editions/jw.toml",
    "editions/xf.toml",
    "directory/example.toml",
    "divisions/gb2260.tsv",
    "forms/call.toml",
    "forms/letter.toml",
    "forms/shared.toml",
    "forms/transfer.toml",
    "forms/visit.toml",
    "indicators/clocks.toml",
    "indicators/handling.toml",
    "indicators/intake.toml",
    "ledgers/ledgers.toml",
    "marks/secrecy.toml",
    "marks/urgency.toml",
    "marks/urgency_reasons.toml",
    "opinions/jw.toml",
    "opinions/xf.toml",
    "problems/jw.toml",
    "problems/xf.toml",
    "ranks/ranks.toml",
    "routing/jw.toml",
    "routing/xf.toml",
    "sectors/sectors.toml",
];
