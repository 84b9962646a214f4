//! What a public page loads over the wire: itself and everything its head and body name.

use std::collections::BTreeSet;

use crate::city::City;
use crate::http::Client;
use crate::row::Row;
use crate::{Fault, Setting};

const ASKS: &str = "Accept-Encoding: br, gzip\r\n";

/// The first page, with style and script.
pub fn row(setting: &Setting) -> Result<Row, Fault> {
    let city = City::found(setting)?;
    let (serving, address) = city.serve("public")?;
    let mut client = Client::connect(&address)?;
    let page = client.send("GET", "/", ASKS, b"")?;
    let text = client.send("GET", "/", "", b"")?;
    let html = String::from_utf8_lossy(text.success()?).into_owned();
    let named: BTreeSet<&str> = ["href=\"", "src=\""]
        .iter()
        .flat_map(|mark| html.split(mark).skip(1))
        .filter_map(|rest| rest.split('"').next())
        .filter(|path| path.starts_with("/assets/"))
        .collect();
    let mut bytes = page.success()?.len();
    for path in &named {
        bytes += client.send("GET", path, ASKS, b"")?.success()?.len();
    }
    serving.stop()?;
    let mut row = Row::new("public page", 1, "page, the first");
    row.add("over the wire", bytes as f64 / 1024.0, "KiB");
    row.count("files beside it", named.len());
    Ok(row)
}
