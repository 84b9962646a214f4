//! What stands on each paper, taken from the open report. Words that are missing because the
//! report has not come so far are a refusal that says what to do first.

use domain::clock::Basis;
use domain::content::StaffText;
use domain::ids::ReportNumber;
use domain::lists::Lists;
use domain::report::{Event, Holder, Report};
use domain::words::{Edition, Finding, Lang, Role, TellingWay};
use jiff::civil::Date;
use papers::Paper;
use papers::paper::{
    AcceptanceLetter, AcceptanceNotice, FeedbackRecord, HandlingOpinion, Letterhead, Opinion, PresentationForm,
    ReporterView, SealSpace, ToldFinding,
};

use super::PaperKind;
use crate::desk::Me;
use crate::error::Error;
use crate::export::Names;
use crate::hall::Hall;
use crate::organ::Organ;
use crate::report::{OpenReport, OpenWords, undecided};

/// 发文字号: the organ's short mark and the report's own serial, so that no second counter exists.
pub(super) fn document_number(organ: &Organ, open: &OpenReport) -> String {
    format!("{}〔{}〕{}号", organ.directory.organ.letterhead.short, open.number.year, open.number.in_year())
}

/// The report a repeat is linked to, as far as the person who asks for the paper may see it.
pub(super) struct Master {
    pub(super) number: ReportNumber,
    pub(super) state: Report,
}

/// Whom and what a paper is filled from.
pub(super) struct Sources<'a> {
    pub(super) hall: &'a Hall,
    pub(super) me: &'a Me,
    pub(super) organ: &'a Organ,
    pub(super) open: &'a OpenReport,
    pub(super) master: Option<&'a Master>,
    pub(super) names: Names<'a>,
}

pub(super) fn fill(from: &Sources<'_>, kind: PaperKind, salt: &[u8; 32]) -> Result<Paper, Error> {
    let Sources { hall, organ, open, .. } = *from;
    let today = hall.clock.today();
    Ok(match kind {
        PaperKind::PresentationForm => Paper::PresentationForm(presentation(from, today)?),
        PaperKind::AcceptanceNotice => Paper::AcceptanceNotice(AcceptanceNotice {
            head: head(organ, open, salt, today),
            addressee: "反映人".to_owned(),
            number: open.number.to_string(),
            received_on: open.state.received_on,
            accepted_on: accepted_on(open)?,
            feedback_within: limit_of(hall, Edition::Jw, "realname_result")?,
            status_page: None,
        }),
        PaperKind::FeedbackRecord => Paper::FeedbackRecord(feedback(from)?),
        PaperKind::AcceptanceLetter => Paper::AcceptanceLetter(AcceptanceLetter {
            head: head(organ, open, salt, today),
            addressee: "信访人".to_owned(),
            number: open.number.to_string(),
            received_on: open.state.received_on,
            accepted_on: accepted_on(open)?,
            request: summary(open),
            handled_by: holder(organ, &open.state.holder),
            answer_by: answer_by(hall, open)?,
            status_page: None,
        }),
        PaperKind::HandlingOpinion => Paper::HandlingOpinion(opinion(hall, organ, open, salt, today)?),
    })
}

fn head(organ: &Organ, open: &OpenReport, salt: &[u8; 32], today: Date) -> Letterhead {
    let paper = &organ.directory.organ.letterhead;
    Letterhead {
        organ: paper.mark.clone(),
        document_number: Some(document_number(organ, open)),
        secrecy: None,
        urgency: None,
        date: today,
        seal: SealSpace::Seal,
        verification: (!paper.url.is_empty())
            .then(|| format!("{}/v#{}.{today}.{}", paper.url, organ.tenant, hex::encode(salt))),
        contact: Some(format!("联系地址：{}　联系电话：{}", paper.address, paper.phone)),
    }
}

/// The text of the last event of a kind, with who wrote it and when.
fn last(organ: &Organ, open: &OpenReport, wanted: impl Fn(&Event, Option<Role>) -> bool) -> Opinion {
    let mut found = Opinion::default();
    for event in &open.events {
        let (who, role) = match &event.recorded.actor {
            domain::report::Actor::Staff { staff, role, .. } => (Some(staff), Some(*role)),
            _ => (None, None),
        };
        if wanted(&event.recorded.event, role) {
            let text = match &event.words {
                OpenWords::Text(text) => text.text.clone(),
                _ => String::new(),
            };
            found = Opinion {
                text,
                by: who.and_then(|id| organ.directory.staff(id)).map(|s| s.name.clone()),
                on: Some(event.recorded.day),
            };
        }
    }
    found
}

fn presentation(from: &Sources<'_>, today: Date) -> Result<PresentationForm, Error> {
    let Sources { hall, me, organ, open, names, .. } = *from;
    let lists = hall.lists(organ.edition())?;
    let state = &open.state;
    let narrative = &open.narrative;
    let instructed =
        |by: Role| last(organ, open, move |event, role| matches!(event, Event::Instructed { .. }) && role == Some(by));
    let subjects = narrative
        .subjects
        .iter()
        .map(|s| {
            let known = [s.name.as_deref(), s.unit.as_deref(), s.post.as_deref()];
            let words = known.into_iter().flatten().collect::<Vec<_>>().join("　");
            match s.rank {
                Some(rank) => format!("{words}（{}）", names("rank", rank.as_str())),
                None => words,
            }
        })
        .collect();
    let summaries: Vec<String> =
        narrative.allegations.iter().map(|a| a.summary.clone()).filter(|s| !s.is_empty()).collect();
    let grounds = open.suggestions.as_ref().map_or_else(String::new, |s| {
        let mut words: Vec<String> = s.routes.iter().take(1).map(|r| r.zh.clone()).collect();
        words.extend(
            s.kind
                .iter()
                .map(|k| format!("机拟类别：{}（把握{:.0}%）", names("kind", k.value.as_str()), k.confidence * 100.0)),
        );
        words.join("；")
    });
    Ok(PresentationForm {
        organ: organ.directory.organ.letterhead.mark.clone(),
        number: open.number.to_string(),
        secrecy: secrecy(open, &lists),
        urgency: names("urgency", state.urgency.as_str()),
        received_on: state.received_on,
        channel_source: format!(
            "{} / {}",
            names("channel", state.channel.as_str()),
            names("source", state.source.as_str())
        ),
        signing: names("signing", state.signing.as_str()),
        subjects,
        problems: if summaries.is_empty() { vec![summary(open)] } else { summaries },
        history: history(from),
        grounds,
        proposal: {
            let mut found = last(organ, open, |event, _| matches!(event, Event::Presented { .. }));
            if found.on.is_none() {
                found = registered_proposal(organ, open, &lists);
            }
            if found.by.is_none() {
                found.by = Some(me.name.clone());
            }
            found
        },
        head: instructed(Role::Head),
        leader: instructed(Role::Leader),
        chief: instructed(Role::Chief),
        result: last(organ, open, |event, _| {
            matches!(event, Event::InstructionAnswered | Event::FeedbackDrafted | Event::ReplyDrafted)
        }),
        printed_on: today,
    })
}

/// What a registration form was answered, by field.
fn registered<'a>(open: &'a OpenReport, field: &str) -> Option<&'a str> {
    open.narrative.registration.as_ref()?.fields.get(field)?.first().map(String::as_str)
}

/// 密级 as registered. Where nobody was asked, what the office holds is a work secret at least.
fn secrecy(open: &OpenReport, lists: &Lists) -> String {
    let code = registered(open, "secrecy").unwrap_or("work");
    lists.secrecy.get(code).map_or_else(|| code.to_owned(), |item| item.name(Lang::Zh).to_owned())
}

/// 拟办意见 of the registration form, for as long as nothing was presented.
fn registered_proposal(organ: &Organ, open: &OpenReport, lists: &Lists) -> Opinion {
    let chosen = registered(open, "opinion").map(|code| {
        let words = lists.opinions.get(code).map_or(code, |item| item.name(Lang::Zh));
        words.replace("{to}", "有关单位（待定）")
    });
    let said = registered(open, "opinion_text").map(str::to_owned);
    let text = [chosen, said].into_iter().flatten().collect::<Vec<_>>().join("。");
    let found = last(organ, open, |event, _| matches!(event, Event::Received { .. }));
    if text.is_empty() { Opinion::default() } else { Opinion { text, ..found } }
}

/// 初重情况及既往结论: the main report's number and how it ended.
fn history(from: &Sources<'_>) -> String {
    let state = &from.open.state;
    if state.repeat_of.is_none() {
        return "初次反映。".to_owned();
    }
    let what = if state.promoted { "重复件，含新事实，按初次件办理。" } else { "重复件。" };
    // Where she may not see the main report, not even its number is told.
    let Some(master) = from.master else { return what.to_owned() };
    let found = |finding: Finding| {
        let count = master.state.findings.values().filter(|f| **f == finding).count();
        (count > 0).then(|| format!("{}{count}项", (from.names)("finding", finding.as_str())))
    };
    let findings: Vec<String> = Finding::ALL.iter().filter_map(|f| found(*f)).collect();
    let findings = if findings.is_empty() { String::new() } else { format!("认定：{}；", findings.join("、")) };
    let ended = match (master.state.closed_on, master.state.answered_on) {
        (Some(day), _) => format!("{}办结", day_zh(day)),
        (None, Some(day)) => format!("{}已反馈，尚未办结", day_zh(day)),
        (None, None) => "尚未办结".to_owned(),
    };
    format!("{what}主件{}，既往结论：{findings}{ended}。", master.number)
}

fn day_zh(day: Date) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

/// How long a rule gives, in words.
fn limit_of(hall: &Hall, edition: Edition, id: &str) -> Result<String, Error> {
    let rules = hall.rules();
    let limit = rules.clock(edition, id).and_then(|rule| rule.limit);
    limit.map(|limit| limit.words(Lang::Zh)).ok_or_else(|| {
        Error::input(
            "paper-no-limit",
            format!("时限规则中没有“{id}”的期限，文书无法写明。请联系系统管理员补全时限规则。"),
            format!("The rules give no limit for `{id}`; ask the administrator to complete rules/clocks."),
        )
    })
}

fn feedback(from: &Sources<'_>) -> Result<FeedbackRecord, Error> {
    let Sources { me, organ, open, .. } = *from;
    let told = last(organ, open, |event, _| matches!(event, Event::FeedbackDelivered { .. }));
    let way = open.events.iter().rev().find_map(|e| match e.recorded.event {
        Event::FeedbackDelivered { way } => Some(way),
        _ => None,
    });
    let (Some(told_on), Some(way)) = (told.on, way) else {
        return Err(not_yet(
            "还没有向反映人反馈，反馈之后才有反馈情况记录表。",
            "No feedback was given yet; the record is made after it.",
        ));
    };
    let concluded_on =
        last(organ, open, |event, _| matches!(event, Event::FindingRecorded { .. })).on.unwrap_or(told_on);
    let due_on = open
        .state
        .clocks
        .iter()
        .filter(|c| c.id == "realname_result" && c.cancelled_on.is_none())
        .map(domain::clock::Clock::last_day)
        .next_back();
    let said = objections(open);
    Ok(FeedbackRecord {
        organ: organ.directory.organ.letterhead.mark.clone(),
        number: open.number.to_string(),
        accepted_on: accepted_on(open)?,
        concluded_on,
        due_on,
        told_on,
        way,
        place: match way {
            TellingWay::System => "查询码页面".to_owned(),
            _ => String::new(),
        },
        office: holder(organ, &open.state.holder),
        tellers: vec![told.by.unwrap_or_else(|| me.name.clone())],
        findings: findings(open),
        told: told.text,
        view: if said.is_empty() { ReporterView::Silent } else { ReporterView::Objection },
        view_text: said.join("\n"),
        new_evidence: evidence(open),
    })
}

/// What the reporter objected, in her words, and how it was explained (Art 27).
fn objections(open: &OpenReport) -> Vec<String> {
    open.texts(|e| matches!(e, Event::Objected | Event::ObjectionExplained))
        .map(|(event, text)| {
            let who = match event.recorded.event {
                Event::Objected => "举报人异议",
                _ => "说明",
            };
            format!("{}{who}：{}", day_zh(event.recorded.day), text.text)
        })
        .collect()
}

/// What was handed in, and what became of it: after a finding it must be checked (Art 27).
fn evidence(open: &OpenReport) -> Option<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut waiting = 0;
    for event in &open.events {
        let words = match &event.words {
            OpenWords::Text(StaffText { text, .. }) if !text.trim().is_empty() => format!("：{}", text.trim()),
            _ => String::new(),
        };
        let day = day_zh(event.recorded.day);
        match event.recorded.event {
            Event::EvidenceAdded { files, after_finding } => {
                let when = if after_finding { "认定后补充" } else { "认定前补充" };
                let files = if files > 0 { format!("（附件{files}个）") } else { String::new() };
                waiting += u32::from(after_finding);
                lines.push(format!("{day}{when}{files}{words}"));
            }
            Event::EvidenceChecked => {
                waiting = 0;
                lines.push(format!("{day}已核查{words}"));
            }
            _ => {}
        }
    }
    if waiting > 0 {
        lines.push(format!("其中{waiting}次认定后补充的尚未核查，由承办部门核查。"));
    }
    (!lines.is_empty()).then(|| lines.join("\n"))
}

fn findings(open: &OpenReport) -> Vec<ToldFinding> {
    open.state
        .findings
        .iter()
        .map(|(id, finding)| ToldFinding {
            allegation: open
                .narrative
                .allegations
                .iter()
                .find(|a| a.id == *id && !a.summary.is_empty())
                .map_or_else(|| format!("问题{id}"), |a| a.summary.clone()),
            finding: *finding,
        })
        .collect()
}

fn opinion(
    hall: &Hall,
    organ: &Organ,
    open: &OpenReport,
    salt: &[u8; 32],
    today: Date,
) -> Result<HandlingOpinion, Error> {
    let draft = last(organ, open, |event, _| matches!(event, Event::ReplyDrafted));
    if draft.on.is_none() || !open.state.answer_approved {
        return Err(not_yet(
            "处理意见还没有拟稿并经审核，审核同意后才能制发处理意见书。",
            "The opinion was not drafted and approved yet; the letter is issued after approval.",
        ));
    }
    let reasons: Vec<String> = open
        .events
        .iter()
        .filter_map(|e| match &e.words {
            OpenWords::Finding(f) if !f.reasons.is_empty() => Some(f.reasons.clone()),
            _ => None,
        })
        .collect();
    // What becomes of the request was decided with the draft that was approved: the last one.
    let decided = open.texts(|e| matches!(e, Event::ReplyDrafted)).last().map(|(_, text)| text);
    let disposition = decided.and_then(StaffText::disposition).ok_or_else(undecided)?;
    let basis = decided.map(StaffText::basis).filter(|basis| !basis.is_empty()).ok_or_else(undecided)?;
    Ok(HandlingOpinion {
        head: head(organ, open, salt, today),
        addressee: "信访人".to_owned(),
        number: open.number.to_string(),
        received_on: open.state.received_on,
        request: summary(open),
        facts: if reasons.is_empty() { draft.text.clone() } else { reasons.join("\n") },
        disposition,
        opinion: draft.text,
        basis,
        review_within: limit_of(hall, Edition::Xf, "review_request")?,
        review_organ: organ.directory.superior().map_or_else(|| "上一级机关".to_owned(), |s| s.name.clone()),
    })
}

fn accepted_on(open: &OpenReport) -> Result<Date, Error> {
    match &open.state.scope {
        Some(scope) if scope.ground.is_none() => Ok(scope.on),
        _ => Err(not_yet(
            "此件还没有受理，受理之后才能制发。",
            "The report was not accepted yet; the letter is made after that.",
        )),
    }
}

/// Until when an answer is owed: the earliest last day of the running legal clocks that end with
/// the reply and are told to the petitioner.
fn answer_by(hall: &Hall, open: &OpenReport) -> Result<Date, Error> {
    let rules = hall.rules();
    let answers = |id: &str| {
        rules
            .clock(open.state.edition, id)
            .is_some_and(|rule| rule.public_zh.is_some() && rule.stops.iter().any(|stop| stop.on == "reply_delivered"))
    };
    let running = open.state.clocks.iter().filter(|c| c.basis == Basis::Legal && c.is_running() && answers(&c.id));
    running.map(domain::clock::Clock::last_day).min().ok_or_else(|| {
        not_yet(
            "此件没有正在计算的办结时限（已经答复，或者不是申诉求决），受理告知书无法写明答复日期。请先核对类别和受理情况；不适用办结时限的，请在“受理告知”中另行告知信访人。",
            "No time limit for an answer is running (it was answered, or is no petition for redress), so the letter cannot give a date. Check its kind and acceptance; where no limit applies, tell the petitioner under “tell of acceptance” instead.",
        )
    })
}

fn holder(organ: &Organ, holder: &Holder) -> String {
    organ.directory.holder_name(holder).unwrap_or_default().to_owned()
}

/// The digest, or the beginning of the text.
fn summary(open: &OpenReport) -> String {
    match &open.narrative.digest {
        Some(digest) => digest.text.clone(),
        None => open.narrative.text.chars().take(200).collect(),
    }
}

fn not_yet(zh: &str, en: &str) -> Error {
    Error::input("paper-not-yet", zh, en)
}
