//! The filter above a list: from the fields of a form or an address to what is asked, and back to the
//! form. Plain columns may stand in an address; what the sealed index answers never does.

use domain::ids::{OfficeId, StaffId};
use domain::words::{Channel, Colour, Kind, Rank, Signing, Source, Stage};
use office::desk::{Ask, Ledger, SIZES, Sealed, View};
use store::{ColourFilter, DueFilter, Filter, Order, RepeatFilter, Sort, SortBy};

use super::page::{FilterRow, Select};
use super::site::Seated;
use crate::answers::{Pairs, value};
use crate::locale::Voice;
use crate::words::Word;

/// Fields that may stand in an address, in its order.
const PLAIN: [&str; 15] = [
    "number", "platform", "from", "until", "channel", "source", "kind", "signing", "repeat", "stage", "colour",
    "holder", "assignee", "sort", "size",
];
/// Fields that may not.
const SEALED: [&str; 7] = ["words", "subject", "unit", "letter", "rank", "problem", "place"];
/// Fields of the filter that hide behind 更多条件 until one of them is used.
const MORE: [&str; 12] = [
    "platform", "letter", "source", "kind", "signing", "repeat", "holder", "assignee", "rank", "problem", "place",
    "unit",
];

/// What is asked; a value nobody knows does not filter.
pub fn ask(ledger: Ledger, pairs: &[(String, String)], view: &View) -> Ask {
    let size =
        [value(pairs, "size"), value(pairs, "was_size")].iter().find_map(|t| t.parse().ok()).unwrap_or(view.size);
    let sort = [value(pairs, "sort"), value(pairs, "was_sort"), &view.sort].iter().find_map(|t| sort_of(t));
    Ask {
        filter: filter(pairs),
        sealed: sealed(pairs),
        sort: sort.unwrap_or(ledger.order()),
        page: value(pairs, "page").parse().unwrap_or(0),
        size: if SIZES.contains(&size) { size } else { SIZES[0] },
    }
}

fn one<T: std::str::FromStr>(pairs: &[(String, String)], name: &str) -> Vec<T> {
    value(pairs, name).parse().ok().into_iter().collect()
}

fn text(pairs: &[(String, String)], name: &str) -> Option<String> {
    Some(value(pairs, name).to_owned()).filter(|t| !t.is_empty())
}

fn filter(pairs: &[(String, String)]) -> Filter {
    let colour = value(pairs, "colour");
    let stage = value(pairs, "stage");
    Filter {
        channels: one::<Channel>(pairs, "channel"),
        sources: one::<Source>(pairs, "source"),
        signings: one::<Signing>(pairs, "signing"),
        kinds: one::<Kind>(pairs, "kind"),
        stages: one::<Stage>(pairs, "stage"),
        returned: stage == "returned",
        unanswered: stage == "message",
        repeat: match value(pairs, "repeat") {
            "first" => Some(RepeatFilter::First),
            "repeat" => Some(RepeatFilter::Repeat),
            _ => None,
        },
        colour: match colour {
            "blue" => Some(ColourFilter::Blue),
            "yellow" => Some(ColourFilter::Yellow),
            "red" => Some(ColourFilter::Red),
            _ => None,
        },
        due: match colour {
            "today" => Some(DueFilter::Today),
            "overdue" => Some(DueFilter::Overdue),
            _ => None,
        },
        received_from: value(pairs, "from").parse().ok(),
        received_to: value(pairs, "until").parse().ok(),
        holder: text(pairs, "holder").map(OfficeId),
        assignee: text(pairs, "assignee").map(StaffId),
        numbers: text(pairs, "number").into_iter().collect(),
        unplatformed: value(pairs, "platform") == "none",
        ..Filter::default()
    }
}

fn sealed(pairs: &[(String, String)]) -> Sealed {
    let text = |name| text(pairs, name).unwrap_or_default();
    Sealed {
        words: text("words"),
        subject: text("subject"),
        unit: text("unit"),
        letter: text("letter"),
        rank: value(pairs, "rank").parse().ok(),
        problem: text("problem"),
        place: text("place"),
    }
}

/// `due-asc` and its like.
fn sort_of(written: &str) -> Option<Sort> {
    let (by, order) = written.split_once('-')?;
    let by = match by {
        "number" => SortBy::Number,
        "received" => SortBy::Received,
        "due" => SortBy::Due,
        "last" => SortBy::Last,
        _ => return None,
    };
    let order = match order {
        "asc" => Order::Ascending,
        "desc" => Order::Descending,
        _ => return None,
    };
    Some(Sort { by, order })
}

/// An order as an address writes it.
pub fn sort_text(sort: Sort) -> String {
    let by = match sort.by {
        SortBy::Number => "number",
        SortBy::Received => "received",
        SortBy::Due => "due",
        SortBy::Last => "last",
    };
    let order = if sort.order == Order::Ascending { "asc" } else { "desc" };
    format!("{by}-{order}")
}

/// The fields that may stand in an address.
pub fn plain(pairs: &[(String, String)]) -> Pairs {
    let was = |name: &str| match name {
        "sort" => value(pairs, "was_sort"),
        "size" => value(pairs, "was_size"),
        _ => "",
    };
    PLAIN
        .iter()
        .map(|name| (*name, Some(value(pairs, name)).filter(|v| !v.is_empty()).unwrap_or(was(name))))
        .filter(|(_, v)| !v.is_empty() && v.chars().all(is_plain))
        .map(|(n, v)| (n.to_owned(), v.to_owned()))
        .collect()
}

/// Values of plain columns are spellings, days, numbers; anything else stays out of addresses.
fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')
}

/// The address of a list with these fields and a page.
pub fn address(here: &str, fields: &[(String, String)], page: u32) -> String {
    let mut out = here.to_owned();
    let page = (page > 0).then(|| ("page".to_owned(), page.to_string()));
    for (at, (name, value)) in fields.iter().chain(&page).enumerate() {
        out.push(if at == 0 { '?' } else { '&' });
        out.push_str(&format!("{name}={value}"));
    }
    out
}

fn options<T: Word + std::fmt::Display>(voice: &Voice, all: &[T]) -> Vec<(String, String)> {
    all.iter().map(|w| (w.to_string(), voice.word(w))).collect()
}

/// The filter as a form, filled as asked.
pub fn row(seat: &Seated, ledger: Ledger, pairs: &[(String, String)]) -> FilterRow {
    let voice = seat.voice();
    let directory = &seat.organ.directory;
    let select = |name: &'static str, label: &str, options| Select {
        name,
        label: voice.t(label),
        value: value(pairs, name).to_owned(),
        options,
    };
    let mut stages = options(&voice, Stage::ALL);
    if ledger.is_inbox() {
        stages.retain(|(spelling, _)| (spelling == Stage::Closed.as_str()) == (ledger == Ledger::Done));
    }
    if ledger != Ledger::Done {
        if ledger.is_inbox() {
            // Closed, and the reporter is owed something since.
            stages.push((Stage::Closed.to_string(), voice.t("menu-owed")));
        }
        stages.push(("returned".to_owned(), voice.t("stage-returned")));
        stages.push(("message".to_owned(), voice.t("stage-message")));
    }
    let mut colours = options(&voice, Colour::ALL);
    if ledger != Ledger::Overdue {
        for also in ["today", "overdue"] {
            colours.push((also.to_owned(), voice.t(&format!("filter-{also}"))));
        }
    }
    let signings: Vec<Signing> = match ledger {
        Ledger::Named => vec![Signing::NamedPending, Signing::NamedVerified],
        _ => Signing::ALL.to_vec(),
    };
    let repeat = ["first", "repeat"].map(|v| (v.to_owned(), voice.t(&format!("row-{v}")))).to_vec();
    let holders = directory.offices.iter().map(|o| (o.id.0.clone(), o.name.clone())).collect();
    let staff = directory.staff.iter().map(|s| (s.id.0.clone(), s.name.clone())).collect();
    let mut selects = vec![
        select("stage", "filter-stage", stages),
        select("colour", "filter-colour", colours),
        select("channel", "filter-channel", options(&voice, Channel::ALL)),
        select("source", "col-source", options(&voice, Source::ALL)),
        select("kind", "col-kind", options(&voice, Kind::ALL)),
        select("signing", "col-signing", options(&voice, &signings)),
        select("repeat", "col-repeat", repeat),
        select("holder", "filter-holder", holders),
        select("assignee", "filter-assignee", staff),
        select("platform", "col-platform", vec![("none".to_owned(), voice.t("filter-no-platform"))]),
        select("rank", "filter-rank", options(&voice, Rank::ALL)),
        select("problem", "col-problem", problems(seat)),
    ];
    // What the list itself decides is not asked.
    selects.retain(|s| match ledger {
        Ledger::Done => s.name != "stage" && s.name != "colour",
        Ledger::Assigned => s.name != "source",
        Ledger::Repeated => s.name != "repeat",
        Ledger::Visits | Ledger::Calls => s.name != "channel",
        _ => true,
    });
    let (more, selects) = selects.into_iter().partition(|s| MORE.contains(&s.name));
    let given = |name: &str| value(pairs, name).to_owned();
    FilterRow {
        number: given("number"),
        from: given("from"),
        until: given("until"),
        words: given("words"),
        subject: given("subject"),
        unit: given("unit"),
        letter: given("letter"),
        place: given("place"),
        selects,
        more,
        open: MORE.iter().any(|name| !value(pairs, name).is_empty()),
        sealed: SEALED.iter().any(|name| !value(pairs, name).is_empty()),
    }
}

/// Problem classes of both levels, the second set in.
fn problems(seat: &Seated) -> Vec<(String, String)> {
    let Ok(lists) = seat.hall().lists(seat.organ.edition()) else { return Vec::new() };
    let mut all = Vec::new();
    for group in &lists.problems.group {
        let name = if seat.lang == domain::words::Lang::Zh { &group.zh } else { &group.en };
        all.push((group.code.clone(), name.clone()));
        all.extend(group.item.iter().map(|i| (i.code.clone(), format!("　{}", i.name(seat.lang)))));
    }
    all
}
