//! What the clerks of the made-up city enter into the registration forms: a letter, a visit, a call,
//! an item another organ sent. It knows the fields of `rules/forms` by name; whether the answers are
//! in order is `domain::registration`'s.

use domain::content::Identity;
use domain::directory::Directory;
use domain::registration::{Answers, Completed, Fault, carry_over, complete};
use domain::rules::{FormRules, Rules};
use domain::words::{Channel, Edition, Form, Role, Source, Urgency};
use jiff::ToSpan;
use jiff::civil::Date;

use super::texts::{Dice, Story};

/// What a clerk has before her.
pub struct Item<'a> {
    /// What was written or said.
    pub story: &'a Story,
    /// Who signed, if anybody.
    pub named: Option<&'a Identity>,
    /// How it came first.
    pub channel: Channel,
    /// From whom it came.
    pub source: Source,
    /// How urgent it is.
    pub urgency: Urgency,
    /// The day it arrived.
    pub day: Date,
    /// How many came before it in this city.
    pub serial: u32,
}

/// The form for an item, if it is registered by hand.
pub fn form_for(channel: Channel, source: Source) -> Option<Form> {
    match (source, channel) {
        (Source::Own, Channel::Letter) => Some(Form::Letter),
        (Source::Own, Channel::Visit) => Some(Form::Visit),
        (Source::Own, Channel::Phone) => Some(Form::Call),
        (Source::Own, _) => None,
        _ => Some(Form::Transfer),
    }
}

/// The form filled in and read.
///
/// # Errors
/// A field of the register itself cannot be read.
pub fn filled(
    form: Form,
    item: &Item<'_>,
    directory: &Directory,
    rules: &Rules,
    dice: &mut Dice,
) -> Result<Completed, Fault> {
    let form: FormRules = rules.form(form).of(directory.organ.edition);
    let answers = answers(&form, item, directory, dice);
    complete(&form, &answers)
}

/// What the clerk enters.
fn answers(form: &FormRules, item: &Item<'_>, directory: &Directory, dice: &mut Dice) -> Answers {
    let mut pairs = common(item, directory.organ.edition, dice);
    pairs.extend(match form.form {
        Form::Letter => letter(item, dice),
        Form::Visit => visit(item, directory, dice),
        Form::Call => call(item, directory),
        Form::Transfer => transfer(item, directory, dice),
    });
    let mut answers = Answers::of(pairs.into_iter().map(|(name, value)| (name.to_owned(), value)));
    carry_over(form, &mut answers);
    answers
}

type Pairs = Vec<(&'static str, String)>;

fn common(item: &Item<'_>, edition: Edition, dice: &mut Dice) -> Pairs {
    let story = item.story;
    let text = |s: &str| s.to_owned();
    let subject_type = if story.name.is_some() { "person" } else { "unit" };
    let mut pairs: Pairs = vec![
        ("received_on", item.day.to_string()),
        ("source", item.source.to_string()),
        ("urgency", item.urgency.to_string()),
        ("secrecy", text(if dice.chance(30) { "work" } else { "none" })),
        ("division", text(story.division)),
        ("title", story.title.clone()),
        ("text", story.text.clone()),
        ("digest", story.summary()),
        ("subject_type1", text(subject_type)),
        ("name1", story.name.clone().unwrap_or_default()),
        ("unit1", story.unit.clone()),
        ("post1", story.post.clone()),
        ("rank1", text(story.rank)),
        ("problem1", text(story.problem().unwrap_or("unknown"))),
        ("about1", text("1")),
        ("checkable1", text(if story.problem().is_some() { "concrete" } else { "bare" })),
        ("summary1", story.summary()),
        ("sector", text(sector(&story.text))),
        ("opinion", text(if edition == Edition::Jw { "move" } else { "own" })),
        ("opinion_text", text("反映问题较为具体，拟分办承办部门核查。")),
    ];
    if item.urgency != Urgency::Normal {
        pairs.push(("urgency_reasons", text("safety")));
    }
    match item.named {
        Some(who) => {
            pairs.push(("signing", text("named")));
            pairs.push(("reporter_name", who.name.clone()));
            pairs.push(("reporter_contact", who.contact.clone()));
        }
        None => pairs.push(("signing", text("anonymous"))),
    }
    pairs
}

/// The field of life a story is about, by its words.
fn sector(text: &str) -> &'static str {
    let words = [("低保", "poverty"), ("补贴", "farm_subsidy"), ("水渠", "rural_works"), ("村", "village_affairs")];
    words.iter().find(|(word, _)| text.contains(word)).map_or("unknown", |(_, code)| code)
}

fn letter(item: &Item<'_>, dice: &mut Dice) -> Pairs {
    let way = ["post", "free_post", "box", "by_hand"][dice.weighted(&[45, 25, 20, 10])];
    let mut pairs: Pairs = vec![
        ("letter_number", format!("信{:05}", item.serial + 1)),
        ("receipt_way", way.to_owned()),
        ("pages", (1 + dice.below(6)).to_string()),
        ("items", "none".to_owned()),
        ("kept_at", format!("{}-{:02}-{:02}", 1 + dice.below(4), 1 + dice.below(20), 1 + dice.below(40))),
    ];
    if way == "box" {
        pairs.push(("box_number", format!("{}号箱", 1 + dice.below(6))));
    }
    pairs
}

fn clerks(directory: &Directory) -> (String, String) {
    let mut all = directory.staff_in(Role::Clerk).chain(directory.staff_in(Role::Head)).map(|s| s.id.0.clone());
    let first = all.next().unwrap_or_default();
    let second = all.find(|other| *other != first).unwrap_or_default();
    (first, second)
}

fn visit(item: &Item<'_>, directory: &Directory, dice: &mut Dice) -> Pairs {
    let (one, two) = clerks(directory);
    let people = if dice.chance(15) { 5 + dice.below(4) } else { 1 };
    vec![
        ("arrived_at", format!("{}T09:10", item.day)),
        ("window", format!("{}号接谈室", 1 + dice.below(3))),
        ("receiver_one", one),
        ("receiver_two", two),
        ("visit_type", if people > 1 { "group" } else { "single" }.to_owned()),
        ("visitors", people.to_string()),
        ("visit_before", if dice.chance(80) { "first" } else { "again" }.to_owned()),
        ("recording", "told".to_owned()),
        ("read_back", "read".to_owned()),
        ("signature", "all".to_owned()),
        ("answer", "accepted".to_owned()),
        ("scene", "calm".to_owned()),
    ]
}

fn call(item: &Item<'_>, directory: &Directory) -> Pairs {
    let (one, _) = clerks(directory);
    let story = item.story;
    vec![
        ("called_at", format!("{}T08:50", item.day)),
        ("taken_by", one),
        ("access", "staffed".to_owned()),
        ("recording", "told".to_owned()),
        ("who", format!("{}{}{}", story.unit, story.post, story.name.clone().unwrap_or_default())),
        ("when", "不详".to_owned()),
        ("where", story.unit.clone()),
        ("what", story.summary()),
        ("proof", "无".to_owned()),
        ("wants", "请核实处理".to_owned()),
        ("confirmed", "yes".to_owned()),
        ("call_outcome", "accepted".to_owned()),
    ]
}

fn transfer(item: &Item<'_>, directory: &Directory, dice: &mut Dice) -> Pairs {
    let (one, _) = clerks(directory);
    let from = match item.source {
        Source::SuperiorTransfer | Source::SuperiorAssign => {
            directory.superior().map_or_else(|| "澜江省信访局".to_owned(), |organ| organ.name.clone())
        }
        Source::LeaderReferral => "望澜市委办公室".to_owned(),
        _ => "望澜市审计局".to_owned(),
    };
    let mut pairs: Pairs = vec![
        ("from_organ", from),
        ("document_number", format!("转〔{}〕{}号", item.day.year(), item.serial + 1)),
        ("document_on", item.day.checked_sub(1.day()).unwrap_or(item.day).to_string()),
        ("document_way", ["platform", "courier", "network"][dice.below(3)].to_owned()),
        ("platform_number", format!("PT{}{:06}", item.day.year(), 1000 + item.serial)),
        ("signed_by", one),
        ("signed_at", format!("{}T09:30", item.day)),
        ("channel", item.channel.to_string()),
        ("first_repeat", "first".to_owned()),
        ("pages", (1 + dice.below(12)).to_string()),
        ("pages_checked", "match".to_owned()),
    ];
    if item.source == Source::SuperiorAssign {
        let due = item.day.checked_add(80.days()).unwrap_or(item.day);
        pairs.push(("superior_due", due.to_string()));
    }
    pairs
}

#[cfg(test)]
mod tests {
    use domain::lists::Lists;
    use domain::registration::{CheckAgainst, check};
    use domain::rules::ValueList;

    use super::super::city;
    use super::super::texts::{COUNTIES, discipline, petition};
    use super::*;

    #[test]
    fn what_the_clerks_of_the_city_enter_is_in_order() {
        let rules = Rules::embedded();
        let mut dice = Dice::new(7);
        let day: Date = "2026-03-02".parse().unwrap();
        for organ in city::organs().iter().take(2) {
            let directory = &organ.directory;
            let edition = directory.organ.edition;
            let lists = Lists::of(edition, rules).unwrap();
            let codes = |list: ValueList| -> Vec<String> {
                let some = |all: &[&str]| all.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>();
                match list {
                    ValueList::Sources => Source::ALL.iter().map(ToString::to_string).collect(),
                    ValueList::Channels => Channel::ALL.iter().map(ToString::to_string).collect(),
                    ValueList::Urgency => lists.urgency.item.iter().map(|i| i.code.clone()).collect(),
                    ValueList::UrgencyReasons => lists.urgency_reasons.item.iter().map(|i| i.code.clone()).collect(),
                    ValueList::Secrecy => lists.secrecy.item.iter().map(|i| i.code.clone()).collect(),
                    ValueList::Ranks => lists.ranks.item.iter().map(|i| i.code.clone()).collect(),
                    ValueList::Ledgers => lists.ledgers.item.iter().map(|i| i.code.clone()).collect(),
                    ValueList::Opinions => lists.opinions.item.iter().map(|i| i.code.clone()).collect(),
                    ValueList::Problems => {
                        let items = lists.problems.group.iter().flat_map(|g| &g.item);
                        items.map(|i| i.code.clone()).chain(some(&["unknown"])).collect()
                    }
                    ValueList::Sectors => {
                        let items = lists.sectors.group.iter().flat_map(|g| &g.item);
                        items.map(|i| i.code.clone()).chain(some(&["unknown"])).collect()
                    }
                    ValueList::Divisions => {
                        let places = COUNTIES
                            .iter()
                            .flat_map(|c| std::iter::once(c.code).chain(c.towns.iter().map(|(code, _)| *code)));
                        places.map(str::to_owned).collect()
                    }
                    ValueList::Staff => directory.staff.iter().map(|s| s.id.0.clone()).collect(),
                    ValueList::Subjects => some(&["1"]),
                    ValueList::Units | ValueList::Organs => Vec::new(),
                }
            };
            for n in 0..200u32 {
                let story = if edition == Edition::Jw { discipline(&mut dice) } else { petition(&mut dice) };
                let identity =
                    Identity { name: "许试例".into(), contact: "7号信箱".into(), ..Identity::default() };
                let channel = [Channel::Letter, Channel::Visit, Channel::Phone][n as usize % 3];
                let source =
                    [Source::Own, Source::SuperiorTransfer, Source::Own, Source::SuperiorAssign][n as usize % 4];
                let item = Item {
                    story: &story,
                    named: (n % 2 == 0).then_some(&identity),
                    channel,
                    source,
                    urgency: if n % 5 == 0 { Urgency::Urgent } else { Urgency::Normal },
                    day,
                    serial: n,
                };
                let form = form_for(channel, source).unwrap();
                let rules_of_form = rules.form(form).of(edition);
                let given = answers(&rules_of_form, &item, directory, &mut dice);
                let faults =
                    check(&rules_of_form, &given, &CheckAgainst { today: day, codes: &codes, about: &|_| Vec::new() });
                assert!(faults.is_empty(), "{edition} {form}: {faults:?}");
                let read = complete(&rules_of_form, &given).unwrap();
                assert_eq!(read.allegations[0].summary, story.summary());
                assert_eq!(read.allegations[0].problem.as_deref(), story.problem());
                assert_eq!(read.source_note.is_some(), form == Form::Transfer, "{:?}", read.source_note);
            }
        }
    }
}
