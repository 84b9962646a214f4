//! Registering, signing for, judging, evidence, correcting and verifying a name.

use super::{Context, Decision};
use crate::recusal::KeptAway;
use crate::report::command::Receive;
use crate::report::event::{Actor, Event};
use crate::report::refusal;
use crate::report::state::Report;
use crate::words::{RecusalBasis, Signing, Source, Stage};

pub(super) fn receive(receive: &Receive, context: &Context<'_>) -> Decision {
    if receive.received_on > context.today {
        return Err(refusal::received_in_future());
    }
    if context.actor == Actor::Reporter {
        if receive.source != Source::Own {
            return Err(refusal::source_not_own());
        }
        // 规则 Art 24: the petition office verifies a name, nobody verifies her own.
        if !matches!(receive.signing, Signing::Anonymous | Signing::NamedPending) {
            return Err(refusal::verified_by_herself());
        }
    }
    if let Some(due) = receive.superior_due {
        if receive.source != Source::SuperiorAssign {
            return Err(refusal::superior_due_needs_assignment());
        }
        if due < receive.received_on {
            return Err(refusal::superior_due_before_receipt());
        }
    }
    Ok(vec![Event::Received {
        edition: context.edition,
        rules: context.rules.version().to_owned(),
        received_on: receive.received_on,
        channel: receive.channel,
        source: receive.source,
        signing: receive.signing,
        urgency: receive.urgency,
        office: receive.office.clone(),
        superior_due: receive.superior_due,
        allegations: receive.allegations,
        files: receive.files,
        recused: receive.recused.tokens().to_vec(),
    }])
}

/// A suggestion never changes a report's course (PIPL Art 24): it may come at any stage.
pub(super) fn judge(models: &str, abstained: bool, context: &Context<'_>) -> Vec<Event> {
    vec![Event::Judged { models: models.to_owned(), rules: context.rules.version().to_owned(), abstained }]
}

pub(super) fn sign_for(report: &Report) -> Decision {
    match report.stage {
        Stage::AwaitingSigning => Ok(vec![Event::SignedFor]),
        _ => Err(refusal::not_to_be_signed_for()),
    }
}

/// 规则 Art 27: new evidence after a finding must be checked; and what comes after closing, whether
/// anything was found or it was refused, or somebody would have to look at it by chance.
pub(super) fn add_evidence(report: &Report, files: u16) -> Vec<Event> {
    let after_finding = !report.findings.is_empty() || report.closed_on.is_some();
    vec![Event::EvidenceAdded { files, after_finding }]
}

pub(super) fn check_evidence(report: &Report) -> Decision {
    if report.unchecked_evidence == 0 {
        return Err(refusal::nothing_to_check());
    }
    Ok(vec![Event::EvidenceChecked])
}

/// 校正补录. `event` is the `Corrected` as wanted.
pub(super) fn correct(report: &Report, event: Event) -> Decision {
    let Event::Corrected { channel, source, signing, urgency, allegations, recused } = &event else {
        return Err(refusal::nothing_corrected());
    };
    let changed = channel.is_some_and(|new| new != report.channel)
        || source.is_some_and(|new| new != report.source)
        || signing.is_some_and(|new| new != report.signing)
        || urgency.is_some_and(|new| new != report.urgency)
        || allegations.is_some_and(|new| new != report.allegations);
    // Subjects and words are sealed: correcting only them leaves every plain column as it was,
    // which is told by saying who joins the list of those kept away, be it nobody.
    if !changed && recused.is_none() {
        return Err(refusal::nothing_corrected());
    }
    if signing.is_some_and(|new| new != report.signing && !matches!(new, Signing::Anonymous | Signing::NamedPending)) {
        return Err(refusal::correct_by_verifying());
    }
    let last_found = report.findings.keys().next_back().copied().unwrap_or(0);
    if allegations.is_some_and(|new| new.max(1) < last_found) {
        return Err(refusal::fewer_than_found());
    }
    Ok(vec![event])
}

/// 回避 (规则 Art 48): only ever more people. The program says what text and directory show; a member
/// of staff says it by hand, in words that are sealed beside.
pub(super) fn recuse(report: &Report, recused: &KeptAway, basis: RecusalBasis, context: &Context<'_>) -> Decision {
    if (context.actor == Actor::System) == (basis == RecusalBasis::ByHand) {
        return Err(refusal::recusal_basis());
    }
    let new: Vec<String> = recused.tokens().iter().filter(|token| !report.recused.contains(token)).cloned().collect();
    if new.is_empty() {
        return Err(refusal::already_recused());
    }
    Ok(vec![Event::Recused { recused: new, basis }])
}

/// 规则 Art 24, 30: confirmed → verified; denied or another's name → handled as anonymous;
/// unreachable → recorded and still pending.
pub(super) fn verify_name(report: &Report, result: Signing) -> Decision {
    if report.signing != Signing::NamedPending {
        return Err(refusal::nothing_to_verify());
    }
    match result {
        Signing::NamedVerified | Signing::FalseName | Signing::NamedPending => {
            Ok(vec![Event::NameVerified { signing: result }])
        }
        Signing::Anonymous => Err(refusal::verify_result()),
    }
}
