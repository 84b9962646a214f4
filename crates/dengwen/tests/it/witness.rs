//! Witnesses, told on real processes: they cosign our logs over HTTP and by file, refuse what does
//! not continue, and know more than an old backup put in place of the register.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::city::{City, Engine, a_report, terminate};
use crate::http::send;

const JW: &str = "990100J01";

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The words of a command that must go well.
fn good(output: &Output) -> String {
    assert!(output.status.success(), "{}{}", out(output), String::from_utf8_lossy(&output.stderr));
    out(output)
}

/// The sentence of a command that must not.
fn refused(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{}", out(output));
    out(output) + &String::from_utf8_lossy(&output.stderr)
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path of letters")
}

/// A witness of the program's own, with a folder and a key of its own.
struct Watcher {
    root: TempDir,
    name: &'static str,
    child: Option<Child>,
    url: String,
}

impl Drop for Watcher {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _gone = child.kill();
            let _reaped = child.wait();
        }
    }
}

impl Watcher {
    fn new(name: &'static str) -> Self {
        let root = tempfile::tempdir().expect("a folder");
        let witness = Self { root, name, child: None, url: String::new() };
        // Its key lies plain, as a demo's: what is told here is not about passphrases.
        std::fs::create_dir_all(witness.data().with_extension("keys")).expect("a folder");
        std::fs::write(witness.data().with_extension("keys").join("demo.json"), "{}").expect("a file");
        assert!(refused(&witness.run(&["key"])).contains("--name"), "without a key it says how to make one");
        good(&witness.run(&["key", "--name", &format!("{name}.example/witness")]));
        witness
    }

    fn data(&self) -> PathBuf {
        self.root.path().join("w")
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dengwen"));
        command.arg("--data").arg(self.data()).arg("witness").args(arguments).env("DENGWEN_ALLOW_SWAP", "1");
        command.stdin(Stdio::null()).output().expect("the program starts")
    }

    fn vkey(&self) -> String {
        good(&self.run(&["key"])).trim().to_owned()
    }

    /// Writes down which logs it watches.
    fn watches(&self, keys: &[String]) {
        std::fs::write(self.data().join("logs"), format!("# logs\n{}\n", keys.join("\n"))).expect("a file");
    }

    /// Serves, on the port it had before if any.
    fn serve(&mut self) {
        let listen = self.url.strip_prefix("http://").unwrap_or("127.0.0.1:0").to_owned();
        let mut child = Command::new(env!("CARGO_BIN_EXE_dengwen"))
            .arg("--data")
            .arg(self.data())
            .args(["witness", "--listen", &listen])
            .env("DENGWEN_ALLOW_SWAP", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut line).expect("a line");
        self.child = Some(child);
        self.url = line.split(' ').next().expect("an address").to_owned();
        assert!(self.url.starts_with("http://127.0.0.1:"), "{line}");
    }

    fn stop(&mut self) {
        let Some(mut child) = self.child.take() else { return };
        terminate(&child);
        assert!(child.wait().expect("it ends").success());
    }

    /// Its line of a policy.
    fn line(&self) -> String {
        format!("witness {} {} {}\n", self.name, self.vkey(), self.url)
    }
}

/// The keys of all logs, as published.
fn keys(city: &City) -> Vec<String> {
    let lines = good(&city.run(&["log", "publish"]));
    lines.lines().map(|line| line.split(' ').nth(2).expect("a key").to_owned()).collect()
}

/// Puts a policy in force: written down, and the program started again.
fn follow(city: &mut City, policy: &str) -> PathBuf {
    let file = city.root.path().join("policy");
    std::fs::write(&file, policy).expect("a file");
    std::fs::write(city.root.path().join("d.toml"), format!("policy = {:?}\n", text(&file))).expect("a file");
    city.stop();
    city.start();
    file
}

fn proof(city: &City, code: &str) -> PathBuf {
    let public = city.announced["public"].as_str().expect("an address");
    let kind = [("Content-Type", "application/x-www-form-urlencoded")];
    let answer = send("POST", &format!("{public}/{JW}/status/proof"), &kind, format!("code={code}").as_bytes());
    assert_eq!(answer.status, 200, "{}", answer.text());
    let file = city.root.path().join("proof.tlog-proof");
    std::fs::write(&file, &answer.body).expect("a file");
    file
}

/// How the logs stand, once every policy is fulfilled. A publication that was under way when it was
/// asked for another one is cosigned a moment later.
fn fulfilled(city: &City) -> String {
    for _ in 0..40 {
        let status = city.run(&["log", "status"]);
        if status.status.success() {
            return out(&status);
        }
        std::thread::sleep(Duration::from_millis(250));
    }
    good(&city.run(&["log", "status"]))
}

fn file(city: &City) -> String {
    city.file(&a_report("村道没有招标。")).json()["code"].as_str().expect("a code").to_owned()
}

#[test]
fn city_province_and_a_peer_cosign_and_a_witness_that_is_away_stops_nothing() {
    let mut city = City::serving(Engine::Sqlite);
    let keys = keys(&city);
    assert!(keys.iter().any(|key| key.starts_with("dengwen.invalid/log/head+")), "{keys:?}");
    let mut witnesses = ["city", "province", "peer"].map(Watcher::new);
    for witness in &mut witnesses {
        witness.watches(&keys);
        witness.serve();
    }
    let lines: String = witnesses.iter().map(Watcher::line).collect();
    let logs: String = keys.iter().map(|key| format!("log {key}\n")).collect();
    let quorum = "group upper all city province\ngroup peers 1 peer\ngroup both all upper peers\nquorum both\n";
    let policy = follow(&mut city, &format!("{logs}{lines}{quorum}"));
    let code = file(&city);
    good(&city.run(&["log", "publish"]));
    let status = fulfilled(&city);
    assert_eq!(status.matches("cosigned it at").count(), 3 * keys.len(), "{status}");
    assert_eq!(status.matches("the policy is fulfilled").count(), keys.len(), "{status}");

    // The proof she takes home carries the lines, and is checked offline by the policy alone.
    let taken = proof(&city, &code);
    let verified = good(&city.run(&["verify", text(&taken), "--policy", text(&policy)]));
    for name in ["city.example/witness at 2", "province.example/witness at 2", "peer.example/witness at 2"] {
        assert!(verified.contains(name), "{verified}");
    }
    assert!(verified.contains("2 of (2 of (city, province), 1 of (peer))"), "{verified}");
    let stricter = city.root.path().join("stricter");
    let fourth = Watcher::new("people");
    let asked = format!(
        "{logs}{lines}witness people {}\ngroup all4 all city province peer people\nquorum all4\n",
        fourth.vkey()
    );
    std::fs::write(&stricter, asked).expect("a file");
    let wanting = refused(&city.run(&["verify", text(&taken), "--policy", text(&stricter)]));
    assert!(wanting.contains("which is not the quorum of the policy"), "{wanting}");

    // Away: published all the same, said, and the proof is given where the quorum stands.
    witnesses[2].stop();
    good(&city.run(&["log", "publish"]));
    let status = city.run(&["log", "status"]);
    assert_eq!(status.status.code(), Some(2), "{}", out(&status));
    assert!(out(&status).contains("peer: has not cosigned it; last"), "{}", out(&status));
    let taken = proof(&city, &code);
    good(&city.run(&["verify", text(&taken), "--policy", text(&policy)]));
    let metrics = city.announced["metrics"].as_str().expect("an address").to_owned();
    let figures = send("GET", &metrics, &[], b"").text();
    assert!(figures.contains("dengwen_log_quorum_met{log=\"990100J01\"} 0"), "{figures}");
    assert!(figures.contains("dengwen_log_witnesses_wanting{log=\"990100J01\"} 1"), "{figures}");
    // Back again, it stands where it stood, and goes on from there.
    witnesses[2].serve();
    good(&city.run(&["log", "publish"]));
    fulfilled(&city);

    // Whatever stands with the witnesses is an anchor for the register.
    let folder = witnesses[0].data();
    let sound = good(&city.run(&["fsck", "--anchor", text(&folder)]));
    assert!(sound.contains("Continues") && !sound.contains("Internally consistent only"), "{sound}");
    assert!(sound.contains("cosigned by city.example/witness at"), "{sound}");
    let alone = good(&city.run(&["fsck"]));
    assert!(alone.contains("Internally consistent only"), "{alone}");
}

/// A copy of a folder with everything in it; what is no file is left out.
/// A proxy that speaks TLS before a witness: its address, and the certificate to trust.
fn behind_tls(witness: &str) -> (String, String) {
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).expect("a certificate");
    let key = PrivateKeyDer::from_pem_slice(made.signing_key.serialize_pem().as_bytes()).expect("a key");
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .expect("a pair");
    let (config, witness) = (Arc::new(config), witness.to_owned());
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("https://{}", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // Whoever does not trust it ends the line here.
            let _ended = carry(&config, stream, &witness);
        }
    });
    (url, made.cert.pem())
}

/// One request, carried to the witness and its answer back.
fn carry(config: &Arc<ServerConfig>, stream: TcpStream, witness: &str) -> std::io::Result<()> {
    let server = ServerConnection::new(config.clone()).map_err(std::io::Error::other)?;
    let mut line = BufReader::new(StreamOwned::new(server, stream));
    let (mut head, mut length) = (String::new(), 0);
    while !head.ends_with("\r\n\r\n") {
        let mut next = String::new();
        if line.read_line(&mut next)? == 0 {
            return Ok(());
        }
        if let Some(given) = next.to_ascii_lowercase().strip_prefix("content-length:") {
            length = given.trim().parse().expect("a length");
        }
        head.push_str(&next);
    }
    let mut body = vec![0; length];
    line.read_exact(&mut body)?;
    let answer = send("POST", &format!("{witness}/add-checkpoint"), &[("Content-Type", "text/plain")], &body);
    let line = line.get_mut();
    write!(line, "HTTP/1.1 {} -\r\nContent-Length: {}\r\n\r\n", answer.status, answer.body.len())?;
    line.write_all(&answer.body)?;
    line.conn.send_close_notify();
    line.flush()
}

#[test]
fn a_witness_behind_tls_is_asked_once_somebody_vouches_for_it() {
    let mut city = City::serving(Engine::Sqlite);
    file(&city);
    let mut witness = Watcher::new("city");
    witness.watches(&keys(&city));
    witness.serve();
    let (url, certificate) = behind_tls(&witness.url);
    let policy = format!("{}quorum city\n", witness.line().replace(&witness.url, &url));
    let authorities = city.root.path().join("authorities.pem");
    std::fs::write(&authorities, certificate).expect("a file");

    follow(&mut city, &policy);
    for _ in 0..40 {
        if city.said().contains("not cosigned") {
            break;
        }
        std::thread::sleep(Duration::from_millis(250));
    }
    assert!(city.said().contains("not cosigned"), "nobody vouches for it: {}", city.said());
    assert!(!city.run(&["log", "status"]).status.success());

    city.trusts = Some(authorities);
    follow(&mut city, &policy);
    fulfilled(&city);
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let there = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &there);
        } else if path.is_file() {
            std::fs::copy(&path, &there).expect("a copy");
        }
    }
}

#[test]
fn an_old_copy_does_not_serve_and_its_fork_is_refused_and_kept() {
    let mut city = City::serving(Engine::Sqlite);
    let mut witness = Watcher::new("city");
    witness.watches(&keys(&city));
    witness.serve();
    let policy = format!("{}quorum city\n", witness.line());
    follow(&mut city, &policy);
    file(&city);
    good(&city.run(&["log", "publish"]));
    city.stop();
    let mut old = City::beside(&city, "old");
    copy(&city.data(), &old.data());
    let _pointer = std::fs::remove_file(old.data().join("control"));
    city.start();
    file(&city);
    good(&city.run(&["log", "publish"]));
    fulfilled(&city);

    // The copy has its folder and its register, both old: only the witness knows better.
    let config = old.root.path().join("d.toml");
    std::fs::write(old.root.path().join("policy"), &policy).expect("a file");
    std::fs::write(&config, format!("policy = {:?}\n", text(&old.root.path().join("policy")))).expect("a file");
    let serve = ["demo", "--listen", "127.0.0.1:0", "--reports", "0", "--json"];
    let sentence = refused(&old.run(&serve));
    assert!(sentence.contains("an older register was put in its place"), "{sentence}");
    assert!(sentence.contains("dengwen restore"), "{sentence}");
    let fault = refused(&old.run(&["fsck", "--anchor", text(&witness.data())]));
    assert!(fault.contains("Not sound") && fault.contains("it was rolled back"), "{fault}");

    // Whoever silences the witness goes on, into another history.
    std::fs::write(old.root.path().join("policy"), policy.replace(&witness.url, "")).expect("a file");
    old.start();
    for _ in 0..3 {
        file(&old);
        good(&old.run(&["log", "publish"]));
    }
    let fault = refused(&old.run(&["fsck", "--anchor", text(&witness.data())]));
    assert!(fault.contains("it has forked"), "{fault}");
    assert!(out(&old.run(&["fsck"])).contains("Internally consistent only"), "inside all looks well");
    let request = old.root.path().join("request");
    let signed = old.root.path().join("signed");
    let arguments = ["log", "request", "--witness", "city", "--log", JW, "--out", text(&request)];
    good(&old.run(&arguments));
    // It says where it stands; asked from there, it sees the fork.
    let told = witness.run(&["sign", text(&request), "--out", text(&signed)]);
    assert_eq!(told.status.code(), Some(2), "{}", out(&told));
    let stands = out(&told);
    let size = stands.trim().rsplit_once("--old ").expect("it says from where").1.trim_end_matches('.').to_owned();
    good(&old.run(&[&arguments[..], &["--old", &size]].concat()));
    let fork = refused(&witness.run(&["sign", text(&request), "--out", text(&signed)]));
    assert!(fork.contains("not shown to continue"), "{fork}");
    assert!(!signed.exists());
    let body = std::fs::read(&request).expect("a file");
    let answer = send("POST", &format!("{}/add-checkpoint", witness.url), &[], &body);
    assert_eq!(answer.status, 422, "{}", answer.text());
    let evidence = std::fs::read_dir(witness.data().join("evidence")).expect("evidence").count();
    assert_eq!(evidence, 1, "what the log signed is kept");
    // The true history is cosigned as before.
    good(&city.run(&["log", "publish"]));
    fulfilled(&city);
}

/// A checkpoint that claims more leaves than were signed.
fn longer(note: &str) -> String {
    let (name, rest) = note.split_once('\n').expect("lines");
    format!("{name}\n9{rest}")
}

#[test]
fn networks_that_never_meet_exchange_files() {
    let mut city = City::serving(Engine::Sqlite);
    let keys = keys(&city);
    let province = Watcher::new("province");
    province.watches(&keys);
    follow(&mut city, &format!("witness province {}\nquorum province\n", province.vkey()));
    let code = file(&city);
    good(&city.run(&["log", "publish"]));
    let carried = city.root.path().join("carried");
    let said = good(&city.run(&["log", "request", "--witness", "province", "--out", text(&carried)]));
    assert!(said.contains("dengwen witness sign"), "{said}");
    let requests: Vec<PathBuf> =
        std::fs::read_dir(&carried).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    assert_eq!(requests.len(), keys.len(), "one for each log, the head log among them");
    // Meanwhile an hour goes by.
    good(&city.run(&["log", "publish"]));
    for request in &requests {
        let signed = request.with_extension("signed");
        good(&province.run(&["sign", text(request), "--out", text(&signed)]));
        let taken = good(&city.run(&["log", "cosign", text(&signed)]));
        assert!(taken.contains("cosigned by province.example/witness at"), "{taken}");
        assert!(taken.contains("published further since") && taken.contains("is fulfilled"), "{taken}");
    }
    let taken = proof(&city, &code);
    let policy = city.root.path().join("policy");
    let own = keys.iter().find(|key| key.contains(JW)).expect("its key");
    let verified = good(&city.run(&["verify", text(&taken), "--policy", text(&policy), "--vkey", own]));
    assert!(verified.contains("province.example/witness at"), "{verified}");
    // A file changed on the way is not taken up.
    let signed = requests[0].with_extension("signed");
    let note = std::fs::read_to_string(&signed).expect("a file");
    std::fs::write(&signed, longer(&note)).expect("a file");
    assert!(refused(&city.run(&["log", "cosign", text(&signed)])).contains("not valid"));
    let nobody = city.run(&["log", "request", "--witness", "nobody", "--out", text(&carried)]);
    assert!(refused(&nobody).contains("it names: province"));
}

#[test]
fn a_witness_answers_by_the_book() {
    let city = City::serving(Engine::Sqlite);
    let keys = keys(&city);
    let mut witness = Watcher::new("city");
    witness.serve();
    let note = std::fs::read_to_string(city.data().join("log").join(JW).join("checkpoint")).expect("a checkpoint");
    let ask = |old: u64, note: &str| {
        let answer =
            send("POST", &format!("{}/add-checkpoint", witness.url), &[], format!("old {old}\n\n{note}").as_bytes());
        (answer.status, answer.text(), answer.headers.get("content-type").cloned().unwrap_or_default())
    };
    assert_eq!(ask(0, &note).0, 404, "a log it does not know");
    // Known from now on, without starting anything anew.
    witness.watches(&keys);
    assert_eq!(ask(0, "nonsense").0, 400);
    assert_eq!(ask(1 << 40, &note).0, 400, "older than it is long");
    let size = note.lines().nth(1).expect("a size").to_owned();
    assert_eq!(ask(0, &longer(&note)).0, 403, "a signature that does not fit");
    let (status, line, _) = ask(0, &note);
    assert_eq!((status, line.starts_with("\u{2014} city.example/witness ")), (200, true), "{line}");
    assert!(
        witness.data().join("cosigned").read_dir().expect("a folder").count() >= 1,
        "on the disk before it answers"
    );
    let (status, said, kind) = ask(0, &note);
    assert_eq!((status, said, kind.as_str()), (409, format!("{size}\n"), "text/x.tlog.size"));
    let size: u64 = size.parse().expect("a number");
    assert_eq!(ask(size, &note).0, 200, "asked again after a lost answer");
    for (method, path) in [("GET", "/add-checkpoint"), ("GET", "/"), ("POST", "/"), ("GET", "/metrics")] {
        let status = send(method, &format!("{}{path}", witness.url), &[], b"").status;
        assert!(matches!(status, 404 | 405), "{method} {path}: {status}");
    }
    assert_eq!(send("GET", &format!("{}/health/live", witness.url), &[], b"").status, 200);
    // What it wrote down and somebody changed is not believed, and nothing is cosigned over it.
    for entry in witness.data().join("cosigned").read_dir().expect("a folder") {
        let path = entry.expect("an entry").path();
        let text = std::fs::read_to_string(&path).expect("a note");
        std::fs::write(&path, longer(&text)).expect("a file");
    }
    assert_eq!(ask(size, &note).0, 500);
    assert_eq!(ask(0, &note).0, 500);
}
