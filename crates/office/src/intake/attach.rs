//! Files that come with a report: counted, sniffed, cleaned, sealed segment by segment.
//!
//! A file is held in memory while it is cleaned (20 MB at most) and never touches the disk in
//! clear; what lies in the blob folder is ciphertext from the first byte.

use domain::content::Attachment;
use domain::ids::ReportId;
use seal::{ContentKey, FilePlace, SegmentSealer};
use store::{BlobPart, BlobRow};

use super::clean::{clean, sniff};
use super::opening::Opening;
use crate::error::Error;
use crate::hall::Hall;

/// Files per report or message.
pub const FILES_LIMIT: usize = 10;
/// Bytes per file.
pub const FILE_LIMIT: usize = 20 * 1024 * 1024;
/// Files looked into at once: an opened picture may take half a gigabyte, so more of them wait.
static LOOKED_INTO: tokio::sync::Semaphore = tokio::sync::Semaphore::const_new(2);

impl Hall {
    /// Attaches one file to a report being opened.
    ///
    /// # Errors
    /// [`Error::Input`] with what to do, or the disk fails.
    pub async fn attach(&self, opening: &mut Opening, name: &str, bytes: Vec<u8>) -> Result<(), Error> {
        if opening.files.len() >= FILES_LIMIT {
            return Err(Error::input(
                "too-many-files",
                "附件最多10个。请合并或只留最要紧的材料，其余以后可以凭码补充。",
                "Ten files at most. Merge them or keep the most important; more can be added later with the code.",
            ));
        }
        let (attachment, blob) =
            self.seal_file(opening.tenant.as_str(), opening.report, &opening.key, 1, name, bytes).await?;
        opening.files.push(attachment);
        opening.blobs.push(blob);
        Ok(())
    }

    /// Cleans and seals a file under a report's key; the row is written with the event that names it.
    pub(crate) async fn seal_file(
        &self,
        tenant: &str,
        report: ReportId,
        key: &ContentKey,
        version: u32,
        name: &str,
        bytes: Vec<u8>,
    ) -> Result<(Attachment, BlobRow), Error> {
        if bytes.len() > FILE_LIMIT {
            return Err(Error::input(
                "file-too-big",
                "单个附件不能超过20MB。照片可以压缩或截取关键部分，文档可以拆成几份。",
                "A file may have 20 MB at most. Compress or crop pictures, split documents.",
            ));
        }
        let media = sniff(&bytes)?;
        let turn = LOOKED_INTO.acquire().await.map_err(|e| Error::Io(e.to_string()))?;
        // The turn goes along: whoever gave up waiting still has a picture open until it is done.
        let cleaned = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            clean(media, bytes)
        })
        .await
        .map_err(|e| Error::Io(e.to_string()))??;
        let mut rng = self.entropy();
        let blob = seal::fresh_id(&mut rng);
        let place = FilePlace { tenant, report: report.0, blob };
        let mut writer = self.blobs.create(blob).await?;
        let mut out = Vec::new();
        let mut sealer = SegmentSealer::start(key, &place, &mut rng, &mut out);
        for piece in cleaned.chunks(seal::SEGMENT_LEN) {
            sealer.update(piece, &mut out);
            if !out.is_empty() {
                writer.segment(&out).await?;
                out.clear();
            }
        }
        let file = sealer.finish(&mut out);
        writer.segment(&out).await?;
        let size = writer.finish(self.clock.day_began()).await?;
        let attachment = Attachment {
            blob: hex::encode(blob),
            name: tidy_name(name),
            media_type: media.media_type().to_owned(),
            size: file.len,
            sha256: hex::encode(file.sha256),
        };
        Ok((
            attachment,
            BlobRow { blob, version, part: BlobPart::Attachment, key_no: key.number(), size, commitment: None },
        ))
    }
}

/// A file name without paths, control and direction characters, at most 80 characters.
fn tidy_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last
        .chars()
        .filter(|c| {
            !c.is_control() && !matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
        })
        .take(80)
        .collect();
    let kept = kept.trim().trim_matches('.').to_owned();
    if kept.is_empty() { "附件".to_owned() } else { kept }
}

#[cfg(test)]
mod tests {
    use super::tidy_name;

    #[test]
    fn names_are_tidied() {
        assert_eq!(tidy_name("../../etc/passwd"), "passwd");
        assert_eq!(tidy_name("C:\\我的\\照片.jpg"), "照片.jpg");
        assert_eq!(tidy_name("a\u{202E}gpj.exe\r\n"), "agpj.exe");
        assert_eq!(tidy_name("\0\0"), "附件");
        assert_eq!(tidy_name(&"长".repeat(300)).chars().count(), 80);
    }
}
