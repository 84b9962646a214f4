//! 我的视图: how a member of staff wants to see a list. Hers alone, and plain: columns, order, size
//! and plain filters; words searched for are never kept.

use serde::{Deserialize, Serialize};

use super::column::Column;
use super::ledger::Ledger;
use super::me::Me;
use crate::error::Error;
use crate::hall::Hall;

/// A saved view of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    /// The columns shown, in order.
    #[serde(default)]
    pub columns: Vec<Column>,
    /// Widths of columns in characters, where somebody set them.
    #[serde(default)]
    pub widths: Vec<(Column, u8)>,
    /// The order, as the address of the list writes it; empty for the list's own.
    #[serde(default)]
    pub sort: String,
    /// Rows of a page; 0 for the usual.
    #[serde(default)]
    pub size: u32,
    /// Plain filters, as fields of the list's address.
    #[serde(default)]
    pub filter: Vec<(String, String)>,
}

/// Narrowest and widest a column may be made, in characters; widths are even.
pub const WIDTHS: (u8, u8) = (4, 60);

impl View {
    /// The width of a column in characters; none where it is as wide as what it holds.
    pub fn width(&self, column: Column) -> Option<u8> {
        self.widths.iter().find(|(c, _)| *c == column).map(|(_, width)| *width)
    }

    /// Sets the width of a column, to the nearest one there is; for one that is frozen nothing.
    pub fn widen(&mut self, column: Column, width: u8) {
        self.widths.retain(|(c, _)| *c != column);
        if column.may_widen() {
            let width = width.saturating_add(width % 2).clamp(WIDTHS.0, WIDTHS.1);
            self.widths.push((column, width));
        }
    }

    /// The columns to show: those chosen, the fixed ones always among them and first.
    pub fn columns(&self, ledger: Ledger) -> Vec<Column> {
        if self.columns.is_empty() {
            return ledger.columns();
        }
        let mut shown = vec![Column::No];
        if self.columns.contains(&Column::Colour) {
            shown.push(Column::Colour);
        }
        shown.push(Column::Number);
        for column in &self.columns {
            if !shown.contains(column) {
                shown.push(*column);
            }
        }
        shown
    }
}

impl Hall {
    /// How she wants to see a list; the default where she never said.
    ///
    /// # Errors
    /// The store fails.
    pub async fn list_view(&self, me: &Me, ledger: Ledger) -> Result<View, Error> {
        let kept = self.store.view(&me.tenant, &me.staff, ledger.as_str()).await?;
        // A view of an earlier program that cannot be read is no view; she saves another.
        Ok(kept.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
    }

    /// Keeps how she wants to see a list; an empty view is none.
    ///
    /// # Errors
    /// The store fails.
    pub async fn save_view(&self, me: &Me, ledger: Ledger, view: &View) -> Result<(), Error> {
        if *view == View::default() {
            return Ok(self.store.view_delete(&me.tenant, &me.staff, ledger.as_str()).await?);
        }
        let text = serde_json::to_string(view).map_err(|e| Error::Io(e.to_string()))?;
        Ok(self.store.view_put(&me.tenant, &me.staff, ledger.as_str(), &text).await?)
    }
}
