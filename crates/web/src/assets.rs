//! Styles and scripts: single files picked out of `node_modules` and our own few, embedded,
//! compressed once, and served under addresses that carry their hash, so that a browser may keep
//! them for ever. It does not know which page uses which file.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::{LazyLock, OnceLock};

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use flate2::Compression;
use flate2::write::GzEncoder;
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../../node_modules/htmx.org/dist"]
#[include = "htmx.min.js"]
struct Htmx;

#[derive(RustEmbed)]
#[folder = "../../node_modules/echarts/dist"]
#[include = "echarts.min.js"]
struct Echarts;

#[derive(RustEmbed)]
#[folder = "../../node_modules/@tabler/core/dist/css"]
#[include = "tabler.min.css"]
struct Tabler;

#[derive(RustEmbed)]
#[folder = "../../node_modules/weui/dist/style"]
#[include = "weui.min.css"]
struct Weui;

#[derive(RustEmbed)]
#[folder = "assets"]
struct Own;

/// One embedded file.
struct Asset {
    bytes: Vec<u8>,
    media_type: &'static str,
    path: String,
    gzip: OnceLock<Vec<u8>>,
}

impl Asset {
    /// The compressed bytes, made when first asked for.
    fn gzip(&self) -> &[u8] {
        self.gzip.get_or_init(|| {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
            match encoder.write_all(&self.bytes).and_then(|()| encoder.finish()) {
                Ok(bytes) => bytes,
                Err(_) => self.bytes.clone(),
            }
        })
    }
}

static ASSETS: LazyLock<BTreeMap<String, Asset>> = LazyLock::new(|| {
    let mut all = BTreeMap::new();
    add::<Htmx>(&mut all);
    add::<Echarts>(&mut all);
    add::<Tabler>(&mut all);
    add::<Weui>(&mut all);
    add::<Own>(&mut all);
    all
});

fn add<E: RustEmbed>(all: &mut BTreeMap<String, Asset>) {
    for name in E::iter() {
        let Some(file) = E::get(&name) else { continue };
        let hash = hex::encode(&file.metadata.sha256_hash()[..8]);
        let media_type = match name.rsplit('.').next() {
            Some("css") => "text/css; charset=utf-8",
            Some("js") => "text/javascript; charset=utf-8",
            Some("svg") => "image/svg+xml",
            _ => "application/octet-stream",
        };
        let asset = Asset {
            bytes: file.data.into_owned(),
            media_type,
            path: format!("/assets/{hash}/{name}"),
            gzip: OnceLock::new(),
        };
        all.insert(name.into_owned(), asset);
    }
}

/// The address of an embedded file, its hash included. An unknown name gives an address that
/// answers 404; a test holds that no template asks for one.
pub fn path(name: &str) -> &'static str {
    ASSETS.get(name).map_or("/assets/missing", |a| a.path.as_str())
}

/// All names, with the compressed size in bytes: for the test of page weight.
pub fn sizes() -> Vec<(&'static str, usize)> {
    ASSETS.iter().map(|(name, a)| (name.as_str(), a.gzip().len())).collect()
}

/// The plain bytes of an embedded file.
pub fn bytes(name: &str) -> Option<&'static [u8]> {
    ASSETS.get(name).map(|a| a.bytes.as_slice())
}

/// Serves `/assets/HASH/NAME`.
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/assets/{hash}/{name}", get(serve))
}

async fn serve(Path((hash, name)): Path<(String, String)>, headers: HeaderMap) -> Response {
    let found = ASSETS.get(&name).filter(|a| a.path == format!("/assets/{hash}/{name}"));
    let Some(asset) = found else { return StatusCode::NOT_FOUND.into_response() };
    let common = [
        (header::CONTENT_TYPE, asset.media_type),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::VARY, "Accept-Encoding"),
    ];
    let gzip = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|v| v.to_str().ok())
        .is_some_and(|v| v.split(',').any(|part| part.trim().starts_with("gzip")));
    if gzip {
        (common, [(header::CONTENT_ENCODING, "gzip")], asset.gzip()).into_response()
    } else {
        (common, asset.bytes.as_slice()).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_embedded_and_has_a_hashed_address() {
        for name in ["htmx.min.js", "echarts.min.js", "tabler.min.css", "weui.min.css", "public.css", "desk.css"] {
            assert!(path(name).starts_with("/assets/") && path(name) != "/assets/missing", "{name}");
        }
    }

    #[test]
    fn what_a_public_page_loads_stays_under_50_kilobytes() {
        // The page itself is the rest of the 60 KB (performance.md).
        let weight =
            |wanted: &[&str]| -> usize { sizes().iter().filter(|(n, _)| wanted.contains(n)).map(|(_, s)| s).sum() };
        let every = weight(&["weui.min.css", "public.css", "public.js"]);
        let verifier = weight(&["signature.js", "proof.js", "verify.js"]);
        assert!(verifier > 0 && every + verifier < 50_000, "{every} and {verifier} bytes compressed");
    }
}
