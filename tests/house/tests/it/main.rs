//! What holds the house together: arrows between rooms, habits of every file, words that must not
//! stand anywhere, documents that agree with each other and with the code.
//!
//! Each test lists everything it found, so that one run shows all there is to mend.

mod arrows;
mod documents;
mod glossary;
mod habits;
mod words;

/// Fails with all findings, one on a line; passes where there are none.
fn none(what: &str, findings: &[String]) {
    assert!(findings.is_empty(), "{what}:\n  {}\n", findings.join("\n  "));
}
