//! A PDF without what it says of its making (promise 6): the information dictionary and the XMP packets
//! are blanked where they stand, in the clear or inside compressed streams. The file keeps its length,
//! so that nothing in it has to be found anew, and pages, pictures and fonts are not touched.
//!
//! It knows no more of a PDF than it needs. What it cannot read it leaves as it is: a document must
//! still open. An encrypted one, a stream under another filter than Flate, and more than
//! [`OPENED`] bytes of opened streams stay as they came.

use std::io::{Read as _, Write as _};
use std::ops::Range;

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;

/// Bytes of one opened stream; what holds more than that is no dictionary.
const STREAM: u64 = 8 << 20;
/// Bytes of all opened streams of a file together.
const OPENED: usize = 64 << 20;
/// Longest dictionary of a stream that is looked at, in bytes.
const DICTIONARY: usize = 4096;

/// The file without its traces, of the same length.
pub(super) fn pdf(mut bytes: Vec<u8>) -> Vec<u8> {
    blank_packets(&mut bytes);
    let numbers = information(&bytes);
    for place in objects(&bytes, &numbers) {
        blank_strings(&mut bytes[place]);
    }
    // Under a key of the document's own nothing of a stream can be read or written.
    if find(&bytes, b"/Encrypt", 0).is_none() {
        compressed(&mut bytes, &numbers);
    }
    bytes
}

/// Blanks every XMP packet.
fn blank_packets(bytes: &mut [u8]) -> bool {
    let (mut at, mut changed) = (0, false);
    while let Some(begin) = find(bytes, b"<x:xmpmeta", at) {
        let Some(end) = find(bytes, b"</x:xmpmeta>", begin) else { break };
        bytes[begin..end + b"</x:xmpmeta>".len()].fill(b' ');
        (at, changed) = (end, true);
    }
    changed
}

/// Cleans metadata packets and information dictionaries that lie in compressed streams.
fn compressed(bytes: &mut [u8], numbers: &[u32]) {
    let (mut at, mut opened) = (0, 0);
    // What begins after the last end is no stream: nobody shall make the search run to the end of the file
    // again and again.
    let last = bytes.windows(9).rposition(|w| w == b"endstream").unwrap_or(0);
    while let Some(keyword) = find(bytes, b"stream", at).filter(|keyword| *keyword < last && opened <= OPENED) {
        at = keyword + b"stream".len();
        let Some(stream) = stream_at(bytes, keyword) else { continue };
        at = stream.data.end;
        let Some(mut content) = inflated(&bytes[stream.data.clone()]) else {
            // It may have been opened as far as any other before it was given up.
            opened += STREAM as usize;
            continue;
        };
        opened += content.len();
        let changed = match stream.kind {
            Kind::Packet => blank_packets(&mut content),
            Kind::Objects(first) => blank_objects(&mut content, first, numbers),
        };
        if let Some(smaller) = changed.then(|| deflated(&content)).flatten().filter(|s| s.len() <= stream.data.len()) {
            // Whoever opens it stops at the end of the compressed data; its length stays true.
            let data = &mut bytes[stream.data];
            data.fill(0);
            data[..smaller.len()].copy_from_slice(&smaller);
        }
    }
}

enum Kind {
    /// XMP.
    Packet,
    /// Objects one after the other, the first of them at this byte.
    Objects(usize),
}

struct Stream {
    kind: Kind,
    data: Range<usize>,
}

/// The stream whose keyword stands here, if it is of those that may tell something.
fn stream_at(bytes: &[u8], keyword: usize) -> Option<Stream> {
    let head = &bytes[keyword.saturating_sub(DICTIONARY)..keyword];
    let head = &head[head.windows(4).rposition(|w| w == b" obj")? + 4..];
    let says = |word: &[u8]| find(head, word, 0).is_some();
    let kind = match (says(b"/ObjStm"), says(b"/Metadata")) {
        (true, _) => Kind::Objects(number_of(head, b"/First")?),
        (false, true) => Kind::Packet,
        (false, false) => return None,
    };
    if !says(b"/FlateDecode") || says(b"/DecodeParms") || !head.trim_ascii_end().ends_with(b">>") {
        return None;
    }
    let mut begin = keyword + b"stream".len();
    begin += usize::from(bytes.get(begin) == Some(&b'\r'));
    begin += usize::from(bytes.get(begin) == Some(&b'\n'));
    let end = find(bytes, b"endstream", begin)?;
    Some(Stream { kind, data: begin..end })
}

/// The number that follows a name in a dictionary.
fn number_of(head: &[u8], name: &[u8]) -> Option<usize> {
    let rest = head.get(find(head, name, 0)? + name.len()..)?.trim_ascii_start();
    let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
    std::str::from_utf8(&rest[..digits]).ok()?.parse().ok()
}

fn inflated(data: &[u8]) -> Option<Vec<u8>> {
    let mut content = Vec::new();
    let read = ZlibDecoder::new(data).take(STREAM + 1).read_to_end(&mut content).ok()?;
    (read as u64 <= STREAM).then_some(content)
}

fn deflated(content: &[u8]) -> Option<Vec<u8>> {
    let mut to = ZlibEncoder::new(Vec::new(), Compression::best());
    to.write_all(content).ok()?;
    to.finish().ok()
}

/// Blanks the objects of these numbers in a stream of objects: before `first` stand pairs of number and
/// offset, and the offsets count from `first`.
fn blank_objects(content: &mut [u8], first: usize, numbers: &[u32]) -> bool {
    let Some(Ok(head)) = content.get(..first).map(std::str::from_utf8) else { return false };
    let Ok(pairs) = head.split_whitespace().map(str::parse).collect::<Result<Vec<usize>, _>>() else { return false };
    let end = content.len();
    let places: Vec<Range<usize>> = pairs
        .chunks_exact(2)
        .enumerate()
        .filter(|(_, pair)| u32::try_from(pair[0]).is_ok_and(|number| numbers.contains(&number)))
        .map(|(n, pair)| first + pair[1]..pairs.get(2 * n + 3).map_or(end, |next| first + next))
        .collect();
    let mut changed = false;
    for place in places {
        if let Some(object) = content.get_mut(place) {
            blank_strings(object);
            changed = true;
        }
    }
    changed
}

fn find(bytes: &[u8], wanted: &[u8], from: usize) -> Option<usize> {
    bytes.get(from..)?.windows(wanted.len()).position(|window| window == wanted).map(|at| at + from)
}

/// The numbers of the objects that a trailer names as `/Info N G R`, in every revision of the file.
fn information(bytes: &[u8]) -> Vec<u32> {
    let mut numbers = Vec::new();
    let mut at = 0;
    // A file has one for every time it was saved, nearly always the same; more are somebody's game.
    while let Some(info) = find(bytes, b"/Info", at).filter(|_| numbers.len() < 16) {
        at = info + 5;
        let words = String::from_utf8_lossy(&bytes[at..bytes.len().min(at + 40)]).into_owned();
        let mut words = words.split_whitespace();
        let (Some(number), Some(generation), Some(reference)) = (words.next(), words.next(), words.next()) else {
            continue;
        };
        let Ok(number) = number.parse() else { continue };
        if generation.parse::<u16>().is_ok() && reference.starts_with('R') && !numbers.contains(&number) {
            numbers.push(number);
        }
    }
    numbers
}

/// Where the objects of these numbers lie in the clear.
fn objects(bytes: &[u8], numbers: &[u32]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for number in numbers {
        let head = format!("{number} ");
        let mut from = 0;
        while let Some(begin) = find(bytes, head.as_bytes(), from) {
            from = begin + head.len();
            let word = bytes.get(from..).and_then(|rest| rest.splitn(2, |b| *b == b' ').nth(1));
            if (begin > 0 && bytes[begin - 1].is_ascii_digit()) || !word.is_some_and(|rest| rest.starts_with(b"obj")) {
                continue;
            }
            let Some(end) = find(bytes, b"endobj", from) else { break };
            found.push(from..end);
            from = end;
        }
    }
    found
}

/// Blanks every string in an object, literal or hexadecimal.
fn blank_strings(object: &mut [u8]) {
    let mut at = 0;
    while at < object.len() {
        match object[at] {
            b'(' => {
                let (mut depth, mut end) = (1, at + 1);
                while end < object.len() && depth > 0 {
                    match object[end] {
                        b'\\' => end += 1,
                        b'(' => depth += 1,
                        b')' => depth -= 1,
                        _ => {}
                    }
                    end += 1;
                }
                let last = end.min(object.len()).saturating_sub(1);
                object[at + 1..last.max(at + 1)].fill(b' ');
                at = end;
            }
            // A dictionary within begins with two of them.
            b'<' if object.get(at + 1) == Some(&b'<') => at += 2,
            b'<' => {
                let end = object[at..].iter().position(|b| *b == b'>').map_or(object.len(), |length| at + length);
                object[at + 1..end].fill(b'0');
                at = end;
            }
            _ => at += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pdf_loses_what_it_says_of_its_making_and_keeps_its_length() {
        let made = "%PDF-1.7\n1 0 obj\n<</Type/Catalog/Metadata 3 0 R>>\nendobj\n\
            12 0 obj\n<</Author(not this one)>>\nendobj\n\
            2 0 obj\n<</Author(MARK-A \\) \\( (x) y)/Creator<feff4d41524b>/CreationDate(D:20260211093000+08'00')>>\nendobj\n\
            3 0 obj\n<</Type/Metadata/Subtype/XML/Length 60>>\nstream\n<x:xmpmeta><dc:creator>MARK-B</dc:creator></x:xmpmeta>\nendstream\nendobj\n\
            trailer\n<</Size 4/Root 1 0 R/Info 2 0 R>>\nstartxref\n9\n%%EOF\n";
        let cleaned = pdf(made.as_bytes().to_vec());
        assert_eq!(cleaned.len(), made.len());
        let text = String::from_utf8(cleaned).unwrap();
        for mark in ["MARK-A", "MARK-B", "feff4d41524b", "20260211"] {
            assert!(!text.contains(mark), "{mark}: {text}");
        }
        assert!(text.contains("not this one") && text.contains("/Info 2 0 R") && text.contains("endstream"));
        // Nothing of the kind in it: it comes back as it was, and nothing breaks on rubbish.
        for other in ["%PDF-1.4\n/Info", "%PDF-1.4\n2 0 obj <</Author(open /Info 2 0 R", "<x:xmpmeta> no end"] {
            assert_eq!(pdf(other.as_bytes().to_vec()).len(), other.len());
        }
    }

    /// A file as today's programs write it: everything but the pages in compressed streams.
    fn packed(info: &str, packet: &str) -> Vec<u8> {
        let catalog = "<</Type/Catalog/Metadata 3 0 R>>";
        let pairs = format!("1 0 2 {} 9 {} ", catalog.len() + 1, catalog.len() + info.len() + 2);
        let objects = deflated(format!("{pairs}{catalog} {info} 42").as_bytes()).unwrap();
        let packet = deflated(packet.as_bytes()).unwrap();
        let page = deflated(b"BT (page) Tj ET").unwrap();
        let mut out = b"%PDF-1.7\n".to_vec();
        for (head, data) in [
            (
                format!(
                    "4 0 obj\n<</Type/ObjStm/N 3/First {}/Filter/FlateDecode/Length {}>>",
                    pairs.len(),
                    objects.len()
                ),
                &objects,
            ),
            (format!("3 0 obj\n<</Type/Metadata/Subtype/XML/Filter/FlateDecode/Length {}>>", packet.len()), &packet),
            (format!("5 0 obj\n<</Filter/FlateDecode/Length {}>>", page.len()), &page),
        ] {
            out.extend_from_slice(head.as_bytes());
            out.extend_from_slice(b"\nstream\r\n");
            out.extend_from_slice(data);
            out.extend_from_slice(b"\nendstream\nendobj\n");
        }
        out.extend_from_slice(b"6 0 obj\n<</Type/XRef/Root 1 0 R/Info 2 0 R/Size 7>>\nendobj\nstartxref\n9\n%%EOF\n");
        out
    }

    fn opened(bytes: &[u8]) -> Vec<String> {
        let (mut found, mut at) = (Vec::new(), 0);
        while let Some(begin) = find(bytes, b"stream\r\n", at) {
            at = find(bytes, b"endstream", begin + 8).unwrap();
            found.push(String::from_utf8(inflated(&bytes[begin + 8..at]).unwrap()).unwrap());
            at += b"endstream".len();
        }
        found
    }

    #[test]
    fn a_pdf_loses_what_it_says_of_its_making_in_compressed_streams_too() {
        let made = packed(
            "<</Author(MARK-A \\) (x) y)/Producer<feff4d41524b>/CreationDate(D:20260211)>>",
            "<?xpacket?><x:xmpmeta><dc:creator>MARK-B 2026-02-11</dc:creator></x:xmpmeta><?xpacket end?>",
        );
        let before = opened(&made).join("");
        assert!(before.contains("MARK-A") && before.contains("MARK-B"), "the file says what it must not: {before}");
        let cleaned = pdf(made.clone());
        assert_eq!(cleaned.len(), made.len());
        let after = opened(&cleaned);
        for mark in ["MARK", "feff4d41524b", "20260211", "2026-02-11"] {
            assert!(!after.join("").contains(mark), "{mark}: {after:?}");
        }
        assert!(after[0].contains("/Metadata 3 0 R") && after[0].contains("/Author(") && after[0].ends_with(" 42"));
        assert_eq!((after[1].starts_with("<?xpacket?>"), after[2].as_str()), (true, "BT (page) Tj ET"));
        let lengths = |bytes: &[u8]| opened(bytes).iter().map(String::len).collect::<Vec<_>>();
        assert_eq!(lengths(&cleaned), lengths(&made), "nothing in it moved");
    }

    #[test]
    fn a_stream_that_cannot_be_read_or_swells_stays_as_it_came() {
        let made = packed("<</Author(MARK)>>", "<x:xmpmeta>MARK</x:xmpmeta>");
        let encrypted = [&made[..], b"trailer<</Encrypt 8 0 R>>"].concat();
        assert_eq!(pdf(encrypted.clone()), encrypted);
        for (from, to) in [("/FlateDecode", "/LZWDecode  "), ("stream\r\n", "stream\r\r")] {
            let broken = String::from_utf8_lossy(&made).replace(from, to).into_bytes();
            assert_eq!(pdf(broken.clone()), broken, "{from}");
        }
        // Heads without an end, and many that swell, are soon done with.
        let heads = b"1 0 obj<</Type/ObjStm/First 4/FlateDecode>>stream\n".repeat(100_000);
        assert_eq!(pdf(heads.clone()), heads);
        // A few kilobytes that open to more than a dictionary ever has are not opened to their end.
        let bomb = deflated(&vec![b' '; STREAM as usize + 2]).unwrap();
        assert!(bomb.len() < 32 << 10 && inflated(&bomb).is_none());
    }
}
