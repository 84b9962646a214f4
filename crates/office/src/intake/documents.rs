//! Office documents without the traces of who wrote them and on which machine (promise 6): authors,
//! companies, times and paths out of docx and xlsx, pictures inside them as pictures are cleaned.
//!
//! What the document says stays as it is, tracked changes and comments included; whose they are
//! does not. A part that is not as expected is left alone: a document must still open.

use std::borrow::Cow;
use std::io::{Cursor, Read as _, Write as _};

use zip::write::SimpleFileOptions;

use super::clean::{Media, clean, sniff};
use crate::error::Error;

/// Parts that hold nothing but who, when and where, as they look with nothing in them.
const EMPTY_CORE: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>"#;
const EMPTY_APP: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>"#;
const EMPTY_CUSTOM: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>"#;
const EMPTY_PEOPLE: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w15:people xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml"/>"#;

/// A docx or xlsx without its traces. The archive was looked through before ([`sniff`]).
///
/// # Errors
/// [`Error::Input`] where the archive cannot be read to its end.
pub(super) fn archive(bytes: &[u8]) -> Result<Vec<u8>, Error> {
    rewritten(bytes).map_err(|_| {
        Error::input(
            "document-damaged",
            "这个文档已损坏，打不开。请重新另存一份，或打印成 pdf 后上传。",
            "This document is damaged and cannot be read to its end. Save it again, or as pdf.",
        )
    })
}

fn rewritten(bytes: &[u8]) -> Result<Vec<u8>, zip::result::ZipError> {
    let mut from = zip::ZipArchive::new(Cursor::new(bytes))?;
    let mut to = zip::ZipWriter::new(Cursor::new(Vec::with_capacity(bytes.len())));
    for i in 0..from.len() {
        let mut entry = from.by_index(i)?;
        let name = entry.name()?.into_owned();
        if name.ends_with('/') || dropped(&name) {
            continue;
        }
        let mut content = Vec::new();
        // `sniff` added up what the entries promise; none may hold more than it promised.
        let promised = entry.size();
        entry.by_ref().take(promised).read_to_end(&mut content)?;
        // No time of saving: the writer's own default is 1980.
        to.start_file(&*name, SimpleFileOptions::default())?;
        to.write_all(&part(&name, content))?;
    }
    Ok(to.finish()?.into_inner())
}

/// Parts nobody needs to read the document: a picture of its first page, signatures that name their
/// signer and that no longer fit.
fn dropped(name: &str) -> bool {
    name.starts_with("docProps/thumbnail") || name.starts_with("_xmlsignatures/")
}

fn part(name: &str, content: Vec<u8>) -> Vec<u8> {
    let empty = match name {
        "docProps/core.xml" => Some(EMPTY_CORE),
        "docProps/app.xml" => Some(EMPTY_APP),
        "docProps/custom.xml" => Some(EMPTY_CUSTOM),
        "word/people.xml" => Some(EMPTY_PEOPLE),
        _ => None,
    };
    if let Some(empty) = empty {
        return empty.as_bytes().to_vec();
    }
    if name.contains("/media/") {
        return match sniff(&content) {
            // A picture that cannot be opened shows nothing to a reader either.
            Ok(media @ (Media::Jpeg | Media::Png)) => clean(media, content.clone()).unwrap_or(content),
            _ => content,
        };
    }
    if !(name.ends_with(".xml") || name.ends_with(".rels")) {
        return content;
    }
    match String::from_utf8(content) {
        Ok(text) => xml(&text).into_bytes(),
        Err(other) => other.into_bytes(),
    }
}

/// Elements that go with all they hold.
const WHOLE: [&str; 3] = ["w:rsids", "w:docVars", "w:attachedTemplate"];
/// Elements whose text is a name.
const NAMES: [&str; 1] = ["author"];

/// Passes over the markup once: elements and attributes that tell who, when and where go or are
/// blanked, everything else comes out as it went in.
fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    // An element that is never closed is looked for once, or a document made of them would take for ever.
    let mut unclosed: Vec<&str> = Vec::new();
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let Some(end) = tag_end(rest) else { break };
        let tag = &rest[..end];
        rest = &rest[end..];
        let name = tag[1..].split(|c: char| c.is_whitespace() || c == '>' || c == '/').next().unwrap_or_default();
        if WHOLE.contains(&name) || relation_to_drop(name, tag) {
            if !tag.ends_with("/>") {
                // What it holds goes with it.
                match closing(rest, name, &mut unclosed) {
                    Some((_, after)) => rest = &rest[after..],
                    None => out.push_str(tag),
                }
            }
            continue;
        }
        out.push_str(&attributes(name, tag));
        if NAMES.contains(&name)
            && !tag.ends_with("/>")
            && let Some((before, _)) = closing(rest, name, &mut unclosed)
        {
            rest = &rest[before..];
        }
    }
    out + rest
}

/// Where an element's end tag begins and ends.
fn closing<'a>(rest: &str, name: &'a str, unclosed: &mut Vec<&'a str>) -> Option<(usize, usize)> {
    if unclosed.contains(&name) {
        return None;
    }
    let close = format!("</{name}>");
    let found = rest.find(&close).map(|at| (at, at + close.len()));
    if found.is_none() {
        unclosed.push(name);
    }
    found
}

/// Where a tag ends, quotes taken into account; `None` if it never does.
fn tag_end(text: &str) -> Option<usize> {
    for (open, close) in [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>")] {
        if text.starts_with(open) {
            return Some(text.find(close)? + close.len());
        }
    }
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (None, '"' | '\'') => quote = Some(c),
            (Some(q), c) if q == c => quote = None,
            (None, '>') => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// Relations and content types of parts that were dropped, and of templates on somebody's disk.
fn relation_to_drop(name: &str, tag: &str) -> bool {
    match name {
        "Relationship" => {
            ["/thumbnail\"", "/attachedTemplate\"", "/digital-signature/"].iter().any(|kind| tag.contains(kind))
        }
        "Override" => tag.contains("\"/_xmlsignatures/") || tag.contains("\"/docProps/thumbnail"),
        _ => false,
    }
}

/// A tag with the attributes that tell of a person or a machine taken out or blanked.
fn attributes<'a>(name: &str, tag: &'a str) -> Cow<'a, str> {
    if !tag.contains('=') || tag.starts_with("<?") || tag.starts_with("<!") {
        return Cow::Borrowed(tag);
    }
    let mut out = String::with_capacity(tag.len());
    let mut rest = tag;
    let mut changed = false;
    while let Some(equals) = rest.find('=') {
        let Some(quote) = rest[equals + 1..].chars().next().filter(|c| matches!(c, '"' | '\'')) else { break };
        let Some(length) = rest[equals + 2..].find(quote) else { break };
        let end = equals + 2 + length + 1;
        let key_at = rest[..equals].rfind(|c: char| c.is_whitespace()).map_or(0, |at| at + 1);
        match fate(name, &rest[key_at..equals]) {
            Fate::Stays => out.push_str(&rest[..end]),
            Fate::Goes => {
                out.push_str(rest[..key_at].trim_end());
                changed = true;
            }
            Fate::Blank => {
                out.push_str(&rest[..equals + 2]);
                out.push(quote);
                changed = true;
            }
        }
        rest = &rest[end..];
    }
    if changed { Cow::Owned(out + rest) } else { Cow::Borrowed(tag) }
}

enum Fate {
    Stays,
    Goes,
    Blank,
}

fn fate(element: &str, attribute: &str) -> Fate {
    match attribute {
        // Which editing session a run comes from: the same numbers in two documents tell one author.
        key if key.starts_with("w:rsid") => Fate::Goes,
        "w:date" | "w16du:dateUtc" | "w16cex:dateUtc" => Fate::Goes,
        "w:author" | "w:initials" | "w15:author" | "w15:userId" | "w15:providerId" => Fate::Blank,
        "userName" if element == "fileSharing" || element == "userInfo" => Fate::Blank,
        "displayName" | "userId" | "providerId" if element == "person" => Fate::Blank,
        "dT" if element == "threadedComment" => Fate::Goes,
        "url" if element == "x15ac:absPath" => Fate::Blank,
        _ => Fate::Stays,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Everything in an archive, one after the other.
    fn opened(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        (0..archive.len())
            .map(|i| {
                let mut entry = archive.by_index(i).unwrap();
                let mut content = Vec::new();
                entry.read_to_end(&mut content).unwrap();
                (entry.name().unwrap().into_owned(), content)
            })
            .collect()
    }

    fn packed(parts: &[(&str, &[u8])]) -> Vec<u8> {
        let mut to = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in parts {
            to.start_file(*name, SimpleFileOptions::default()).unwrap();
            to.write_all(content).unwrap();
        }
        to.finish().unwrap().into_inner()
    }

    const DOCUMENT: &str = r#"<w:document xmlns:w="x"><w:p w:rsidR="00AB12CD" w:rsidRDefault="00AB12CD"><w:ins w:id="1" w:author="印记甲" w:date="2026-02-11T09:30:00Z"><w:r><w:t xml:space="preserve">合同价四百二十万元 a="b" &lt;x&gt;</w:t></w:r></w:ins></w:p></w:document>"#;

    #[test]
    fn a_document_loses_who_wrote_it_and_keeps_what_it_says() {
        let made = packed(&[
            ("[Content_Types].xml", br#"<Types><Override PartName="/word/document.xml" ContentType="d"/><Override PartName="/_xmlsignatures/sig1.xml" ContentType="s"/></Types>"#),
            ("_rels/.rels", r#"<Relationships><Relationship Id="rId1" Type="http://x/officeDocument" Target="word/document.xml"/><Relationship Id="rId2" Type="http://x/metadata/thumbnail" Target="docProps/thumbnail.jpeg"/></Relationships>"#.as_bytes()),
            ("word/document.xml", DOCUMENT.as_bytes()),
            ("word/comments.xml", r#"<w:comments><w:comment w:id="0" w:author="印记乙" w:initials="印" w:date="2026"><w:t>批注内容</w:t></w:comment></w:comments>"#.as_bytes()),
            ("word/settings.xml", r#"<w:settings><w:attachedTemplate r:id="rId1"/><w:rsids><w:rsidRoot w:val="00AB12CD"/></w:rsids><w:zoom w:percent="100"/></w:settings>"#.as_bytes()),
            ("word/_rels/settings.xml.rels", r#"<Relationships><Relationship Id="rId1" Type="http://x/attachedTemplate" Target="file:///C:\Users\印记丙\a.dotx" TargetMode="External"/></Relationships>"#.as_bytes()),
            ("word/people.xml", r#"<w15:people><w15:person w15:author="印记丁"/></w15:people>"#.as_bytes()),
            ("docProps/core.xml", "<cp:coreProperties><dc:creator>印记戊</dc:creator></cp:coreProperties>".as_bytes()),
            ("docProps/app.xml", "<Properties><Company>印记己</Company></Properties>".as_bytes()),
            ("docProps/custom.xml", "<Properties>印记庚</Properties>".as_bytes()),
            ("docProps/thumbnail.jpeg", "印记辛".as_bytes()),
            ("_xmlsignatures/sig1.xml", "印记壬".as_bytes()),
        ]);
        let cleaned = archive(&made).unwrap();
        assert_eq!(sniff(&cleaned).unwrap(), Media::Docx);
        let parts = opened(&cleaned);
        for (name, content) in &parts {
            let text = String::from_utf8_lossy(content);
            for mark in ["印记", "00AB12CD", "2026-02-11", "Users"] {
                assert!(!text.contains(mark), "{name} still holds {mark}: {text}");
            }
        }
        let said = |wanted: &str| {
            let found = parts.iter().find(|(name, _)| name == wanted).unwrap_or_else(|| panic!("{wanted} is gone"));
            String::from_utf8(found.1.clone()).unwrap()
        };
        assert_eq!(
            said("word/document.xml"),
            r#"<w:document xmlns:w="x"><w:p><w:ins w:id="1" w:author=""><w:r><w:t xml:space="preserve">合同价四百二十万元 a="b" &lt;x&gt;</w:t></w:r></w:ins></w:p></w:document>"#
        );
        assert!(said("word/comments.xml").contains("批注内容"));
        assert_eq!(said("word/settings.xml"), r#"<w:settings><w:zoom w:percent="100"/></w:settings>"#);
        assert_eq!(parts.len(), 10, "the thumbnail and the signature are gone with what named them");
        assert!(!said("_rels/.rels").contains("thumbnail") && !said("[Content_Types].xml").contains("sig1"));
    }

    #[test]
    fn a_table_loses_its_authors_and_paths() {
        let made = packed(&[
            ("xl/workbook.xml", r#"<workbook><fileSharing userName="印记甲" readOnlyRecommended="1"/><mc:AlternateContent><x15ac:absPath url="C:\Users\印记乙\"/></mc:AlternateContent><sheets><sheet name="名册"/></sheets></workbook>"#.as_bytes()),
            ("xl/comments1.xml", "<comments><authors><author>印记丙</author></authors><commentList><comment ref=\"A1\" authorId=\"0\"><t>说明</t></comment></commentList></comments>".as_bytes()),
            ("xl/persons/person.xml", r#"<personList><person displayName="印记丁" id="{1}" userId="印记戊" providerId="AD"/></personList>"#.as_bytes()),
        ]);
        let cleaned = archive(&made).unwrap();
        assert_eq!(sniff(&cleaned).unwrap(), Media::Xlsx);
        let all: String =
            opened(&cleaned).iter().map(|(_, content)| String::from_utf8_lossy(content).into_owned()).collect();
        assert!(!all.contains("印记"), "{all}");
        assert!(all.contains("名册") && all.contains("说明") && all.contains("<author></author>"), "{all}");
    }

    #[test]
    fn a_picture_in_a_document_is_cleaned_as_one_that_comes_alone() {
        let mut plain = Cursor::new(Vec::new());
        image::DynamicImage::new_rgb8(8, 4).write_to(&mut plain, image::ImageFormat::Jpeg).unwrap();
        let plain = plain.into_inner();
        let body = b"Exif\0\0MM\0*\0\0\0\x08\0\0MARKER-PLACE";
        let mut marked = plain[..2].to_vec();
        marked.extend([0xFF, 0xE1, 0, u8::try_from(body.len() + 2).unwrap()]);
        marked.extend(body);
        marked.extend(&plain[2..]);
        let made = packed(&[("word/document.xml", b"<w:document/>"), ("word/media/image1.jpeg", &marked)]);
        let cleaned = opened(&archive(&made).unwrap());
        assert!(!cleaned[1].1.windows(12).any(|w| w == b"MARKER-PLACE"));
        assert_eq!(sniff(&cleaned[1].1).unwrap(), Media::Jpeg);
    }

    #[test]
    fn markup_that_is_none_comes_back_as_it_was() {
        for odd in ["", "<", "<a", "text only", "<a b=c d='1'>x</a>", "<!-- w:rsidR=\"1\" -->", "<a b=\"<>\" c='\"'/>"]
        {
            assert_eq!(xml(odd), odd);
        }
        assert_eq!(xml("<w:rsids><w:rsid w:val=\"1\"/>"), "<w:rsids><w:rsid w:val=\"1\"/>", "never closed");
    }
}
