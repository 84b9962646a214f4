//! What happened, in the desk's words: one line for every event.

use domain::report::{Actor, Event, Holder};
use office::Organ;

use crate::locale::Voice;

/// The sentence for an event.
pub fn line(voice: &Voice, organ: &Organ, event: &Event) -> String {
    let name = |holder: &Holder| holder_name(organ, holder);
    let plain = |key: &str| voice.t(&format!("event-{key}"));
    let with = |key: &str, what: String| voice.t1(&format!("event-{key}"), "what", what);
    match event {
        Event::Received { channel, source, .. } => {
            voice.t2("event-received", "channel", voice.word(channel), "source", voice.word(source))
        }
        Event::ScopeDecided { kind, ground: None, .. } => with("accepted", voice.word(kind)),
        Event::ScopeDecided { ground: Some(ground), .. } => with("refused", voice.word(ground)),
        Event::NameVerified { signing } => with("name_verified", voice.word(signing)),
        Event::DutyDone { duty } => with("duty_done", voice.word(duty)),
        Event::AcceptanceTold { way } => with("acceptance_told", voice.word(way)),
        Event::Presented { to } => with("presented", voice.word(to)),
        Event::Instructed { agreed, due, .. } => {
            let verdict = voice.t(if *agreed { "event-agreed" } else { "event-declined" });
            match due {
                Some(due) => voice.t2("event-instructed_due", "what", verdict, "date", voice.date(due)),
                None => with("instructed", verdict),
            }
        }
        Event::Linked { new_facts, .. } => plain(if *new_facts { "linked_new" } else { "linked" }),
        Event::Split { into } => with("split", into.len().to_string()),
        Event::Dispatched { way, to, .. } => voice.t2("event-dispatched", "way", voice.word(way), "to", name(to)),
        Event::Returned { ground } => with("returned", voice.word(ground)),
        Event::Assigned { staff } => {
            with("assigned", organ.directory.staff(staff).map_or_else(|| staff.to_string(), |s| s.name.clone()))
        }
        Event::Extended { until, ground, .. } => {
            voice.t2("event-extended", "date", voice.date(until), "ground", voice.word(ground))
        }
        Event::ContactHeld { way } => with("contact_held", voice.word(way)),
        Event::Disposed { way } => with("disposed", voice.word(way)),
        Event::FindingRecorded { allegation, finding } => {
            voice.t2("event-finding_recorded", "n", allegation, "finding", voice.word(finding))
        }
        Event::FeedbackApproved { approved } | Event::ReplyApproved { approved } => {
            plain(if *approved { "answer_approved" } else { "answer_returned" })
        }
        Event::FeedbackDelivered { way } | Event::ReplyDelivered { way } => with("answer_delivered", voice.word(way)),
        Event::FeedbackDrafted | Event::ReplyDrafted => plain("answer_drafted"),
        Event::Rated { rating } => with("rated", voice.word(rating)),
        Event::MessageSent { from_office } => {
            plain(if *from_office { "message_from_office" } else { "message_from_reporter" })
        }
        Event::PaperIssued { paper, number } => {
            let title = voice.t(&format!("paper-{paper}"));
            with("paper_issued", number.as_ref().map_or(title.clone(), |n| format!("{title} {n}")))
        }
        Event::PlatformNumberSet { number } => with("platform_number_set", number.clone()),
        Event::Reopened { cause } => with("reopened", voice.word(cause)),
        Event::EvidenceAdded { files, .. } => with("evidence_added", files.to_string()),
        Event::Judged { abstained, .. } => plain(if *abstained { "judged_unsure" } else { "judged" }),
        Event::Recused { basis, .. } => with("recused", voice.word(basis)),
        Event::SignedFor
        | Event::EvidenceChecked
        | Event::Corrected { .. }
        | Event::NoSubstanceProposed
        | Event::NoSubstanceDeclined
        | Event::SimpleUsed
        | Event::InstructionAnswered
        | Event::Unlinked
        | Event::Promoted
        | Event::TwoWayAnswered
        | Event::Objected
        | Event::ObjectionExplained
        | Event::CodeReplaced
        | Event::CodeDestroyed
        | Event::Closed => plain(event.name()),
    }
}

/// Who acted: a reporter is never more than the reporter.
pub fn who(voice: &Voice, organ: &Organ, actor: &Actor) -> String {
    match actor {
        Actor::Reporter => voice.t("actor-reporter"),
        Actor::System => voice.t("actor-system"),
        Actor::Staff { staff, role, .. } => {
            let name = organ.directory.staff(staff).map_or_else(|| staff.to_string(), |s| s.name.clone());
            format!("{name} {}", voice.word(role))
        }
    }
}

/// Name of a holder, or what the register knows of it.
pub fn holder_name(organ: &Organ, holder: &Holder) -> String {
    organ.directory.holder_name(holder).map_or_else(
        || match holder {
            Holder::Office { office } => office.to_string(),
            Holder::Organ { tenant } => tenant.to_string(),
            Holder::Outside { key } => key.clone(),
        },
        str::to_owned,
    )
}
