//! Drafts of the registration forms: kept with anything in them, sealed to the office's key and
//! bound to the one member of staff who writes them. Nobody else lists, opens or deletes them.
//!
//! A draft is `wrapped key ‖ sealed part`; the part's place names the draft and its writer, so that
//! it opens under no other name. Files stay out of it: they are chosen with the last step.

use domain::ids::{StaffId, TenantCode};
use domain::permission::Action;
use domain::words::Form;
use jiff::civil::Date;
use seal::{ContentKey, KeyPlace, OfficeRing, Place, WrappedKey};
use store::DraftRow;

use super::me::Me;
use crate::error::Error;
use crate::hall::Hall;

/// Drafts one member of staff may keep at a time.
const DRAFTS: usize = 50;
/// Bytes of answers in one draft.
const DRAFT_LIMIT: usize = 256 * 1024;
/// Times a writer's drafts are gone through while she goes on saving them.
const TRIES: u8 = 3;
/// Bytes of a wrapped key, which stands before the sealed part.
const WRAPPED: usize = 122;

/// A draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Name, 32 hexadecimal digits.
    pub id: String,
    /// Which form.
    pub form: Form,
    /// Fields as the page sent them; `None` where the key it was sealed to is gone.
    pub pairs: Option<Vec<(String, String)>>,
    /// Day of the last change.
    pub changed_on: Date,
}

impl Hall {
    /// Keeps a draft, replacing her own of the same name.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::Input`] where there are too many or it is too long.
    pub async fn save_draft(&self, me: &Me, id: &str, form: Form, pairs: &[(String, String)]) -> Result<(), Error> {
        me.may_use(Action::RegisterByHand)?;
        let draft = name(id)?;
        let words = serde_json::to_vec(pairs).map_err(|e| Error::Io(e.to_string()))?;
        if words.len() > DRAFT_LIMIT {
            return Err(Error::input(
                "draft-too-long",
                "草稿太长，没有保存。请把详细材料作为附件，原文只录主要内容。",
                "The draft is too long and was not kept. Attach the details as a file.",
            ));
        }
        let kept = self.store.drafts(&me.tenant, &me.staff).await?;
        if kept.len() >= DRAFTS && kept.iter().all(|row| row.draft != draft) {
            return Err(Error::input(
                "too-many-drafts",
                "草稿已有50份，没有再保存。请先登记或删除不用的草稿。",
                "There are 50 drafts already; register or delete some first.",
            ));
        }
        let mut rng = self.entropy();
        let place = key_place(&me.tenant, draft);
        let (key, wrapped) = ContentKey::mint(self.keys.office(&me.tenant)?, &place, &mut rng)?;
        let kind = kind_of(&me.staff);
        let part = seal::seal_part(&key, &Place::whole(me.tenant.as_str(), draft, 1, &kind), &words, &mut rng)?;
        let sealed = [wrapped.as_bytes(), &part.envelope].concat();
        let row = DraftRow { draft, form: form.to_string(), sealed, changed_on: self.clock.today() };
        Ok(self.store.draft_put(&me.tenant, &me.staff, &row).await?)
    }

    /// Her drafts, last changed first.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NoKey`]; the store fails.
    pub async fn drafts(&self, me: &Me) -> Result<Vec<Draft>, Error> {
        me.may_use(Action::RegisterByHand)?;
        let rows = self.store.drafts(&me.tenant, &me.staff).await?;
        self.keys.ring(&me.tenant)?;
        Ok(rows.into_iter().filter_map(|row| self.open_draft(me, row)).collect())
    }

    /// One of her drafts.
    ///
    /// # Errors
    /// [`Error::NotFound`] also for another's; as [`Hall::drafts`].
    pub async fn draft(&self, me: &Me, id: &str) -> Result<Draft, Error> {
        self.drafts(me).await?.into_iter().find(|d| d.id == id).ok_or(Error::NotFound)
    }

    /// How many drafts she has, for the menu.
    ///
    /// # Errors
    /// The store fails.
    pub async fn draft_count(&self, me: &Me) -> Result<u64, Error> {
        Ok(self.store.draft_count(&me.tenant, &me.staff).await?)
    }

    /// Deletes one of her drafts; one that is gone already is no fault.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; the store fails.
    pub async fn delete_draft(&self, me: &Me, id: &str) -> Result<(), Error> {
        me.may_use(Action::RegisterByHand)?;
        Ok(self.store.draft_delete(&me.tenant, &me.staff, &name(id)?).await?)
    }

    /// Wraps the keys of every draft of an organ that are wrapped to a former key to the first key of
    /// `ring`; what a draft says stays as it is. Returns how many there were. A draft that no key of
    /// the ring opens stays as it is: its writer is told when she opens it.
    ///
    /// # Errors
    /// The store fails. What was done stays.
    pub(crate) async fn rewrap_drafts(&self, tenant: &TenantCode, ring: &OfficeRing) -> Result<u64, Error> {
        let mut done = 0;
        for staff in self.store.draft_writers(tenant).await? {
            // Once more for whoever saves one while it is wrapped anew.
            for _ in 0..TRIES {
                let mut overtaken = false;
                for row in self.store.drafts(tenant, &staff).await? {
                    let Some(sealed) = self.rewrapped(tenant, ring, &row) else { continue };
                    match self.store.draft_reseal(tenant, &staff, &row, &sealed).await? {
                        true => done += 1,
                        false => overtaken = true,
                    }
                }
                if !overtaken {
                    break;
                }
            }
        }
        Ok(done)
    }

    /// How many drafts are wrapped to a former key that `ring` still has.
    ///
    /// # Errors
    /// The store fails.
    pub(crate) async fn drafts_to_rewrap(&self, tenant: &TenantCode, ring: &OfficeRing) -> Result<u64, Error> {
        let mut left = 0;
        for staff in self.store.draft_writers(tenant).await? {
            for row in self.store.drafts(tenant, &staff).await? {
                left += u64::from(former_key(ring, &row).is_some());
            }
        }
        Ok(left)
    }

    /// The bytes of a draft under the first key of the ring; none where there is nothing to do.
    fn rewrapped(&self, tenant: &TenantCode, ring: &OfficeRing, row: &DraftRow) -> Option<Vec<u8>> {
        let (wrapped, envelope) = former_key(ring, row)?;
        match ring.rewrap(&wrapped, &key_place(tenant, row.draft), &ring.public(), &mut self.entropy()) {
            Ok(fresh) => Some([fresh.as_bytes(), envelope].concat()),
            Err(_) => {
                tracing::warn!("a draft does not open with the keys at hand and stays under the former one");
                None
            }
        }
    }

    fn open_draft(&self, me: &Me, row: DraftRow) -> Option<Draft> {
        let form = row.form.parse().ok()?;
        let opened = self.open_sealed(me, &row);
        if opened.is_err() {
            tracing::warn!("a draft does not open with the keys at hand");
        }
        Some(Draft { id: hex::encode(row.draft), form, pairs: opened.ok(), changed_on: row.changed_on })
    }

    fn open_sealed(&self, me: &Me, row: &DraftRow) -> Result<Vec<(String, String)>, Error> {
        let (wrapped, envelope) = row.sealed.split_at_checked(WRAPPED).ok_or(Error::NotFound)?;
        let wrapped = WrappedKey::from_bytes(wrapped.to_vec())?;
        let key = self.keys.ring(&me.tenant)?.unwrap(&wrapped, &key_place(&me.tenant, row.draft))?;
        let kind = kind_of(&me.staff);
        let part = seal::open_part(&key, &Place::whole(me.tenant.as_str(), row.draft, 1, &kind), envelope)?;
        serde_json::from_slice(&part.plaintext).map_err(|e| Error::Seal(format!("a draft: {:?}", e.classify())))
    }
}

/// The wrapped key of a draft that is under a former key of the ring, and the draft's envelope.
fn former_key<'a>(ring: &OfficeRing, row: &'a DraftRow) -> Option<(WrappedKey, &'a [u8])> {
    let (wrapped, envelope) = row.sealed.split_at_checked(WRAPPED)?;
    let wrapped = WrappedKey::from_bytes(wrapped.to_vec()).ok()?;
    let former = wrapped.key_id() != ring.public().id() && ring.ids().contains(&wrapped.key_id());
    former.then_some((wrapped, envelope))
}

fn name(id: &str) -> Result<[u8; 16], Error> {
    hex::decode(id).ok().and_then(|bytes| bytes.try_into().ok()).ok_or(Error::NotFound)
}

fn key_place(tenant: &TenantCode, draft: [u8; 16]) -> KeyPlace<'_> {
    KeyPlace { tenant: tenant.as_str(), report: draft, key_no: 1 }
}

fn kind_of(staff: &StaffId) -> String {
    format!("draft/{}", staff.0)
}
