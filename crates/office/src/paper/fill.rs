//! What stands on each paper, taken from the open report. Words that are missing because the
//! report has not come so far are a refusal that says what to do first.

use domain::calendar::days_between;
use domain::clock::Basis;
use domain::report::{Event, Holder};
use domain::words::{Finding, Role, TellingWay};
use jiff::civil::Date;
use papers::Paper;
use papers::paper::{
    AcceptanceLetter, AcceptanceNotice, FeedbackRecord, HandlingOpinion, Letterhead, Opinion, PresentationForm,
    ReporterView, SealSpace, Support, ToldFinding,
};

use super::PaperKind;
use crate::desk::Me;
use crate::error::Error;
use crate::export::Names;
use crate::hall::Hall;
use crate::organ::Organ;
use crate::report::OpenReport;

/// 发文字号: the organ's short mark and the report's own serial, so that no second counter exists.
pub(super) fn document_number(organ: &Organ, open: &OpenReport) -> String {
    format!("{}〔{}〕{}号", organ.directory.organ.letterhead.short, open.number.year, open.number.in_year())
}

pub(super) fn fill(
    hall: &Hall,
    me: &Me,
    organ: &Organ,
    open: &OpenReport,
    kind: PaperKind,
    salt: &[u8; 32],
    names: Names<'_>,
) -> Result<Paper, Error> {
    let today = hall.clock.today();
    Ok(match kind {
        PaperKind::PresentationForm => Paper::PresentationForm(presentation(me, organ, open, today, names)),
        PaperKind::AcceptanceNotice => Paper::AcceptanceNotice(AcceptanceNotice {
            head: head(organ, open, salt, today),
            addressee: "反映人".to_owned(),
            number: open.number.to_string(),
            received_on: open.state.received_on,
            accepted_on: accepted_on(open)?,
            feedback_working_days: 15,
            status_page: None,
        }),
        PaperKind::FeedbackRecord => Paper::FeedbackRecord(feedback(me, organ, open)?),
        PaperKind::AcceptanceLetter => Paper::AcceptanceLetter(AcceptanceLetter {
            head: head(organ, open, salt, today),
            addressee: "信访人".to_owned(),
            number: open.number.to_string(),
            received_on: open.state.received_on,
            accepted_on: accepted_on(open)?,
            request: summary(open),
            handled_by: holder(organ, &open.state.holder),
            answer_by: answer_by(open).unwrap_or(today),
            status_page: None,
        }),
        PaperKind::HandlingOpinion => Paper::HandlingOpinion(opinion(organ, open, salt, today)?),
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
                crate::report::OpenWords::Text(text) => text.text.clone(),
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

fn presentation(me: &Me, organ: &Organ, open: &OpenReport, today: Date, names: Names<'_>) -> PresentationForm {
    let state = &open.state;
    let narrative = &open.narrative;
    let instructed =
        |by: Role| last(organ, open, move |event, role| matches!(event, Event::Instructed { .. }) && role == Some(by));
    let subjects = narrative
        .subjects
        .iter()
        .map(|s| {
            [s.name.as_deref(), s.unit.as_deref(), s.post.as_deref()]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join("　")
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
    PresentationForm {
        organ: organ.directory.organ.letterhead.mark.clone(),
        number: open.number.to_string(),
        secrecy: "工作秘密".to_owned(),
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
        history: match (state.repeat_of, state.promoted) {
            (Some(_), false) => "重复件，已挂接主件。".to_owned(),
            (Some(_), true) => "重复件含新事实，按初次件办理。".to_owned(),
            (None, _) => "初次反映。".to_owned(),
        },
        grounds,
        proposal: {
            let mut found = last(organ, open, |event, _| matches!(event, Event::Presented { .. }));
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
    }
}

fn feedback(me: &Me, organ: &Organ, open: &OpenReport) -> Result<FeedbackRecord, Error> {
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
        .filter(|c| c.basis == Basis::Legal && c.stopped_on == Some(told_on))
        .map(domain::clock::Clock::last_day)
        .max()
        .unwrap_or(told_on);
    let objection = open.events.iter().any(|e| matches!(e.recorded.event, Event::Objected));
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
        view: if objection { ReporterView::Objection } else { ReporterView::Silent },
        view_text: String::new(),
        new_evidence: None,
    })
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

fn opinion(organ: &Organ, open: &OpenReport, salt: &[u8; 32], today: Date) -> Result<HandlingOpinion, Error> {
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
            crate::report::OpenWords::Finding(f) if !f.reasons.is_empty() => Some(f.reasons.clone()),
            _ => None,
        })
        .collect();
    let proved = open.state.findings.values().filter(|f| matches!(f, Finding::Proved)).count();
    let partly = open.state.findings.values().filter(|f| matches!(f, Finding::PartlyProved)).count();
    Ok(HandlingOpinion {
        head: head(organ, open, salt, today),
        addressee: "信访人".to_owned(),
        number: open.number.to_string(),
        received_on: open.state.received_on,
        request: summary(open),
        facts: if reasons.is_empty() { draft.text.clone() } else { reasons.join("\n") },
        support: match (proved, partly) {
            (0, 0) => Support::NotSupported,
            (0, _) => Support::Explained,
            _ => Support::Supported,
        },
        opinion: draft.text,
        basis: vec!["《信访工作条例》第三十一条".to_owned(), "《信访工作条例》第三十二条".to_owned()],
        review_days: 30,
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

/// The last legal day of the running clocks: until when an answer is owed.
fn answer_by(open: &OpenReport) -> Option<Date> {
    open.state
        .clocks
        .iter()
        .filter(|c| c.basis == Basis::Legal && c.is_running())
        .map(domain::clock::Clock::last_day)
        .max_by_key(|day| days_between(open.state.received_on, *day))
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
