//! Brings a request to a witness and its answer back: one POST, one answer, and the connection ends. It
//! goes only where the policy file says, past every proxy of the environment, and no answer leads it
//! elsewhere. In clear is enough: what goes out is published, what comes back is signed, and whoever
//! sits between can only lose either. Over TLS the system's authorities vouch for the witness
//! (`SSL_CERT_FILE` names others).

use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder, Url};

/// A witness that takes longer is away.
const PATIENCE: Duration = Duration::from_secs(10);
/// Longest answer read, in bytes.
const LONGEST: usize = 64 * 1024;

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Body, as text.
    pub body: String,
}

/// Posts a body to `PREFIX/add-checkpoint`.
///
/// # Errors
/// One clause that says why nothing came back.
pub async fn bring(prefix: &str, body: &str) -> Result<Answer, String> {
    let url = address(prefix)?;
    let client = client(&url).map_err(|error| why(&error))?;
    let request = client.post(url).header("Content-Type", "text/plain; charset=utf-8").body(body.to_owned());
    let mut answer = request.send().await.map_err(|error| why(&error))?;
    let status = answer.status().as_u16();
    let mut body = Vec::new();
    while let Some(piece) = answer.chunk().await.map_err(|error| why(&error))? {
        if body.len() + piece.len() > LONGEST {
            return Err("its answer is longer than any answer of a witness".to_owned());
        }
        body.extend_from_slice(&piece);
    }
    let body = String::from_utf8(body).map_err(|_| "its answer is no text".to_owned())?;
    Ok(Answer { status, body })
}

/// Where the request goes.
fn address(prefix: &str) -> Result<Url, String> {
    let url = Url::parse(&format!("{}/add-checkpoint", prefix.trim_end_matches('/')))
        .map_err(|_| "its address cannot be read".to_owned())?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err("its address begins neither with http:// nor with https://".to_owned());
    }
    if !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some() {
        return Err("its address has more in it than host and path".to_owned());
    }
    Ok(url)
}

fn client(url: &Url) -> reqwest::Result<Client> {
    // Whoever chose another provider for this process before is not overruled.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let plain = |builder: ClientBuilder| match url.scheme() {
        "https" => builder,
        // A machine without any authorities asks in clear all the same.
        _ => builder.tls_certs_only([]),
    };
    plain(Client::builder())
        .timeout(PATIENCE)
        .redirect(Policy::none())
        .no_proxy()
        .pool_max_idle_per_host(0)
        .user_agent("dengwen")
        .build()
}

/// The innermost reason; the outer ones say only that something was sent.
fn why(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "it did not answer in time".to_owned();
    }
    let mut innermost: &dyn std::error::Error = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_goes_to_a_host_and_a_path_and_nothing_else() {
        let to = |prefix: &str| address(prefix).map(|url| url.to_string());
        assert_eq!(to("http://127.0.0.1:81/w/"), Ok("http://127.0.0.1:81/w/add-checkpoint".to_owned()));
        assert_eq!(to("https://witness.example"), Ok("https://witness.example/add-checkpoint".to_owned()));
        for wrong in
            ["", "witness.example", "ftp://witness.example", "http://a:b@witness.example", "http://w.example/?a"]
        {
            assert!(to(wrong).is_err(), "{wrong}");
        }
    }
}
