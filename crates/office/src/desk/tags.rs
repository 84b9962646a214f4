//! 五维标签 out of a text: what the funnel finds in it, sorted into 人、地、事、物、组织. A suggestion, made
//! while a clerk writes or beside what was judged; people put it right.

use domain::content::Tags;
use domain::permission::Action;
use triage::{Entity, EntityKind, Input};

use super::me::Me;
use crate::error::Error;
use crate::hall::Hall;

impl Hall {
    /// Tags suggested for a text that is being registered; nothing of it is kept.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; the funnel cannot be loaded.
    pub async fn suggest_tags(&self, me: &Me, text: &str) -> Result<Tags, Error> {
        me.may_use(Action::RegisterByHand)?;
        let (judge, text) = (self.judge(&me.tenant)?, text.to_owned());
        let judged = tokio::task::spawn_blocking(move || judge.judge(&Input { text: &text, ..Input::default() }));
        Ok(tags_of(&judged.await.map_err(|e| Error::Io(e.to_string()))?.entities))
    }
}

/// Entities as tags, each word once, in the order of the text. Numbers that tell of one person
/// (telephone, identity card) are no tags.
pub fn tags_of(entities: &[Entity]) -> Tags {
    let mut tags = Tags::default();
    for entity in entities {
        let words = match entity.kind {
            EntityKind::Name => &mut tags.persons,
            EntityKind::Address => &mut tags.places,
            EntityKind::Event => &mut tags.events,
            EntityKind::Project
            | EntityKind::Money
            | EntityKind::Account
            | EntityKind::Vehicle
            | EntityKind::Document => &mut tags.objects,
            EntityKind::Government | EntityKind::Organization | EntityKind::Company => &mut tags.organs,
            EntityKind::Position
            | EntityKind::Date
            | EntityKind::Phone
            | EntityKind::Identity
            | EntityKind::CreditCode => continue,
        };
        if words.len() < Tags::MOST && !words.contains(&entity.text) {
            words.push(entity.text.clone());
        }
    }
    tags
}
