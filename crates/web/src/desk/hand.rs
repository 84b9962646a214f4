//! Registering by hand what came by letter, visit, call or from another organ, with 查重 while
//! typing. What is asked stands in `rules/forms`. Whatever fails, the form comes back as filled.

mod values;
mod view;

use axum::extract::{FromRequest, Multipart, Query as UrlQuery, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::content::Subject;
use domain::permission::{Action, could};
use domain::recusal;
use domain::registration::{Answers, CheckAgainst, Fault, carry_over, check, complete};
use domain::report::{Command, NewFacts};
use domain::rules::{FormRules, Seal};
use domain::words::{Channel, Form};
use office::Error;
use office::desk::ByHand;
use office::intake::{FILE_LIMIT, Replayed};
use office::report::Act;
use store::Filter;

use super::page::{Chip, Found, Hand, Registered, RepeatView};
use super::report::alike;
use super::site::{Desk, Seated};
use super::upload::{Keep, read};
use crate::answers::{FieldFault, Pairs, value};
use crate::public::draft::clean;
use crate::public::page::FieldError;
use crate::public::{page, status_of};

pub use values::{Values, initials};
pub use view::subject_names;

/// Bytes of a one-time token and of a draft's name.
const TOKEN: usize = 16;

/// A form on its way through the page.
struct Filled {
    rules: FormRules,
    answers: Answers,
    token: String,
    draft: String,
}

impl Filled {
    /// From a submitted form; an unknown form is none of ours.
    fn of(seat: &Seated, pairs: &Pairs) -> Option<Self> {
        let form: Form = value(pairs, "form").parse().ok()?;
        let rules = form_for(seat, form);
        let answers = Answers::of(pairs.iter().map(|(name, text)| (name.clone(), clean(text))));
        Some(Self { rules, answers, token: value(pairs, "token").to_owned(), draft: value(pairs, "draft").to_owned() })
    }
}

/// What this person is asked in a form: whoever links nothing is not asked what it repeats.
fn form_for(seat: &Seated, form: Form) -> FormRules {
    let rules = seat.hall().rules().form(form).of(seat.organ.edition());
    let links = seat.me.in_roles().any(|who| could(&who, Action::LinkRepeat));
    if links { rules } else { rules.without(&["repetition", "repeat_of", "new_facts"]) }
}

/// GET /new: an empty form; form, date and source may be kept from the last one.
pub async fn form(seat: Seated, UrlQuery(asked): UrlQuery<Pairs>) -> Response {
    if !seat.has(Action::RegisterByHand) {
        return seat.trouble(&Error::Forbidden("refused-role")).await;
    }
    let form = value(&asked, "form").parse().unwrap_or(Form::Letter);
    let rules = form_for(&seat, form);
    let mut answers = view::defaults(&rules, seat.hall().clock.civil(), &seat.me.staff.0);
    for name in ["received_on", "source", "receipt_way"] {
        let kept = value(&asked, name);
        if !kept.is_empty() && rules.field(name).is_some() {
            answers.set(name, kept);
        }
    }
    if rules.field("letter_number").is_some() {
        answers.set("letter_number", next_in_day_book(&seat).await);
    }
    let (Some(token), Some(draft)) = (fresh(), fresh()) else { return seat.trouble(&no_randomness()).await };
    shown(&seat, Filled { rules, answers, token, draft }, Said::default(), StatusCode::OK).await
}

/// 收信流水号: the next of the day. The clerk puts the number of the label there where one was stuck on.
async fn next_in_day_book(seat: &Seated) -> String {
    let today = seat.hall().clock.today();
    let letters = Filter {
        channels: vec![Channel::Letter],
        received_from: Some(today),
        received_to: Some(today),
        ..Filter::default()
    };
    let taken = match seat.hall().scope(&seat.me) {
        Ok(scope) => seat.hall().store.sums(&scope, &letters, today).await.map_or(0, |sums| sums.all),
        Err(_) => 0,
    };
    format!("{}-{:03}", today.strftime("%Y%m%d"), taken + 1)
}

/// GET /drafts/{id}: goes on with a draft.
pub async fn resume(seat: Seated, axum::extract::Path(id): axum::extract::Path<String>) -> Response {
    let draft = match seat.hall().draft(&seat.me, &id).await {
        Ok(draft) => draft,
        Err(error) => return seat.trouble(&error).await,
    };
    let Some(filled) = draft.pairs.as_ref().and_then(|pairs| Filled::of(&seat, pairs)) else {
        return seat.trouble(&Error::NotFound).await;
    };
    let done = seat.voice().t("draft-resumed");
    shown(&seat, Filled { draft: draft.id, ..filled }, Said { done, ..Said::default() }, StatusCode::OK).await
}

/// POST /new/draft: keeps what is typed, whatever is missing; on the page or, for a script, in a line.
pub async fn keep(State(desk): State<Desk>, seat: Seated, request: Request) -> Response {
    let pairs = match taken(&desk, &seat, request).await {
        Ok(pairs) => pairs,
        Err(refusal) => return *refusal,
    };
    let Some(mut filled) = Filled::of(&seat, &pairs) else { return seat.trouble(&Error::NotFound).await };
    // Who she is rests under three keys or nowhere: a draft is sealed to the office alone.
    let fields = filled.rules.sections.iter().flat_map(|section| &section.field);
    let hers: Vec<&str> = fields.filter(|f| f.sealed == Seal::Identity).map(|f| f.name.as_str()).collect();
    let keep = |name: &str| name != "csrf" && !hers.contains(&name);
    let kept: Pairs = pairs.iter().filter(|(name, text)| keep(name) && !text.trim().is_empty()).cloned().collect();
    let said = match seat.hall().save_draft(&seat.me, &filled.draft, filled.rules.form, &kept).await {
        Ok(()) => {
            let now = seat.hall().clock.civil();
            seat.voice().t1("draft-kept", "time", format!("{:02}:{:02}", now.hour(), now.minute()))
        }
        Err(error) if seat.part => return (status_of(&error), error.sentence(seat.lang)).into_response(),
        Err(error) => {
            let errors = vec![FieldError { field: "hand".to_owned(), text: error.sentence(seat.lang) }];
            return shown(&seat, filled, Said { errors, ..Said::default() }, status_of(&error)).await;
        }
    };
    if seat.part {
        return said.into_response();
    }
    carry_over(&filled.rules, &mut filled.answers);
    let missing = faults(&seat, &filled).len();
    let done = if missing == 0 { said } else { format!("{said}{}", seat.voice().t1("draft-missing", "n", missing)) };
    shown(&seat, filled, Said { done, ..Said::default() }, StatusCode::OK).await
}

/// POST /new/more: one more person or problem, for browsers without scripts.
pub async fn more(State(desk): State<Desk>, seat: Seated, request: Request) -> Response {
    let pairs = match taken(&desk, &seat, request).await {
        Ok(pairs) => pairs,
        Err(refusal) => return *refusal,
    };
    let Some(mut filled) = Filled::of(&seat, &pairs) else { return seat.trouble(&Error::NotFound).await };
    let wanted = value(&pairs, "more");
    if let Some(section) = filled.rules.sections.iter().find(|s| s.id == wanted) {
        let count = view::shown_blocks(section, &filled.answers).saturating_add(1).min(section.repeat);
        filled.answers.set(&view::count_key(section), count.to_string());
    }
    shown(&seat, filled, Said::default(), StatusCode::OK).await
}

/// POST /new/tags: fills the tags that are still empty from what is written; the clerk puts them right.
pub async fn tags(State(desk): State<Desk>, seat: Seated, request: Request) -> Response {
    let pairs = match taken(&desk, &seat, request).await {
        Ok(pairs) => pairs,
        Err(refusal) => return *refusal,
    };
    let Some(mut filled) = Filled::of(&seat, &pairs) else { return seat.trouble(&Error::NotFound).await };
    carry_over(&filled.rules, &mut filled.answers);
    let tags = match seat.hall().suggest_tags(&seat.me, filled.answers.first("text")).await {
        Ok(tags) => tags,
        Err(error) => return seat.trouble(&error).await,
    };
    for (name, words) in tags.all() {
        if filled.answers.first(name).is_empty() && !words.is_empty() {
            filled.answers.set(name, words.join("、"));
        }
    }
    let done = seat.voice().t(if tags.is_empty() { "tags-none" } else { "tags-filled" });
    shown(&seat, filled, Said { done, ..Said::default() }, StatusCode::OK).await
}

/// POST /new/repeats: the 查重 panel for what is typed; a whole page without scripts.
pub async fn repeats(State(desk): State<Desk>, seat: Seated, request: Request) -> Response {
    let pairs = match taken(&desk, &seat, request).await {
        Ok(pairs) => pairs,
        Err(refusal) => return *refusal,
    };
    let Some(mut filled) = Filled::of(&seat, &pairs) else { return seat.trouble(&Error::NotFound).await };
    carry_over(&filled.rules, &mut filled.answers);
    let found = match look(&seat, filled.answers.first("text")).await {
        Ok(found) => found,
        Err(error) => return seat.trouble(&error).await,
    };
    if seat.part {
        return page(StatusCode::OK, &Found { found, none: seat.voice().t("repeats-none") });
    }
    shown(&seat, filled, Said { found, ..Said::default() }, StatusCode::OK).await
}

/// The fields of a form without its files, its secret and the permission checked.
async fn taken(desk: &Desk, seat: &Seated, request: Request) -> Result<Pairs, Box<Response>> {
    // Scripts send the words alone; a browser without them sends the whole form, files included.
    let (pairs, fault) = if is_multipart(&request) {
        match Multipart::from_request(request, desk).await {
            Ok(form) => {
                let (pairs, _, fault) = read(form, Keep::Nothing).await;
                (pairs, fault)
            }
            Err(_) => (Pairs::new(), Some(FieldFault::Broken)),
        }
    } else {
        match axum::Form::<Pairs>::from_request(request, desk).await {
            Ok(axum::Form(pairs)) => (pairs, None),
            Err(_) => (Pairs::new(), Some(FieldFault::Broken)),
        }
    };
    if !seat.own_form(&pairs) {
        return Err(Box::new(seat.foreign()));
    }
    if !seat.has(Action::RegisterByHand) {
        return Err(Box::new(seat.trouble(&Error::Forbidden("refused-role")).await));
    }
    match fault {
        None => Ok(pairs),
        Some(fault) => Err(Box::new(broken(seat, &pairs, &fault).await)),
    }
}

/// The page again where the form did not arrive whole.
async fn broken(seat: &Seated, pairs: &Pairs, fault: &FieldFault) -> Response {
    let error = fault_of(seat, fault);
    match Filled::of(seat, pairs) {
        Some(filled) => {
            let said = Said { errors: vec![error], ..Said::default() };
            shown(seat, filled, said, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        None => (StatusCode::UNPROCESSABLE_ENTITY, error.text).into_response(),
    }
}

fn is_multipart(request: &Request) -> bool {
    request.headers().get(header::CONTENT_TYPE).is_some_and(|v| v.as_bytes().starts_with(b"multipart/"))
}

/// POST /new: registers it.
pub async fn register(seat: Seated, form: Multipart) -> Response {
    let (pairs, files, fault) = read(form, Keep::Files(FILE_LIMIT)).await;
    if !seat.own_form(&pairs) {
        return seat.foreign();
    }
    if let Some(fault) = fault {
        return broken(&seat, &pairs, &fault).await;
    }
    let Some(mut filled) = Filled::of(&seat, &pairs) else { return seat.trouble(&Error::NotFound).await };
    carry_over(&filled.rules, &mut filled.answers);
    let mut found = faults(&seat, &filled);
    let token = hex::decode(&filled.token).unwrap_or_default();
    if token.len() != TOKEN {
        let said = Said { errors: vec![fault_of(&seat, &FieldFault::Broken)], ..Said::default() };
        return shown(&seat, filled, said, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    if found.is_empty() {
        match (complete(&filled.rules, &filled.answers), linked(&seat, &filled.answers).await) {
            (Ok(form), Ok(link)) => return registered(&seat, filled, ByHand { token, form, files }, link).await,
            (Err(fault), _) | (_, Err(fault)) => found.push(fault),
        }
    }
    shown(&seat, filled, Said { faults: found, ..Said::default() }, StatusCode::UNPROCESSABLE_ENTITY).await
}

/// The earlier report that the clerk says it repeats, found by its number before anything is registered.
async fn linked(seat: &Seated, answers: &Answers) -> Result<Option<(Command, String)>, Fault> {
    if answers.first("repetition") != "repeat" {
        return Ok(None);
    }
    let new_facts = if answers.first("new_facts") == "some" { NewFacts::Some } else { NewFacts::None };
    match seat.hall().report_numbered(&seat.me, answers.first("repeat_of")).await {
        Ok(Some((to, number))) => Ok(Some((Command::Link { to, new_facts }, number.to_string()))),
        Ok(None) | Err(_) => Err(Fault {
            key: "repeat_of".to_owned(),
            zh: "没有找到这个编号的主件，或者不止一件；请按查重结果填写完整编号，不能确定的先按初件登记。".to_owned(),
            en: "No report, or more than one, has this number; write it whole, or register it as a first one."
                .to_owned(),
        }),
    }
}

async fn registered(seat: &Seated, filled: Filled, by_hand: ByHand, link: Option<(Command, String)>) -> Response {
    let received = match seat.hall().register(&seat.me, by_hand).await {
        Ok(received) => received,
        Err(error) => {
            let errors = vec![FieldError { field: "hand".to_owned(), text: error.sentence(seat.lang) }];
            return shown(seat, filled, Said { errors, ..Said::default() }, status_of(&error)).await;
        }
    };
    // The report exists; a draft that stays behind carries its token and cannot become a second one.
    if let Err(error) = seat.hall().delete_draft(&seat.me, &filled.draft).await {
        tracing::warn!(slug = error.slug(), "a draft stayed behind");
    }
    let here = received.tenant == seat.me.tenant;
    // The form sent again shows what became of it, and links nothing a second time.
    let again = received.replayed == Replayed::Yes;
    let link = match link.filter(|_| here) {
        None => String::new(),
        Some((_, number)) if again => seat.voice().t1("registered-again", "number", number),
        Some((link, number)) => match seat.hall().act(&seat.me, received.report, Act::plain(link)).await {
            Ok(_) => seat.voice().t1("registered-linked", "number", number),
            // Registered it is; what kept it from being linked is said, and it can be linked there.
            Err(error) => seat.voice().t1("registered-not-linked", "why", error.sentence(seat.lang)),
        },
    };
    let form = filled.rules.form;
    let mut next = format!("/new?form={form}");
    for name in ["received_on", "source", "receipt_way"] {
        let kept = filled.answers.first(name);
        if !kept.is_empty() {
            next.push_str(&format!("&{name}={kept}"));
        }
    }
    let template = Registered {
        p: seat.page("/new").await,
        number: received.number.to_string(),
        href: if here { format!("/reports/{}", received.report) } else { String::new() },
        code: received.code,
        link,
        how: seat.voice().t(if form == Form::Call { "registered-call" } else { "registered-slip" }),
        next,
    };
    page(StatusCode::OK, &template)
}

/// Everything to put right, in the order of the page.
fn faults(seat: &Seated, filled: &Filled) -> Vec<Fault> {
    let values = values_of(seat, filled);
    let codes = |list| values.of(list).into_iter().map(|c| c.code).collect();
    let today = seat.hall().clock.today();
    let about = |subjects: &[Subject]| {
        recusal::check(subjects, &seat.organ.directory).about().into_iter().map(|staff| staff.0).collect()
    };
    check(&filled.rules, &filled.answers, &CheckAgainst { today, codes: &codes, about: &about })
}

fn values_of<'a>(seat: &'a Seated, filled: &Filled) -> Values<'a> {
    let subjects = subject_names(&filled.rules, &filled.answers);
    Values::new(seat.voice(), &seat.organ, &seat.hall().rules(), seat.hall().clock.today(), subjects)
}

fn fresh() -> Option<String> {
    let mut bytes = [0u8; TOKEN];
    getrandom::fill(&mut bytes).ok()?;
    Some(hex::encode(bytes))
}

fn no_randomness() -> Error {
    Error::Io("no randomness".to_owned())
}

fn fault_of(seat: &Seated, fault: &FieldFault) -> FieldError {
    let key = match fault {
        FieldFault::TooLong => "error-too-large-desk",
        FieldFault::Broken => "error-broken-form",
    };
    FieldError { field: "hand".to_owned(), text: seat.voice().t(key) }
}

async fn look(seat: &Seated, text: &str) -> Result<Vec<RepeatView>, Error> {
    // A few words match half the register.
    if text.chars().count() < 20 {
        return Ok(Vec::new());
    }
    let found = seat.hall().look_for_repeats(&seat.me, text).await?;
    let chars: Vec<char> = text.chars().collect();
    Ok(found
        .into_iter()
        .map(|(row, candidate)| RepeatView {
            href: format!("/reports/{}", row.row.report),
            number: row.row.number.to_string(),
            how: alike(seat, candidate.similarity.equal, candidate.similarity.score),
            fresh: candidate
                .similarity
                .new_sentences
                .iter()
                .filter_map(|span| chars.get(span.start..span.end))
                .map(|sentence| format!("{}{}", seat.voice().t("suggest-new"), sentence.iter().collect::<String>()))
                .collect(),
        })
        .collect())
}

/// What a page says besides its fields.
#[derive(Default)]
struct Said {
    faults: Vec<Fault>,
    errors: Vec<FieldError>,
    found: Vec<RepeatView>,
    done: String,
}

async fn shown(seat: &Seated, filled: Filled, mut said: Said, status: StatusCode) -> Response {
    // Whatever brought the form back, the panel says what it says of this very text.
    if said.found.is_empty() {
        said.found = look(seat, filled.answers.first("text")).await.unwrap_or_default();
    }
    let voice = seat.voice();
    let values = values_of(seat, &filled);
    let Filled { rules, answers, token, draft } = filled;
    let Said { faults, mut errors, found, done } = said;
    errors.extend(faults.iter().map(|f| FieldError { field: f.key.clone(), text: f.text(seat.lang).to_owned() }));
    let forms = Form::ALL
        .iter()
        .map(|form| Chip {
            href: format!("/new?form={form}"),
            label: voice.word(form),
            count: None,
            current: *form == rules.form,
        })
        .collect();
    let offered = |list| values.of(list).into_iter().map(|c| (c.label.clone(), initials(&c.label))).collect();
    let none = if found.is_empty() && !answers.first("text").is_empty() { "repeats-none" } else { "repeats-later" };
    let template = Hand {
        p: seat.page("/new").await,
        forms,
        form: rules.form.to_string(),
        token,
        draft,
        sections: view::sections(&rules, &answers, &faults, &values, seat.lang),
        units: offered(domain::rules::ValueList::Units),
        organs: offered(domain::rules::ValueList::Organs),
        errors,
        done,
        none: voice.t(none),
        found,
    };
    page(status, &template)
}
