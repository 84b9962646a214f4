//! Why a command is refused: a stable name and one sentence in each language that says what the
//! law asks and what to do next. Every refusal of the domain stands in this file.

use std::borrow::Cow;
use std::fmt;

use jiff::civil::Date;
use serde::Serialize;

use super::evolve::HistoryError;
use super::state::Report;
use crate::calendar::day_in_words;
use crate::words::{Edition, Lang, Role, Stage};

/// A refusal in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// Stable name, `snake_case`.
    pub id: &'static str,
    /// The sentence in Chinese.
    pub zh: Cow<'static, str>,
    /// The sentence in English.
    pub en: Cow<'static, str>,
}

impl Refusal {
    /// The sentence.
    pub fn text(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.en)
    }
}
impl std::error::Error for Refusal {}

/// Declares refusals: the function's name is the stable name.
macro_rules! refusals {
    ($($name:ident: $zh:literal, $en:literal;)+) => {
        $(pub(super) fn $name() -> Refusal {
            Refusal { id: stringify!($name), zh: Cow::Borrowed($zh), en: Cow::Borrowed($en) }
        })+

        /// Every refusal without particulars, for the tests of their wording.
        #[cfg(test)]
        pub(super) fn all() -> Vec<Refusal> {
            vec![$($name(),)+]
        }
    };
}

refusals! {
    not_registered: "这件还没有登记；请先登记，再办理。",
        "This report is not registered yet; register it first.";
    already_registered: "这件已经登记过；请在原件上继续办理。",
        "This report is already registered; go on with the one that exists.";
    clock_behind: "办理日期早于本件上一次办理的日期；请核对服务器时钟后再试。",
        "Today is before the day of the last act on this report; check the machine's clock, then try again.";
    other_edition: "本件按另一版本的规则登记，不能按现在的版本办理；请联系系统管理员核对机关设置。",
        "The report was registered under the other edition; ask the administrator to check the organ's settings.";
    not_for_reporter: "这一步由工作人员办理；您可以留言、补充材料，或者在收到结果后提出异议。",
        "This step is for the staff; you can write a message, add evidence, or object once you have the result.";
    only_reporter: "这一步只能由举报人（信访人）本人凭查询码办理，工作人员不得代办。",
        "Only the reporter may do this, with her query code; the staff may not do it for her.";
    only_system: "研判建议由系统提出；请用“受理”或“不予受理”记录人的决定。",
        "Suggestions come from the program; record a person's decision with Accept or Not accept.";
    only_staff: "这一步要由工作人员本人办理，系统不得代为决定；请登录后操作。",
        "A person must do this; the program may not decide it. Please sign in and do it yourself.";
    closed: "本件已办结；如有新证据、异议成立或者误结，请由室主任或者领导先“重开”并写明原因。",
        "The report is closed; a head or leader reopens it first and gives the cause: new evidence, an objection upheld, or a mistake.";
    not_closed: "本件尚未办结，无需重开；请直接办理。",
        "The report is not closed; go on with it as it is.";
    received_in_future: "收到日期不能晚于今天；请按信封、来访登记或者来文核对后填写实际收到的日期。",
        "The day of receipt cannot be after today; write the day on which it really arrived.";
    superior_due_needs_assignment: "只有上级交办件才填上报时限；请核对来源，或者清空上报时限。",
        "Only a report assigned by a superior has a date to report back by; correct the source or clear the date.";
    superior_due_before_receipt: "上报时限早于收到日期；请核对来文后重填。",
        "The date to report back by is before the day of receipt; compare with the letter and write it again.";
    verified_by_herself: "实名核实由工作人员进行（规则第二十四条）；登记时请选“实名待核”或者“匿名”。",
        "A name is verified by the staff (规则 Art 24); register it as signed, to be verified, or anonymous.";
    source_not_own: "本人提交的件来源为“本级自收”；上级转送等件请由工作人员登记。",
        "What a reporter files herself is received by this organ; transferred items are registered by the staff.";
    not_to_be_signed_for: "本件不在待签收环节，无需签收；请直接研判。",
        "Nothing waits to be signed for here; go on to judge it.";
    sign_first: "转来的件要先签收再办理（规则第十六条）；请先点“签收”。",
        "A transferred item is signed for before anything else (规则 Art 16); sign for it first.";
    nothing_to_check: "没有待核查的新证据。",
        "There is no new evidence waiting to be checked.";
    nothing_corrected: "没有改动任何一项；请修改后再保存。",
        "Nothing was changed; make a change, then save.";
    recusal_basis: "人工登记回避要写明理由；正文和名册引起的回避由程序登记。",
        "Somebody is kept away by hand, with a reason; what text and directory show, the program records.";
    already_recused: "所选人员已经回避本件，无需重复登记。",
        "They are kept away from this report already.";
    correct_by_verifying: "“实名已核”和“冒名”要通过“实名核实”得出，不能直接改；请使用实名核实。",
        "Verified and false names come only from verifying; use Verify name.";
    fewer_than_found: "问题条目数不能少于已认定的条目；请保留已认定的问题。",
        "There cannot be fewer allegations than already have findings; keep those.";
    nothing_to_verify: "本件不是“实名待核”，无需核实（规则第二十四、三十条）。",
        "The name does not wait for verification (规则 Art 24, 30).";
    verify_result: "核实结果只能是“实名已核”“冒名”或者“仍待核（联系不上）”；匿名请用“校正”。",
        "Verifying ends with verified, false name, or still pending; use Correct for anonymous.";
    kind_not_in_edition: "本机关适用的规则没有这一类别；请从列表中另选。",
        "This organ's rules do not have that kind; choose another from the list.";
    kind_only_refused: "“业务范围外”和“无实质内容”不能受理；请改类别，或者办理不予受理（规则第十三条）。",
        "What is out of scope or has no substance cannot be accepted; change the kind, or do not accept it (规则 Art 13).";
    ground_not_in_edition: "本机关适用的规则没有这一不予受理情形；请从列表中另选。",
        "This organ's rules do not have that ground; choose another from the list.";
    ground_does_not_fit: "这一不予受理情形与所选类别不符；请改选类别或者情形。",
        "That ground does not fit the kind; change one of them.";
    waiting_for_instruction: "本件正在等领导批示；批示之后再办理这一步。",
        "It waits for a leader's instruction; do this once the instruction has come.";
    scope_decided_and_gone: "本件已分办，受理决定不再变更；如不属本单位，请先退回。",
        "It has been dispatched and its scope stands; if it is not yours, return it first.";
    scope_duty_done: "不予受理的转送或告知已经完成；如决定有误，请办结后以“误结”重开。",
        "The duty that goes with not accepting is done; if the decision was wrong, close it and reopen it as a mistake.";
    already_accepted: "本件已按这一类别受理。",
        "It is already accepted as this kind.";
    acceptance_was_told: "已经告知举报人受理，不能再改为不予受理；请继续办理，或者移送有权机关。",
        "The reporter was told it is accepted; go on with it, or move it to the competent organ.";
    no_substance_waiting: "已有人提出“无实质内容”，正等第二人确认。",
        "Somebody has already proposed no substance; a second person must confirm.";
    no_substance_not_proposed: "没有待确认的“无实质内容”建议。",
        "No proposal of no substance waits to be confirmed.";
    second_person: "“无实质内容”须由另一人确认，提出人不能自己确认；请交室主任或者分管领导。",
        "No substance needs a second person: who proposed it cannot confirm it; ask the head or leader.";
    second_person_role: "“无实质内容”由室主任或者分管领导确认；请呈其确认。",
        "No substance is confirmed by the head or a leader; take it to one of them.";
    no_duty_owed: "本件没有待履行的转送或告知义务。",
        "Nothing is left to forward or to tell.";
    simple_only_first_petition: "简易办理只适用于初次、事实清楚的申诉求决件；本件按普通程序办理。",
        "The simple procedure is for first-time petitions with clear facts; this one takes the ordinary way.";
    simple_already: "本件已适用简易办理。",
        "It already takes the simple procedure.";
    not_accepted_yet: "本件尚未受理，不能告知受理；请先作出受理决定。",
        "It is not accepted yet; decide that first.";
    repeat_not_told: "重复件不再告知受理（规则第二十六条）；如有新事实，请先“转为初次件”。",
        "A repeat is not told again (规则 Art 26); if it brings new facts, promote it first.";
    no_one_to_tell: "匿名件没有告知对象；举报人凭查询码可以看到进展。",
        "Nobody can be told about an anonymous report; she sees its course with her code.";
    already_told: "受理告知已经完成。",
        "She was already told that it is accepted.";
    present_to_whom: "呈批对象只能是室主任、分管领导或者主要领导；请重选。",
        "A report is presented to the head, the leader in charge or the chief; choose one of them.";
    present_to_self: "不能呈批给自己的岗位；请呈上一级。",
        "It cannot be presented to your own post; present it to the next one up.";
    present_not_now: "这一环节不能呈批；请先作出受理决定（紧急件可以先呈批）。",
        "It cannot be presented at this stage; decide its scope first (urgent ones may be presented at once).";
    already_presented: "本件已呈批，正在等批示；请等批示后再办。",
        "It is already presented and waits for the instruction; go on once it has come.";
    present_before_dispatch: "本件已分办，不再呈批；要请领导另作批示的，请先退回再呈批。",
        "It was dispatched and is no longer presented; for another instruction have it returned first.";
    present_not_refused: "本件不予受理，没有要呈批的分办；请完成告知或者转送后办结。",
        "It was not accepted, so there is no dispatch to present; tell or forward, then close it.";
    not_presented: "本件没有呈批，不能批示；请先呈批。",
        "It was not presented; present it first.";
    due_before_today: "时限不能早于今天；请重新选择日期。",
        "The date cannot be before today; choose another.";
    nothing_to_answer: "没有待反馈的批示。",
        "No instruction waits to be answered.";
    already_linked: "本件已挂接；如要改挂，请先解除原挂接。",
        "It is already linked; take that link back first.";
    link_to_a_repeat: "所选的一件本身是重复件，不能作主件。请挂接到它的主件，或者先把它转为初次件。",
        "The report chosen is a repeat itself and cannot be the first one; link to the one it repeats, or treat it as first-time before.";
    link_has_repeats: "已有其他件以本件为主件，本件不能再作重复件。请反过来把另一件挂接到本件；确需如此的，先把挂接到本件的各件改挂到另一件。",
        "Others are linked to this report, so it cannot become a repeat itself; link the other one to it instead, or first link those others to the other one.";
    not_linked: "本件没有挂接。",
        "It is not linked.";
    already_promoted: "本件已转为初次件。",
        "It is already treated as first-time.";
    split_into_nothing: "请至少写明一件拆出的新件，且不得重复。",
        "Name at least one new report, each only once.";
    split_not_now: "已分办的件不能拆分；请先退回，再拆分。",
        "A dispatched report cannot be split; return it first.";
    way_not_in_edition: "本机关适用的规则没有这一分办方式；请从列表中另选。",
        "This organ's rules do not have that way of dispatch; choose another.";
    decide_scope_first: "分办前要先作出受理决定；请先“受理”（径送件除外）。",
        "Decide its scope before dispatching it; accept it first (except 径送).";
    refused_not_dispatched: "不予受理的件不分办；请转送或者告知，或者双向移交（规则第十三条）。",
        "What is not accepted is not dispatched; forward or tell as Art 13 says, or transfer it both ways.";
    already_dispatched: "本件已分办；如要改派，请先退回。",
        "It is already dispatched; have it returned first.";
    name_first: "本件有署名，还没有核实。请先办理“实名核实”；联系不上的，核实结果选“实名待核”，登记后即可分办（规则第二十四条）。",
        "It is signed and nobody has looked into the name yet. Verify the name first; if she cannot be reached, record the result as still to be verified, and it can be dispatched (规则 Art 24).";
    already_there: "本件就在这个单位；请选择其他承办单位。",
        "It already lies with that office; choose another.";
    accusation_not_two_way: "检举控告、申诉不得双向移交给业务主管部门，以免材料到达被反映单位（规则第四十七条、条例第三十条）；请移送或者转送。",
        "Accusations and appeals are never transferred both ways, lest they reach those they are about (规则 Art 47; 条例 Art 30); move or forward it.";
    watcher_needed: "双向移交要写明跟踪的室或派驻机构；请选择。",
        "A two-way transfer names the office that follows it; choose one.";
    assign_ground_needed: "交办要写明理由（规则第二十条、条例第二十二条）；请从列出的情形中选择。",
        "Assigning needs a reason (规则 Art 20; 条例 Art 22); choose one of those listed.";
    assign_due_too_late: "交办时限不能晚于法定期限，也不能是今天；请改为更早的日期。",
        "The date set must be after today and not after the law's; choose an earlier one.";
    not_two_way: "本件不是双向移交件。",
        "It was not transferred both ways.";
    two_way_already_answered: "主管部门已经答复。",
        "The department has already answered.";
    not_in_handling: "本件还没有分办；请先分办，由承办部门办理这一步。",
        "It is not dispatched yet; dispatch it first, and the office that handles it does this.";
    not_accepted_not_handled: "本件还没有作出受理决定；请先“受理”，再分办。",
        "Its scope is not decided; accept it first, then dispatch it.";
    refused_not_handled: "本件不予受理，没有承办环节；请完成告知或者转送后办结。",
        "It was not accepted, so nobody handles it; tell or forward, then close it.";
    answer_in_approval: "反馈（答复）正在审核，这一步暂不能办；需要修改的，请审核人退回后再办。",
        "Its answer waits for approval; whoever approves it can send it back if this still has to be done.";
    answer_to_be_delivered: "反馈（答复）已经审核通过，请先送达；需要更正的，办结后重开。",
        "Its answer is approved; deliver it first. To correct it, close and reopen the report.";
    sealed_not_returned: "径送件不退回（规则第十五条）；请由收件机关处理。",
        "What was sent up under seal does not come back (规则 Art 15); the receiving organ deals with it.";
    found_not_returned: "已有认定，不能退回；请继续办理。",
        "Findings stand already; it cannot be returned, go on with it.";
    return_window_over: "已超过提出管辖异议的期限（五个工作日，条例第二十三条）；请继续办理，或者商请转送机关。",
        "The five working days for saying it is not yours are over (条例 Art 23); go on with it, or ask the organ that sent it.";
    not_held_here: "承办单位有自己的登记，承办人由其指定。",
        "Its holder keeps a register of its own and names the handler there.";
    already_assigned: "承办人就是此人。",
        "This is already the handler.";
    not_the_handler: "本件由其他承办人办理（首办责任，谁承办谁答复）；请由承办人办理，或者先改派承办人。",
        "Another handler has it (who handles answers for it); let that person do it, or name a new handler first.";
    clock_not_running: "这一时限没有在计时，不能延期。",
        "This clock does not run; there is nothing to extend.";
    clock_not_extendable: "这一时限不得延期；请按期办理，或者请示上级。",
        "The law lets nobody extend this clock; keep it, or ask the superior.";
    extended_enough: "已延期到规定的次数；需要再延的，请报上级批准。",
        "It was extended as often as the rules allow; ask the superior for more.";
    extend_overdue: "已经超期，不能再延期；请说明原因并尽快办结。",
        "It is overdue and can no longer be extended; give the reason and finish it soon.";
    extend_not_later: "新的期限要晚于现在的期限；请重选日期。",
        "The new date must be after the present one; choose another.";
    contact_code_gone: "举报人已销毁查询码，不能码上联系；请改用其他方式。",
        "The reporter destroyed her code; contact her another way.";
    no_disposal_here: "本机关适用的规则没有处置方式，或者没有这一种；请直接记录认定。",
        "This organ's rules do not have this disposal; record the findings instead.";
    disposal_only_accusation: "处置方式只用于已受理的检举控告（规则第十七条）。",
        "Disposals are for accepted accusations (规则 Art 17).";
    no_finding_for_kind: "这一类别不作属实认定；请直接办理答复或者办结。",
        "This kind takes no finding; answer it or close it.";
    no_such_allegation: "没有这一问题条目；请核对条目序号。",
        "There is no such allegation; check its number.";
    findings_missing: "还有问题条目没有认定；请逐条认定后再拟反馈（答复）。",
        "Some allegations have no finding yet; record one for each, then draft the answer.";
    answered_elsewhere: "检举控告由有权机关按其规定反馈，本机关不作处理意见书（条例第二十三、三十条）；请转送后办结。",
        "Accusations are answered by the competent organ under its own rules, not by this one (条例 Art 23, 30); forward it, then close.";
    check_evidence_first: "认定之后又收到新证据，必须先核查（规则第二十七条）；请核查后再继续。",
        "New evidence came after the finding and must be checked first (规则 Art 27).";
    nothing_drafted: "没有待审核的反馈（答复）；请先拟稿。",
        "No answer waits for approval; draft it first.";
    own_draft: "拟稿人不能审核自己的稿子；请由另一位负责人审核。",
        "Who drafted an answer never approves it; another person in charge must.";
    approver_role: "反馈（答复）由室主任或者领导审核；请呈其审核。",
        "Answers are approved by the head or a leader; take it to one of them.";
    answer_not_approved: "反馈（答复）还没有审核通过；请先呈审。",
        "The answer is not approved yet; have it approved first.";
    already_answered: "已经反馈（答复）过；如需更正，请办结后重开。",
        "It was already answered; to correct it, close and reopen the report.";
    telling_way: "本机关适用的规则不允许用这种方式答复（条例第三十二条要求书面）；请改选。",
        "This organ's rules do not allow that way (条例 Art 32 wants it in writing); choose another.";
    anonymous_by_code: "匿名件只能凭查询码在系统内反馈；请选“系统”。",
        "An anonymous reporter can only be answered under her code; choose system.";
    code_gone: "举报人已销毁查询码，系统内无法送达；请改用其他方式。",
        "The reporter destroyed her code, so nothing reaches her here; choose another way.";
    nothing_to_object_to: "还没有反馈（答复），无从提出异议；您可以补充材料或者留言。",
        "There is no answer yet to object to; you can add evidence or write a message.";
    objection_open: "您的异议正在处理，答复后可以再提。",
        "Your objection is being dealt with; you can object again once it is answered.";
    objections_used_up: "本件已经复查、复核，信访程序已终结（条例第三十六条）；如有新的事实和理由，可以重新提出。",
        "It went through review and final review and is ended (条例 Art 36); with new facts and reasons you can file anew.";
    objection_window_over: "已超过请求复查（复核）的期限（三十日，条例第三十五、三十六条）；如有新的事实和理由，可以重新提出。",
        "The thirty days for asking for a review are over (条例 Art 35, 36); with new facts and reasons you can file anew.";
    no_open_objection: "没有待说明的异议。",
        "No objection waits to be explained.";
    no_review_in_edition: "纪检监察机关没有复查、复核程序；请就异议作出说明。",
        "A discipline organ has no review; explain the objection.";
    reviewer_role: "复查、复核请求在本机关由负责同志重新审看；请报科室负责人或者局领导。",
        "Within the organ a review is done by a person in charge; take it to the head of the office or a leader.";
    reviewer_is_party: "经办、认定、拟写、审核过原处理意见或者已经审看过的人员不再审看；请由其他负责同志办理；本机关没有其他负责同志的，选“告知向上一级机关请求复查、复核”。",
        "Whoever handled, found, drafted, approved or reviewed the answer does not review it; another person in charge does; where there is none, choose to send her to the superior organ.";
    rate_once: "本件已经评价过，评价只有一次。",
        "It was already rated; a rating is given once.";
    rate_after_result: "评价在收到结果之后进行；请先查看反馈（答复）。",
        "Rating comes after the result; read the answer first.";
    not_rated: "这类件不开放评价（检举控告件不参加满意度评价）。",
        "This kind of report is not open to rating.";
    paper_without_name: "请写明文书种类。",
        "Name the paper.";
    paper_not_in_edition: "纪检监察机关只作反馈，不出具处理意见书；请改用反馈情况记录表。",
        "A discipline organ gives feedback, never a 处理意见书; use the feedback record.";
    platform_number_form: "平台编号应为1至40个字；请核对后重填。",
        "The platform's number has 1 to 40 characters; check it and write it again.";
    sealed_not_in_platform: "径送件不得录入平台（规则第十五条）。",
        "What is sent up under seal is never entered in the platform (规则 Art 15).";
    close_instruction_waiting: "正在等领导批示，不能办结；请等批示后办理。",
        "It waits for a leader's instruction; close it after that.";
    close_approval_waiting: "反馈（答复）正在审核，不能办结；请审核送达后再办结。",
        "Its answer waits for approval; close it once the answer is delivered.";
    close_objection_open: "还有异议没有说明（规则第二十七条）；请先说明异议。",
        "An objection is not explained yet (规则 Art 27); explain it first.";
    close_evidence_unchecked: "认定后收到的新证据还没有核查（规则第二十七条）；请先核查。",
        "New evidence after the finding is not checked yet (规则 Art 27); check it first.";
    close_instruction_unanswered: "批示要求报告结果，还没有反馈；请先向批示领导报告。",
        "The leader asked for the result and has not been told; report back first.";
    close_scope_undecided: "还没有作出受理决定，不能办结；请先受理或者不予受理。",
        "Its scope is not decided; accept it or decide not to.";
    close_duty_owed: "不予受理后的转送或告知还没有完成（规则第十三条）；请先完成。",
        "The forwarding or telling that Art 13 asks for is not done; do it first.";
    close_not_dispatched: "已受理但没有分办，不能办结；请先分办。",
        "It was accepted and not dispatched; dispatch it first.";
    close_two_way_unanswered: "主管部门还没有答复双向移交；请等答复后办结。",
        "The department has not answered the two-way transfer; close it after that.";
    close_findings_missing: "还有问题条目没有认定，不能办结；请逐条认定。",
        "Some allegations have no finding; record one for each first.";
    close_not_told: "实名举报人还没有收到受理告知（规则第二十六条、条例第二十三条）；请先告知。",
        "The signed reporter was not told of acceptance (规则 Art 26; 条例 Art 23); tell her first.";
    close_not_answered: "还没有向举报人（信访人）反馈或者答复结果（规则第二十七条、条例第三十二条）；请先反馈（答复）。",
        "The reporter was not told the result (规则 Art 27; 条例 Art 32); tell her first.";
    no_objection_made: "没有人提出过异议，不能以“异议成立”重开；请改选原因。",
        "Nobody objected, so no objection can be upheld; choose another cause.";
}

impl Refusal {
    /// As it is said in one edition: articles of the law the organ does not work by are left out
    /// (规则 is jw's, 条例 xf's).
    pub(super) fn in_edition(self, edition: Edition) -> Self {
        let cite = |text: Cow<'static, str>| match cited(&text, edition) {
            Some(cited) => Cow::Owned(cited),
            None => text,
        };
        Self { id: self.id, zh: cite(self.zh), en: cite(self.en) }
    }
}

/// The text without what its brackets cite of the other edition's law; `None` where nothing is cited.
fn cited(text: &str, edition: Edition) -> Option<String> {
    const LAWS: [(&str, Edition); 2] = [("规则", Edition::Jw), ("条例", Edition::Xf)];
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut changed = false;
    while let Some(open) = rest.find(['（', '(']) {
        let Some(close) = rest[open..].find(['）', ')']).map(|at| open + at) else { break };
        let mark = rest[open..].chars().next().map_or(1, char::len_utf8);
        let end = close + rest[close..].chars().next().map_or(1, char::len_utf8);
        let inside = &rest[open + mark..close];
        let mut cuts: Vec<(usize, Edition)> =
            LAWS.iter().flat_map(|(law, of)| inside.match_indices(law).map(|(at, _)| (at, *of))).collect();
        cuts.sort_unstable_by_key(|(at, _)| *at);
        out.push_str(&rest[..open]);
        if cuts.iter().all(|(_, of)| *of == edition) {
            out.push_str(&rest[open..end]);
        } else {
            changed = true;
            let ends = cuts.iter().skip(1).map(|(at, _)| *at).chain([inside.len()]);
            let kept =
                cuts.iter().zip(ends).filter(|((_, of), _)| *of == edition).map(|((at, _), to)| &inside[*at..to]);
            let kept: String = std::iter::once(&inside[..cuts[0].0]).chain(kept).collect();
            let kept = kept.trim_matches(['、', '，', '；', ';', ',', ' ']);
            if kept.is_empty() {
                // The space before an English bracket goes with it.
                out.truncate(out.trim_end().len());
            } else {
                out.push_str(&rest[open..open + mark]);
                out.push_str(kept);
                out.push_str(&rest[close..end]);
            }
        }
        rest = &rest[end..];
    }
    out.push_str(rest);
    changed.then_some(out)
}

/// Why a step of handling cannot be done now, by where the report stands.
pub(super) fn not_handled(report: &Report) -> Refusal {
    match (report.stage, report.accepted()) {
        (Stage::AwaitingApproval, _) => answer_in_approval(),
        (_, Some(false)) => refused_not_handled(),
        (Stage::AwaitingFeedback, _) => answer_to_be_delivered(),
        (Stage::AwaitingInstruction, _) => waiting_for_instruction(),
        (_, None) => not_accepted_not_handled(),
        (_, Some(true)) => not_in_handling(),
    }
}

/// Why it cannot be presented now, by where the report stands.
pub(super) fn not_presentable(report: &Report) -> Refusal {
    match (report.stage, report.accepted()) {
        (Stage::AwaitingSigning, _) => sign_first(),
        _ if report.dispatched.is_some() => present_before_dispatch(),
        (_, Some(false)) => present_not_refused(),
        _ => present_not_now(),
    }
}

/// Only the role it was presented to instructs (M101).
pub(super) fn not_presented_to_you(to: Role) -> Refusal {
    let (zh, en) = role_words(to);
    Refusal {
        id: "not_presented_to_you",
        zh: format!("本件呈给{zh}批示；请由{zh}批示，或者退回后重新呈批。").into(),
        en: format!("It was presented to {en}; only {en} instructs on it.").into(),
    }
}

/// This way of dispatch needs a 批示 of one of these roles first.
pub(super) fn instruct_first(roles: &[Role]) -> Refusal {
    Refusal {
        id: "instruct_first",
        zh: format!("这一分办方式须先经{}批准（规则第二十条）；请先呈批。", roles_zh(roles)).into(),
        en: format!(
            "This way of dispatch must first be approved by {} (规则 Art 20); present it first.",
            roles_en(roles)
        )
        .into(),
    }
}

/// Returning on this ground needs one of these roles.
pub(super) fn return_approver(roles: &[Role], article: &str) -> Refusal {
    Refusal {
        id: "return_approver",
        zh: format!("以此理由退回须经{}批准({article});请由其办理退回。", roles_zh(roles)).into(),
        en: format!(
            "Returning it on this ground is approved by {} ({article}); ask one of them to do it.",
            roles_en(roles)
        )
        .into(),
    }
}

/// Extending this clock needs one of these roles.
pub(super) fn extend_approver(roles: &[Role], source: &str) -> Refusal {
    Refusal {
        id: "extend_approver",
        zh: format!("延期须经{}批准({source});请由其办理延期。", roles_zh(roles)).into(),
        en: format!("An extension is approved by {} ({source}); ask one of them to do it.", roles_en(roles)).into(),
    }
}

/// The new date goes beyond what the law allows.
pub(super) fn extend_too_far(latest: Date, source: &str) -> Refusal {
    Refusal {
        id: "extend_too_far",
        zh: format!("最多延期到{}({source});请改为不晚于这一天。", day_in_words(latest, Lang::Zh)).into(),
        en: format!(
            "It can be extended to {} at most ({source}); choose that day or an earlier one.",
            day_in_words(latest, Lang::En)
        )
        .into(),
    }
}

/// The stored history cannot be right.
pub(super) fn broken_history(error: &HistoryError) -> Refusal {
    Refusal {
        id: "broken_history",
        zh: "本件的登记历史有误，不能继续办理；请运行 dengwen fsck 并联系系统管理员。".into(),
        en: format!("The history of this report is broken ({error}); run dengwen fsck and tell the administrator.")
            .into(),
    }
}

fn role_words(role: Role) -> (&'static str, &'static str) {
    match role {
        Role::Clerk => ("信访室经办人", "the clerk"),
        Role::Head => ("室主任", "the head"),
        Role::Leader => ("分管领导", "the leader in charge"),
        Role::Chief => ("主要领导", "the chief"),
        Role::Handler => ("承办人", "the handler"),
        Role::Supervisor => ("案管（督办）人员", "the supervisor"),
        Role::Analyst => ("分析员", "the analyst"),
        Role::Custodian => ("身份密封保管人", "the custodian"),
        Role::Approver => ("身份启封审批人", "the approver"),
        Role::Auditor => ("审计员", "the auditor"),
        Role::Admin => ("系统管理员", "the administrator"),
        Role::Security => ("安全保密员", "the security officer"),
    }
}

fn roles_zh(roles: &[Role]) -> String {
    roles.iter().map(|role| role_words(*role).0).collect::<Vec<_>>().join("或者")
}

fn roles_en(roles: &[Role]) -> String {
    roles.iter().map(|role| role_words(*role).1).collect::<Vec<_>>().join(" or ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edition_cites_its_own_law() {
        let told = close_not_told();
        assert_eq!(
            told.clone().in_edition(Edition::Jw).zh,
            "实名举报人还没有收到受理告知（规则第二十六条）；请先告知。"
        );
        let xf = told.in_edition(Edition::Xf);
        assert_eq!(xf.zh, "实名举报人还没有收到受理告知（条例第二十三条）；请先告知。");
        assert_eq!(xf.en, "The signed reporter was not told of acceptance (条例 Art 23); tell her first.");
        let checked = check_evidence_first();
        assert_eq!(checked.clone().in_edition(Edition::Jw), checked);
        let xf = checked.in_edition(Edition::Xf);
        assert!(!xf.zh.contains("规则") && !xf.zh.contains("（）") && !xf.en.contains(" ("), "{xf:?}");
        let window = objection_window_over().in_edition(Edition::Jw);
        assert!(window.zh.contains("（三十日）"), "{}", window.zh);
        let plain = already_registered();
        assert_eq!(plain.clone().in_edition(Edition::Xf), plain);
    }

    #[test]
    fn every_refusal_speaks_both_languages_in_full_sentences() {
        let mut all = all();
        all.extend([
            not_presented_to_you(Role::Leader),
            instruct_first(&[Role::Leader, Role::Chief]),
            return_approver(&[Role::Leader], "第十七条"),
            extend_approver(&[Role::Chief], "第二十一条"),
            extend_too_far(jiff::civil::date(2026, 2, 25), "第二十一条"),
        ]);
        let mut ids = std::collections::BTreeSet::new();
        for refusal in all {
            assert!(ids.insert(refusal.id), "{} twice", refusal.id);
            assert!(refusal.zh.ends_with('。') && refusal.en.ends_with('.'), "{refusal:?}");
            assert!(refusal.zh.chars().any(|c| ('\u{4e00}'..'\u{9fff}').contains(&c)), "{refusal:?}");
        }
    }
}
