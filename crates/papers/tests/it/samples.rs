//! Made-up papers of a made-up city.

use domain::words::{Disposition, Finding, TellingWay};
use jiff::civil::{Date, date};
use papers::paper::*;

const ORGAN: &str = "中共河清市纪律检查委员会 河清市监察委员会";
const BUREAU: &str = "河清市信访局";

/// An address as long as those printed on letters.
pub const ADDRESS: &str =
    "https://dengwen.heqing.example/v#990100001.48213.c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ";

fn head(organ: &str, number: &str, on: Date, seal: SealSpace) -> Letterhead {
    Letterhead {
        organ: organ.into(),
        document_number: Some(number.into()),
        secrecy: None,
        urgency: None,
        date: on,
        seal,
        verification: Some(ADDRESS.into()),
        contact: Some("信访接待室，河清市清河路1号，电话0000-1238800".into()),
    }
}

fn opinion(text: &str, by: &str, on: Date) -> Opinion {
    Opinion { text: text.into(), by: Some(by.into()), on: Some(on) }
}

pub fn presentation_form() -> PresentationForm {
    PresentationForm {
        organ: "河清市纪委监委信访室".into(),
        number: "990100001-2026-000123-K".into(),
        secrecy: "工作秘密".into(),
        urgency: "急件".into(),
        received_on: date(2026, 2, 11),
        channel_source: "来信 / 上级转送".into(),
        signing: "实名待核".into(),
        subjects: vec![
            "周立本，东岸县柳渡镇党委委员、副镇长（乡科级）".into(),
            "何启明，柳渡镇三合村党支部书记".into(),
        ],
        problems: vec![
            "反映周立本在2024年柳渡镇灌渠整修工程中插手招标，为特定施工队谋取利益，涉及工程款约86万元。".into(),
            "反映何启明虚报三合村危房改造户数，套取补助资金12.6万元。".into(),
            "反映周立本收受施工队负责人礼金，春节前后共3次。".into(),
        ],
        history: "初次举报。经查重，未发现同一问题的既往来件。".into(),
        grounds: "被反映人属东岸县委管理干部；问题具体，有时间、地点、金额，可查性较强；附合同复印件2份。".into(),
        proposal: opinion("拟按干部管理权限转送东岸县纪委监委办理，要求报告结果。", "林知秋", date(2026, 2, 12)),
        head: opinion("同意。请核对附件页数后呈报。", "方以宁", date(2026, 2, 12)),
        leader: Opinion::default(),
        chief: Opinion::default(),
        result: Opinion::default(),
        printed_on: date(2026, 2, 12),
    }
}

pub fn acceptance_notice() -> AcceptanceNotice {
    AcceptanceNotice {
        head: head(ORGAN, "河纪信告〔2026〕12号", date(2026, 2, 24), SealSpace::Seal),
        addressee: "沈××同志".into(),
        number: "990100001-2026-000123-K".into(),
        received_on: date(2026, 2, 11),
        accepted_on: date(2026, 2, 24),
        feedback_within: "15个工作日".into(),
        status_page: Some("https://dengwen.heqing.example/status".into()),
    }
}

pub fn feedback_record() -> FeedbackRecord {
    FeedbackRecord {
        organ: ORGAN.into(),
        number: "990100001-2026-000123-K".into(),
        accepted_on: date(2026, 2, 24),
        concluded_on: date(2026, 4, 20),
        due_on: Some(date(2026, 5, 13)),
        told_on: date(2026, 4, 28),
        way: TellingWay::InPerson,
        place: "信访接待室2号".into(),
        office: "第三监督检查室".into(),
        tellers: vec!["高远".into(), "谭静".into()],
        findings: vec![
            ToldFinding { allegation: "插手灌渠整修工程招标".into(), finding: Finding::Proved },
            ToldFinding { allegation: "虚报危房改造户数套取补助".into(), finding: Finding::PartlyProved },
            ToldFinding { allegation: "收受礼金".into(), finding: Finding::CannotVerify },
        ],
        told: "一、关于招标问题，经核查属实，已按程序处理。\n二、关于危房改造问题，多报3户，资金已退回；其余户数相符。\n三、关于礼金问题，现有证据不足以认定，如有新的线索可以继续提供。".into(),
        view: ReporterView::Objection,
        view_text: "对第三项有异议，认为另有知情人可以作证。已说明核查经过，并告知提供方式。".into(),
        new_evidence: Some("提供知情人1名，已登记，由第三监督检查室于2026年5月15日前核查。".into()),
    }
}

pub fn acceptance_letter() -> AcceptanceLetter {
    AcceptanceLetter {
        head: head(BUREAU, "河信受〔2026〕31号", date(2026, 3, 3), SealSpace::Seal),
        addressee: "吴××同志".into(),
        number: "990100002-2026-000045-7".into(),
        received_on: date(2026, 2, 20),
        accepted_on: date(2026, 3, 3),
        request: "请求核实东岸县青石小区二期供暖不足的原因，并退还2025年11月至2026年1月未达标期间的供暖费。".into(),
        handled_by: "河清市住房和城乡建设局".into(),
        answer_by: date(2026, 5, 6),
        status_page: Some("https://xinfang.heqing.example/status".into()),
    }
}

pub fn handling_opinion() -> HandlingOpinion {
    HandlingOpinion {
        head: head("河清市住房和城乡建设局", "河建信〔2026〕8号", date(2026, 4, 29), SealSpace::NoSeal),
        addressee: "吴××同志".into(),
        number: "990100002-2026-000045-7".into(),
        received_on: date(2026, 2, 20),
        request: "核实青石小区二期供暖不足的原因，退还未达标期间的供暖费。".into(),
        facts: "2026年3月10日、3月24日，我局会同河清热力有限公司两次入户测温，共测32户，其中19户室温低于18℃。经查，原因是二期换热站循环泵故障，热力公司2026年1月28日完成更换，更换前供水温度持续低于设计值。\n热力公司提供的运行记录与入户测温结果相互印证，您反映的供暖不足情况属实。".into(),
        disposition: Disposition::Supported,
        opinion: "责成河清热力有限公司于2026年5月31日前，按实际未达标天数退还19户供暖费，您户退还486.20元；对换热站设备开展供暖季前检修，并向小区公示结果。".into(),
        basis: vec!["《信访工作条例》第三十一条第六项、第三十二条".into(), "《河清市城市供热管理办法》第二十四条、第三十一条".into()],
        review_within: "30日".into(),
        review_organ: "河清市人民政府".into(),
    }
}

pub fn filing_proof() -> FilingProof {
    FilingProof {
        organ: ORGAN.into(),
        received_on: date(2026, 2, 11),
        commitment: "5f2c91d07ab3e84466c1f09d2e7b58a3c40d9e16f7b2a8835d61ce09b4f7a210".into(),
        log_origin: "dengwen.heqing.example/log/990100001".into(),
        log_key: Some(
            "dengwen.heqing.example/log/990100001+9c4177e0+AUx4C0mbnQ7rkGZ0tT3C5nq2vXHf8dLwPz1sYbEa6JkM".into(),
        ),
        proof_file: "proof.tlog-proof".into(),
    }
}

pub fn all() -> Vec<Paper> {
    vec![
        Paper::PresentationForm(presentation_form()),
        Paper::AcceptanceNotice(acceptance_notice()),
        Paper::FeedbackRecord(feedback_record()),
        Paper::AcceptanceLetter(acceptance_letter()),
        Paper::HandlingOpinion(handling_opinion()),
        Paper::FilingProof(filing_proof()),
    ]
}
