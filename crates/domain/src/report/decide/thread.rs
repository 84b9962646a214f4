//! The thread with the reporter, her code, papers and the national platform's number.

use super::{Context, Decision};
use crate::report::event::{Actor, Event};
use crate::report::refusal;
use crate::report::state::Report;
use crate::words::DispatchWay;

/// Messages go both ways as long as the code lives, also after closing.
pub(super) fn send_message(report: &Report, context: &Context<'_>) -> Decision {
    if !report.code_alive {
        return Err(refusal::code_gone());
    }
    Ok(vec![Event::MessageSent { from_office: context.actor != Actor::Reporter }])
}

pub(super) fn issue_paper(paper: &str, number: Option<&str>, context: &Context<'_>) -> Decision {
    if paper.trim().is_empty() {
        return Err(refusal::paper_without_name());
    }
    if context.edition_rules().never_papers.iter().any(|never| never == paper) {
        return Err(refusal::paper_not_in_edition());
    }
    Ok(vec![Event::PaperIssued { paper: paper.to_owned(), number: number.map(str::to_owned) }])
}

/// Art 15 forbids entering in the platform what is sent up under seal.
pub(super) fn set_platform_number(report: &Report, number: &str) -> Decision {
    if report.dispatched == Some(DispatchWay::DirectSeal) {
        return Err(refusal::sealed_not_in_platform());
    }
    let number = number.trim();
    if number.is_empty() || number.chars().count() > 40 || number.chars().any(char::is_control) {
        return Err(refusal::platform_number_form());
    }
    Ok(vec![Event::PlatformNumberSet { number: number.to_owned() }])
}

pub(super) fn replace_code(report: &Report) -> Decision {
    if !report.code_alive {
        return Err(refusal::code_gone());
    }
    Ok(vec![Event::CodeReplaced])
}

pub(super) fn destroy_code(report: &Report) -> Decision {
    if !report.code_alive {
        return Err(refusal::code_gone());
    }
    Ok(vec![Event::CodeDestroyed])
}
