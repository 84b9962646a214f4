//! What a row of an import is known by. It knows tables, not what became of their rows.

use domain::ids::TenantCode;
use papers::rows::Row;

use crate::hall::Hall;

/// Keyed digests of a row: the register keeps them, and they tell nothing about it.
#[derive(Debug, Clone, Copy)]
pub(super) struct RowKeys {
    /// Of the row's own id; else of where it stands and what it says.
    pub place: [u8; 32],
    /// Of that and all it says: tells a row sent again from another one under the same id.
    pub content: [u8; 32],
}

impl RowKeys {
    /// Each once.
    pub fn all(&self) -> impl Iterator<Item = [u8; 32]> + use<> {
        let other = (self.content != self.place).then_some(self.content);
        std::iter::once(self.place).chain(other)
    }
}

impl Hall {
    /// What a row is known by. 序号 is where it stands in its table: next month another row has it.
    pub(super) fn row_keys(&self, tenant: &TenantCode, source: &str, row: &Row) -> RowKeys {
        let digest =
            |place: &[u8], said: &[u8]| self.keys.digest(tenant, &[source.as_bytes(), b"\0", place, said].concat());
        let said = said(row);
        match (&row.id, &row.serial) {
            (Some(id), _) => {
                let place = format!("id\0{id}");
                RowKeys { place: digest(place.as_bytes(), b""), content: digest(place.as_bytes(), &said) }
            }
            (None, Some(serial)) => RowKeys::one(digest(format!("serial\0{serial}").as_bytes(), &said)),
            (None, None) => RowKeys::one(digest(format!("line\0{}", row.line).as_bytes(), &said)),
        }
    }
}

impl RowKeys {
    fn one(key: [u8; 32]) -> Self {
        Self { place: key, content: key }
    }
}

/// Everything of a row that the register takes, the same whatever file it came in: blanks and the
/// time of day differ between formats and say nothing.
fn said(row: &Row) -> Vec<u8> {
    let mut out = Vec::new();
    let mut add = |text: &str| {
        out.push(0);
        out.extend(text.chars().filter(|c| !c.is_whitespace()).collect::<String>().bytes());
    };
    add(&row.text);
    for word in [&row.title, &row.source_note, &row.name, &row.contact, &row.division] {
        add(word.as_deref().unwrap_or_default());
    }
    add(&row.time.map(|time| time.date().to_string()).unwrap_or_default());
    add(row.channel.map_or("", |word| word.as_str()));
    add(row.source.map_or("", |word| word.as_str()));
    for subject in &row.subjects {
        for word in [&subject.name, &subject.unit, &subject.post] {
            add(word.as_deref().unwrap_or_default());
        }
        add(subject.rank.map_or("", |word| word.as_str()));
    }
    out
}
