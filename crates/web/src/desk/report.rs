//! One report: its page, the forms of its commands, its files. Opening it is recorded; what one may
//! not see is not there.

use std::collections::BTreeMap;

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use domain::calendar::Unit;
use domain::clock::Clock;
use domain::ids::ReportId;
use domain::words::{Basis, CommandKind, Lang};
use office::Error;
use office::report::{OpenEvent, OpenReport, OpenWords};

use super::forms::{Maker, Missing};
use super::page::*;
use super::rows::{class, subject_line};
use super::site::{Filled, Seated};
use super::story;
use crate::answers::{Pairs, value};
use crate::public::{page, status_of};

/// GET /reports/{id}.
pub async fn show(seat: Seated, Path(id): Path<String>) -> Response {
    match open(&seat, &id).await {
        Ok(open) => whole(&seat, &open, None, StatusCode::OK).await,
        Err(error) => seat.trouble(&error).await,
    }
}

/// GET /reports/{id}/do/{command}: the form of a command, on the page or, for htmx, alone.
pub async fn form(seat: Seated, Path((id, command)): Path<(String, String)>) -> Response {
    let (open, command) = match (open(&seat, &id).await, command.parse::<CommandKind>()) {
        (Ok(open), Ok(command)) => (open, command),
        (Err(error), _) => return seat.trouble(&error).await,
        (_, Err(_)) => return seat.trouble(&Error::NotFound).await,
    };
    if command == CommandKind::Split {
        return Redirect::to(&format!("/reports/{}/split", open.id)).into_response();
    }
    let form = form_view(&seat, &open, command, &[], String::new()).await;
    if seat.part {
        return page(StatusCode::OK, &Fragment { form });
    }
    whole(&seat, &open, Some(form), StatusCode::OK).await
}

/// POST /reports/{id}/do/{command}: does it.
pub async fn act(Path((id, command)): Path<(String, String)>, filled: Filled) -> Response {
    let Filled { seat, mut pairs } = filled;
    let Ok(command) = command.parse::<CommandKind>() else { return seat.trouble(&Error::NotFound).await };
    let open = match open(&seat, &id).await {
        Ok(open) => open,
        Err(error) => return seat.trouble(&error).await,
    };
    resolve_numbers(&seat, &mut pairs).await;
    let rules = seat.hall().rules();
    let maker = Maker { voice: seat.voice(), organ: &seat.organ, rules: &rules, open: &open, seat: &seat };
    let act = match maker.act(command, &pairs) {
        Ok(act) => act,
        Err(Missing(key)) => {
            let field = seat.voice().t(key);
            let text = seat.voice().t1("act-missing", "field", field);
            return again(&seat, &open, command, &pairs, text, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
    };
    match seat.hall().act(&seat.me, open.id, act).await {
        Ok(_) => Redirect::to(&format!("/reports/{}", open.id)).into_response(),
        Err(Error::NotFound) => seat.trouble(&Error::NotFound).await,
        Err(error) => {
            let status = status_of(&error);
            again(&seat, &open, command, &pairs, error.sentence(seat.lang), status).await
        }
    }
}

/// GET /reports/{id}/files/{blob}: always as a download, never shown by the browser itself.
pub async fn file(seat: Seated, Path((id, blob)): Path<(String, String)>) -> Response {
    let Ok(report) = id.parse::<ReportId>() else { return seat.trouble(&Error::NotFound).await };
    match seat.hall().file(&seat.me, report, &blob).await {
        Ok(file) => {
            let name: String = file.name.bytes().map(|b| format!("%{b:02X}")).collect();
            let headers = [
                (header::CONTENT_TYPE, file.media_type),
                (header::CONTENT_DISPOSITION, format!("attachment; filename*=UTF-8''{name}")),
                (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned()),
            ];
            (headers, file.bytes).into_response()
        }
        Err(error) => seat.trouble(&error).await,
    }
}

pub(super) async fn open(seat: &Seated, id: &str) -> Result<OpenReport, Error> {
    let report = id.parse::<ReportId>().map_err(|_| Error::NotFound)?;
    seat.hall().view(&seat.me, report).await
}

/// A report may be named by its number in a form; the register knows it by its id.
async fn resolve_numbers(seat: &Seated, pairs: &mut Pairs) {
    for (name, text) in pairs.iter_mut().filter(|(name, _)| name == "to_report") {
        debug_assert_eq!(name, "to_report");
        if let Ok(Some((found, _))) = seat.hall().report_numbered(&seat.me, text).await {
            *text = found.to_string();
        }
    }
}

pub(super) async fn again(
    seat: &Seated,
    open: &OpenReport,
    command: CommandKind,
    pairs: &[(String, String)],
    error: String,
    status: StatusCode,
) -> Response {
    let form = form_view(seat, open, command, pairs, error).await;
    whole(seat, open, Some(form), status).await
}

async fn form_view(
    seat: &Seated,
    open: &OpenReport,
    command: CommandKind,
    pairs: &[(String, String)],
    error: String,
) -> FormView {
    let voice = seat.voice();
    let rules = seat.hall().rules();
    let maker = Maker { voice, organ: &seat.organ, rules: &rules, open, seat };
    let mut fields = maker.fields(command);
    for field in &mut fields {
        let typed = value(pairs, field.name);
        if !typed.is_empty() {
            field.value = typed.to_owned();
        } else if field.name == "to_report" {
            // The look-alike stands beside the field, never in it: likeness of words is no sameness of
            // people. One she may not see is not even hinted at.
            if let Some(number) = number_of(seat, &std::mem::take(&mut field.value)).await {
                field.hint = format!("{} {}", field.hint, voice.t1("hint-alike", "number", number));
            }
        }
    }
    let key = format!("note-{command}");
    FormView {
        action: match command {
            CommandKind::AddEvidence => format!("/reports/{}/evidence", open.id),
            _ => format!("/reports/{}/do/{command}", open.id),
        },
        heading: voice.word(&command),
        error,
        note: if crate::locale::knows(&key) { voice.t(&key) } else { String::new() },
        csrf: seat.csrf.clone(),
        seen: open.state.version,
        none: voice.t("act-none"),
        submit: voice.t1("act-submit", "what", voice.word(&command)),
        fields,
    }
}

async fn number_of(seat: &Seated, id: &str) -> Option<String> {
    let scope = seat.hall().scope(&seat.me).ok()?;
    let row = seat.hall().store.report(&scope, id.parse().ok()?).await.ok()??;
    Some(row.number.to_string())
}

async fn whole(seat: &Seated, open: &OpenReport, form: Option<FormView>, status: StatusCode) -> Response {
    let r = view(seat, open).await;
    page(status, &ReportPage { p: seat.page("").await, r, form })
}

async fn view(seat: &Seated, open: &OpenReport) -> ReportView {
    let voice = seat.voice();
    let rules = seat.hall().rules();
    let maker = Maker { voice, organ: &seat.organ, rules: &rules, open, seat };
    let state = &open.state;
    let today = seat.hall().clock.today();
    let mut badges = Vec::new();
    if let Some(kind) = state.kind {
        badges.push(("grey", voice.word(&kind)));
    }
    badges.push(("grey", voice.word(&state.signing)));
    if state.is_signed() && state.closed_on.is_none() {
        // Signed reports are taken and handled before others (M50).
        badges.push(("yellow", voice.t("badge-signed-first")));
    }
    if state.urgency != domain::words::Urgency::Normal {
        badges.push(("red", voice.word(&state.urgency)));
    }
    if state.repeat_of.is_some() {
        badges.push(("yellow", voice.t("row-repeat")));
    }
    let mut facts = vec![
        (voice.t("col-received"), voice.date(&state.received_on)),
        (voice.t("col-channel"), format!("{} / {}", voice.word(&state.channel), voice.word(&state.source))),
        (voice.t("col-holder"), story::holder_name(&seat.organ, &state.holder)),
    ];
    if let Some(staff) = &state.assignee {
        let name = seat.organ.directory.staff(staff).map_or_else(|| staff.to_string(), |s| s.name.clone());
        facts.push((voice.t("fact-assignee"), name));
    }
    if let Some(number) = &state.platform_number {
        facts.push((voice.t("field-number"), number.clone()));
    }
    if let Some(number) = match &state.repeat_of {
        Some(master) => number_of(seat, &master.to_string()).await,
        None => None,
    } {
        facts.push((voice.t("fact-master"), number));
    }
    let repeats = seat.hall().repeats_of(&seat.me, open).await.unwrap_or_default();
    if !repeats.is_empty() {
        facts.push((voice.t1("fact-repeats", "n", repeats.len()), repeats.join("、")));
    }
    if let Some(on) = &state.message_on {
        badges.push(("red", voice.t1("row-message", "day", on)));
    }
    let mut first = true;
    let mut offered = seat.hall().buttons(&seat.me, open, seat.lang);
    // Papers have buttons of their own.
    offered.retain(|b| b.command != CommandKind::IssuePaper);
    // What can be done anew is, once it is done, not what comes next.
    let again = |command| match command {
        CommandKind::Accept | CommandKind::Refuse => state.accepted().is_some(),
        CommandKind::VerifyName => state.name_checked,
        CommandKind::Present => state.instructed,
        _ => false,
    };
    offered.sort_by_key(|b| (b.why_not.is_some(), again(b.command), turn(b.command)));
    let buttons: Vec<ButtonView> = offered
        .into_iter()
        .map(|button| {
            let lawful = button.why_not.is_none();
            let view = ButtonView {
                label: voice.word(&button.command),
                whole: button.command == CommandKind::Split,
                href: match button.command {
                    // The parts are written beside the text: a page of its own.
                    CommandKind::Split => format!("/reports/{}/split", open.id),
                    command => format!("/reports/{}/do/{command}", open.id),
                },
                why: button.why_not.unwrap_or_default(),
                first: lawful && first && turn(button.command) < COURSE.len(),
            };
            first &= !lawful;
            view
        })
        .collect();
    let narrative = &open.narrative;
    let lists = seat.hall().lists(seat.organ.edition()).ok();
    ReportView {
        number: open.number.to_string(),
        stage: match state.answered_on {
            Some(_) if state.stage == domain::words::Stage::AwaitingFeedback => voice.t("row-to-close"),
            _ => voice.word(&state.stage),
        },
        badges,
        facts,
        title: narrative.title.clone(),
        subjects: narrative.subjects.iter().map(|s| subject_line(&voice, s)).filter(|t| !t.is_empty()).collect(),
        digest: narrative
            .digest
            .as_ref()
            .map(|d| d.text.clone())
            .or_else(|| open.suggestions.as_ref().map(|s| s.digest.clone()))
            .unwrap_or_default(),
        drafted: narrative.digest.as_ref().is_none_or(|d| d.drafted),
        allegations: narrative
            .allegations
            .iter()
            .map(|a| {
                let class = a.problem.as_deref().and_then(|code| lists.as_ref()?.problems.label(code, voice.lang));
                let summary = Some(a.summary.clone()).filter(|s| !s.is_empty());
                let said = match (class, summary) {
                    (Some(class), Some(summary)) => voice.t2("report-classed", "class", class, "summary", summary),
                    (one, other) => one.or(other).unwrap_or_else(|| voice.t("report-no-summary")),
                };
                (a.id, said, state.findings.get(&a.id).map(|f| voice.word(f)).unwrap_or_default())
            })
            .collect(),
        registration: super::registration::lines(seat, open),
        pieces: pieces(seat, open),
        files: open
            .files()
            .into_iter()
            .map(|f| (format!("/reports/{}/files/{}", open.id, f.blob), f.name, size(f.size)))
            .collect(),
        evidence: later(seat, open),
        refused: buttons.iter().filter(|b| !b.why.is_empty()).count(),
        buttons,
        papers: papers(seat, open),
        issued: issued(seat, open).await,
        clocks: state.clocks.iter().rev().map(|clock| clock_view(seat, &maker, clock, today)).collect(),
        suggestions: suggestions(seat, open).await,
        course: open.events.iter().rev().map(|event| course(seat, event)).collect(),
    }
}

/// The usual course of the work.
const COURSE: [CommandKind; 19] = {
    use CommandKind as C;
    [
        C::SignFor,
        C::ConfirmNoSubstance,
        C::Instruct,
        C::ApproveAnswer,
        C::Accept,
        C::Refuse,
        C::DoDuty,
        C::TellAcceptance,
        C::Present,
        C::VerifyName,
        C::Dispatch,
        C::Assign,
        C::CheckEvidence,
        C::RecordFinding,
        C::DraftAnswer,
        C::DeliverAnswer,
        C::ExplainObjection,
        C::AnswerInstruction,
        C::Close,
    ]
};

/// What comes next stands first; what is possible at any time comes last and never stands out.
fn turn(command: CommandKind) -> usize {
    COURSE.iter().position(|c| *c == command).unwrap_or(COURSE.len())
}

/// The papers of the edition, for those who may print them.
fn papers(seat: &Seated, open: &OpenReport) -> Vec<(String, String)> {
    if !seat.has(domain::permission::Action::PrintPaper) {
        return Vec::new();
    }
    office::paper::PaperKind::of(seat.organ.edition())
        .iter()
        .map(|kind| {
            let name = seat.voice().t(&format!("paper-{}", kind.as_str()));
            (format!("/reports/{}/papers/{}", open.id, kind.as_str()), name)
        })
        .collect()
}

/// The papers already issued, for those who may print them.
async fn issued(seat: &Seated, open: &OpenReport) -> Vec<(String, String)> {
    if !seat.has(domain::permission::Action::PrintPaper) {
        return Vec::new();
    }
    let filed = seat.hall().papers_on_file(open).await.unwrap_or_default();
    filed
        .into_iter()
        .map(|paper| {
            let name = seat.voice().t(&format!("paper-{}", paper.kind.as_str()));
            (format!("/reports/{}/papers/{}", open.id, paper.blob), format!("{name} {}", paper.day))
        })
        .collect()
}

/// The text cut at the entities the funnel found.
fn pieces(seat: &Seated, open: &OpenReport) -> Vec<(String, String)> {
    let chars: Vec<char> = open.narrative.text.chars().collect();
    let mut out = Vec::new();
    let mut at = 0;
    for entity in open.suggestions.iter().flat_map(|s| &s.entities) {
        // Offsets belong to the text as judged; a corrected text may be shorter.
        if entity.start < at || entity.end > chars.len() || entity.start >= entity.end {
            continue;
        }
        let found: String = chars[entity.start..entity.end].iter().collect();
        if found != entity.text {
            continue;
        }
        out.push((chars[at..entity.start].iter().collect(), String::new()));
        out.push((found, seat.voice().t(&format!("entity-{}", entity.kind.as_str()))));
        at = entity.end;
    }
    out.push((chars[at..].iter().collect(), String::new()));
    out
}

/// What the reporter wrote later: messages, evidence, objections.
fn later(seat: &Seated, open: &OpenReport) -> Vec<(String, String)> {
    open.texts(|event| {
        use domain::report::Event as E;
        matches!(event, E::EvidenceAdded { .. } | E::Objected | E::MessageSent { from_office: false })
    })
    .map(|(event, text)| {
        let what = story::line(&seat.voice(), &seat.organ, &event.recorded.event);
        (format!("{} {what}", seat.voice().date(&event.recorded.day)), text.text.clone())
    })
    .collect()
}

fn clock_view(seat: &Seated, maker: &Maker<'_>, clock: &Clock, today: jiff::civil::Date) -> ClockView {
    let voice = seat.voice();
    let rules = maker.rules;
    let over = clock.overdue_days(today);
    let (class, badge) = match clock.colour(today, rules) {
        _ if over > 0 => ("red", voice.t1("row-overdue", "n", over)),
        Some(colour) => (class(colour), voice.word(&colour)),
        None if clock.cancelled_on.is_some() => ("grey", voice.t("clock-cancelled")),
        None if clock.stopped_on.is_some() => ("grey", voice.t("clock-done")),
        None => ("grey", voice.word(&Basis::Window)),
    };
    let edition = seat.organ.edition();
    let source = rules.clock(edition, &clock.id).map(|r| r.source.clone()).unwrap_or_default();
    ClockView {
        class,
        badge,
        name: maker.clock_name(&clock.id),
        due: voice.t1("clock-until", "date", voice.date(&clock.last_day())),
        left: if clock.is_running() && clock.last_day() == today {
            voice.t("filter-today")
        } else if clock.is_running() && over == 0 {
            let key = if clock.limit.unit == Unit::WorkingDays { "clock-left-working" } else { "clock-left" };
            voice.t1(key, "n", clock.days_left(today, rules))
        } else {
            String::new()
        },
        why: clock.explain(edition, rules, seat.lang),
        source: format!("{} {source}", voice.word(&clock.basis)),
    }
}

async fn suggestions(seat: &Seated, open: &OpenReport) -> Option<SuggestionsView> {
    let found = open.suggestions.as_ref()?;
    let voice = seat.voice();
    let percent = |confidence: f32| voice.t1("suggest-sure", "n", (confidence * 100.0).round() as i64);
    // The rules that led there, once each, with a quotation of the text.
    let grounds = |what: triage::What| -> Vec<String> {
        let mut seen = BTreeMap::new();
        for ground in found.grounds.iter().filter(|g| g.what == what) {
            let because = match seat.lang {
                Lang::Zh => ground.rule.because(),
                Lang::En => ground.rule.because_en(),
            };
            let quotes: &mut Vec<String> = seen.entry(because).or_default();
            if !ground.quote.is_empty() && quotes.len() < 6 && !quotes.contains(&ground.quote) {
                quotes.push(ground.quote.clone());
            }
        }
        seen.into_iter()
            .map(|(because, quotes)| {
                if quotes.is_empty() {
                    because.to_owned()
                } else {
                    voice.t2("suggest-ground", "why", because, "quotes", quotes.join("、"))
                }
            })
            .collect()
    };
    let mut lines = Vec::new();
    if let Some(kind) = &found.kind {
        lines.push(SuggestionLine {
            label: voice.t("col-kind"),
            value: voice.word(&kind.value),
            sure: percent(kind.confidence),
            grounds: grounds(triage::What::Kind),
        });
    }
    let category = if found.abstained { voice.t("suggest-unsure") } else { found.category.label.clone() };
    let mut category_grounds = grounds(triage::What::Category);
    if !found.category.alternatives.is_empty() {
        let others: Vec<String> = found.category.alternatives.iter().map(|a| a.label.clone()).collect();
        category_grounds.push(voice.t1("suggest-others", "list", others.join("、")));
    }
    lines.push(SuggestionLine {
        label: voice.t("suggest-category"),
        value: category,
        sure: percent(found.category.confidence),
        grounds: category_grounds,
    });
    if let Some(rank) = &found.rank {
        lines.push(SuggestionLine {
            label: voice.t("who-rank"),
            value: voice.word(&rank.value),
            sure: percent(rank.confidence),
            grounds: grounds(triage::What::Rank),
        });
    }
    if !found.places.is_empty() {
        lines.push(SuggestionLine {
            label: voice.t("who-division"),
            value: found.places.iter().map(|p| p.name.clone()).collect::<Vec<_>>().join("、"),
            sure: String::new(),
            grounds: grounds(triage::What::Place),
        });
    }
    for route in found.routes.iter().take(3) {
        lines.push(SuggestionLine {
            label: voice.t("suggest-route"),
            value: format!("{} {}", voice.word(&route.way), story::holder_name(&seat.organ, &route.to)),
            sure: percent(route.confidence),
            grounds: vec![match seat.lang {
                Lang::Zh => route.zh.clone(),
                Lang::En => route.en.clone(),
            }],
        });
    }
    let mut repeats = Vec::new();
    for repeat in &found.repeats {
        // A match with a report she may not see makes no difference here (M37).
        let Some(number) = number_of(seat, &repeat.report.to_string()).await else { continue };
        repeats.push(RepeatView {
            href: format!("/reports/{}", repeat.report),
            number,
            how: alike(seat, repeat.equal, repeat.score),
            fresh: repeat.new_sentences.clone(),
        });
    }
    Some(SuggestionsView {
        version: found.version.clone(),
        lines,
        entities: found
            .entities
            .iter()
            .map(|e| (voice.t(&format!("entity-{}", e.kind.as_str())), e.text.clone()))
            .collect(),
        repeats,
    })
}

/// How alike two texts are, in words.
pub(super) fn alike(seat: &Seated, equal: bool, score: f64) -> String {
    if equal {
        seat.voice().t("repeats-equal")
    } else {
        seat.voice().t1("repeats-alike", "n", (score * 100.0).round() as i64)
    }
}

fn course(seat: &Seated, event: &OpenEvent) -> CourseLine {
    let voice = seat.voice();
    let clock = &seat.hall().clock;
    let time = event.recorded.at.and_then(|at| jiff::Timestamp::from_microsecond(at).ok()).map(|at| {
        let zoned = at.to_zoned(clock.zone().clone());
        format!(" {:02}:{:02}", zoned.hour(), zoned.minute())
    });
    CourseLine {
        when: format!("{}{}", event.recorded.day, time.unwrap_or_default()),
        who: story::who(&voice, &seat.organ, &event.recorded.actor),
        what: story::line(&voice, &seat.organ, &event.recorded.event),
        words: match &event.words {
            OpenWords::Text(text) => decided(&voice, text),
            OpenWords::Finding(finding) => finding.reasons.clone(),
            OpenWords::Erased => voice.t("report-erased"),
            OpenWords::None | OpenWords::Narrative(_) | OpenWords::Suggestions(_) => String::new(),
        },
    }
}

/// A text with what was decided in it, so that who approves it sees both.
fn decided(voice: &crate::locale::Voice, text: &domain::content::StaffText) -> String {
    let Some(disposition) = text.disposition() else { return text.text.clone() };
    let said = format!("{}: {}", voice.t("field-disposition"), voice.word(&disposition));
    let law = format!("{}: {}", voice.t("field-basis"), text.basis().join("; "));
    [text.text.clone(), said, law].join("\n")
}

fn size(bytes: u64) -> String {
    match bytes {
        0..=1023 => format!("{bytes} B"),
        1024..=1_048_575 => format!("{} KB", bytes / 1024),
        _ => format!("{}.{} MB", bytes / 1_048_576, bytes % 1_048_576 * 10 / 1_048_576),
    }
}
