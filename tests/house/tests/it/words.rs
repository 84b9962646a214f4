//! Words and names that must not stand anywhere: folders of one machine, addresses of registries
//! in documents, things the program must never do, and ways a page could follow a reporter.

use house::{files, files_ending, text};

use crate::none;

/// Where a path may begin: anything else before it makes it a part of a longer word or address.
fn begins(before: Option<char>) -> bool {
    before.is_none_or(|c| c.is_whitespace() || "\"'`(=:,<[".contains(c))
}

/// Folders of somebody's machine. The first letter is set apart so that this file does not hold them.
const FOLDERS: [&str; 4] = ["work/", "root/", "home/", "Users/"];

#[test]
fn no_file_names_a_folder_of_one_machine() {
    let mut found = Vec::new();
    for file in files() {
        let Some(content) = text(&file) else { continue };
        for (number, line) in content.lines().enumerate() {
            for folder in FOLDERS {
                let path = format!("/{folder}");
                for (at, _) in line.match_indices(&path) {
                    if begins(line[..at].chars().next_back()) {
                        found.push(format!("{file}:{}: {path}", number + 1));
                    }
                }
            }
        }
    }
    none("paths of one machine", &found);
}

/// Documents speak of the project; where packages are fetched from is the business of the tools.
#[test]
fn documents_name_no_registry() {
    let hosts = ["crates.io", "npmjs.", "npmmirror.", "pypi.org", "files.pythonhosted"];
    let mut found = Vec::new();
    for file in files_ending(&[".md", "package-lock.json", ".npmrc", "Makefile", ".sh"]) {
        let content = text(&file).expect("a document is text");
        for (number, line) in content.lines().enumerate() {
            if let Some(host) = hosts.iter().find(|host| line.contains(*host)) {
                found.push(format!("{file}:{}: {host}", number + 1));
            }
        }
    }
    none("hosts of package registries", &found);
}

/// What the mechanisms forbid, in the words a person would use to build it. The documents name these
/// things to say that they are not built; code, screens, rules and papers have no use for the words.
#[test]
fn what_must_never_be_built_has_no_word_here() {
    let forbidden = [
        "信用分级",
        "罢访",
        "息诉率",
        "吸附",
        "截访",
        "劝返",
        "稳控",
        "缠访",
        "闹访",
        "恶意举报",
        "黑名单",
        "重点人员",
        "credit_score",
        "blacklist",
        "troublemaker",
    ];
    let mut found = Vec::new();
    for file in files() {
        let code = ["crates/", "rules/", "locales/"].iter().any(|folder| file.starts_with(folder));
        // Dictionaries of the language hold every word.
        if !code || file.starts_with("crates/triage/data/") {
            continue;
        }
        let Some(content) = text(&file) else { continue };
        for (number, line) in content.lines().enumerate() {
            if let Some(word) = forbidden.iter().find(|word| line.contains(*word)) {
                found.push(format!("{file}:{}: {word}", number + 1));
            }
        }
    }
    none("words of what is never built", &found);
}

/// Promise 9: on her device the pages leave nothing and tell nobody. Promise 6: nothing reads who
/// she is from her browser.
#[test]
fn pages_keep_nothing_and_tell_nobody() {
    let traces = [
        "localStorage",
        "sessionStorage",
        "indexedDB",
        "sendBeacon",
        "serviceWorker",
        "navigator.geolocation",
        "document.cookie",
        "canvas.toDataURL",
        "PushManager",
        "USER_AGENT",
        "REFERER",
        "X-Forwarded-For",
    ];
    let mut found = Vec::new();
    for file in files_ending(&[".rs", ".js", ".html"]).into_iter().filter(|f| f.starts_with("crates/web/")) {
        if file.contains("/tests/") {
            continue;
        }
        let content = text(&file).expect("a source file is text");
        for (number, line) in content.lines().enumerate() {
            // The desk is for staff, and tells whoever keeps guessing a password apart (`desk::failures`).
            let of_staff = file.starts_with("crates/web/src/desk/") && line.contains("x-forwarded-for");
            if let Some(trace) = traces.iter().find(|t| line.to_ascii_lowercase().contains(&t.to_ascii_lowercase()))
                && !of_staff
            {
                found.push(format!("{file}:{}: {trace}", number + 1));
            }
        }
    }
    none("ways to follow a reporter", &found);
}

#[test]
fn pages_load_nothing_from_elsewhere() {
    let mut found = Vec::new();
    for file in files_ending(&[".html", ".css"]).into_iter().filter(|f| f.starts_with("crates/web/")) {
        let content = text(&file).expect("a page is text");
        for (number, line) in content.lines().enumerate() {
            // A link to lead away is allowed in the page for leaving; what is loaded is not.
            let loads = [
                "src=\"http",
                "src='http",
                "src=\"//",
                "url(http",
                "url(\"http",
                "@import",
                "rel=\"stylesheet\" href=\"http",
            ];
            if let Some(way) = loads.iter().find(|way| line.contains(*way)) {
                found.push(format!("{file}:{}: {way}", number + 1));
            }
        }
    }
    none("things loaded from other sites", &found);
}
