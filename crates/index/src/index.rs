//! The index of one tenant: put, delete, commit, search, candidates for repeats. The writer is
//! made when first needed, with little memory; the reader follows commits of other processes. It
//! does not know what is due to be put: the watermark is the caller's number, kept with a commit.

use std::collections::HashMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::ids::ReportId;
use seal::IndexKey;
use tantivy::collector::{Count, TopDocs};
use tantivy::directory::Directory;
use tantivy::directory::error::OpenReadError;
use tantivy::indexer::IndexWriterOptions;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocSet, IndexReader, IndexWriter, Order as Sort, ReloadPolicy, Searcher, TERMINATED, Term};

use crate::document::Document;
use crate::error::IndexError;
use crate::fields::{Fields, ID_HIGH, ID_LOW, ORDER};
use crate::files::{META, SealedFiles};
use crate::query::{Hits, Order, Query, Viewer, build};

/// Memory the writer may fill before it writes a segment out.
const WRITER_MEMORY: usize = 20 * 1024 * 1024;

/// Places in the lists of fingerprints that one look for repeats follows at most: some milliseconds.
const FOLLOWED: u64 = 16_384;
/// Fingerprints followed at most, the rarest first. Each has a list of its own in every segment, a sealed
/// chunk away; 32 find an edited copy in more than 98 of 100 cases (`triage::select_terms`).
const MOST_FOLLOWED: usize = 32;

/// How large the index is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segments {
    /// Segments on disk.
    pub count: usize,
    /// Reports that can be found.
    pub reports: usize,
    /// Deleted reports whose words still stand, sealed, in a segment; [`Index::expunge`] ends that.
    pub deleted: usize,
}

/// The sealed index of one tenant.
pub struct Index {
    root: PathBuf,
    engine: tantivy::Index,
    reader: IndexReader,
    fields: Fields,
    writer: Mutex<Option<IndexWriter>>,
    seen: Mutex<Option<Stamp>>,
}

/// Tells one version of the list of segments from another.
type Stamp = (u64, i64, i64, u64);

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Index({})", self.root.display())
    }
}

impl Index {
    /// Opens the index in `root` (one folder per tenant), making an empty one if there is none.
    ///
    /// # Errors
    /// [`IndexError::Key`], [`IndexError::Damaged`], [`IndexError::Outdated`], [`IndexError::Io`].
    pub fn open(root: impl Into<PathBuf>, key: &IndexKey) -> Result<Self, IndexError> {
        let root = root.into();
        let files = SealedFiles::open(&root, key).map_err(IndexError::io(&root))?;
        // Read once here, because the engine takes an unreadable list for a missing one.
        match files.atomic_read(Path::new(META)) {
            Ok(_) | Err(OpenReadError::FileDoesNotExist(_)) => {}
            Err(e) => return Err(tantivy::TantivyError::from(e).into()),
        }
        let (schema, fields) = Fields::schema();
        let engine = tantivy::Index::open_or_create(files, schema)?;
        let reader = engine.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let seen = Mutex::new(stamp(&root));
        Ok(Self { root, engine, reader, fields, writer: Mutex::new(None), seen })
    }

    /// Throws the index away and opens an empty one, for `reindex`.
    ///
    /// # Errors
    /// As [`Index::open`].
    pub fn recreate(root: impl Into<PathBuf>, key: &IndexKey) -> Result<Self, IndexError> {
        let root = root.into();
        match fs::remove_dir_all(&root) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(IndexError::io(&root)(e)),
            _ => Self::open(root, key),
        }
    }

    /// Puts a report in, in place of what was there of it. Seen by searches after a commit.
    ///
    /// # Errors
    /// [`IndexError::Busy`] where another process writes; those of the disk.
    pub fn put(&self, document: &Document) -> Result<(), IndexError> {
        self.write(|writer| {
            writer.delete_term(self.fields.term(&document.report.0));
            writer.add_document(self.fields.fill(document))?;
            Ok(())
        })
    }

    /// Takes a report out. Gone from searches after a commit; from the disk after
    /// [`Index::expunge`].
    ///
    /// # Errors
    /// As [`Index::put`].
    pub fn delete(&self, report: ReportId) -> Result<(), IndexError> {
        self.write(|writer| {
            writer.delete_term(self.fields.term(&report.0));
            Ok(())
        })
    }

    /// Makes everything put and deleted so far durable and visible. `watermark` says how far the
    /// caller has come in the register; it is kept with the commit.
    ///
    /// # Errors
    /// As [`Index::put`].
    pub fn commit(&self, watermark: u64) -> Result<(), IndexError> {
        self.write(|writer| {
            let mut prepared = writer.prepare_commit()?;
            prepared.set_payload(&watermark.to_string());
            prepared.commit()?;
            Ok(())
        })?;
        self.refresh()
    }

    /// The watermark of the last commit; 0 for an empty index.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn watermark(&self) -> Result<u64, IndexError> {
        let payload = self.engine.load_metas()?.payload;
        Ok(payload.and_then(|text| text.parse().ok()).unwrap_or(0))
    }

    /// Rewrites every segment that still holds deleted reports (lawful erasure), and removes the
    /// old files. Slow; runs beside searches.
    ///
    /// # Errors
    /// As [`Index::put`].
    pub fn expunge(&self) -> Result<(), IndexError> {
        self.write(|writer| {
            for segment in self.engine.searchable_segment_metas()? {
                if segment.has_deletes() {
                    writer.merge(&[segment.id()]).wait()?;
                }
            }
            Ok(())
        })?;
        self.refresh()?;
        self.write(|writer| {
            writer.garbage_collect_files().wait()?;
            Ok(())
        })
    }

    /// Starts the writer, whose lock keeps other processes' writers away until [`Index::rest`].
    ///
    /// # Errors
    /// [`IndexError::Busy`] while another process holds it; the disk fails.
    pub fn hold(&self) -> Result<(), IndexError> {
        self.write(|_| Ok(()))
    }

    /// Ends the writer's threads and frees its memory and its lock; the next put starts it again.
    /// What was not committed is lost.
    pub fn rest(&self) {
        drop(lock(&self.writer).take());
    }

    /// As [`Index::rest`], after the merges that are under way have ended: fewer segments are asked
    /// faster. Takes as long as they do.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn settle(&self) -> Result<(), IndexError> {
        let writer = lock(&self.writer).take();
        if let Some(writer) = writer {
            writer.wait_merging_threads()?;
            self.refresh()?;
        }
        Ok(())
    }

    /// How large the index is.
    pub fn segments(&self) -> Segments {
        let searcher = self.searcher();
        let readers = searcher.segment_readers();
        Segments {
            count: readers.len(),
            reports: readers.iter().map(|r| r.num_docs() as usize).sum(),
            deleted: readers.iter().map(|r| r.num_deleted_docs() as usize).sum(),
        }
    }

    /// Searches among what the viewer may see; count and hits know nothing else.
    ///
    /// # Errors
    /// Those of the disk; [`IndexError::Damaged`].
    pub fn search(&self, query: &Query, viewer: &Viewer) -> Result<Hits, IndexError> {
        let searcher = self.searcher();
        let clause = build(&self.fields, query, viewer);
        if query.limit == 0 {
            let total = searcher.search(&*clause, &Count)?;
            return Ok(Hits { reports: Vec::new(), total });
        }
        let top = TopDocs::with_limit(query.limit).and_offset(query.offset);
        let (found, total): (Vec<DocAddress>, usize) = match query.order {
            Order::Newest => {
                let newest = top.order_by_fast_field::<u64>(ORDER, Sort::Desc);
                let (top, total) = searcher.search(&*clause, &(newest, Count))?;
                (top.into_iter().map(|(_, at)| at).collect(), total)
            }
            Order::Relevance => {
                let (top, total) = searcher.search(&*clause, &(top.order_by_score(), Count))?;
                (top.into_iter().map(|(_, at)| at).collect(), total)
            }
        };
        Ok(Hits { reports: self.reports(&searcher, &found)?, total })
    }

    /// Reports that share fingerprints, those sharing most first, at most `limit`: candidates for
    /// repeats. Only the rarest fingerprints are followed, as far as [`FOLLOWED`] goes, so that the cost
    /// does not grow with the register: a copy shares rare ones with its original, and what thousands of
    /// reports share tells nothing. For the judging worker, which sees every report; what it tells to
    /// whom is decided elsewhere.
    ///
    /// # Errors
    /// As [`Index::search`].
    pub fn candidates(&self, fingerprints: &[u64], limit: usize) -> Result<Vec<ReportId>, IndexError> {
        let searcher = self.searcher();
        let mut lists = Vec::with_capacity(searcher.segment_readers().len());
        for segment in searcher.segment_readers() {
            lists.push((segment.inverted_index(self.fields.fingerprints)?, segment.alive_bitset()));
        }
        let mut asked = fingerprints.to_vec();
        asked.sort_unstable();
        asked.dedup();
        // How many reports have it, and where its list stands in each segment.
        let mut rarest = Vec::with_capacity(asked.len());
        for print in asked {
            let term = Term::from_field_u64(self.fields.fingerprints, print);
            let mut places = Vec::with_capacity(lists.len());
            for (ordinal, (list, _)) in lists.iter().enumerate() {
                places.extend(list.get_term_info(&term)?.map(|info| (ordinal, info)));
            }
            let reports: u64 = places.iter().map(|(_, info)| u64::from(info.doc_freq)).sum();
            if reports > 0 {
                rarest.push((reports, print, places));
            }
        }
        rarest.sort_by_key(|(reports, print, _)| (*reports, *print));
        let mut shared: HashMap<DocAddress, usize> = HashMap::new();
        let mut followed = 0;
        for (reports, _, places) in rarest.into_iter().take(MOST_FOLLOWED) {
            // The rarest of all is followed however common it is.
            if followed > 0 && followed + reports > FOLLOWED {
                break;
            }
            followed += reports;
            for (ordinal, info) in places {
                let (list, alive) = &lists[ordinal];
                let mut postings = list.read_postings_from_terminfo(&info, IndexRecordOption::Basic)?;
                let mut doc = postings.doc();
                while doc != TERMINATED {
                    if alive.is_none_or(|alive| alive.is_alive(doc)) {
                        *shared.entry(DocAddress::new(ordinal as u32, doc)).or_default() += 1;
                    }
                    doc = postings.advance();
                }
            }
        }
        let mut best: Vec<(DocAddress, usize)> = shared.into_iter().collect();
        best.sort_by_key(|&(at, count)| (std::cmp::Reverse(count), at));
        best.truncate(limit);
        let addresses: Vec<DocAddress> = best.into_iter().map(|(at, _)| at).collect();
        self.reports(&searcher, &addresses)
    }

    /// Whether a report is in the index: for `fsck`.
    ///
    /// # Errors
    /// As [`Index::search`].
    pub fn contains(&self, report: ReportId) -> Result<bool, IndexError> {
        let term = self.fields.term(&report.0);
        let query = tantivy::query::TermQuery::new(term, IndexRecordOption::Basic);
        Ok(self.searcher().search(&query, &Count)? > 0)
    }

    /// Takes up commits of other processes; searches do it themselves when the list of segments
    /// changed.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn refresh(&self) -> Result<(), IndexError> {
        *lock(&self.seen) = stamp(&self.root);
        self.reader.reload()?;
        Ok(())
    }

    fn searcher(&self) -> Searcher {
        let now = stamp(&self.root);
        let changed = *lock(&self.seen) != now;
        if changed && self.refresh().is_err() {
            // The old segments are still open and answer; the next question tries again.
            *lock(&self.seen) = None;
        }
        self.reader.searcher()
    }

    fn reports(&self, searcher: &Searcher, found: &[DocAddress]) -> Result<Vec<ReportId>, IndexError> {
        let columns = searcher
            .segment_readers()
            .iter()
            .map(|segment| Ok((segment.fast_fields().u64(ID_HIGH)?, segment.fast_fields().u64(ID_LOW)?)))
            .collect::<tantivy::Result<Vec<_>>>()?;
        found
            .iter()
            .map(|at| {
                let missing = || IndexError::Damaged("a report without its id".into());
                let (high, low) = columns.get(at.segment_ord as usize).ok_or_else(missing)?;
                let high = high.first(at.doc_id).ok_or_else(missing)?;
                let low = low.first(at.doc_id).ok_or_else(missing)?;
                Ok(ReportId((u128::from(high) << 64 | u128::from(low)).to_be_bytes()))
            })
            .collect()
    }

    fn write<T>(&self, work: impl FnOnce(&mut IndexWriter) -> Result<T, IndexError>) -> Result<T, IndexError> {
        let mut held = lock(&self.writer);
        let writer = match &mut *held {
            Some(writer) => writer,
            none => {
                let options = IndexWriterOptions::builder()
                    .num_worker_threads(1)
                    .num_merge_threads(1)
                    .memory_budget_per_thread(WRITER_MEMORY)
                    .build();
                none.insert(self.engine.writer_with_options(options)?)
            }
        };
        let done = work(writer);
        if done.is_err() {
            // A writer that failed may be dead: the next one starts from the last commit.
            *held = None;
        }
        done
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn stamp(root: &Path) -> Option<Stamp> {
    let meta = fs::metadata(root.join(META)).ok()?;
    Some((meta.ino(), meta.mtime(), meta.mtime_nsec(), meta.len()))
}
