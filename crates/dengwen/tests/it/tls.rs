//! TLS of the program itself: each side with its certificate, and SIGHUP, which takes rules and
//! certificates together or leaves both as they were.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::Value;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::city::{City, Engine, terminate};

/// A certificate and its key as PEM.
struct Made {
    cert: String,
    key: String,
}

fn made() -> Made {
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).expect("a certificate");
    Made { cert: made.cert.pem(), key: made.signing_key.serialize_pem() }
}

type Line = StreamOwned<ClientConnection, TcpStream>;

/// A connection of somebody who trusts this certificate and no other.
fn connect(url: &str, trusted: &Made) -> std::io::Result<Line> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(trusted.cert.as_bytes()).expect("PEM")).expect("an anchor");
    let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("127.0.0.1").expect("a name");
    let stream = TcpStream::connect(url.strip_prefix("https://").expect("https"))?;
    stream.set_read_timeout(Some(Duration::from_secs(60)))?;
    let mut line = StreamOwned::new(ClientConnection::new(Arc::new(config), name).expect("a client"), stream);
    line.conn.complete_io(&mut line.sock)?;
    Ok(line)
}

/// One request on a connection that stays open; the whole answer to one that ends with `end`.
fn ask(line: &mut Line, path: &str, end: &str) -> std::io::Result<String> {
    write!(line, "GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")?;
    let mut answer = Vec::new();
    let mut piece = [0; 4096];
    while !String::from_utf8_lossy(&answer).ends_with(end) {
        match line.read(&mut piece)? {
            0 => return Err(std::io::ErrorKind::UnexpectedEof.into()),
            n => answer.extend_from_slice(&piece[..n]),
        }
    }
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

fn lives(url: &str, trusted: &Made) -> Result<String, String> {
    connect(url, trusted).and_then(|mut line| ask(&mut line, "/health/live", "ok\n")).map_err(|e| e.to_string())
}

/// The program serving with certificates, what it says as it says it.
struct Serving {
    child: Child,
    said: Receiver<String>,
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _reaped = self.child.wait();
    }
}

impl Serving {
    fn begin(mut command: Command) -> Self {
        let mut child = command.stderr(Stdio::piped()).spawn().expect("the program starts");
        let reader = BufReader::new(child.stderr.take().expect("a pipe"));
        let (tell, said) = channel();
        std::thread::spawn(move || {
            for line in reader.lines().map_while(Result::ok) {
                if tell.send(line).is_err() {
                    return;
                }
            }
        });
        Self { child, said }
    }

    /// The next line in which this stands.
    fn hears(&self, wanted: &str) -> String {
        let mut before = Vec::new();
        loop {
            match self.said.recv_timeout(Duration::from_secs(120)) {
                Ok(line) if line.contains(wanted) => return line,
                Ok(line) => before.push(line),
                Err(_) => panic!("it never said {wanted:?}, but: {before:#?}"),
            }
        }
    }

    /// Asks it to read everything again; the fields of what it says to that.
    fn reload(&self) -> Value {
        let asked = Command::new("kill").args(["-HUP", &self.child.id().to_string()]).status().expect("kill");
        assert!(asked.success());
        let line = self.hears("read again");
        serde_json::from_str::<Value>(&line).expect(&line)["fields"].clone()
    }
}

fn write(path: &Path, text: &str) {
    std::fs::write(path, text).expect("a file");
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            std::fs::copy(&path, &target).expect("a copy");
        }
    }
}

#[test]
fn rules_and_certificates_are_read_again_together_or_not_at_all() {
    let mut city = City::serving(Engine::Sqlite);
    city.stop();
    let at = |name: &str| -> PathBuf { city.root.path().join(name) };
    let rules = at("rules");
    copy(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../rules")), &rules);
    let first = std::fs::read_to_string(rules.join("VERSION")).expect("a version").trim().to_owned();
    write(&at("d.toml"), &format!("rules = {:?}\n", rules.display().to_string()));
    let (public, desk, renewed) = (made(), made(), made());
    for (name, pair) in [("public", &public), ("desk", &desk)] {
        write(&at(&format!("{name}.pem")), &pair.cert);
        write(&at(&format!("{name}.key")), &pair.key);
    }

    let mut command = city.command(&city.keys());
    command.args(["serve", "--listen", "127.0.0.1:0", "--desk", "127.0.0.1:0"]);
    for (option, file) in [
        ("--tls-cert", "public.pem"),
        ("--tls-key", "public.key"),
        ("--desk-tls-cert", "desk.pem"),
        ("--desk-tls-key", "desk.key"),
    ] {
        command.arg(option).arg(at(file));
    }
    let serving = Serving::begin(command);
    let url = |line: String| line.split(' ').next_back().expect("an address").to_owned();
    let public_url = url(serving.hears("public pages: https://"));
    let desk_url = url(serving.hears("desk: https://"));

    // Each side has its own, and says that it is never to be met in clear again.
    assert!(lives(&public_url, &public).is_ok_and(|said| said.contains("strict-transport-security: max-age=31536000")));
    assert!(lives(&desk_url, &desk).is_ok() && lives(&desk_url, &public).is_err());
    let mut open = connect(&public_url, &public).expect("a connection");
    ask(&mut open, "/health/live", "ok\n").expect("an answer");

    // A certificate without its key, together with good rules: both stay, and the log names the file.
    write(&at("public.pem"), &renewed.cert);
    write(&rules.join("VERSION"), "2099-second");
    let said = serving.reload();
    assert!(said["fault"].as_str().is_some_and(|f| f.contains("public.pem") && f.contains("match")), "{said}");
    assert_eq!(said["version"], Value::from(first.as_str()), "{said}");
    assert!(lives(&public_url, &public).is_ok() && lives(&public_url, &renewed).is_err());

    // The whole pair, together with a broken rule: both stay again.
    write(&at("public.key"), &renewed.key);
    let clocks = rules.join("clocks/jw.toml");
    let whole = std::fs::read_to_string(&clocks).expect("a rule");
    write(&clocks, "this is no rule");
    let said = serving.reload();
    assert!(said["fault"].as_str().is_some_and(|f| f.contains("clocks/jw.toml")), "{said}");
    assert_eq!(said["version"], Value::from(first.as_str()), "{said}");
    assert!(lives(&public_url, &public).is_ok() && lives(&public_url, &renewed).is_err());

    // Everything in order: both are new, for new connections; the old one lives on.
    write(&clocks, &whole);
    let said = serving.reload();
    assert!(said["fault"].is_null() && said["version"] == "2099-second", "{said}");
    assert!(lives(&public_url, &renewed).is_ok() && lives(&public_url, &public).is_err());
    assert!(lives(&desk_url, &desk).is_ok(), "the desk's own stays");
    ask(&mut open, "/health/live", "ok\n").expect("the connection from before is served");

    terminate(&serving.child);
}

#[test]
fn by_tls_only_a_cookie_no_other_host_can_set_is_a_session() {
    let mut city = City::serving(Engine::Sqlite);
    city.stop();
    let pair = made();
    let (cert, key) = (city.root.path().join("c.pem"), city.root.path().join("c.key"));
    write(&cert, &pair.cert);
    write(&key, &pair.key);
    let mut command = city.command(&city.keys());
    command.args(["serve", "--listen", "127.0.0.1:0", "--desk", "127.0.0.1:0", "--tls-cert"]).arg(&cert);
    command.arg("--tls-key").arg(&key);
    let serving = Serving::begin(command);
    let desk = serving.hears("desk: https://").split(' ').next_back().expect("an address").to_owned();
    let sign_in = &city.announced["sign_ins"][0];
    let form = format!(
        "user={}&password={}",
        sign_in["user"].as_str().expect("a name"),
        sign_in["password"].as_str().expect("a password")
    );
    let mut line = connect(&desk, &pair).expect("a connection");
    write!(
        line,
        "POST /sign-in HTTP/1.1\r\nHost: {host}\r\nOrigin: null\r\nSec-Fetch-Site: same-origin\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
        form.len(),
        host = desk.trim_start_matches("https://"),
    )
    .expect("it is taken");
    let mut answer = String::new();
    let _closed_without_a_word = line.read_to_string(&mut answer);
    let cookie = answer.lines().find_map(|l| l.strip_prefix("set-cookie: ")).expect(&answer);
    assert!(cookie.starts_with("__Host-dengwen_desk=") && cookie.contains("; Secure"), "{cookie}");
    let token = cookie.split(['=', ';']).nth(1).expect("a token");
    let first = |name: &str| {
        let mut line = connect(&desk, &pair).expect("a connection");
        write!(line, "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nCookie: {name}={token}\r\n\r\n")
            .expect("it is taken");
        let mut answer = String::new();
        let _closed_without_a_word = line.read_to_string(&mut answer);
        answer.lines().next().unwrap_or_default().to_owned()
    };
    assert!(first("__Host-dengwen_desk").contains(" 200"), "{}", first("__Host-dengwen_desk"));
    assert!(first("dengwen_desk").contains(" 303"), "a cookie set in clear is nobody's session");
    terminate(&serving.child);
}

#[test]
fn beyond_this_machine_nothing_is_served_in_clear_unless_a_proxy_is_said_to_be_there() {
    let mut city = City::serving(Engine::Sqlite);
    city.stop();
    let refused = city.run(&["serve", "--listen", "0.0.0.0:0", "--desk", "127.0.0.1:0"]);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(1));
    assert!(said.contains("--tls-cert") && said.contains("--plain-http"), "{said}");
    let figures = city.run(&["serve", "--listen", "127.0.0.1:0", "--desk", "127.0.0.1:0", "--metrics", "0.0.0.0:0"]);
    assert_eq!(figures.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&figures.stderr).contains("--metrics"));
}
