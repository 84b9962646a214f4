//! Forms of the desk that carry files: their fields and files read once, each within its limit.

use axum::extract::Multipart;
use office::intake::FILES_LIMIT;

use crate::answers::{self, FIELDS_LIMIT, FieldFault, Pairs};

/// Whether files are kept or passed over.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// Each up to so many bytes.
    Files(usize),
    /// None.
    Nothing,
}

/// Name and bytes of each file.
pub type Files = Vec<(String, Vec<u8>)>;

/// Reads a form; what came before a fault is given back with it, so that nothing typed is lost.
pub async fn read(mut form: Multipart, keep: Keep) -> (Pairs, Files, Option<FieldFault>) {
    let (mut pairs, mut files) = (Pairs::new(), Files::new());
    loop {
        let field = match form.next_field().await {
            Ok(Some(field)) => field,
            Ok(None) => return (pairs, files, None),
            Err(error) => return (pairs, files, Some(error.into())),
        };
        let name = field.name().unwrap_or_default().to_owned();
        let read = match (field.file_name().map(str::to_owned), keep) {
            (None, _) => answers::text(field).await.map(|text| {
                if pairs.len() < FIELDS_LIMIT {
                    pairs.push((name, text));
                }
            }),
            (Some(_), Keep::Nothing) => Ok(()),
            (Some(file), _) if file.is_empty() || files.len() > FILES_LIMIT => Ok(()),
            (Some(file), Keep::Files(limit)) => {
                let file = page_name(&name, file, &files);
                answers::bytes(field, limit).await.map(|bytes| files.push((file, bytes)))
            }
        };
        if let Err(fault) = read {
            return (pairs, files, Some(fault));
        }
    }
}

/// What a file is called: a scanned page says which it is, in the order the pages were chosen.
fn page_name(field: &str, file: String, before: &[(String, Vec<u8>)]) -> String {
    let kind = match field {
        "envelope" => "信封",
        "sheets" => "信纸",
        _ => return file,
    };
    let nth = before.iter().filter(|(name, _)| name.starts_with(kind)).count() + 1;
    format!("{kind}{nth:02} {file}")
}
