//! What a file is, by its bytes and never by its name, and a copy without the traces its maker's
//! device left in it (promise 6): photographs are decoded and encoded again, which drops EXIF,
//! XMP, thumbnails and places. Documents lose their authors in `documents` and `pdf`; what they say is kept,
//! and the page warns that it may carry a name all the same.

use std::io::Cursor;

use image::{ImageFormat, ImageReader, Limits};

use super::{documents, pdf};
use crate::error::Error;

/// A kind of file that is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Media {
    /// Photograph.
    Jpeg,
    /// Picture.
    Png,
    /// Document.
    Pdf,
    /// Text document.
    Docx,
    /// Table.
    Xlsx,
}

impl Media {
    /// Media type (RFC 6838).
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Pdf => "application/pdf",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// Tells what a file is from its bytes.
///
/// # Errors
/// A sentence that says which kinds are taken, or why an archive is refused.
pub fn sniff(bytes: &[u8]) -> Result<Media, Error> {
    match bytes {
        [0xFF, 0xD8, 0xFF, ..] => Ok(Media::Jpeg),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Ok(Media::Png),
        [b'%', b'P', b'D', b'F', b'-', ..] => Ok(Media::Pdf),
        [b'P', b'K', 3, 4, ..] => office_document(bytes),
        _ => Err(refused()),
    }
}

fn refused() -> Error {
    Error::input(
        "file-kind",
        "这个文件的内容不在接收范围内，改文件名没有用。请用原来的软件打开，另存为图片（jpg、png）、pdf、Word（docx）或 Excel（xlsx）后再上传；录音录像请在内容里说明，由承办人联系接收。",
        "What is in this file is not taken, whatever its name says. Open it in its program and save it as a picture (jpg, png), pdf, Word (docx) or Excel (xlsx); mention recordings in the text.",
    )
}

/// Room for what an Office archive may unpack to: beyond it, it is a bomb or a mistake.
const UNPACKED_LIMIT: u64 = 200 * 1024 * 1024;

fn office_document(bytes: &[u8]) -> Result<Media, Error> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| refused())?;
    let mut unpacked = 0u64;
    let mut media = None;
    for i in 0..archive.len() {
        let entry = archive.by_index_raw(i).map_err(|_| refused())?;
        unpacked = unpacked.saturating_add(entry.size());
        match entry.name().map_err(|_| refused())?.as_ref() {
            "word/document.xml" => media = Some(Media::Docx),
            "xl/workbook.xml" => media = Some(Media::Xlsx),
            name if name.ends_with("vbaProject.bin") => {
                return Err(Error::input(
                    "file-macros",
                    "这个文档带有宏，不能接收。请另存为不带宏的 docx 或 xlsx，或打印成 pdf 后上传。",
                    "This document carries macros. Save it without them (docx, xlsx), or as pdf.",
                ));
            }
            _ => {}
        }
    }
    if unpacked > UNPACKED_LIMIT {
        return Err(Error::input(
            "file-too-big-inside",
            "这个文档展开后过大，不能接收。请拆分成几个文件，或转成 pdf 后上传。",
            "This document unpacks to too much. Split it, or convert it to pdf.",
        ));
    }
    media.ok_or_else(refused)
}

/// A copy without metadata.
///
/// # Errors
/// The picture is damaged or unreasonably large, the document damaged; the sentence says what to do.
pub fn clean(media: Media, bytes: Vec<u8>) -> Result<Vec<u8>, Error> {
    let format = match media {
        Media::Jpeg => ImageFormat::Jpeg,
        Media::Png => ImageFormat::Png,
        Media::Pdf => return Ok(pdf::pdf(bytes)),
        Media::Docx | Media::Xlsx => return documents::archive(&bytes),
    };
    let damaged = || {
        Error::input(
            "picture-damaged",
            "这张图片打不开或过大（边长不超过12000像素）。请重新拍照或截图后再上传。",
            "This picture cannot be read or is too large (12,000 pixels a side at most). Take it again, or a screenshot of it.",
        )
    };
    let mut limits = Limits::default();
    limits.max_image_width = Some(12_000);
    limits.max_image_height = Some(12_000);
    limits.max_alloc = Some(512 * 1024 * 1024);
    let mut reader = ImageReader::with_format(Cursor::new(&bytes), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|_| damaged())?;
    // The camera's orientation goes with the EXIF block, so it is applied to the pixels first.
    let orientation = image::ImageDecoder::orientation(&mut decoder).map_err(|_| damaged())?;
    let mut picture = image::DynamicImage::from_decoder(decoder).map_err(|_| damaged())?;
    picture.apply_orientation(orientation);
    if media == Media::Jpeg {
        picture = picture.into_rgb8().into();
    }
    let mut out = Cursor::new(Vec::new());
    picture.write_to(&mut out, format).map_err(|_| damaged())?;
    Ok(out.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_photograph_loses_its_exif_and_stays_a_photograph() {
        let mut plain = Cursor::new(Vec::new());
        image::DynamicImage::new_rgb8(8, 4).write_to(&mut plain, ImageFormat::Jpeg).unwrap();
        let plain = plain.into_inner();
        let mut marked = plain[..2].to_vec();
        let body = b"Exif\0\0MM\0*\0\0\0\x08\0\0MARKER-PLACE";
        marked.extend([0xFF, 0xE1]);
        marked.extend(u16::try_from(body.len() + 2).unwrap().to_be_bytes());
        marked.extend(body);
        marked.extend(&plain[2..]);
        assert_eq!(sniff(&marked).unwrap(), Media::Jpeg);
        let cleaned = clean(Media::Jpeg, marked).unwrap();
        assert!(!cleaned.windows(12).any(|w| w == b"MARKER-PLACE"));
        assert_eq!(sniff(&cleaned).unwrap(), Media::Jpeg);
    }

    #[test]
    fn what_a_file_claims_by_its_name_does_not_matter() {
        assert!(sniff(b"MZ\x90\0").is_err());
        assert!(sniff(b"<html><script>").is_err());
        assert!(sniff(b"PK\x03\x04garbage").is_err());
        assert_eq!(sniff(b"%PDF-1.7\n").unwrap(), Media::Pdf);
    }

    #[test]
    fn a_damaged_picture_is_refused_in_words() {
        let fault = clean(Media::Png, b"\x89PNG\r\n\x1a\nnothing".to_vec()).unwrap_err();
        assert_eq!(fault.slug(), "picture-damaged");
    }
}
