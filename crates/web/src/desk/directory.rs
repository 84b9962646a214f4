//! 目录: who is who. The administrator adds offices and people, the security officer confirms roles;
//! everybody else looks things up.

use axum::extract::{Path, Query as UrlQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::directory::{OfficeKind, Relation, Staff};
use domain::ids::{OfficeId, StaffId};
use domain::permission::Action;
use domain::words::Role;
use office::Error;
use office::export::Table;
use office::staffing::{NewOffice, NewStaff};

use super::page::{DirectoryPage, Go, OfficeLine, Pager, PersonForm, PersonPage, Select, StaffLine};
use super::site::{Came, Filled, Seated};
use super::{filters, papers, rows};
use crate::answers::{Pairs, value};
use crate::locale::Voice;
use crate::public::{page, status_of};

/// People on a page.
const SIZE: usize = 50;

/// GET /directory.
pub async fn show(seat: Seated, UrlQuery(asked): UrlQuery<Pairs>) -> Response {
    if !seat.has(Action::ViewDirectory) {
        return seat.trouble(&Error::Forbidden("refused-role")).await;
    }
    list(&seat, &asked, Form::None, None).await
}

/// Which form is open, with what was typed.
enum Form<'a> {
    None,
    Person(&'a [(String, String)]),
    Office(&'a [(String, String)]),
}

async fn list(seat: &Seated, asked: &[(String, String)], form: Form<'_>, error: Option<&Error>) -> Response {
    let voice = seat.voice();
    let directory = &seat.organ.directory;
    let found: Vec<&Staff> = wanted(seat, asked);
    let pages = found.len().div_ceil(SIZE).max(1);
    let at = value(asked, "page").parse::<usize>().unwrap_or(0).min(pages - 1);
    let fields: Pairs = asked.iter().filter(|(n, v)| n != "page" && n != "name" && !v.is_empty()).cloned().collect();
    let go = |to: usize, key: &str| Go {
        href: Some(filters::address("/directory", &fields, u32::try_from(to).unwrap_or(0))),
        name: "page",
        value: to.to_string(),
        label: voice.t(key),
    };
    let (person, office) = match &form {
        Form::None => (&[][..], &[][..]),
        Form::Person(pairs) => (*pairs, &[][..]),
        Form::Office(pairs) => (&[][..], *pairs),
    };
    let name_of = |id: &StaffId| directory.staff(id).map(|s| s.name.clone()).unwrap_or_default();
    let template = DirectoryPage {
        p: seat.page("/directory").await,
        error: error.map(|e| e.sentence(seat.lang)).unwrap_or_default(),
        may_edit: seat.has(Action::AdministerStaff),
        may_export: may_export(seat),
        name: value(asked, "name").to_owned(),
        office: select(&voice, "office", "directory-office", value(asked, "office"), offices(seat)),
        role: select(&voice, "role", "directory-roles", value(asked, "role"), roles(&voice)),
        staff: found.iter().skip(at * SIZE).take(SIZE).map(|s| line(seat, s)).collect(),
        pager: Pager {
            total: voice.t1("directory-total", "n", found.len()),
            page: voice.t2("list-page", "n", at + 1, "all", pages),
            first: (at > 1).then(|| go(0, "list-first")),
            before: at.checked_sub(1).map(|to| go(to, "list-before")),
            after: (at + 1 < pages).then(|| go(at + 1, "list-after")),
            sizes: Vec::new(),
        },
        offices: directory
            .offices
            .iter()
            .map(|o| OfficeLine {
                id: o.id.0.clone(),
                name: o.name.clone(),
                kind: voice.t(kind_key(o.kind)),
                leader: o.leader.as_ref().map(|id| id.0.clone()).unwrap_or_default(),
                leader_name: o.leader.as_ref().map(name_of).unwrap_or_default(),
                phone: o.phone.clone(),
                people: directory.staff_of(&o.id).filter(|s| s.ended_on.is_none()).count(),
            })
            .collect(),
        organs: directory.organs.iter().map(|o| (o.name.clone(), o.address.clone(), o.phone.clone())).collect(),
        posts: directory
            .posts
            .iter()
            .map(|p| {
                let unit = p.unit.as_ref().and_then(|id| directory.unit(id));
                let committee = directory.committee(&p.committee).map(|c| c.name.clone()).unwrap_or_default();
                let unit = unit.map_or_else(|| directory.organ.name.clone(), |u| u.name.clone());
                [unit, p.title.clone(), voice.word(&p.rank), committee]
            })
            .collect(),
        leaders: leaders(seat),
        open: match form {
            Form::None => "",
            Form::Person(_) => "person",
            Form::Office(_) => "office",
        },
        person: person_form(seat, person),
        office_name: value(office, "name").to_owned(),
        office_phone: value(office, "phone").to_owned(),
        office_kind: select(&voice, "kind", "directory-kind", value(office, "kind"), kinds(&voice)),
        office_leader: select(&voice, "leader", "directory-leader", value(office, "leader"), leaders(seat)),
    };
    page(error.map_or(StatusCode::OK, status_of), &template)
}

/// Who fits what is asked, in the order of offices and of the directory.
fn wanted<'a>(seat: &'a Seated, asked: &[(String, String)]) -> Vec<&'a Staff> {
    let directory = &seat.organ.directory;
    let (name, office) = (value(asked, "name").to_lowercase(), value(asked, "office"));
    let role = value(asked, "role").parse::<Role>().ok();
    let keeps = sees_accounts(seat);
    let fits = |s: &&Staff| {
        (name.is_empty() || s.name.to_lowercase().contains(&name) || (keeps && s.user.contains(&name)))
            && (office.is_empty() || s.office.0 == office)
            && role.is_none_or(|role| s.roles.contains(&role))
            && (keeps || s.ended_on.is_none())
    };
    let place = |s: &&Staff| directory.offices.iter().position(|o| o.id == s.office);
    let mut found: Vec<&Staff> = directory.staff.iter().filter(fits).collect();
    found.sort_by_key(|s| (s.ended_on.is_some(), place(s)));
    found
}

/// Sign-in names and what waits are for those who keep the directory.
fn sees_accounts(seat: &Seated) -> bool {
    seat.has(Action::AdministerStaff) || seat.has(Action::GrantRoles)
}

fn may_export(seat: &Seated) -> bool {
    [Action::Export, Action::EditDirectory, Action::GrantRoles, Action::ViewAudit].iter().any(|a| seat.has(*a))
}

fn line(seat: &Seated, s: &Staff) -> StaffLine {
    let voice = seat.voice();
    let keeps = sees_accounts(seat);
    let words: Vec<String> = s.roles.iter().map(|r| voice.word(r)).collect();
    StaffLine {
        href: if keeps { format!("/directory/staff/{}", s.id) } else { String::new() },
        name: s.name.clone(),
        user: if keeps { s.user.clone() } else { String::new() },
        office: seat.organ.directory.office(&s.office).map(|o| o.name.clone()).unwrap_or_default(),
        roles: words.join("、"),
        state: state(&voice, s, keeps),
        waits: keeps && s.proposed.is_some(),
    }
}

fn state(voice: &Voice, s: &Staff, keeps: bool) -> String {
    match (s.ended_on, keeps && s.proposed.is_some()) {
        (Some(day), _) => voice.t1("directory-ended", "day", day),
        (None, true) => voice.t("directory-waits"),
        (None, false) => voice.t("directory-serves"),
    }
}

/// A field to choose one of some values.
pub(super) fn select(
    voice: &Voice,
    name: &'static str,
    label: &str,
    chosen: &str,
    options: Vec<(String, String)>,
) -> Select {
    Select { name, label: voice.t(label), value: chosen.to_owned(), options }
}

fn offices(seat: &Seated) -> Vec<(String, String)> {
    seat.organ.directory.offices.iter().map(|o| (o.id.0.clone(), o.name.clone())).collect()
}

fn roles(voice: &Voice) -> Vec<(String, String)> {
    Role::ALL.iter().map(|r| (r.to_string(), voice.word(r))).collect()
}

fn leaders(seat: &Seated) -> Vec<(String, String)> {
    let lead = |s: &&Staff| s.roles.iter().any(|r| matches!(r, Role::Leader | Role::Chief));
    seat.organ.directory.staff.iter().filter(lead).map(|s| (s.id.0.clone(), s.name.clone())).collect()
}

const fn kind_key(kind: OfficeKind) -> &'static str {
    match kind {
        OfficeKind::Petition => "office-kind-petition",
        OfficeKind::Supervision => "office-kind-supervision",
        OfficeKind::Investigation => "office-kind-investigation",
        OfficeKind::Stationed => "office-kind-stationed",
        OfficeKind::Township => "office-kind-township",
        OfficeKind::CaseManagement => "office-kind-case_management",
        OfficeKind::Leadership => "office-kind-leadership",
        OfficeKind::Department => "office-kind-department",
    }
}

fn kind_name(kind: OfficeKind) -> &'static str {
    kind_key(kind).trim_start_matches("office-kind-")
}

fn kinds(voice: &Voice) -> Vec<(String, String)> {
    OfficeKind::ALL.iter().map(|k| (kind_name(*k).to_owned(), voice.t(kind_key(*k)))).collect()
}

fn person_form(seat: &Seated, pairs: &[(String, String)]) -> PersonForm {
    let voice = seat.voice();
    let chosen: Vec<&str> = pairs.iter().filter(|(n, _)| n == "role").map(|(_, v)| v.as_str()).collect();
    PersonForm {
        name: value(pairs, "name").to_owned(),
        user: value(pairs, "user").to_owned(),
        office: select(&voice, "office", "directory-office", value(pairs, "office"), offices(seat)),
        roles: roles(&voice).into_iter().map(|(k, w)| (chosen.contains(&k.as_str()), k, w)).collect(),
        near: value(pairs, "near").to_owned(),
    }
}

fn chosen_roles(pairs: &[(String, String)]) -> Vec<Role> {
    pairs.iter().filter(|(n, _)| n == "role").filter_map(|(_, v)| v.parse().ok()).collect()
}

/// One person a line: name, then how she stands to the member of staff.
fn relations(written: &str) -> Vec<Relation> {
    written
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(|line| {
            let (name, relation) = line.split_once([' ', '　', ',', '，', '\t']).unwrap_or((line, ""));
            Relation { name: name.trim().to_owned(), relation: relation.trim().to_owned() }
        })
        .collect()
}

/// POST /directory/staff: adds a member of staff.
pub async fn add_staff(filled: Filled) -> Response {
    let Filled { seat, pairs } = filled;
    let new = NewStaff {
        name: value(&pairs, "name").to_owned(),
        user: value(&pairs, "user").to_owned(),
        office: OfficeId(value(&pairs, "office").to_owned()),
        roles: chosen_roles(&pairs),
        near: relations(value(&pairs, "near")),
    };
    match seat.hall().add_staff(&seat.me, new).await {
        Ok(id) => Redirect::to(&format!("/directory/staff/{id}")).into_response(),
        Err(error @ (Error::Input { .. } | Error::Conflict)) => {
            list(&seat, &[], Form::Person(&pairs), Some(&error)).await
        }
        Err(error) => seat.trouble(&error).await,
    }
}

/// POST /directory/offices: adds an office.
pub async fn add_office(filled: Filled) -> Response {
    let Filled { seat, pairs } = filled;
    if let Err(error) = seat.me.may_use(Action::EditDirectory) {
        return seat.trouble(&error).await;
    }
    let wanted = value(&pairs, "kind");
    let Some(kind) = OfficeKind::ALL.iter().copied().find(|k| kind_name(*k) == wanted) else {
        let error = Error::input("kind-missing", "请选择部门类型。", "Choose what the office is for.");
        return list(&seat, &[], Form::Office(&pairs), Some(&error)).await;
    };
    let leader = Some(value(&pairs, "leader")).filter(|id| !id.is_empty()).map(|id| StaffId(id.to_owned()));
    let new =
        NewOffice { name: value(&pairs, "name").to_owned(), kind, leader, phone: value(&pairs, "phone").to_owned() };
    match seat.hall().add_office(&seat.me, new).await {
        Ok(_) => Redirect::to("/directory#offices").into_response(),
        Err(error @ (Error::Input { .. } | Error::Conflict)) => {
            list(&seat, &[], Form::Office(&pairs), Some(&error)).await
        }
        Err(error) => seat.trouble(&error).await,
    }
}

/// POST /directory/offices/leader: who leads an office.
pub async fn set_leader(filled: Filled) -> Response {
    let Filled { seat, pairs } = filled;
    let leader = Some(value(&pairs, "leader")).filter(|id| !id.is_empty()).map(|id| StaffId(id.to_owned()));
    match seat.hall().set_leader(&seat.me, &OfficeId(value(&pairs, "office").to_owned()), leader).await {
        Ok(()) => Redirect::to("/directory#offices").into_response(),
        Err(error) => seat.trouble(&error).await,
    }
}

/// GET /directory/staff/{id}.
pub async fn person(Path(id): Path<String>, seat: Seated) -> Response {
    if !sees_accounts(&seat) {
        return seat.trouble(&Error::Forbidden("refused-role")).await;
    }
    person_page(&seat, &StaffId(id), None, None).await
}

/// What is shown once after a deed.
enum Once {
    Link(String),
    Code(String),
}

async fn person_page(seat: &Seated, id: &StaffId, once: Option<Once>, error: Option<&Error>) -> Response {
    let voice = seat.voice();
    // As it is now: the deed may just have changed it.
    let organ = match seat.hall().organ(&seat.me.tenant) {
        Ok(organ) => organ,
        Err(error) => return seat.trouble(&error).await,
    };
    let Some(s) = organ.directory.staff(id) else { return seat.trouble(&Error::NotFound).await };
    let words = |roles: &[Role]| roles.iter().map(|r| voice.word(r)).collect::<Vec<_>>().join("、");
    let office = |id: &OfficeId| organ.directory.office(id).map(|o| o.name.clone()).unwrap_or_default();
    let in_force = s.proposed.as_ref().map_or((&s.roles, &s.office), |grant| (&grant.roles, &grant.office));
    let mut pairs: Pairs = in_force.0.iter().map(|r| ("role".to_owned(), r.to_string())).collect();
    pairs.push(("office".to_owned(), in_force.1.0.clone()));
    let near: Vec<String> = s.near.iter().map(|r| format!("{} {}", r.name, r.relation)).collect();
    // Kept on its lines, which a field of a form would lose.
    let form = PersonForm { near: near.join("\n"), ..person_form(seat, &pairs) };
    let template = PersonPage {
        seen: organ.version,
        p: seat.page("/directory").await,
        error: error.map(|e| e.sentence(seat.lang)).unwrap_or_default(),
        id: s.id.0.clone(),
        name: s.name.clone(),
        user: s.user.clone(),
        office: office(&s.office),
        roles: words(&s.roles),
        state: state(&voice, s, true),
        proposed: s.proposed.as_ref().map(|g| {
            let by = organ.directory.staff(&g.by).map(|s| s.name.clone()).unwrap_or_default();
            (words(&g.roles), office(&g.office), by)
        }),
        may_edit: seat.has(Action::AdministerStaff) && s.ended_on.is_none(),
        may_grant: seat.has(Action::GrantRoles) && s.ended_on.is_none(),
        form,
        link: match &once {
            Some(Once::Link(link)) => link.clone(),
            _ => String::new(),
        },
        code: match &once {
            Some(Once::Code(code)) => code.clone(),
            _ => String::new(),
        },
    };
    page(error.map_or(StatusCode::OK, status_of), &template)
}

/// POST /directory/staff/{id}/{deed}.
pub async fn deed(Path((id, deed)): Path<(String, String)>, came: Came, filled: Filled) -> Response {
    let Filled { seat, pairs } = filled;
    let id = StaffId(id);
    let (hall, me) = (seat.hall(), &seat.me);
    let done = match deed.as_str() {
        "propose" => {
            let office = OfficeId(value(&pairs, "office").to_owned());
            hall.propose(me, &id, chosen_roles(&pairs), office).await.map(|()| None)
        }
        "confirm" => hall.confirm(me, &id, true, value(&pairs, "seen").parse().ok()).await.map(|()| None),
        "decline" => hall.confirm(me, &id, false, value(&pairs, "seen").parse().ok()).await.map(|()| None),
        "near" => hall.set_near(me, &id, relations(value(&pairs, "near"))).await.map(|()| None),
        "end" => hall.end_service(me, &id).await.map(|()| None),
        "link" => {
            let link = |token| Once::Link(format!("{}/invitation/{token}", came.origin()));
            hall.issue_link(me, &id).await.map(|token| Some(link(token)))
        }
        "code" => hall.release_link(me, &id).await.map(|code| Some(Once::Code(code))),
        _ => Err(Error::NotFound),
    };
    match done {
        // A link or a code is shown once and never again; anything else may be loaded anew.
        Ok(None) => Redirect::to(&format!("/directory/staff/{id}")).into_response(),
        Ok(once) => person_page(&seat, &id, once, None).await,
        Err(error @ (Error::Input { .. } | Error::Conflict)) => person_page(&seat, &id, None, Some(&error)).await,
        Err(error) => seat.trouble(&error).await,
    }
}

/// POST /directory/export: the people as filtered, as a spreadsheet.
pub async fn export(filled: Filled) -> Response {
    let Filled { seat, pairs } = filled;
    if !seat.has(Action::ViewDirectory) {
        return seat.trouble(&Error::Forbidden("refused-role")).await;
    }
    let speak = rows::in_chinese(seat.organ.edition());
    let say = |key: &'static str| speak(&office::desk::Bit::Say(key, "n", String::new()));
    let word = |role: &Role| speak(&office::desk::Bit::Word("role", role.as_str()));
    let directory = &seat.organ.directory;
    let table = Table {
        name: "directory",
        title: say("directory-heading"),
        headings: vec![(say("directory-staff"), 12.0), (say("directory-office"), 28.0), (say("directory-roles"), 30.0)],
        rows: wanted(&seat, &pairs)
            .into_iter()
            .map(|s| {
                let office = directory.office(&s.office).map(|o| o.name.clone()).unwrap_or_default();
                vec![s.name.clone(), office, s.roles.iter().map(word).collect::<Vec<_>>().join("、")]
            })
            .collect(),
    };
    match seat.hall().export_table(&seat.me, table, value(&pairs, "purpose")).await {
        Ok(bytes) => papers::spreadsheet("directory", bytes),
        Err(error) => seat.trouble(&error).await,
    }
}
