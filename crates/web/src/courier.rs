//! Brings a request to a witness and its answer back: one POST in clear, one answer, and the
//! connection ends. In clear is enough: what goes out is published, what comes back is signed, and
//! whoever sits between can only lose either. It is the only thing here that connects outward, and
//! goes only where the policy file says.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A witness that takes longer is away.
const PATIENCE: Duration = Duration::from_secs(10);
/// Longest answer read, in bytes.
const LONGEST: u64 = 64 * 1024;

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
    let rest = prefix
        .strip_prefix("http://")
        .ok_or("its address does not begin with http://; put a proxy that speaks TLS between, or use files")?;
    let (host, path) = rest
        .trim_end_matches('/')
        .split_once('/')
        .map_or((rest.trim_end_matches('/'), String::new()), |(host, path)| (host, format!("/{path}")));
    let good = |text: &str| text.bytes().all(|b| b.is_ascii_graphic());
    if host.is_empty() || host.contains('@') || !good(host) || !good(&path) {
        return Err("its address cannot be read".to_owned());
    }
    let has_port = host.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    let address = if has_port { host.to_owned() } else { format!("{host}:80") };
    let exchange = async {
        let mut stream = TcpStream::connect(&address).await.map_err(|e| e.to_string())?;
        let head = format!(
            "POST {path}/add-checkpoint HTTP/1.1\r\nHost: {host}\r\nContent-Type: text/plain; charset=utf-8\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).await.map_err(|e| e.to_string())?;
        stream.write_all(body.as_bytes()).await.map_err(|e| e.to_string())?;
        let mut answer = Vec::new();
        stream.take(LONGEST).read_to_end(&mut answer).await.map_err(|e| e.to_string())?;
        read(&answer).ok_or_else(|| "its answer is no answer over HTTP".to_owned())
    };
    tokio::time::timeout(PATIENCE, exchange).await.unwrap_or_else(|_| Err("it did not answer in time".to_owned()))
}

/// An answer that was read to its end.
fn read(answer: &[u8]) -> Option<Answer> {
    let at = answer.windows(4).position(|four| four == b"\r\n\r\n")?;
    let (head, body) = (std::str::from_utf8(&answer[..at]).ok()?, &answer[at + 4..]);
    let mut lines = head.split("\r\n");
    let mut status = lines.next()?.split(' ');
    if !status.next()?.starts_with("HTTP/1.") {
        return None;
    }
    let status = status.next()?.parse().ok()?;
    let (mut length, mut chunked) = (None, false);
    for line in lines {
        let (name, value) = line.split_once(':')?;
        if name.eq_ignore_ascii_case("content-length") {
            length = Some(value.trim().parse::<usize>().ok()?);
        } else if name.eq_ignore_ascii_case("transfer-encoding") {
            chunked = value.trim().eq_ignore_ascii_case("chunked");
        }
    }
    let body = match (chunked, length) {
        (true, _) => joined(body)?,
        (false, Some(length)) => body.get(..length)?.to_vec(),
        (false, None) => body.to_vec(),
    };
    Some(Answer { status, body: String::from_utf8(body).ok()? })
}

/// The pieces of a chunked body.
fn joined(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = rest.windows(2).position(|two| two == b"\r\n")?;
        let size = std::str::from_utf8(&rest[..end]).ok()?.split(';').next()?;
        let size = usize::from_str_radix(size.trim(), 16).ok()?;
        rest = &rest[end + 2..];
        if size == 0 {
            return Some(body);
        }
        body.extend(rest.get(..size)?);
        rest = rest.get(size..)?.strip_prefix(b"\r\n")?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_whole_or_not_at_all() {
        let ok = |body: &str| Some(Answer { status: 200, body: body.to_owned() });
        assert_eq!(read(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc"), ok("abc"));
        assert_eq!(read(b"HTTP/1.0 200 OK\r\nServer: x\r\n\r\nabc"), ok("abc"));
        let chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1;x=y\r\nc\r\n0\r\n\r\n";
        assert_eq!(read(chunked), ok("abc"));
        assert_eq!(read(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabc"), None);
        assert_eq!(read(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab\r\n"), None);
        assert_eq!(read(b"SSH-2.0-x\r\n\r\n"), None);
        assert_eq!(read(b"HTTP/1.1 200 OK"), None);
    }
}
