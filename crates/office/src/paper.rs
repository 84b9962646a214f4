//! Papers of a report: filled from the open report, set, sealed, committed to the log, recorded.
//!
//! Nobody's name but that of the officials stands on them: who the reporter is lies under the
//! identity seal, so letters address 反映人 and the name is written by hand where the law wants it.

mod filed;
mod fill;

use domain::ids::ReportId;
use domain::permission::{Resource, may};
use domain::report::Command;
use domain::words::Edition;
use ledger::commit;
use papers::{FontPlaces, Fonts, Paper, render};
use seal::{Entropy, FilePlace, SegmentSealer};
use store::{BlobPart, BlobRow, LeafRow};

use crate::audit::Deed;
use crate::desk::Me;
use crate::error::Error;
use crate::export::Names;
use crate::hall::Hall;
use crate::report::{Act, Beside, OpenReport};

pub use filed::OnFile;

/// The papers of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaperKind {
    /// 信访举报呈批单 (both editions); printed as often as wanted, no letter.
    PresentationForm,
    /// 实名举报受理告知书 (jw).
    AcceptanceNotice,
    /// 实名举报反馈情况记录表 (jw).
    FeedbackRecord,
    /// 信访事项受理告知书 (xf).
    AcceptanceLetter,
    /// 信访事项处理意见书 (xf).
    HandlingOpinion,
}

impl PaperKind {
    /// The papers of an edition.
    pub fn of(edition: Edition) -> &'static [Self] {
        match edition {
            Edition::Jw => &[Self::PresentationForm, Self::AcceptanceNotice, Self::FeedbackRecord],
            Edition::Xf => &[Self::PresentationForm, Self::AcceptanceLetter, Self::HandlingOpinion],
        }
    }

    /// The stored spelling.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PresentationForm => "presentation_form",
            Self::AcceptanceNotice => "acceptance_notice",
            Self::FeedbackRecord => "feedback_record",
            Self::AcceptanceLetter => "acceptance_letter",
            Self::HandlingOpinion => "handling_opinion",
        }
    }

    /// From the stored spelling.
    pub fn parse(text: &str) -> Option<Self> {
        [
            Self::PresentationForm,
            Self::AcceptanceNotice,
            Self::FeedbackRecord,
            Self::AcceptanceLetter,
            Self::HandlingOpinion,
        ]
        .into_iter()
        .find(|kind| kind.as_str() == text)
    }
}

/// A paper that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issued {
    /// The PDF.
    pub pdf: Vec<u8>,
    /// A file name without anybody's name.
    pub name: String,
}

impl Hall {
    /// Makes a paper of a report. A letter is issued: an event, a sealed copy and a leaf of the log
    /// of its own; a form is printed and recorded only. `names` gives words their names on paper.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Input`] where the report has not come to
    /// that paper yet, or no font is installed.
    pub async fn issue_paper(
        &self,
        me: &Me,
        report: ReportId,
        kind: PaperKind,
        names: Names<'_>,
    ) -> Result<Issued, Error> {
        let open = self.open_for(me, report).await?;
        let standing = self.standing(me, &open.state);
        let action = domain::permission::Action::PrintPaper;
        if !me.in_roles().any(|who| may(&who, action, &Resource::Report(standing)).allows()) {
            return Err(Error::Forbidden("refused-role"));
        }
        let organ = self.organ(&me.tenant)?;
        if !PaperKind::of(organ.edition()).contains(&kind) {
            return Err(Error::NotFound);
        }
        let mut salt = [0; 32];
        self.entropy().fill(&mut salt);
        let master = match open.state.repeat_of {
            Some(master) if kind == PaperKind::PresentationForm => self.master(me, master).await?,
            _ => None,
        };
        let from = fill::Sources { hall: self, me, organ: &organ, open: &open, master: master.as_ref(), names };
        let paper = fill::fill(&from, kind, &salt)?;
        let pdf = self.set(paper).await?;
        let name = format!("{}-{}.pdf", open.number, kind.as_str());
        if kind == PaperKind::PresentationForm {
            self.record(me, Deed::Printed { report, paper: kind.as_str().to_owned() }).await?;
        } else {
            let commitment = commit::commitment(&salt, &commit::file_digest(&commit::sha256(&pdf)));
            let beside = Beside {
                blobs: vec![BlobRow { commitment: Some(commitment), ..self.seal_paper(&open, &pdf).await? }],
                leaves: vec![LeafRow { commitment, salt: Some(salt), day: self.clock.today() }],
                jobs: Vec::new(),
            };
            let number = Some(fill::document_number(&organ, &open));
            let command = Command::IssuePaper { paper: kind.as_str().to_owned(), number };
            // It is recorded in the same commit: a letter that was refused was not printed either.
            self.act_with(me, report, Act::plain(command), beside).await?;
        }
        Ok(Issued { pdf, name })
    }

    /// The report a repeat is linked to; none where this person may not see it. Reading it is recorded.
    async fn master(&self, me: &Me, master: ReportId) -> Result<Option<fill::Master>, Error> {
        match self.view(me, master).await {
            Ok(open) => Ok(Some(fill::Master { number: open.number, state: open.state })),
            Err(Error::NotFound) => Ok(None),
            Err(other) => Err(other),
        }
    }

    /// Sets a paper, off the request's thread.
    pub(crate) async fn set(&self, paper: Paper) -> Result<Vec<u8>, Error> {
        let fonts = self.fonts.get_or_init(|| {
            // `make demo` has its font among the npm packages of the folder it is started in.
            Fonts::new(FontPlaces { configured: self.places.fonts.clone(), roots: vec![std::path::PathBuf::from(".")] })
        });
        let fonts = fonts.clone();
        tokio::task::spawn_blocking(move || render(&paper, &fonts))
            .await
            .map_err(|e| Error::Io(e.to_string()))?
            .map_err(|fault| {
                Error::input(
                    "paper",
                    format!("文书没有生成：{fault}。请联系管理员检查字体安装。"),
                    format!("The paper could not be made: {fault}"),
                )
            })
    }

    async fn seal_paper(&self, open: &OpenReport, pdf: &[u8]) -> Result<BlobRow, Error> {
        let key = open.key()?;
        let mut rng = self.entropy();
        let blob = seal::fresh_id(&mut rng);
        let place = FilePlace { tenant: open.tenant.as_str(), report: open.id.0, blob };
        let mut writer = self.blobs.create(blob).await?;
        let mut out = Vec::new();
        let mut sealer = SegmentSealer::start(key, &place, &mut rng, &mut out);
        sealer.update(pdf, &mut out);
        sealer.finish(&mut out);
        for piece in out.chunks(seal::SEGMENT_LEN) {
            writer.segment(piece).await?;
        }
        let size = writer.finish(self.clock.day_began()).await?;
        Ok(BlobRow { blob, version: 0, part: BlobPart::Paper, key_no: key.number(), size, commitment: None })
    }
}
