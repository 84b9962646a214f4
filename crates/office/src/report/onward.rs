//! Who goes on with a report: nobody is handed what she cannot act on, and no report is handed to
//! where nobody can, or to those it is about.

use domain::directory::Staff;
use domain::ids::StaffId;
use domain::permission::{handlers, instructors};
use domain::recusal::{Near, near};
use domain::report::{Command, Holder};
use domain::words::{DispatchWay, Kind, Role, Stage};

use super::open::OpenReport;
use crate::error::Error;
use crate::hall::Hall;

impl Hall {
    /// Who may be named to handle it: who serves in the office that holds it, in a post that handles,
    /// and is not kept away. In the order of the directory.
    ///
    /// # Errors
    /// The organ is not known.
    pub fn assignable(&self, open: &OpenReport) -> Result<Vec<StaffId>, Error> {
        let organ = self.organ(&open.tenant)?;
        let Holder::Office { office } = &open.state.holder else { return Ok(Vec::new()) };
        Ok(handlers(office, &organ.directory).filter(|s| self.sees(open, s)).map(|s| s.id.clone()).collect())
    }

    /// Who could give this post's 批示 on it: who holds the post and is not kept away. In the order of
    /// the directory.
    ///
    /// # Errors
    /// The organ is not known.
    pub fn instructing(&self, open: &OpenReport, role: Role) -> Result<Vec<StaffId>, Error> {
        let organ = self.organ(&open.tenant)?;
        let holders = instructors(role, &open.state.holder, &organ.directory);
        Ok(holders.into_iter().filter(|s| self.sees(open, s)).map(|s| s.id.clone()).collect())
    }

    fn sees(&self, open: &OpenReport, person: &Staff) -> bool {
        !open.state.recused.contains(&self.keys.recusal_token(&open.tenant, &person.id))
    }

    /// Refuses what would hand the report to nobody, or to those it is about. `said` is what the person
    /// wrote with it.
    pub(crate) fn goes_to_somebody(&self, open: &OpenReport, command: &Command, said: &str) -> Result<(), Error> {
        match command {
            Command::Assign { staff } => {
                if open.state.recused.contains(&self.keys.recusal_token(&open.tenant, staff)) {
                    return Err(Error::input(
                        "assign-recused",
                        "该人员须回避本件，不能作承办人。请另选一人。",
                        "This colleague must not see the report and cannot handle it; choose somebody else.",
                    ));
                }
                // Where no office holds it, the law says why nobody can be named.
                let held = matches!(open.state.holder, Holder::Office { .. });
                if held && !self.assignable(open)?.contains(staff) {
                    return Err(Error::input(
                        "assign-elsewhere",
                        "该人员不在承办部门任职，或者其岗位不承办信访件。请在承办部门的承办人员中另选一人。",
                        "This colleague does not serve in the office that holds the report, or has no post that handles reports. Choose somebody of that office who does.",
                    ));
                }
            }
            // Other roles are refused by the law.
            Command::Present { to }
                if matches!(to, Role::Head | Role::Leader | Role::Chief) && self.instructing(open, *to)?.is_empty() =>
            {
                return Err(Error::input(
                    "present-nobody",
                    "现无可以批示此件的该岗位人员（空缺，或者须回避）。请呈送其他领导岗位。",
                    "Nobody who holds this post can instruct on the report (vacant, or kept away from it). Present it to another post.",
                ));
            }
            // What was asked of one post is not asked of a lower one instead, unless nobody can answer there.
            Command::Present { to } if open.state.stage == Stage::AwaitingInstruction => {
                let asked = open.state.presented_to.filter(|asked| asked > to);
                if let Some(asked) = asked
                    && !self.instructing(open, asked)?.is_empty()
                {
                    return Err(Error::input(
                        "present-asked",
                        "此件已呈送更高的领导岗位，正待批示，不能改呈较低的岗位。请等待批示。",
                        "It was presented to a higher post, whose words are awaited; it cannot be presented to a lower one instead.",
                    ));
                }
            }
            Command::Dispatch { way, to, .. } => {
                // Sealed upward it goes to the superior, whose cadre it is about.
                if *way != DispatchWay::DirectSeal {
                    self.not_to_those_reported(open, to, said)?;
                }
                self.not_all_kept_away(open, to)?;
            }
            _ => {}
        }
        Ok(())
    }

    /// 检举控告 is not handed to those it is about (《信访工作条例》 Art 30), and next door to them only
    /// with a reason. Another matter is often for the very unit it complains of.
    fn not_to_those_reported(&self, open: &OpenReport, to: &Holder, said: &str) -> Result<(), Error> {
        if open.state.kind.is_some_and(|kind| kind != Kind::Accusation) {
            return Ok(());
        }
        match near(&open.narrative.subjects, to, &self.organ(&open.tenant)?.directory) {
            Some(Near::Itself) => Err(Error::input(
                "dispatch-reported",
                "所选的就是被反映的单位。检举控告材料和有关情况不得转给被检举、控告的人员或者单位（《信访工作条例》第三十条），请另选承办单位。",
                "This is the very unit reported. An accusation is never handed to the person or unit it is about (《信访工作条例》 Art 30); choose another office.",
            )),
            Some(Near::NextDoor) if said.trim().is_empty() => Err(Error::input(
                "dispatch-next-door",
                "所选单位与被反映人在同一处，来件中能看出举报人的内容容易被其得知。请改由其他部门承办；确需交该单位的，请在“说明”中写明理由再分办。",
                "That office sits beside the person reported, who may learn from the text who reported. Choose another one; if it must be this one, write the reason and dispatch again.",
            )),
            _ => Ok(()),
        }
    }

    fn not_all_kept_away(&self, open: &OpenReport, to: &Holder) -> Result<(), Error> {
        let Holder::Office { office } = to else { return Ok(()) };
        let organ = self.organ(&open.tenant)?;
        let people: Vec<&Staff> = handlers(office, &organ.directory).collect();
        // An office with nobody yet is for the leaders to fill; one that is all kept away is not.
        if people.is_empty() || people.iter().any(|person| self.sees(open, person)) {
            return Ok(());
        }
        Err(Error::input(
            "dispatch-recused",
            "该部门能承办此件的人员均须回避，不能分送该部门。请另选承办单位。",
            "Everybody in that office who could handle the report must not see it. Choose another office.",
        ))
    }
}
