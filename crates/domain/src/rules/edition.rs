//! `rules/editions/{jw,xf}.toml`: what one body of law calls things, allows and demands. It only
//! holds and checks the data; `report::decide` asks it.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{ClockRule, RulesError};
use crate::words::{
    Art13Duty, AssignGround, Channel, DispatchWay, Disposal, Edition, Ground, Kind, Lang, ReturnGround, Role,
    TellingWay,
};

/// One edition.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EditionRules {
    /// Which.
    pub id: Edition,
    /// 名称
    pub zh: String,
    /// Name in English.
    pub en: String,
    /// The regulation's full title.
    pub law: String,
    /// What the reporter is told in the end.
    pub answer: AnswerForm,
    /// Roles that may approve the answer; never the one who drafted it.
    pub answer_approvers: Vec<Role>,
    /// Ways in which the answer may be given.
    pub answer_ways: Vec<TellingWay>,
    /// Papers the edition never issues, by their id in `rules/papers`.
    #[serde(default)]
    pub never_papers: Vec<String>,
    /// Ways of dispatch the edition has.
    pub ways: Vec<DispatchWay>,
    /// Dispatch of this way only after a 批示 by one of these roles.
    #[serde(default)]
    pub instruct_first: BTreeMap<DispatchWay, Vec<Role>>,
    /// Reasons the edition knows for 交办.
    pub assign_grounds: Vec<AssignGround>,
    /// Dispatch of these ways only once the name of a signed report was looked into (实名核实); that she
    /// could not be reached is an answer too.
    #[serde(default)]
    pub name_first: Vec<DispatchWay>,
    /// 处置方式 the edition has; none in xf.
    #[serde(default)]
    pub disposals: Vec<Disposal>,
    /// The duty of one who does not accept, by channel.
    pub duty: BTreeMap<Channel, Art13Duty>,
    /// How often the reporter may object; absent: as often as she has reason.
    #[serde(default)]
    pub objections: Option<u16>,
    /// The clock of `Basis::Window` inside which she may object; absent: no limit.
    #[serde(default)]
    pub objection_window: Option<String>,
    /// Who answers an objection, where nobody may who had a part in the answer (复查, 复核); empty:
    /// whoever answers for the report.
    #[serde(default)]
    pub review_by: Vec<Role>,
    /// 类别.
    pub kind: Vec<KindRule>,
    /// Grounds of not accepting.
    pub ground: Vec<GroundRule>,
    /// Conditions of returning a dispatched report.
    #[serde(rename = "return")]
    pub returns: Vec<ReturnRule>,
}

/// What the reporter is told in the end (glossary: Feedback / Reply).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerForm {
    /// 反馈: told and recorded (规则 Art 27); never a 处理意见书.
    Feedback,
    /// 答复: a 信访处理意见书 (条例 Art 32).
    Reply,
}

/// One 类别 of an edition.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KindRule {
    /// Which.
    pub id: Kind,
    /// 名称
    pub zh: String,
    /// Name in English.
    pub en: String,
    /// Whether such a report can be accepted, or only be refused.
    pub scope: KindScope,
    /// Whether every allegation needs a finding before closing.
    pub finding: FindingNeed,
    /// Whether the reporter is told of acceptance.
    pub notice: AnswerNeed,
    /// Whether she is told the result before closing.
    pub answer: AnswerNeed,
    /// Whether it may be transferred both ways, to the competent department and a watcher (M34).
    pub two_way: TwoWayRule,
    /// Whether she may rate the handling.
    pub rating: RatingRule,
}

/// Whether a 类别 is business of the edition's organs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KindScope {
    /// It can be accepted; it can also be refused.
    Inside,
    /// It can only be refused.
    Outside,
}

/// Whether findings are needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingNeed {
    /// One for each allegation.
    Each,
    /// None.
    None,
}

/// Who must be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerNeed {
    /// Everybody; an anonymous reporter through her code.
    Always,
    /// Only who signed.
    Signed,
    /// Nobody need be.
    Optional,
    /// Another organ tells her under its own rules, never this one.
    Elsewhere,
}

/// Whether a 类别 may be transferred both ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TwoWayRule {
    /// It may.
    Allowed,
    /// It would reach those it is about (规则 Art 47; 条例 Art 30).
    Never,
}

/// Whether the handling may be rated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RatingRule {
    /// Once, after the result.
    AfterResult,
    /// Never.
    Never,
}

/// One ground of not accepting.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroundRule {
    /// Which.
    pub id: Ground,
    /// In words.
    pub zh: String,
    /// In English.
    pub en: String,
    /// Article.
    pub article: String,
    /// The kinds it can be said of.
    pub kinds: Vec<Kind>,
    /// What must then be done.
    pub duty: DutyRule,
    /// The roles of which a second person must confirm (M30); empty: one person decides.
    #[serde(default)]
    pub confirmers: Vec<Role>,
}

/// What must be done about a report that is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DutyRule {
    /// As the edition's `duty` says for the channel.
    ByChannel,
    /// Tell her in writing, whatever the channel.
    Tell,
    /// Keep a record.
    KeepRecord,
}

/// Conditions of returning on one ground.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReturnRule {
    /// Which ground.
    pub ground: ReturnGround,
    /// The roles that may do it; empty: whoever holds it.
    #[serde(default)]
    pub approvers: Vec<Role>,
    /// The clock of `Basis::Window` inside which it must be done.
    #[serde(default)]
    pub window: Option<String>,
    /// Article.
    pub article: String,
}

impl EditionRules {
    /// The rule of a 类别, if the edition has it.
    pub fn kind(&self, kind: Kind) -> Option<&KindRule> {
        self.kind.iter().find(|rule| rule.id == kind)
    }

    /// The rule of a ground, if the edition has it.
    pub fn ground(&self, ground: Ground) -> Option<&GroundRule> {
        self.ground.iter().find(|rule| rule.id == ground)
    }

    /// The duty that follows from refusing on this ground a report that came this way (Art 13).
    pub fn duty_of(&self, ground: &GroundRule, channel: Channel) -> Art13Duty {
        match ground.duty {
            DutyRule::ByChannel => self.duty.get(&channel).copied().unwrap_or(Art13Duty::Tell),
            DutyRule::Tell => Art13Duty::Tell,
            DutyRule::KeepRecord => Art13Duty::KeepRecord,
        }
    }

    /// Its name.
    pub fn name(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

/// Checks one edition against its clocks.
pub(super) fn read(
    path: &str,
    edition: Edition,
    rules: EditionRules,
    clocks: &[ClockRule],
) -> Result<EditionRules, RulesError> {
    let fail = |problem: String| Err(RulesError::new(path, problem));
    if rules.id != edition {
        return fail(format!("key `id` says {}; this file is for {edition}", rules.id));
    }
    if let Some(channel) = Channel::ALL.iter().find(|channel| !rules.duty.contains_key(channel)) {
        return fail(format!("table `duty` lacks the channel `{channel}`"));
    }
    if rules.answer_approvers.is_empty() || rules.answer_ways.is_empty() || rules.kind.is_empty() {
        return fail("keys `answer_approvers`, `answer_ways` and `kind` must not be empty".to_owned());
    }
    for ground in &rules.ground {
        if let Some(kind) = ground.kinds.iter().find(|kind| rules.kind(**kind).is_none()) {
            return fail(format!("ground `{}`, key `kinds`: this edition has no kind `{kind}`", ground.id));
        }
    }
    let windows = rules.returns.iter().filter_map(|rule| rule.window.as_ref()).chain(&rules.objection_window);
    for window in windows {
        if !clocks.iter().any(|clock| clock.id == *window && clock.basis == crate::words::Basis::Window) {
            return fail(format!("`{window}` is no clock with basis = \"window\" in clocks/{edition}.toml"));
        }
    }
    Ok(rules)
}
