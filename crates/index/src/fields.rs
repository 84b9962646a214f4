//! The engine's fields and how a [`Document`] fills them. It knows no queries and no files.

use domain::ids::StaffId;
use jiff::civil::{Date, date};
use tantivy::schema::{FAST, Field, INDEXED, IndexRecordOption, Schema, SchemaBuilder, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::{PreTokenizedString, Token};
use tantivy::{TantivyDocument, Term};

use crate::document::{Document, Word};

/// Stands for "nobody is assigned"; [`assigned`] never gives it.
pub(crate) const NOBODY: &str = "nobody";

/// The term of a member of staff who is to handle a report.
pub(crate) fn assigned(staff: &StaffId) -> String {
    format!("staff:{staff}")
}

/// Upper half of the report's id, a column read by name.
pub(crate) const ID_HIGH: &str = "id_high";
/// Lower half of the report's id.
pub(crate) const ID_LOW: &str = "id_low";
/// Day and serial: the order of lists.
pub(crate) const ORDER: &str = "order";

/// All fields.
#[derive(Clone, Copy)]
pub(crate) struct Fields {
    pub(crate) report: Field,
    id_high: Field,
    id_low: Field,
    pub(crate) order: Field,
    pub(crate) words: Field,
    pub(crate) subjects: Field,
    pub(crate) names: Field,
    pub(crate) units: Field,
    pub(crate) posts: Field,
    pub(crate) ranks: Field,
    pub(crate) categories: Field,
    pub(crate) places: Field,
    pub(crate) projects: Field,
    pub(crate) accounts: Field,
    pub(crate) letters: Field,
    pub(crate) kind: Field,
    pub(crate) channel: Field,
    pub(crate) holder: Field,
    pub(crate) offices: Field,
    pub(crate) assignee: Field,
    pub(crate) recused: Field,
    pub(crate) fingerprints: Field,
}

impl Fields {
    /// The schema; a changed one makes older indexes [`crate::IndexError::Outdated`].
    pub(crate) fn schema() -> (Schema, Self) {
        let mut b = SchemaBuilder::default();
        let fields = Self {
            report: b.add_bytes_field("report", INDEXED),
            id_high: b.add_u64_field(ID_HIGH, FAST),
            id_low: b.add_u64_field(ID_LOW, FAST),
            order: b.add_u64_field(ORDER, FAST),
            words: b.add_text_field("words", text(IndexRecordOption::WithFreqsAndPositions, true)),
            subjects: b.add_text_field("subjects", characters()),
            names: b.add_text_field("names", exact()),
            units: b.add_text_field("units", characters()),
            posts: b.add_text_field("posts", characters()),
            ranks: b.add_text_field("ranks", exact()),
            categories: b.add_text_field("categories", exact()),
            places: b.add_text_field("places", exact()),
            projects: b.add_text_field("projects", characters()),
            accounts: b.add_text_field("accounts", exact()),
            letters: b.add_text_field("letters", characters()),
            kind: b.add_text_field("kind", exact()),
            channel: b.add_text_field("channel", exact()),
            holder: b.add_text_field("holder", exact()),
            offices: b.add_text_field("offices", exact()),
            assignee: b.add_text_field("assignee", exact()),
            recused: b.add_text_field("recused", exact()),
            fingerprints: b.add_u64_field("fingerprints", INDEXED),
        };
        (b.build(), fields)
    }

    /// The engine's form of a document.
    pub(crate) fn fill(&self, from: &Document) -> TantivyDocument {
        let mut doc = TantivyDocument::default();
        let id = u128::from_be_bytes(from.report.0);
        doc.add_bytes(self.report, &from.report.0);
        doc.add_u64(self.id_high, (id >> 64) as u64);
        doc.add_u64(self.id_low, id as u64);
        doc.add_u64(self.order, order(from.day, from.serial));
        doc.add_pre_tokenized_text(self.words, tokens(&from.words));
        for (field, values) in [
            (self.subjects, &from.subjects),
            (self.units, &from.units),
            (self.posts, &from.posts),
            (self.projects, &from.projects),
            (self.letters, &from.letters),
        ] {
            let letters = Word::join(values.iter().map(|value| letters(value)));
            doc.add_pre_tokenized_text(field, tokens(&letters));
        }
        for (field, values) in [
            (self.categories, &from.categories),
            (self.places, &from.places),
            (self.accounts, &from.accounts),
            (self.recused, &from.recused),
        ] {
            values.iter().for_each(|value| doc.add_text(field, value));
        }
        from.subjects.iter().for_each(|name| doc.add_text(self.names, whole(name)));
        from.ranks.iter().for_each(|rank| doc.add_text(self.ranks, rank.as_str()));
        from.kind.iter().for_each(|kind| doc.add_text(self.kind, kind.as_str()));
        doc.add_text(self.channel, from.channel.as_str());
        from.holder.iter().for_each(|office| doc.add_text(self.holder, &office.0));
        from.offices.iter().for_each(|office| doc.add_text(self.offices, &office.0));
        doc.add_text(self.assignee, from.assignee.as_ref().map_or(NOBODY.into(), assigned));
        from.fingerprints.iter().for_each(|&print| doc.add_u64(self.fingerprints, print));
        doc
    }

    /// The term that is one report.
    pub(crate) fn term(&self, report: &[u8; 16]) -> Term {
        Term::from_field_bytes(self.report, report)
    }
}

fn text(record: IndexRecordOption, norms: bool) -> TextOptions {
    TextOptions::default().set_indexing_options(
        TextFieldIndexing::default().set_tokenizer("raw").set_index_option(record).set_fieldnorms(norms),
    )
}

fn exact() -> TextOptions {
    text(IndexRecordOption::Basic, false)
}

/// Names of people, units and posts by character, so that a part of a name finds it.
fn characters() -> TextOptions {
    text(IndexRecordOption::WithFreqsAndPositions, false)
}

/// Letters of a name as the index compares them.
pub(crate) fn letters(name: &str) -> Vec<(String, usize)> {
    folded(name).enumerate().map(|(at, c)| (c.to_string(), at)).collect()
}

/// A whole name as the index compares it: equal names are equal texts.
pub(crate) fn whole(name: &str) -> String {
    folded(name).collect()
}

/// No white space of any width, full-width letters as half-width ones, lower case, one middle dot:
/// two clerks write one name in many ways.
fn folded(name: &str) -> impl Iterator<Item = char> {
    name.chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            // The full-width forms stand in the order of ASCII.
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
            '•' | '・' | '･' | '‧' | '∙' => '·',
            other => other,
        })
        .flat_map(char::to_lowercase)
}

fn tokens(words: &[Word]) -> PreTokenizedString {
    let mut tokens: Vec<Token> = words
        .iter()
        .map(|word| Token {
            offset_from: 0,
            offset_to: 0,
            position: word.at as usize,
            text: word.text.to_lowercase(),
            position_length: 1,
        })
        .collect();
    // The engine writes differences of positions: they must not fall.
    tokens.sort_by_key(|token| token.position);
    PreTokenizedString { text: String::new(), tokens }
}

/// Reports in the order of day and serial.
pub(crate) fn order(day: Date, serial: u32) -> u64 {
    let days = (day - date(0, 1, 1)).get_days().max(0) as u64;
    days << 32 | u64::from(serial)
}
