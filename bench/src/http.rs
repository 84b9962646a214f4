//! As much of an HTTP client as a measurement needs: one connection, kept open, one request after
//! another. It costs little beside the server it asks.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use crate::Fault;

/// A connection.
pub struct Client {
    host: String,
    stream: BufReader<TcpStream>,
}

/// An answer.
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// The cookies it sets, as they are sent back; none if it sets none.
    pub cookie: Option<String>,
    /// Its body as it came over the wire, compressed or not.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body, if the answer is a success: being sent elsewhere is none, it would be measured as a page.
    pub fn success(&self) -> Result<&[u8], Fault> {
        if (200..300).contains(&self.status) {
            return Ok(&self.body);
        }
        Err(format!("{}: {}", self.status, String::from_utf8_lossy(&self.body)).into())
    }
}

impl Client {
    /// Connects to `http://host:port`.
    pub fn connect(origin: &str) -> Result<Self, Fault> {
        let host = origin.strip_prefix("http://").unwrap_or(origin).split('/').next().unwrap_or_default().to_owned();
        let stream = TcpStream::connect(&host)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        Ok(Self { host, stream: BufReader::new(stream) })
    }

    /// Sends a request and reads the whole answer.
    pub fn send(&mut self, method: &str, path: &str, headers: &str, body: &[u8]) -> Result<Answer, Fault> {
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nContent-Length: {}\r\n{headers}\r\n",
            self.host,
            body.len()
        );
        let mut request = head.into_bytes();
        request.extend_from_slice(body);
        self.stream.get_mut().write_all(&request)?;
        self.answer()
    }

    fn line(&mut self) -> Result<String, Fault> {
        let mut line = String::new();
        if self.stream.read_line(&mut line)? == 0 {
            return Err("the server closed the connection".into());
        }
        Ok(line.trim_end().to_owned())
    }

    fn answer(&mut self) -> Result<Answer, Fault> {
        let status = self.line()?.split(' ').nth(1).and_then(|s| s.parse().ok()).ok_or("no status line")?;
        let (mut length, mut chunked, mut cookie) = (0, false, None::<String>);
        loop {
            let line = self.line()?;
            let Some((name, value)) = line.split_once(':') else { break };
            let value = value.trim();
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.parse()?,
                "transfer-encoding" => chunked = value == "chunked",
                "set-cookie" => {
                    let pair = value.split(';').next().unwrap_or_default();
                    cookie = Some(cookie.map_or_else(|| pair.to_owned(), |before| format!("{before}; {pair}")));
                }
                _ => {}
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        while chunked {
            let size = usize::from_str_radix(&self.line()?, 16)?;
            let before = body.len();
            body.resize(before + size, 0);
            self.stream.read_exact(&mut body[before..])?;
            self.line()?;
            chunked = size > 0;
        }
        Ok(Answer { status, cookie, body })
    }
}
