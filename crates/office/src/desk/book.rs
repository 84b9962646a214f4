//! What 来访簿 and 来电簿 take from a registration form's sealed answers: how many came, who received
//! them, who took the call, how long it lasted, whether it was recorded. Opened with the row and
//! kept nowhere in clear; it does not know how a cell is put into words.

use domain::content::Registration;
use domain::directory::Directory;
use domain::ids::StaffId;
use domain::words::Form;
use jiff::civil::DateTime;

/// Visitors from which a visit is 集体访 (条例 Art 20).
const GROUP: u64 = 5;

/// What a visit's form says for the book.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Visit {
    /// 人数; whoever came was one at least.
    pub persons: u64,
    /// 接待人, by name.
    pub receivers: Vec<String>,
    /// 集体访: registered as one, or five and more came.
    pub group: bool,
}

/// What a call's form says for the book.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Call {
    /// 接听人, by name.
    pub taken_by: String,
    /// 通话时长 in minutes, begun ones counted; none where the end was not written down.
    pub minutes: Option<u64>,
    /// 录音: whether there is one; none where the form does not say.
    pub recorded: Option<bool>,
}

/// The last line of 来访簿.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Attendance {
    /// 批次
    pub batches: u64,
    /// 人次
    pub persons: u64,
}

impl Attendance {
    /// Counts those of another page too.
    pub const fn add(&mut self, other: &Self) {
        self.batches += other.batches;
        self.persons += other.persons;
    }
}

/// A visit; one that was not registered by its form (from another system, say) has one visitor and
/// nothing else known.
pub(super) fn visit(kept: Option<&Registration>, directory: &Directory) -> Visit {
    let Some(answers) = kept.filter(|r| r.form == Form::Visit.as_str()) else {
        return Visit { persons: 1, ..Visit::default() };
    };
    let persons = first(answers, "visitors").parse().unwrap_or(1).max(1);
    let receivers = ["receiver_one", "receiver_two"].into_iter().filter_map(|who| name(directory, first(answers, who)));
    Visit {
        persons,
        receivers: receivers.collect(),
        group: first(answers, "visit_type") == "group" || persons >= GROUP,
    }
}

/// A call; see [`visit`].
pub(super) fn call(kept: Option<&Registration>, directory: &Directory) -> Call {
    let Some(answers) = kept.filter(|r| r.form == Form::Call.as_str()) else { return Call::default() };
    let time = |field: &str| first(answers, field).parse::<DateTime>().ok();
    let lasted = time("called_at").zip(time("ended_at")).and_then(|(from, to)| {
        let seconds = from.duration_until(to).as_secs();
        u64::try_from(seconds).ok().map(|s| s.div_ceil(60))
    });
    Call {
        taken_by: name(directory, first(answers, "taken_by")).unwrap_or_default(),
        minutes: lasted,
        recorded: match first(answers, "recording") {
            "told" => Some(true),
            "none" => Some(false),
            _ => None,
        },
    }
}

fn first<'a>(answers: &'a Registration, field: &str) -> &'a str {
    answers.fields.get(field).and_then(|values| values.first()).map_or("", String::as_str)
}

fn name(directory: &Directory, id: &str) -> Option<String> {
    directory.staff(&StaffId(id.to_owned())).map(|s| s.name.clone())
}
