//! What comes next in a made-up life, and who of the staff does it. It knows the law's stages by
//! their names; whether an act is lawful is decided where every act is.

use super::*;

/// Who does what in an organ of the demo.
pub(super) struct Cast {
    pub(super) clerk: Me,
    pub(super) head: Me,
    pub(super) leader: Me,
    pub(super) edition: Edition,
    pub(super) tenant: TenantCode,
}

impl Cast {
    pub(super) fn of(hall: &Hall, tenant: &TenantCode) -> Result<Self, Fault> {
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

pub(super) fn next_act(cast: &Cast, open: &OpenReport, life: &Life, dice: &mut Dice, hall: &Hall) -> Option<(Me, Act)> {
    let state = &open.state;
    let clerk = |act: Act| Some((cast.clerk.clone(), act));
    if state.open_objections > 0 {
        let words = "您的异议已经复核：另外两位在场人员已补充询问，情况与原结论一致，理由另行当面说明。";
        return Some((
            explainer(cast, state, hall)?,
            Act::plain(Command::ExplainObjection { review: Review::Here }).telling(words),
        ));
    }
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
            if open.narrative.allegations.iter().any(|a| a.summary.is_empty()) {
                return clerk(correction(open, life));
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
            if let Some(act) = told(state) {
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
            if let Some(act) = told(state) {
                return clerk(act);
            }
            if state.signing == Signing::NamedPending && !state.name_checked {
                // Nobody got hold of her so far; that is recorded, and the report goes on.
                return clerk(Act::plain(Command::VerifyName { signing: Signing::NamedPending }));
            }
            let to = target(cast, open, dice, hall)?;
            let order = Command::Dispatch { way: DispatchWay::Move, to, watcher: None, ground: None, due: None };
            clerk(Act::with_text(order, "按干部管理权限分办，来件中没有能看出举报人的内容。"))
        }
        Stage::InHandling => handle(cast, life, state, dice, hall),
        Stage::AwaitingApproval => {
            Some((cast.leader.clone(), Act::plain(Command::ApproveAnswer { verdict: Confirmed::Yes })))
        }
        Stage::AwaitingFeedback => {
            let who = handler(cast, state, hall)?;
            let act = Act::plain(Command::DeliverAnswer { way: TellingWay::System });
            // Not every edition tells through the program alone; a refusal pauses this life.
            Some((who, act))
        }
        Stage::Closed => None,
    }
}

pub(super) fn present() -> Act {
    Act::with_text(
        Command::Present { to: Role::Leader },
        "经初步研判，反映问题较为具体，建议分办承办部门办理，请批示。",
    )
}

/// A signed reporter is told that her report was accepted.
pub(super) fn told(state: &Report) -> Option<Act> {
    let owed = state.is_signed() && !state.is_repeat() && state.acceptance_told_on.is_none();
    (owed && state.accepted() == Some(true)).then(|| {
        Act::plain(Command::TellAcceptance { way: TellingWay::System })
            .telling("您的反映已经受理，我们将按规定办理并向您反馈。")
    })
}

/// 校正补录: the clerk writes digest, class and summary for what came by the public pages.
pub(super) fn correction(open: &OpenReport, life: &Life) -> Act {
    let mut narrative = open.narrative.clone();
    narrative.digest = Some(Digest { text: life.story.summary(), drafted: false });
    for allegation in &mut narrative.allegations {
        allegation.summary = life.story.summary();
        allegation.problem = life.story.problem().map(str::to_owned);
    }
    let command = Command::Correct {
        channel: None,
        source: None,
        signing: None,
        urgency: None,
        allegations: None,
        recused: None,
    };
    Act { narrative: Some(Box::new(narrative)), ..Act::plain(command) }
}

/// A repeat is linked to the earlier report it is most like; it keeps its own number.
pub(super) fn link(open: &OpenReport, state: &Report, dice: &mut Dice) -> Option<Act> {
    if state.repeat_of.is_some() {
        return None;
    }
    // The made-up stories are few and alike; only what was told again on purpose is a repeat here.
    let repeat = open.suggestions.as_ref()?.repeats.iter().find(|r| r.equal || r.score > 0.97)?;
    let new_facts = if repeat.new_sentences.is_empty() || dice.chance(50) { NewFacts::None } else { NewFacts::Some };
    Some(Act::plain(Command::Link { to: repeat.report, new_facts }))
}

pub(super) fn judge(cast: &Cast, open: &OpenReport, dice: &mut Dice) -> Option<(Me, Act)> {
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
pub(super) fn target(cast: &Cast, open: &OpenReport, dice: &mut Dice, hall: &Hall) -> Option<Holder> {
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

pub(super) fn handler(cast: &Cast, state: &Report, hall: &Hall) -> Option<Me> {
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

/// Who answers an objection: the handler, or where it is a 复查 somebody in charge who had no part in it.
fn explainer(cast: &Cast, state: &Report, hall: &Hall) -> Option<Me> {
    let rules = hall.rules();
    let reviewers = &rules.edition(cast.edition).review_by;
    if reviewers.is_empty() {
        return handler(cast, state, hall);
    }
    let organ = hall.organ(&cast.tenant).ok()?;
    let mut able = reviewers.iter().flat_map(|role| organ.directory.staff_in(*role)).filter(|s| s.ended_on.is_none());
    let staff = able.find(|s| !state.is_party_to_answer(&s.id))?;
    hall.me(&cast.tenant, &staff.id).ok()
}

pub(super) fn handle(cast: &Cast, life: &Life, state: &Report, dice: &mut Dice, hall: &Hall) -> Option<(Me, Act)> {
    let who = handler(cast, state, hall)?;
    if state.assignee.is_none() {
        return Some((cast.leader.clone(), Act::plain(Command::Assign { staff: who.staff })));
    }
    if state.instruction_open && state.all_found() {
        return Some((who, Act::with_text(Command::AnswerInstruction, "已按批示办理，情况另行报告。")));
    }
    if life.fate == Fate::ComesBack && state.dispatches == 1 {
        let text = "材料缺少合同复印件，请信访室补充后再转。";
        return Some((who, Act::with_text(Command::Return { ground: ReturnGround::Incomplete }, text)));
    }
    if state.unchecked_evidence > 0 {
        let text = "收条已核对，与账目一致，不改变原认定。";
        return Some((who, Act::with_text(Command::CheckEvidence, text)));
    }
    if state.contacts == 0 && state.code_alive {
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
        Edition::Jw => {
            "您反映的问题已经办理。经核查，部分情况属实，已按规定处理。如有新的证据，可凭码补充；如有异议，请在本页说明。"
        }
        Edition::Xf => "经调查核实，责任单位已制定整改措施，预计三十日内完成，完成情况将在现场公示。",
    };
    if cast.edition == Edition::Xf && state.kind == Some(Kind::Petition) {
        let disposition = [Disposition::Supported, Disposition::PartlySupported, Disposition::Explained]
            [dice.weighted(&[45, 35, 20])];
        let basis = "《信访工作条例》第三十一条第六项\n《信访工作条例》第三十二条";
        return Some((who, Act::reply(text, disposition, basis)));
    }
    Some((who, Act::with_text(Command::DraftAnswer, text)))
}
