//! The rows of the lists and the sealed index, thrown away and built anew from the register.

use domain::ids::{ReportId, StreamKind, TenantCode};
use domain::report::{Recorded, fold};
use store::{RebuiltReport, Tally};

use crate::error::Error;
use crate::hall::Hall;
use crate::report::project::project;
use crate::report::write::read_header;

/// Reports per commit of the index.
const BATCH: u32 = 200;

impl Hall {
    /// Builds an organ's lists, figures and index anew. Returns how many reports there are.
    ///
    /// # Errors
    /// [`Error::NoKey`]; the store or the disk fails. It may be run again.
    pub async fn reindex(&self, tenant: &TenantCode, progress: &mut (dyn FnMut(u64) + Send)) -> Result<u64, Error> {
        let index = self.index(tenant)?;
        let (mut last, mut done) = (None, 0);
        loop {
            let streams = self.store.streams_after(tenant, StreamKind::Report, last.as_ref(), BATCH).await?;
            let Some(end) = streams.last().and_then(|s| s.first()).map(|e| e.stream) else { break };
            let mut rebuilt = Vec::with_capacity(streams.len());
            for events in &streams {
                let Some(first) = events.first() else { continue };
                let Some(number) = &first.number else { continue };
                let recorded: Vec<Recorded> = events.iter().map(read_header).collect::<Result<_, _>>()?;
                let Some(state) = fold(&recorded)? else { continue };
                let report = ReportId(first.stream);
                let projection = project(report, number, &state, &recorded, &self.rules());
                rebuilt.push(RebuiltReport { report, projection });
            }
            self.store.projection_replace(tenant, &rebuilt).await?;
            for one in &rebuilt {
                let document = self.document_of(tenant, one.report).await?;
                index.put(&document).map_err(|e| Error::Io(e.to_string()))?;
            }
            done += rebuilt.len() as u64;
            index.commit(done).map_err(|e| Error::Io(e.to_string()))?;
            progress(done);
            last = Some(end);
        }
        let counts = self.recount(&self.store, tenant).await?;
        let tallies: Vec<Tally> = counts.into_iter().map(|((day, key), delta)| Tally { day, key, delta }).collect();
        self.store.tallies_replace(tenant, &tallies).await?;
        Ok(done)
    }
}
