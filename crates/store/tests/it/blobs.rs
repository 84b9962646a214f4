//! Sealed files: whole or not there, and swept when nobody names them.

use std::time::{Duration, SystemTime};

use store::*;

use crate::world::*;

/// When the civil day of these stories began.
fn day() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(20_500 * 86_400 - 8 * 3600)
}

async fn write(blobs: &BlobStore, name: [u8; 16], segments: &[&[u8]]) -> u64 {
    let mut writer = blobs.create(name).await.unwrap();
    for segment in segments {
        writer.segment(segment).await.unwrap();
    }
    writer.finish(day()).await.unwrap()
}

async fn read(blobs: &BlobStore, name: &[u8; 16]) -> Result<Vec<Vec<u8>>, StoreError> {
    let mut reader = blobs.read(name).await?;
    let mut segments = Vec::new();
    while let Some(segment) = reader.segment().await? {
        segments.push(segment);
    }
    Ok(segments)
}

#[tokio::test]
async fn a_file_is_streamed_in_and_out_by_segments() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = BlobStore::open(folder.path().join("blobs"), None).unwrap();
    let (long, short) = (vec![7u8; 65_552], vec![8u8; 100]);
    assert_eq!(write(&blobs, id(1), &[&long, &short, &[]]).await, 65_552 + 100 + 12);
    assert_eq!(read(&blobs, &id(1)).await.unwrap(), [long, short, vec![]]);
    assert!(blobs.create(id(1)).await.is_err(), "a name is used once");
    assert!(read(&blobs, &id(2)).await.is_err());
    assert_eq!(blobs.list().await.unwrap(), [id(1)]);

    // Cut off on disk.
    let name = domain::ids::ReportId(id(1)).to_string();
    let path = folder.path().join("blobs").join(&name[..2]).join(&name);
    let bytes = std::fs::read(&path).unwrap();
    for length in [bytes.len() - 1, bytes.len() - 50, 70_000 - 4_400, 3] {
        std::fs::write(&path, &bytes[..length]).unwrap();
        assert!(read(&blobs, &id(1)).await.is_err(), "cut at {length}");
    }
    blobs.delete(&id(1)).await.unwrap();
    blobs.delete(&id(1)).await.unwrap();
    assert!(blobs.list().await.unwrap().is_empty());
}

#[tokio::test]
async fn files_and_folders_tell_the_day_and_no_time_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = BlobStore::open(folder.path().join("blobs"), None).unwrap();
    for n in 1..4 {
        write(&blobs, id(n), &[b"sealed"]).await;
    }
    let root = folder.path().join("blobs");
    let mut seen = vec![root.clone()];
    while let Some(path) = seen.pop() {
        let told = std::fs::metadata(&path).unwrap();
        assert_eq!((told.modified().unwrap(), told.accessed().unwrap()), (day(), day()), "{}", path.display());
        if told.is_dir() {
            seen.extend(std::fs::read_dir(&path).unwrap().map(|e| e.unwrap().path()));
        }
    }
    assert_eq!(blobs.list().await.unwrap().len(), 3);
}

#[tokio::test]
async fn a_file_that_was_not_finished_does_not_exist() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = BlobStore::open(folder.path().to_path_buf(), None).unwrap();
    let mut writer = blobs.create(id(1)).await.unwrap();
    writer.segment(b"half").await.unwrap();
    drop(writer);
    assert!(blobs.list().await.unwrap().is_empty());
    assert_eq!(std::fs::read_dir(folder.path().join("tmp")).unwrap().count(), 0);
    write(&blobs, id(1), &[b"whole"]).await;
}

on_both! {
    async fn what_no_table_names_is_swept_but_never_what_is_young(world) {
        let folder = tempfile::tempdir().unwrap();
        let blobs = BlobStore::open(folder.path().to_path_buf(), None).unwrap();
        write(&blobs, id(1), &[b"named"]).await;
        write(&blobs, id(2), &[b"orphan"]).await;
        let left = std::fs::File::create(folder.path().join("tmp").join("left")).unwrap();
        left.set_modified(day()).unwrap();
        let part = BlobPart::Attachment;
        let row = BlobRow { blob: id(1), version: 1, part, key_no: 1, size: 9, commitment: Some([1; 32]) };
        let stored = row.clone();
        let bend: Bend = Box::new(move |rows| rows.blobs = vec![row.clone()]);
        world.store.append(intake_with(1, bend)).await.unwrap();
        assert_eq!(world.store.blobs(&tenant(), domain::ids::ReportId(id(1))).await.unwrap(), [stored]);

        let long_ago = SystemTime::UNIX_EPOCH;
        assert_eq!(blobs.sweep(&world.store, long_ago).await.unwrap(), 0);
        assert_eq!(blobs.list().await.unwrap().len(), 2);
        let file = domain::ids::ReportId(id(2)).to_string();
        let written = std::fs::metadata(folder.path().join(&file[..2]).join(&file)).unwrap().modified().unwrap();
        let later = written + Duration::from_secs(3600);
        assert_eq!(blobs.sweep(&world.store, later).await.unwrap(), 2);
        assert_eq!(blobs.list().await.unwrap(), [id(1)]);
    }
}
