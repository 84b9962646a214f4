//! `dengwen verify FILE`: a proof checked offline, against keys of logs the caller trusts. Exit 0
//! and a sentence, or exit 1 and the first thing that is not sound.

use std::path::Path;
use std::process::ExitCode;

use ledger::{Verifier, verify_bundle};
use office::keys::Holding;

use crate::cli::Places;
use crate::setup::{Fault, open};

/// Verifies a proof, and the paper it was made for if one is given.
///
/// # Errors
/// A file cannot be read, or a key is no key.
pub async fn run(
    places: &Places,
    file: &Path,
    vkeys: &[String],
    policy: Option<&Path>,
    paper: Option<&Path>,
) -> Result<ExitCode, Fault> {
    let bytes = std::fs::read(file).map_err(|e| Fault::file(file, &e))?;
    if bytes.starts_with(b"%PDF") {
        return Err(Fault::Say(format!(
            "{} is the page for people and proves nothing by itself; verify the file that goes with it (proof.tlog-proof, \
             fetched with the code on the status page) and compare the commitment shown with the one on the page; for a \
             letter, give the letter with --paper and its proof as FILE",
            file.display()
        )));
    }
    let paper = paper.map(|path| std::fs::read(path).map_err(|e| Fault::file(path, &e))).transpose()?;
    let mut trust = policy.map(crate::setup::policy).transpose()?.map(|policy| policy.trust()).unwrap_or_default();
    trust.logs.extend(vkeys.iter().map(|text| key(text)).collect::<Result<Vec<_>, _>>()?);
    let own = trust.logs.is_empty();
    if own {
        trust.logs = logs(places).await?;
    }
    let checked = verify_bundle(&bytes, &trust).and_then(|found| {
        if let Some(paper) = &paper {
            found.matches_file(paper)?;
        }
        Ok(found)
    });
    Ok(match checked {
        Ok(found) => {
            println!("{}\n{found}", found.zh());
            println!("承诺值 commitment: {}", grouped(&found.commitment));
            if policy.is_some() {
                println!("见证策略 policy: {}", trust.quorum);
            }
            if own {
                println!(
                    "Checked with the keys of this installation; give --vkey with a key you have from someone else."
                );
            }
            ExitCode::SUCCESS
        }
        Err(fault) => {
            println!("凭证不可信:{}\nNot sound: {fault}", fault.zh());
            ExitCode::FAILURE
        }
    })
}

/// Hexadecimal digits in groups of eight, as the page shows them.
fn grouped(commitment: &[u8]) -> String {
    commitment
        .chunks(4)
        .map(|four| four.iter().map(|byte| format!("{byte:02x}")).collect::<String>())
        .collect::<Vec<_>>()
        .join(" ")
}

/// The keys of this installation's own logs, former ones included: a proof outlives a restore.
async fn logs(places: &Places) -> Result<Vec<Verifier>, Fault> {
    let house = open(places, Holding::Desk).await.map_err(|e| {
        Fault::Say(format!(
            "whose log is it? Name the installation's folder with --data, or give the log's verifier key with --vkey \
             or a policy with --policy; no key could be taken from {}: {e}",
            places.data.display()
        ))
    })?;
    let known = house.hall.trusted_logs().await?;
    house.hall.close().await;
    known.iter().map(|log| key(&log.vkey)).collect()
}

/// A verifier key as written down.
///
/// # Errors
/// It is none.
pub fn key(text: &str) -> Result<Verifier, Fault> {
    Verifier::parse(text.trim())
        .map_err(|e| Fault::Say(format!("this is not a verifier key ({e}); it looks like name+1a2b3c4d+AbC…")))
}
