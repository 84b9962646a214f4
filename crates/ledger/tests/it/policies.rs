//! Policy files: city and province must both have seen it, and one of two peers.

use ledger::policy::{Policy, Quorum};
use ledger::{Flaw, Signer};

use crate::world::*;

fn city() -> Signer {
    witness("city.example/w", 1)
}
fn province() -> Signer {
    witness("province.example/w", 2)
}
fn peer() -> Signer {
    witness("peer.example/w", 3)
}

fn text() -> String {
    let [log, one, two, three] = [key(), city(), province(), peer()].map(|signer| signer.verifier());
    format!(
        "# 本县日志\nlog {log} https://log.example/990100/\n\n\twitness 市 {one} http://127.0.0.1:1/\nwitness 省 {two}\n\
         witness peer {three}\ngroup upper all 市 省\ngroup peers 1 peer\n group both all upper peers \nquorum both\n"
    )
}

#[test]
fn city_and_province_and_one_peer_must_have_cosigned() {
    let policy = Policy::parse(text().as_bytes()).unwrap();
    assert_eq!(policy.logs[0].url.as_deref(), Some("https://log.example/990100/"));
    assert_eq!((policy.witnesses[0].name.as_str(), &policy.witnesses[1].url), ("市", &None));
    assert_eq!(policy.quorum.to_string(), "2 of (2 of (市, 省), 1 of (peer))");
    let here = checkpoint(&edge(5));
    let cosigned = |by: &[Signer]| {
        let mut note = here.sign(&key()).unwrap();
        for signer in by {
            note.add(signer.cosign(&here.text(), 1_770_000_000).unwrap());
        }
        policy.trust().checkpoint("checkpoint", note.to_string().as_bytes())
    };
    let all = cosigned(&[city(), province(), peer()]).unwrap();
    assert_eq!(all.witnesses.len(), 3);
    for wanting in [vec![], vec![city()], vec![city(), province()], vec![city(), peer()], vec![province(), peer()]] {
        let fault = cosigned(&wanting).unwrap_err();
        assert!(matches!(fault.flaw, Flaw::Quorum { found, .. } if found == wanting.len()), "{fault}");
    }
}

#[test]
fn none_asks_for_nobody_and_the_log_alone_is_believed() {
    let policy = Policy::parse(format!("log {}\nquorum none\n", key().verifier()).as_bytes()).unwrap();
    assert_eq!(policy.quorum, Quorum::None);
    let note = checkpoint(&edge(5)).sign(&key()).unwrap().to_string();
    policy.trust().checkpoint("checkpoint", note.as_bytes()).unwrap();
}

#[test]
fn a_line_that_cannot_be_followed_is_named() {
    let (log, one, two) = (key().verifier(), city().verifier(), province().verifier());
    for (text, line, about) in [
        (String::new(), 1, "no quorum"),
        (format!("log {log}\n"), 2, "no quorum"),
        (format!("log {one}\nquorum none"), 1, "witness's key"),
        (format!("witness a {log}\nquorum a"), 1, "log's key"),
        (format!("log {log}\nlog {log}\nquorum none"), 2, "stands in a line before"),
        (format!("witness a {one}\nwitness b {one}\nquorum a"), 2, "stands in a line before"),
        (format!("witness a {one}\nwitness a {two}\nquorum a"), 2, "defined in a line before"),
        (format!("witness none {one}\nquorum none"), 1, "no name"),
        (format!("witness a {one}\ngroup g 2 a\nquorum g"), 2, "1 members and wants 2"),
        (format!("witness a {one}\ngroup g 0 a\nquorum g"), 2, "number from 1"),
        (format!("witness a {one}\ngroup g 01 a\nquorum g"), 2, "number from 1"),
        (format!("witness a {one}\ngroup g all\nquorum g"), 2, "0 members"),
        (format!("witness a {one}\ngroup g any a a\nquorum g"), 2, "member already"),
        (format!("witness a {one}\ngroup g any b\nwitness b {two}\nquorum g"), 2, "no line before"),
        (format!("witness a {one}\nquorum a\nquorum a"), 3, "quorum line before"),
        (format!("witness a {one}\r\nquorum a"), 1, "control character"),
        ("quorum a b".to_owned(), 1, "none of"),
        ("trust a".to_owned(), 1, "none of"),
    ] {
        let fault = Policy::parse(text.as_bytes()).unwrap_err();
        assert_eq!(fault.line, line, "{text}: {fault}");
        assert!(fault.to_string().contains(about), "{text}: {fault}");
    }
}
