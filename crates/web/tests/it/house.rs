//! A house to send requests to: one organ, one member of staff for every role, SQLite in a
//! temporary folder, keys in a folder of their own.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use domain::directory::{Directory, Staff};
use domain::ids::{StaffId, TenantCode};
use domain::rules::Rules;
use domain::words::Role;
use jiff::civil::date;
use office::clock::Clock;
use office::keys::{Holding, Keys};
use office::{Hall, Places};
use seal::{Cost, KeyFolder, Protection, SystemEntropy, TenantHolders};
use store::Store;
use tempfile::TempDir;
use tower::ServiceExt as _;

pub const PASSWORD: &str = "shan-song-lu-ning";

pub struct House {
    pub hall: Arc<Hall>,
    pub tenant: TenantCode,
    _folder: TempDir,
}

fn directory() -> Directory {
    let mut directory =
        Directory::from_toml(include_str!("../../../../rules/directory/example.toml")).expect("the example");
    let petition = directory.petition_office().expect("a petition office").id.clone();
    let other = directory.offices.iter().find(|o| o.id != petition).expect("another office").id.clone();
    for role in Role::ALL {
        let near = matches!(role, Role::Clerk | Role::Head);
        directory.staff.push(Staff {
            id: StaffId(format!("r-{role}")),
            user: format!("r-{role}"),
            name: format!("试{role}"),
            roles: vec![*role],
            office: if near { petition.clone() } else { other.clone() },
            post: None,
            near: Vec::new(),
            leaves: Vec::new(),
            proposed: None,
            ended_on: None,
        });
    }
    directory
}

impl House {
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().join("data");
        std::fs::create_dir(&data).expect("a folder");
        let directory = directory();
        let tenant = directory.organ.tenant.clone();
        let keys = KeyFolder::new(folder.path().join("data.keys"));
        keys.init_shared(Protection::DemoPlain, &mut SystemEntropy).expect("keys");
        let holders = TenantHolders {
            custodian: "custodian",
            approver: "approver",
            from: date(2026, 1, 1),
            until: date(2046, 1, 1),
            program: Protection::DemoPlain,
            custodian_file: Protection::DemoPlain,
            approver_file: Protection::DemoPlain,
            root_file: Protection::DemoPlain,
        };
        keys.init_tenant(tenant.as_str(), &holders, &mut SystemEntropy).expect("keys");
        let url = format!("sqlite:{}", data.join("register.db").display());
        Store::migrate(&url).await.expect("a register");
        let store = Store::connect(&url).await.expect("a register");
        let clock = Clock::system("Asia/Shanghai").expect("a zone");
        let keys = Keys::load(
            &KeyFolder::new(folder.path().join("data.keys")),
            std::slice::from_ref(&tenant),
            Holding::Desk,
            clock.today(),
            Protection::DemoPlain,
            "test.example",
        )
        .expect("keys");
        let hall =
            Hall::open(store, keys, Rules::embedded().clone(), clock, Places { data, fonts: None, bucket: None })
                .await
                .expect("a house");
        hall.set_directory(directory).await.expect("a directory");
        Self { hall, tenant, _folder: folder }
    }

    pub fn public(&self) -> Router {
        web::public::router(web::public::Site::new(self.hall.clone()))
    }

    pub fn desk(&self) -> Router {
        web::desk::router(web::desk::Desk::of(self.hall.clone()))
    }

    /// A session cookie of the member of staff with this one role.
    pub async fn cookie(&self, role: Role) -> String {
        let staff = StaffId(format!("r-{role}"));
        self.hall.set_password(&self.tenant, &staff, PASSWORD, Cost::Demo).await.expect("a password");
        let signed = self.hall.sign_in(&format!("r-{role}"), PASSWORD).await.expect("a session");
        format!("dengwen_desk={}", signed.token)
    }
}

/// An answer, read whole.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

async fn send(router: Router, request: Request<Body>) -> Answer {
    let response = router.oneshot(request).await.expect("an answer");
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, 10_000_000).await.expect("a body");
    Answer { status: parts.status, headers: parts.headers, body: String::from_utf8_lossy(&bytes).into_owned() }
}

pub async fn get(router: Router, path: &str, cookie: &str) -> Answer {
    let request = Request::get(path).header(header::COOKIE, cookie).body(Body::empty()).expect("a request");
    send(router, request).await
}

/// A urlencoded form.
pub async fn post(router: Router, path: &str, cookie: &str, pairs: &[(String, String)]) -> Answer {
    let encode = |text: &str| text.bytes().map(|b| format!("%{b:02X}")).collect::<String>();
    let body: Vec<String> = pairs.iter().map(|(n, v)| format!("{}={}", encode(n), encode(v))).collect();
    let request = Request::post(path)
        .header(header::COOKIE, cookie)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(body.join("&")))
        .expect("a request");
    send(router, request).await
}

/// A multipart form with files (name, bytes), by nobody.
pub async fn upload(router: Router, path: &str, pairs: &[(String, String)], files: &[(&str, &[u8])]) -> Answer {
    upload_as(router, path, "", pairs, files).await
}

/// A multipart form with files (name, bytes).
pub async fn upload_as(
    router: Router,
    path: &str,
    cookie: &str,
    pairs: &[(String, String)],
    files: &[(&str, &[u8])],
) -> Answer {
    let files: Vec<(&str, &str, &[u8])> = files.iter().map(|(name, bytes)| ("file", *name, *bytes)).collect();
    upload_fields(router, path, cookie, pairs, &files).await
}

/// As [`upload_as`], each file with the field it was chosen in.
pub async fn upload_fields(
    router: Router,
    path: &str,
    cookie: &str,
    pairs: &[(String, String)],
    files: &[(&str, &str, &[u8])],
) -> Answer {
    let mut body = Vec::new();
    for (name, value) in pairs {
        body.extend(
            format!("--frontier\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes(),
        );
    }
    for (field, name, bytes) in files {
        let head =
            format!("--frontier\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\r\n");
        body.extend(head.bytes());
        body.extend_from_slice(bytes);
        body.extend(b"\r\n");
    }
    body.extend(b"--frontier--\r\n");
    let request = Request::post(path)
        .header(header::COOKIE, cookie)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=frontier")
        .body(Body::from(body))
        .expect("a request");
    send(router, request).await
}

/// The hidden fields of a page's form, as a browser would send them.
pub fn hidden(html: &str) -> Vec<(String, String)> {
    let attribute = |tag: &str, name: &str| {
        let start = tag.find(&format!("{name}=\""))? + name.len() + 2;
        Some(tag[start..].split('"').next()?.to_owned())
    };
    let plain = |text: String| {
        let mut out = text;
        for (entity, c) in [("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&#38;", "&")] {
            out = out.replace(entity, c);
        }
        out
    };
    html.match_indices("<input type=\"hidden\"")
        .filter_map(|(at, _)| {
            let tag = html[at..].split_once('>')?.0;
            Some((attribute(tag, "name")?, plain(attribute(tag, "value")?)))
        })
        .collect()
}
