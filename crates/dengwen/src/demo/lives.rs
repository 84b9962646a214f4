//! The past of the made-up city: reports come in day by day and staff act on them through the same
//! use cases as the desk, so that every stage, colour and paper is reached lawfully.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use domain::content::{Identity, Subject};
use domain::ids::{OfficeId, ReportId, StaffId, TenantCode};
use domain::report::command::{Confirmed, NewFacts};
use domain::report::{Command, Holder, Report};
use domain::words::*;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, ToSpan};
use office::desk::Me;
use office::intake::{Entry, NewReport};
use office::report::Act;
use office::{Error, Hall};

use super::city::DemoOrgan;
use super::texts::{Dice, Story, discipline, name, petition};
use crate::progress::Progress;
use crate::setup::Fault;

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
    /// Works at it again on this day.
    next: Date,
    /// How quickly it is dealt with: days between steps, and whether it is ever finished.
    pace: usize,
    /// Stops acting at this stage, so that every stage has its share today.
    rests_at: Option<Stage>,
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
    let mut filed = 0;
    for n in 0..=length {
        let day = days.begins.checked_add(Span::new().days(i64::from(n))).unwrap_or(days.today);
        set(days, day);
        let due = if n == length { reports } else { reports * (n + 1) / (length + 1) };
        while filed < due {
            let share = dice.below(100);
            let organ = if share < organs[0].share { &organs[0] } else { &organs[1] };
            let story = draw(&mut dice, organ.directory.organ.edition, &mut told);
            lives.push(file(hall, organ, story, &mut dice, day, days.today).await?);
            filed += 1;
            if let Some(progress) = &mut progress {
                progress.at(u64::from(filed));
            }
        }
        for organ in organs {
            while hall.work(&organ.directory.organ.tenant).await? > 0 {}
        }
        for life in lives.iter_mut().filter(|l| l.next <= day) {
            step(hall, life, &mut dice, day).await?;
        }
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
fn draw(dice: &mut Dice, edition: Edition, told: &mut Vec<Story>) -> Story {
    if edition == Edition::Jw && told.len() > 20 && dice.chance(18) {
        let mut again = told[dice.below(told.len())].clone();
        if dice.chance(60) {
            again.text.push_str("上次反映以后一直没有动静，现在又有新的情况：账本被人拿走了，村里好几个人都看见了。");
        }
        return again;
    }
    let story = match edition {
        Edition::Jw => discipline(dice),
        Edition::Xf => petition(dice),
    };
    if edition == Edition::Jw {
        told.push(story.clone());
    }
    story
}

async fn file(
    hall: &Arc<Hall>,
    organ: &DemoOrgan,
    story: Story,
    dice: &mut Dice,
    day: Date,
    today: Date,
) -> Result<Life, Fault> {
    let tenant = &organ.directory.organ.tenant;
    let (channel, source) = origin(dice);
    let named = dice.chance(45).then(|| Identity {
        name: name(dice),
        contact: format!("{:02}号信箱（虚构）", dice.below(90) + 10),
        ..Identity::default()
    });
    let subject = Subject {
        name: story.name.clone(),
        unit: Some(story.unit.clone()),
        post: (!story.post.is_empty()).then(|| story.post.clone()),
        rank: story.rank.parse().ok(),
    };
    let token: Vec<u8> = (0..4).flat_map(|_| dice.bits().to_be_bytes()).collect();
    let opening = hall.open_report(tenant, std::slice::from_ref(&subject))?;
    let received = hall
        .receive(
            opening,
            NewReport {
                entry: Entry::Api,
                body: token.clone(),
                token,
                channel,
                source,
                received_on: Some(day),
                urgency: if dice.chance(5) { Urgency::Urgent } else { Urgency::Normal },
                superior_due: None,
                title: story.title.clone(),
                text: story.text.clone(),
                subjects: vec![subject],
                division: Some(story.division.to_owned()),
                source_note: None,
                named,
            },
        )
        .await?;
    const STAGES: [Stage; 7] = [
        Stage::AwaitingJudgement,
        Stage::AwaitingPresentation,
        Stage::AwaitingInstruction,
        Stage::AwaitingDispatch,
        Stage::InHandling,
        Stage::AwaitingApproval,
        Stage::AwaitingFeedback,
    ];
    // What came in lately is still on its way; of what is older a few lie where they should not.
    let age = day.until(today).map_or(0, |s| s.get_days());
    let rests = dice.chance(if age < 35 { 60 } else { 6 });
    Ok(Life {
        tenant: received.tenant,
        report: received.report,
        next: later(day, dice.below(3)),
        pace: [1, 2, 3, 6][dice.weighted(&[45, 35, 15, 5])],
        rests_at: rests.then(|| STAGES[dice.below(STAGES.len())]),
    })
}

/// The mix of rules 3.6.
fn origin(dice: &mut Dice) -> (Channel, Source) {
    let channel = [Channel::Web, Channel::Letter, Channel::Visit, Channel::Phone, Channel::Other]
        [dice.weighted(&[45, 30, 12, 10, 3])];
    let source = match dice.weighted(&[58, 27, 6, 5, 4]) {
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

/// Does the next lawful thing to a report, as whoever does it in real life.
async fn step(hall: &Arc<Hall>, life: &mut Life, dice: &mut Dice, day: Date) -> Result<(), Fault> {
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
    if state.closed_on.is_some() || life.rests_at == Some(state.stage) {
        life.next = Date::MAX;
        return Ok(());
    }
    let Some((who, act)) = next_act(&cast, &open, state, dice, hall) else {
        life.next = Date::MAX;
        return Ok(());
    };
    let linking = matches!(act.command, Command::Link { .. });
    let mut done = hall.act(&who, life.report, act).await;
    if linking && matches!(done, Err(Error::Refused(_))) {
        // The one it is most like is a repeat itself, or others hang on this one: it goes its own way.
        done = hall.act(&who, life.report, present()).await;
    }
    match done {
        Ok(_) => life.next = later(day, dice.below(life.pace * 2) + usize::from(life.pace > 3)),
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

/// Who does what in an organ of the demo.
struct Cast {
    clerk: Me,
    head: Me,
    leader: Me,
    edition: Edition,
    tenant: TenantCode,
}

impl Cast {
    fn of(hall: &Hall, tenant: &TenantCode) -> Result<Self, Fault> {
        let organ = hall.organ(tenant)?;
        let someone = |role: Role| -> Result<Me, Fault> {
            let staff = organ.directory.staff_in(role).next().ok_or(Error::NotFound)?;
            Ok(hall.me(tenant, &staff.id)?)
        };
        Ok(Self {
            clerk: someone(Role::Clerk)?,
            head: someone(Role::Head)?,
            leader: someone(Role::Leader)?,
            edition: organ.edition(),
            tenant: tenant.clone(),
        })
    }
}

fn next_act(
    cast: &Cast,
    open: &office::report::OpenReport,
    state: &Report,
    dice: &mut Dice,
    hall: &Hall,
) -> Option<(Me, Act)> {
    let clerk = |act: Act| Some((cast.clerk.clone(), act));
    if state.answered_on.is_some() && state.stage != Stage::Closed {
        return Some((handler(cast, state, hall)?, Act::plain(Command::Close)));
    }
    if let Some(scope) = &state.scope
        && scope.ground.is_some()
    {
        return match scope.duty {
            Some(Art13Duty::Forward | Art13Duty::Tell) => clerk(Act::plain(Command::DoDuty).telling(
                "您反映的事项属于其他有权机关的职责范围，请向望澜市人民政府有关部门反映（地址：望澜市澜江大道5号）。",
            )),
            _ => Some((cast.head.clone(), Act::plain(Command::Close))),
        };
    }
    if state.is_repeat() && !state.promoted {
        return Some((cast.head.clone(), Act::plain(Command::Close)));
    }
    match state.stage {
        Stage::AwaitingSigning => clerk(Act::plain(Command::SignFor)),
        Stage::AwaitingJudgement => {
            if state.no_substance_proposed.is_some() {
                return Some((
                    cast.head.clone(),
                    Act::plain(Command::ConfirmNoSubstance { confirmed: Confirmed::Yes }),
                ));
            }
            if state.signing == Signing::NamedPending && dice.chance(85) {
                return clerk(Act::plain(Command::VerifyName { signing: Signing::NamedVerified }));
            }
            judge(cast, open, dice)
        }
        Stage::AwaitingPresentation => {
            if let Some(act) = link(open, state, dice) {
                return clerk(act);
            }
            clerk(present())
        }
        Stage::AwaitingInstruction => Some((
            cast.leader.clone(),
            Act::with_text(
                Command::Instruct { due: None, verdict: Confirmed::Yes },
                "同意。请按程序办理，注意保护反映人。",
            ),
        )),
        Stage::AwaitingDispatch => {
            if state.is_signed() && !state.is_repeat() && state.acceptance_told_on.is_none() && dice.chance(80) {
                return clerk(
                    Act::plain(Command::TellAcceptance { way: TellingWay::System })
                        .telling("您的反映已经受理，我们将按规定办理并向您反馈。"),
                );
            }
            let to = target(cast, open, dice, hall)?;
            clerk(Act::plain(Command::Dispatch { way: DispatchWay::Move, to, watcher: None, ground: None, due: None }))
        }
        Stage::InHandling => handle(cast, state, dice, hall),
        Stage::AwaitingApproval => {
            Some((cast.leader.clone(), Act::plain(Command::ApproveAnswer { verdict: Confirmed::Yes })))
        }
        Stage::AwaitingFeedback => {
            let who = handler(cast, state, hall)?;
            let words = match cast.edition {
                Edition::Jw => {
                    "您反映的问题已经办理。经核查，部分情况属实，已按规定处理。如有新的证据，可凭码补充；如有异议，请在本页说明。"
                }
                Edition::Xf => "您的诉求已经办结，处理意见书已出具。如不服，可以自收到之日起三十日内请求复查。",
            };
            let act = Act::plain(Command::DeliverAnswer { way: TellingWay::System }).telling(words);
            // Not every edition tells through the program alone; a refusal pauses this life.
            Some((who, act))
        }
        Stage::Closed => None,
    }
}

fn present() -> Act {
    Act::with_text(
        Command::Present { to: Role::Leader },
        "经初步研判，反映问题较为具体，建议分办承办部门办理，请批示。",
    )
}

/// A repeat is linked to the earlier report it is most like; it keeps its own number.
fn link(open: &office::report::OpenReport, state: &Report, dice: &mut Dice) -> Option<Act> {
    if state.repeat_of.is_some() {
        return None;
    }
    // The made-up stories are few and alike; only what was told again on purpose is a repeat here.
    let repeat = open.suggestions.as_ref()?.repeats.iter().find(|r| r.equal || r.score > 0.97)?;
    let new_facts = if repeat.new_sentences.is_empty() || dice.chance(50) { NewFacts::None } else { NewFacts::Some };
    Some(Act::plain(Command::Link { to: repeat.report, new_facts }))
}

fn judge(cast: &Cast, open: &office::report::OpenReport, dice: &mut Dice) -> Option<(Me, Act)> {
    let text = &open.narrative.text;
    let refuse = |kind, ground| Some((cast.clerk.clone(), Act::plain(Command::Refuse { kind, ground })));
    match cast.edition {
        Edition::Jw if text.chars().count() < 40 => refuse(Kind::NoSubstance, Ground::NameOnly),
        Edition::Jw if text.contains("物业") => refuse(Kind::OutOfScope, Ground::OtherOrgan),
        Edition::Jw => Some((cast.clerk.clone(), Act::plain(Command::Accept { kind: Kind::Accusation }))),
        Edition::Xf if text.contains("责任认定") => refuse(Kind::Petition, Ground::OtherProcedure),
        Edition::Xf if text.contains("建议") || dice.chance(5) => {
            Some((cast.clerk.clone(), Act::plain(Command::Accept { kind: Kind::Suggestion })))
        }
        Edition::Xf => Some((cast.clerk.clone(), Act::plain(Command::Accept { kind: Kind::Petition }))),
    }
}

/// Where the funnel suggests, if that is an office here; else the office for the county.
fn target(cast: &Cast, open: &office::report::OpenReport, dice: &mut Dice, hall: &Hall) -> Option<Holder> {
    let here = |holder: &Holder| matches!(holder, Holder::Office { office } if *office != open.state.office);
    let suggested = open.suggestions.as_ref().and_then(|s| s.routes.iter().map(|r| r.to.clone()).find(|to| here(to)));
    if let Some(to) = suggested {
        return Some(to);
    }
    let organ = hall.organ(&cast.tenant).ok()?;
    let division = open.narrative.division.clone().unwrap_or_default();
    let fits: Vec<OfficeId> = organ
        .directory
        .offices
        .iter()
        .filter(|o| o.id != open.state.office && o.divisions.iter().any(|d| division.starts_with(d.as_str())))
        .filter(|o| organ.directory.staff_of(&o.id).any(|s| s.roles.contains(&Role::Handler)))
        .map(|o| o.id.clone())
        .collect();
    (!fits.is_empty()).then(|| Holder::Office { office: fits[dice.below(fits.len())].clone() })
}

fn handler(cast: &Cast, state: &Report, hall: &Hall) -> Option<Me> {
    let organ = hall.organ(&cast.tenant).ok()?;
    let staff: StaffId = match (&state.assignee, &state.holder) {
        (Some(staff), _) => staff.clone(),
        (None, Holder::Office { office }) => {
            organ.directory.staff_of(office).find(|s| s.roles.contains(&Role::Handler))?.id.clone()
        }
        _ => return None,
    };
    hall.me(&cast.tenant, &staff).ok()
}

fn handle(cast: &Cast, state: &Report, dice: &mut Dice, hall: &Hall) -> Option<(Me, Act)> {
    let who = handler(cast, state, hall)?;
    if state.assignee.is_none() {
        return Some((cast.leader.clone(), Act::plain(Command::Assign { staff: who.staff })));
    }
    if state.instruction_open && state.all_found() {
        return Some((who, Act::with_text(Command::AnswerInstruction, "已按批示办理，情况另行报告。")));
    }
    if state.is_signed() && state.contacts == 0 && dice.chance(70) {
        return Some((
            who,
            Act::plain(Command::RecordContact { way: ContactWay::Thread })
                .telling("您好，我们已经收到您的反映，正在了解情况。如方便，请补充当时的时间和经手人。"),
        ));
    }
    if cast.edition == Edition::Jw && state.kind == Some(Kind::Accusation) && state.disposal.is_none() {
        let way = [Disposal::PreliminaryCheck, Disposal::Inquiry, Disposal::Concluded][dice.weighted(&[60, 25, 15])];
        return Some((who, Act::plain(Command::Dispose { way })));
    }
    let missing = state.allegation_ids().into_iter().find(|id| !state.findings.contains_key(id));
    if let (Some(allegation), true) = (missing, state.kind != Some(Kind::Suggestion)) {
        let finding = [Finding::Proved, Finding::PartlyProved, Finding::NotProved, Finding::CannotVerify]
            [dice.weighted(&[20, 35, 35, 10])];
        return Some((
            who,
            Act::with_text(
                Command::RecordFinding { allegation, finding },
                "经走访、查阅账目和询问有关人员，形成以上认定。",
            ),
        ));
    }
    if state.instruction_open {
        return Some((who, Act::with_text(Command::AnswerInstruction, "已按批示办理，情况另行报告。")));
    }
    let text = match cast.edition {
        Edition::Jw => "拟反馈：经核查，部分情况属实，已按规定处理。",
        Edition::Xf => {
            "经调查核实，您反映的情况部分属实。责任单位已制定整改措施，预计三十日内完成。依据《信访工作条例》第三十一条、第三十二条，作出以上处理意见。"
        }
    };
    Some((who, Act::with_text(Command::DraftAnswer, text)))
}
