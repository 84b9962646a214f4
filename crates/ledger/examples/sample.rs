//! Writes a sample log that other people's verifiers can be tried on:
//! `cargo run -p ledger --example sample -- FOLDER LEAVES`. Beside the folder
//! stand `FOLDER.vkey`, the checkpoint at half the size (`FOLDER.half`), a
//! proof of the middle leaf (`FOLDER.tlog-proof`) and its entry
//! (`FOLDER.entry`). Keys and leaves are fixed: never use them for anything.

use std::error::Error;
use std::fs;

use ledger::commit::{commitment, sha256};
use ledger::note::KeyKind;
use ledger::reader::Reader;
use ledger::{Checkpoint, Day, Folder, Leaf, Signer, TlogProof, Trust, verify_folder};

const ORIGIN: &str = "log.example/log/990100";

fn entry(index: u64) -> [u8; Leaf::LEN] {
    let salt = sha256(&index.to_be_bytes());
    Leaf { commitment: commitment(&salt, &sha256(b"sample")), day: Day(20_495) }.to_bytes()
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let (Some(dir), Some(leaves)) = (args.next(), args.next()) else {
        return Err("give a folder and a number of leaves".into());
    };
    let leaves: u64 = leaves.parse()?;
    let key = Signer::from_seed(ORIGIN, KeyKind::Log, &[7; 32])?;
    let trust = Trust::log(key.verifier());
    let folder = Folder::at(&dir);
    let mut edge = ledger::tiles::Edge::new();
    let mut note = String::new();
    for size in [leaves / 2, leaves] {
        let mut publication = folder.begin(&trust)?;
        for index in publication.size()..size {
            publication.push(&entry(index))?;
        }
        (edge.size()..size).try_for_each(|index| edge.push(&entry(index)).map(drop))?;
        let checkpoint = Checkpoint { origin: ORIGIN.into(), size, root: edge.root() };
        note = checkpoint.sign(&key)?.to_string();
        publication.finish(&note)?;
        if size < leaves {
            fs::write(format!("{dir}.half"), &note)?;
        }
    }
    let report = verify_folder(folder.dir(), &trust)?;
    let mut reader = Reader::open(&folder, &report.checkpoint())?;
    let proof = TlogProof::make(&mut reader, leaves / 2, &note)?;
    fs::write(format!("{dir}.vkey"), format!("{}\n", key.verifier()))?;
    fs::write(format!("{dir}.tlog-proof"), proof.to_string())?;
    fs::write(format!("{dir}.entry"), reader.entry(leaves / 2)?)?;
    println!("{} leaves, root {}", report.size, hex::encode(report.root));
    Ok(())
}
