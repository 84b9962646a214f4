//! The past of the made-up city: reports come in day by day and staff act on them through the same
//! use cases as the desk, so that every stage, colour and paper is reached lawfully.

mod choose;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use domain::content::{Digest, Identity, Subject};
use domain::ids::{OfficeId, ReportId, StaffId, TenantCode};
use domain::report::command::{Confirmed, NewFacts, Review};
use domain::report::{Command, Holder, Report};
use domain::words::*;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, ToSpan};
use office::desk::{ByHand, Me};
use office::intake::{Entry, NewReport};
use office::paper::PaperKind;
use office::report::{Act, OpenReport, Part};
use office::thread::Addition;
use office::{Error, Hall};

use super::by_hand;
use super::city::DemoOrgan;
use super::texts::{Dice, Story, discipline, name, petition};
use crate::progress::Progress;
use crate::setup::Fault;
use choose::{Cast, next_act, present};

/// The days the demo lives through, and the clock it turns.
pub struct Days<'a> {
    /// First day.
    pub begins: Date,
    /// The real today.
    pub today: Date,
    /// The real now, Unix microseconds.
    pub now: i64,
    /// Civil zone.
    pub zone: &'a TimeZone,
    /// What the demo's clock reads.
    pub instant: &'a Arc<AtomicI64>,
}

/// One report being lived.
struct Life {
    tenant: TenantCode,
    report: ReportId,
    /// The reporter's query code; none for a part that was split off.
    code: Option<String>,
    story: Story,
    /// Works at it again on this day.
    next: Date,
    /// How quickly it is dealt with: days between steps.
    pace: usize,
    fate: Fate,
    /// What its reporter will still do with her code.
    reporter: Reporter,
}

/// How far a report comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// To its end, each step before its time limit is over.
    Runs,
    /// It lies at this stage today, within its time limits.
    At(Stage),
    /// It lies at this stage today, and stays there should a time limit end before: holidays and weekends
    /// fall differently each day the city is made, and no stage may be empty on any of them.
    StaysAt(Stage),
    /// It comes back from the first office and waits to be dispatched anew.
    ComesBack,
    /// Somebody leaves it lying at this stage, whatever the clocks say.
    LeftAt(Stage),
    /// It tells of two matters and is split.
    Mixed,
}

/// What a reporter does of her own will.
#[derive(Debug, Clone, Copy, Default)]
struct Reporter {
    writes: Deed,
    adds_evidence: Deed,
    objects: Deed,
    rates: Deed,
}

/// Whether something is still to be done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Deed {
    #[default]
    Never,
    Will,
    Done,
}

impl Deed {
    /// Once, if it was to be done at all.
    fn now(&mut self) -> bool {
        let now = *self == Self::Will;
        if now {
            *self = Self::Done;
        }
        now
    }
}

/// Stages at which the newest sixteen sixtieths of the reports lie, the newest first. What came in
/// today is not signed for yet; what is some weeks old waits for its feedback.
const RECENT: [Fate; 16] = [
    Fate::At(Stage::AwaitingSigning),
    Fate::StaysAt(Stage::AwaitingJudgement),
    Fate::StaysAt(Stage::AwaitingPresentation),
    Fate::At(Stage::AwaitingPresentation),
    Fate::StaysAt(Stage::AwaitingInstruction),
    Fate::StaysAt(Stage::AwaitingDispatch),
    Fate::At(Stage::AwaitingDispatch),
    Fate::ComesBack,
    Fate::At(Stage::InHandling),
    Fate::At(Stage::InHandling),
    Fate::At(Stage::InHandling),
    Fate::StaysAt(Stage::AwaitingApproval),
    Fate::At(Stage::AwaitingApproval),
    Fate::StaysAt(Stage::AwaitingFeedback),
    Fate::At(Stage::AwaitingFeedback),
    Fate::At(Stage::InHandling),
];

/// Of the older ones a few lie where they should not.
const LEFT: [Stage; 4] =
    [Stage::InHandling, Stage::AwaitingDispatch, Stage::AwaitingInstruction, Stage::AwaitingApproval];

impl Fate {
    /// The fate of the `n`th of `all` reports.
    fn of(n: u32, all: u32) -> Self {
        let newest = (all - 1 - n) * 60 / all.max(60);
        match RECENT.get(newest as usize) {
            Some(fate) => *fate,
            None if n == all / 3 => Self::Mixed,
            None if n % 13 == 7 && newest < 45 => Self::LeftAt(LEFT[(n / 13) as usize % LEFT.len()]),
            None => Self::Runs,
        }
    }

    /// Steps on the way there, for reports that lie at a stage today.
    fn steps(self) -> Option<i32> {
        let (Self::At(stage) | Self::StaysAt(stage)) = self else { return (self == Self::ComesBack).then_some(9) };
        Some(match stage {
            Stage::AwaitingSigning => 0,
            Stage::AwaitingJudgement => 1,
            Stage::AwaitingPresentation => 4,
            Stage::AwaitingInstruction => 6,
            Stage::AwaitingDispatch => 7,
            Stage::InHandling => 8,
            Stage::AwaitingApproval => 13,
            Stage::AwaitingFeedback | Stage::Closed => 14,
        })
    }

    fn rests(self, stage: Stage) -> bool {
        matches!(self, Self::At(at) | Self::StaysAt(at) | Self::LeftAt(at) if at == stage)
    }
}

/// How many of each paper are issued: setting one takes longer than all else in a report's life.
struct Papers {
    left: BTreeMap<&'static str, u32>,
}

impl Papers {
    fn for_city(reports: u32) -> Self {
        let each = 1 + reports / 100;
        let kinds = Edition::ALL.iter().flat_map(|edition| PaperKind::of(*edition));
        Self { left: kinds.map(|kind| (kind.as_str(), each)).collect() }
    }

    fn wants(&self, kind: PaperKind) -> bool {
        self.left.get(kind.as_str()).is_some_and(|left| *left > 0)
    }

    fn issued(&mut self, kind: PaperKind) {
        if let Some(left) = self.left.get_mut(kind.as_str()) {
            *left = left.saturating_sub(1);
        }
    }
}

/// Lives through the days.
///
/// # Errors
/// A use case failed for another reason than the law's.
pub async fn live(
    hall: &Arc<Hall>,
    organs: &[DemoOrgan],
    reports: u32,
    days: &Days<'_>,
    quiet: bool,
) -> Result<(), Fault> {
    let mut dice = Dice::new(20_260_222);
    let length = days.begins.until(days.today).map_or(1, |s| s.get_days()).max(1) as u32;
    let mut progress = (!quiet).then(|| Progress::new("望澜市 reports", u64::from(reports)));
    let mut lives: Vec<Life> = Vec::new();
    let mut told: Vec<Story> = Vec::new();
    let mut papers = Papers::for_city(reports);
    let mut filed = 0;
    for n in 0..=length {
        let day = days.begins.checked_add(Span::new().days(i64::from(n))).unwrap_or(days.today);
        set(days, day);
        let due = if n == length { reports } else { reports * (n + 1) / (length + 1) };
        while filed < due {
            let share = dice.below(100);
            let fate = Fate::of(filed, reports);
            let organ = if share < organs[0].share || fate == Fate::Mixed { &organs[0] } else { &organs[1] };
            let story = draw(&mut dice, organ.directory.organ.edition, fate, &mut told);
            let life = file(hall, organ, Filing { story, fate, serial: filed, day, today: days.today }, &mut dice);
            lives.push(life.await?);
            filed += 1;
            if let Some(progress) = &mut progress {
                progress.at(u64::from(filed));
            }
        }
        for organ in organs {
            while hall.work(&organ.directory.organ.tenant).await? > 0 {}
        }
        let mut born = Vec::new();
        for life in lives.iter_mut().filter(|l| l.next <= day) {
            born.extend(live_a_day(hall, life, &mut papers, &mut dice, day).await?);
        }
        lives.extend(born);
        lives.retain(|l| l.next <= days.today);
        if n % 30 == 0 {
            for organ in organs {
                hall.publish(&organ.directory.organ.tenant).await?;
            }
        }
    }
    if let Some(progress) = progress {
        progress.done(u64::from(filed));
    }
    Ok(())
}

/// Turns the clock to ten in the morning of a day, or to the real now where that is earlier.
fn set(days: &Days<'_>, day: Date) {
    let ten = days.zone.to_timestamp(day.at(10, 0, 0, 0)).map_or(days.now, |t| t.as_microsecond());
    days.instant.store(if day >= days.today { days.now } else { ten }, Ordering::Relaxed);
}

/// A fresh story, or one told before: a fifth of what comes in repeats (rules 3.6).
fn draw(dice: &mut Dice, edition: Edition, fate: Fate, told: &mut Vec<Story>) -> Story {
    if edition == Edition::Jw && fate == Fate::Runs && told.len() > 12 && dice.chance(22) {
        let mut again = told[dice.below(told.len())].clone();
        if dice.chance(60) {
            again.text.push_str("上次反映以后一直没有动静，现在又有新的情况：账本被人拿走了，村里好几个人都看见了。");
        }
        return again;
    }
    loop {
        let story = match edition {
            Edition::Jw => discipline(dice),
            Edition::Xf => petition(dice),
        };
        // What is to lie at some stage has to be accepted first.
        let refused = story.problem().is_none() || story.text.contains("责任认定") || story.text.contains("建议");
        let fits = match fate {
            Fate::Runs => true,
            Fate::Mixed => story.text.contains("消防通道"),
            Fate::At(_) | Fate::StaysAt(_) | Fate::ComesBack | Fate::LeftAt(_) => !refused,
        };
        if !fits {
            continue;
        }
        if edition == Edition::Jw {
            told.push(story.clone());
        }
        return story;
    }
}

/// One report as it comes in.
struct Filing {
    story: Story,
    fate: Fate,
    serial: u32,
    day: Date,
    today: Date,
}

async fn file(hall: &Arc<Hall>, organ: &DemoOrgan, filing: Filing, dice: &mut Dice) -> Result<Life, Fault> {
    let Filing { story, fate, serial, day, today } = filing;
    let tenant = &organ.directory.organ.tenant;
    let (channel, source) = match (serial, fate) {
        // However small the city, every way in was used once.
        (1, _) => (Channel::Visit, Source::Own),
        (2, _) => (Channel::Phone, Source::Own),
        (3, _) => (Channel::Letter, Source::Own),
        (4, _) => (Channel::Other, Source::Own),
        (_, Fate::At(Stage::AwaitingSigning)) => (Channel::Web, Source::SuperiorTransfer),
        _ => origin(dice),
    };
    let named = dice.chance(45).then(|| Identity {
        name: name(dice),
        contact: format!("{:02}号信箱（虚构）", dice.below(90) + 10),
        ..Identity::default()
    });
    let urgency = if dice.chance(5) { Urgency::Urgent } else { Urgency::Normal };
    let token: Vec<u8> = (0..4).flat_map(|_| dice.bits().to_be_bytes()).collect();
    let received = if let Some(form) = by_hand::form_for(channel, source) {
        let item = by_hand::Item { story: &story, named: named.as_ref(), channel, source, urgency, day, serial };
        let form = by_hand::filled(form, &item, &organ.directory, &hall.rules(), dice)
            .map_err(|fault| Fault::Say(format!("{}: {}", fault.key, fault.en)))?;
        let clerk = Cast::of(hall, tenant)?.clerk;
        hall.register(&clerk, ByHand { token, form, files: Vec::new() }).await?
    } else {
        let subject = Subject {
            name: story.name.clone(),
            unit: Some(story.unit.clone()),
            post: (!story.post.is_empty()).then(|| story.post.clone()),
            rank: story.rank.parse().ok(),
        };
        let opening = hall.open_report(tenant, std::slice::from_ref(&subject))?;
        let new = NewReport {
            entry: if channel == Channel::Web { Entry::Public } else { Entry::Api },
            body: token.clone(),
            token,
            channel,
            source,
            received_on: Some(day),
            urgency,
            superior_due: None,
            title: story.title.clone(),
            text: story.text.clone(),
            subjects: vec![subject],
            division: Some(story.division.to_owned()),
            problem: None,
            source_note: None,
            named,
        };
        hall.receive(opening, new).await?
    };
    let age = day.until(today).map_or(0, |s| s.get_days());
    let will = |yes| if yes { Deed::Will } else { Deed::Never };
    let pace = match fate.steps() {
        Some(steps) => (age / (steps + 1)).max(1) as usize,
        None => [1, 2, 3][dice.weighted(&[45, 35, 20])],
    };
    Ok(Life {
        tenant: received.tenant,
        report: received.report,
        code: Some(received.code),
        story,
        next: later(day, if fate.steps() == Some(0) { 0 } else { dice.below(2) }),
        pace,
        fate,
        reporter: Reporter {
            writes: will(dice.chance(40)),
            adds_evidence: will(dice.chance(15) || serial % 8 == 3),
            objects: will(dice.chance(12) || serial % 8 == 5),
            rates: will(dice.chance(60)),
        },
    })
}

/// The mix of rules 3.6.
fn origin(dice: &mut Dice) -> (Channel, Source) {
    let channel = [Channel::Web, Channel::Letter, Channel::Visit, Channel::Phone, Channel::Other]
        [dice.weighted(&[45, 30, 12, 10, 3])];
    let source = match dice.weighted(&[64, 21, 6, 5, 4]) {
        0 => Source::Own,
        1 => Source::SuperiorTransfer,
        2 => Source::SuperiorAssign,
        3 => Source::DepartmentTransfer,
        _ => Source::LeaderReferral,
    };
    (channel, source)
}

fn later(day: Date, days: usize) -> Date {
    day.checked_add((days as i64).days()).unwrap_or(day)
}

/// The steps of one day: one, and on the last day of a time limit as many as it takes.
async fn live_a_day(
    hall: &Arc<Hall>,
    life: &mut Life,
    papers: &mut Papers,
    dice: &mut Dice,
    day: Date,
) -> Result<Vec<Life>, Fault> {
    let mut born = Vec::new();
    for _ in 0..6 {
        step(hall, life, papers, dice, day, &mut born).await?;
        if life.next > day {
            break;
        }
    }
    life.next = life.next.max(later(day, 1));
    Ok(born)
}

/// The last day of the nearest time limit still kept, from the plain row.
async fn nearest_limit(hall: &Hall, life: &Life, day: Date) -> Result<Option<Date>, Fault> {
    let Some(row) = hall.store.projection(&life.tenant, life.report).await? else { return Ok(None) };
    let running = row.clocks.iter().filter(|c| c.state == store::ClockState::Running);
    Ok(running.filter(|c| c.basis != Basis::Window.as_str()).map(|c| c.due_on).filter(|last| *last >= day).min())
}

/// Does the next lawful thing to a report, as whoever does it in real life.
async fn step(
    hall: &Arc<Hall>,
    life: &mut Life,
    papers: &mut Papers,
    dice: &mut Dice,
    day: Date,
    born: &mut Vec<Life>,
) -> Result<(), Fault> {
    let cast = Cast::of(hall, &life.tenant)?;
    let open = match hall.view(&cast.leader, life.report).await {
        Ok(open) => open,
        // Kept from this leader by recusal: somebody else's demo, left as it lies.
        Err(Error::NotFound) => {
            life.next = Date::MAX;
            return Ok(());
        }
        Err(other) => return Err(other.into()),
    };
    let state = &open.state;
    if reporter_acts(hall, life, state).await? {
        return Ok(());
    }
    if state.closed_on.is_some() {
        life.next = Date::MAX;
        return Ok(());
    }
    let came_back = life.fate == Fate::ComesBack && state.dispatches > 0 && state.dispatched.is_none();
    if life.fate.rests(state.stage) || came_back {
        life.next = match life.fate {
            Fate::LeftAt(_) | Fate::StaysAt(_) | Fate::ComesBack => Date::MAX,
            _ => nearest_limit(hall, life, day).await?.unwrap_or(Date::MAX),
        };
        if life.next > day {
            return Ok(());
        }
        // The last day has come: nobody lets it pass.
        life.fate = Fate::Runs;
    }
    if life.fate == Fate::Mixed && state.stage == Stage::AwaitingJudgement {
        born.extend(split(hall, &cast, life, &open, day).await?);
        life.fate = Fate::Runs;
        life.next = later(day, 1);
        return Ok(());
    }
    let Some((who, act)) = next_act(&cast, &open, life, dice, hall) else {
        life.next = Date::MAX;
        return Ok(());
    };
    let command = act.command.clone();
    let linking = matches!(act.command, Command::Link { .. });
    let mut done = hall.act(&who, life.report, act).await;
    if linking && matches!(done, Err(Error::Refused(_))) {
        // The one it is most like is a repeat itself, or others hang on this one: it goes its own way.
        done = hall.act(&who, life.report, present()).await;
    }
    match done {
        Ok(_) => {
            issue(hall, &cast, life, &command, papers).await?;
            let pause = match life.fate.steps() {
                Some(_) => life.pace,
                None => dice.below(life.pace * 2 + 1),
            };
            let wanted = later(day, pause.max(1));
            life.next = nearest_limit(hall, life, day).await?.map_or(wanted, |limit| wanted.min(limit));
        }
        // The law or the role said no: this life pauses where it is, as in real offices.
        Err(Error::Refused(refusal)) => {
            tracing::debug!(refusal = refusal.id, "a demo life pauses");
            life.next = Date::MAX;
        }
        Err(Error::Forbidden(_) | Error::NotFound) => life.next = Date::MAX,
        Err(other) => return Err(other.into()),
    }
    Ok(())
}

/// What the reporter does with her code, if it is time for it.
async fn reporter_acts(hall: &Arc<Hall>, life: &mut Life, state: &Report) -> Result<bool, Fault> {
    let Some(code) = life.code.clone() else { return Ok(false) };
    let wishes = &mut life.reporter;
    let addition = if state.closed_on.is_some() {
        let rating = [Rating::Satisfied, Rating::FairlySatisfied, Rating::Unsatisfied][life.pace % 3];
        wishes.rates.now().then_some(Addition::Rating(rating))
    } else if state.answered_on.is_some() {
        let words = "对其中一项结论有异议：当时在场的还有两个人，没有人去问过他们。";
        wishes.objects.now().then(|| Addition::Objection(words.to_owned()))
    } else if state.stage == Stage::InHandling && state.contacts > 0 {
        if wishes.writes.now() {
            Some(Addition::Message("收到。事情是去年秋天的，经手人我记得姓什么，可以当面说。".to_owned()))
        } else if state.all_found() && wishes.adds_evidence.now() {
            Some(Addition::Evidence("补充：又找到一张当时的收条，上面有日期和金额。".to_owned(), Vec::new()))
        } else {
            None
        }
    } else {
        None
    };
    let Some(addition) = addition else { return Ok(false) };
    let her = hall.present(&code).await?;
    match hall.add(&her, addition).await {
        Ok(()) => Ok(true),
        // Not every report is open to a rating or an objection.
        Err(Error::Refused(_)) => Ok(false),
        Err(other) => Err(other.into()),
    }
}

/// The matter of the fire lane goes its own way.
async fn split(
    hall: &Arc<Hall>,
    cast: &Cast,
    life: &Life,
    open: &OpenReport,
    day: Date,
) -> Result<Option<Life>, Fault> {
    let title = "小区消防通道被划成车位";
    let part = Part {
        title: title.to_owned(),
        text: format!("从停车费一件中拆出：{}的消防通道被划成车位，存在安全隐患。", life.story.unit),
        subjects: open.narrative.subjects.clone(),
        division: open.narrative.division.clone(),
    };
    let parts = match hall.split(&cast.clerk, life.report, vec![part], None).await {
        Ok(parts) => parts,
        Err(Error::Refused(_) | Error::Forbidden(_)) => return Ok(None),
        Err(other) => return Err(other.into()),
    };
    Ok(parts.into_iter().next().map(|part| Life {
        tenant: part.tenant,
        report: part.report,
        code: None,
        story: Story { title: title.to_owned(), ..life.story.clone() },
        next: later(day, 1),
        pace: life.pace,
        fate: Fate::Runs,
        reporter: Reporter::default(),
    }))
}

/// The paper that goes with what was just done.
async fn issue(
    hall: &Arc<Hall>,
    cast: &Cast,
    life: &Life,
    command: &Command,
    papers: &mut Papers,
) -> Result<(), Fault> {
    let kind = match (command, cast.edition) {
        (Command::Present { .. }, _) => PaperKind::PresentationForm,
        (Command::TellAcceptance { .. }, Edition::Jw) => PaperKind::AcceptanceNotice,
        (Command::TellAcceptance { .. }, Edition::Xf) => PaperKind::AcceptanceLetter,
        (Command::DeliverAnswer { .. }, Edition::Jw) => PaperKind::FeedbackRecord,
        (Command::DeliverAnswer { .. }, Edition::Xf) => PaperKind::HandlingOpinion,
        _ => return Ok(()),
    };
    if !papers.wants(kind) {
        return Ok(());
    }
    let names = |family: &str, spelling: &str| {
        let key = format!("word-{family}-{spelling}");
        web::locale::text(Lang::Zh, cast.edition, &key, &[])
    };
    match hall.issue_paper(&cast.clerk, life.report, kind, &names).await {
        Ok(_) => {
            papers.issued(kind);
            Ok(())
        }
        // No font, or nothing to say yet: the demo goes on without this one.
        Err(Error::Input { .. } | Error::Refused(_) | Error::Forbidden(_) | Error::NotFound) => Ok(()),
        Err(other) => Err(other.into()),
    }
}
