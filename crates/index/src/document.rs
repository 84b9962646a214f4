//! What is put into the index of one report, taken from its opened envelopes. It does not know
//! how the engine stores it.

use domain::ids::{OfficeId, ReportId, StaffId};
use domain::words::{Channel, Kind, Rank};
use jiff::civil::Date;

/// A word with the character it starts at; words may overlap (`住建局`, `住建`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// The word.
    pub text: String,
    /// Its first character in the text, counted in Unicode scalar values.
    pub at: u32,
}

impl Word {
    /// The words of several texts (title, text, digest) as one list: `parts` gives the words of
    /// each text with their offsets in it. Texts are kept so far apart that no phrase crosses.
    pub fn join<P, W, S>(parts: P) -> Vec<Self>
    where
        P: IntoIterator<Item = W>,
        W: IntoIterator<Item = (S, usize)>,
        S: Into<String>,
    {
        let mut words: Vec<Self> = Vec::new();
        let mut base = 0;
        for part in parts {
            let mut end = base;
            for (text, at) in part {
                let text = text.into();
                let at = base + at as u32;
                end = end.max(at + text.chars().count() as u32);
                words.push(Self { text, at });
            }
            base = end + 100;
        }
        words
    }
}

/// One report in the index. Everything here is sealed on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Which report.
    pub report: ReportId,
    /// 收到日期.
    pub day: Date,
    /// Serial of its number within the year: orders the reports of a day.
    pub serial: u32,
    /// Words of title, text and digest ([`Word::join`]).
    pub words: Vec<Word>,
    /// Names of 被反映人.
    pub subjects: Vec<String>,
    /// 被反映单位 and units of subjects.
    pub units: Vec<String>,
    /// 职务 of subjects.
    pub posts: Vec<String>,
    /// 职级 of subjects.
    pub ranks: Vec<Rank>,
    /// Problem classes, with the classes above them if those shall be found too.
    pub categories: Vec<String>,
    /// Division codes of the places, with those above them.
    pub places: Vec<String>,
    /// Projects named.
    pub projects: Vec<String>,
    /// Bank accounts, phone numbers and other numbers named.
    pub accounts: Vec<String>,
    /// 来文机关和文号 of what was sent on by another organ.
    pub letters: Vec<String>,
    /// 类别, once decided or suggested.
    pub kind: Option<Kind>,
    /// 渠道.
    pub channel: Channel,
    /// The office of this tenant that holds it now.
    pub holder: Option<OfficeId>,
    /// Offices that may list it: holder, watcher, registering office.
    pub offices: Vec<OfficeId>,
    /// Who is to handle it.
    pub assignee: Option<StaffId>,
    /// Recusal tokens of those for whom it does not exist.
    pub recused: Vec<String>,
    /// Fingerprints of its text, for repeats.
    pub fingerprints: Vec<u64>,
}

impl Document {
    /// A document with nothing but what every report has.
    pub fn new(report: ReportId, day: Date, serial: u32, channel: Channel) -> Self {
        Self {
            report,
            day,
            serial,
            channel,
            words: Vec::new(),
            subjects: Vec::new(),
            units: Vec::new(),
            posts: Vec::new(),
            ranks: Vec::new(),
            categories: Vec::new(),
            places: Vec::new(),
            projects: Vec::new(),
            accounts: Vec::new(),
            letters: Vec::new(),
            kind: None,
            holder: None,
            offices: Vec::new(),
            assignee: None,
            recused: Vec::new(),
            fingerprints: Vec::new(),
        }
    }
}
