//! Which permission a command needs, and which commands are buttons for a person now.

use domain::permission::{Action, Decision, Resource, may};
use domain::report::{Actor, Command, Context, lawful_actions};
use domain::words::{CommandKind, Lang};

use super::me::Me;
use crate::hall::Hall;
use crate::report::OpenReport;

/// A command as a button: pressed if `why_not` is empty, else shown with the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Button {
    /// Which command.
    pub command: CommandKind,
    /// Why it cannot be done now, in the person's language.
    pub why_not: Option<String>,
}

/// The permission a command needs.
pub fn action_of(command: &Command) -> Action {
    Action::of(command.kind()).unwrap_or(Action::Judge)
}

impl Hall {
    /// What a person can do with a report: lawful and permitted commands first to press, then the
    /// ones her role includes that the law does not allow now, with the reason.
    pub fn buttons(&self, me: &Me, open: &OpenReport, lang: Lang) -> Vec<Button> {
        let Ok(organ) = self.organ(&me.tenant) else { return Vec::new() };
        let rules = self.rules();
        let standing = self.standing(me, &open.state);
        let mut buttons: Vec<Button> = Vec::new();
        for who in me.in_roles() {
            let actor = Actor::Staff { staff: me.staff.clone(), role: who.role, office: me.office.clone() };
            let context = Context {
                today: self.clock.today(),
                at: self.clock.micros(),
                actor,
                edition: organ.edition(),
                rules: &rules,
            };
            for lawful in lawful_actions(&open.state, &context) {
                // Judging is the program's own act; suggestions come by themselves.
                if lawful.command == CommandKind::Judge {
                    continue;
                }
                let Some(action) = Action::of(lawful.command) else { continue };
                if may(&who, action, &Resource::Report(standing)) != Decision::Allow {
                    continue;
                }
                let why_not = lawful.allowed.err().map(|refusal| refusal.text(lang).to_owned());
                match buttons.iter_mut().find(|b| b.command == lawful.command) {
                    Some(button) if button.why_not.is_some() => button.why_not = why_not,
                    Some(_) => {}
                    None => buttons.push(Button { command: lawful.command, why_not }),
                }
            }
        }
        buttons.sort_by_key(|b| b.why_not.is_some());
        buttons
    }
}
