//! 小数据抑制: what a figure looks like to someone who may not see the reports behind it.
//!
//! Suppression is a function of the exact value, its class and who looks; it forgets nothing and
//! stores nothing. It looks at one period of one organ: what two of them side by side would tell is
//! for whoever offers the comparison.

use jiff::civil::Date;

use super::catalogue::{Indicator, Nature, Suppression};
use super::compute::{Part, Value};

/// Who looks at a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Audience {
    /// May see every report counted.
    Entitled,
    /// Inside the office without that right (an analyst).
    Office,
    /// A wall screen, a published briefing.
    Outside,
}

/// One figure as it is shown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell {
    /// The figure.
    Number(f64),
    /// "<5": between 1 and 4, or hidden so that a neighbour cannot be worked out.
    Few,
    /// "样本不足": too few to divide by.
    TooFew,
    /// Nothing to show: no denominator.
    Empty,
}

/// A value as it is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// Number in the catalogue.
    pub number: u16,
    /// The headline.
    pub value: Cell,
    /// Counted.
    pub numerator: Cell,
    /// Out of.
    pub denominator: Cell,
    /// Further figures by name.
    pub more: Vec<(String, Cell)>,
    /// By value of a word.
    pub breakdown: Vec<(String, Cell)>,
    /// By day.
    pub series: Vec<(Date, Cell)>,
}

/// `k`: 1 to 4 read "<5"; zero and five and more are shown.
pub(crate) fn cell(count: i64) -> Cell {
    if (1..5).contains(&count) { Cell::Few } else { Cell::Number(count as f64) }
}

/// `k` for a row of cells whose total is printed: when what is hidden could be worked out from the
/// total, the smallest shown cell is hidden too.
pub(crate) fn cells(parts: &[Part]) -> Vec<(String, Cell)> {
    let mut shown: Vec<Cell> = parts.iter().map(|p| cell(p.count)).collect();
    loop {
        let hidden: Vec<i64> =
            parts.iter().zip(&shown).filter(|(_, c)| **c == Cell::Few).map(|(p, _)| p.count).collect();
        if hidden.is_empty() || (hidden.len() >= 2 && hidden.iter().sum::<i64>() >= 5) {
            break;
        }
        let smallest =
            (0..parts.len()).filter(|i| shown[*i] != Cell::Few && parts[*i].count > 0).min_by_key(|i| parts[*i].count);
        match smallest {
            Some(i) => shown[i] = Cell::Few,
            // Nothing but small cells: the total itself is small and hidden by its own rule.
            None => break,
        }
    }
    parts.iter().zip(shown).map(|(p, c)| (p.key.clone(), c)).collect()
}

impl Value {
    /// The value as `audience` sees it.
    pub fn seen_by(&self, row: &Indicator, audience: Audience) -> Shown {
        let exact = |v: Option<f64>| v.map_or(Cell::Empty, Cell::Number);
        let plain =
            audience == Audience::Entitled || (audience == Audience::Office && row.suppression == Suppression::None);
        if plain {
            return Shown {
                number: self.number,
                value: exact(self.value),
                numerator: Cell::Number(self.numerator as f64),
                denominator: exact(self.denominator.map(|d| d as f64)),
                more: self.more.iter().map(|(k, v)| (k.clone(), Cell::Number(*v))).collect(),
                breakdown: self.breakdown.iter().map(|p| (p.key.clone(), Cell::Number(p.count as f64))).collect(),
                series: self.series.iter().map(|p| (p.day, Cell::Number(p.count as f64))).collect(),
            };
        }
        let least = match row.suppression {
            Suppression::None | Suppression::Cells => 5,
            Suppression::Denominator => 10,
        };
        // Shares and medians rest on a number of reports; counts are cells themselves.
        let base = match row.nature {
            Nature::Ratio => self.denominator,
            Nature::Median => Some(self.numerator),
            Nature::Flow | Nature::Stock => None,
        };
        let enough = base.is_none_or(|b| b >= least);
        // A share of 2 in 40 says "2" as plainly as the count would.
        let telling = row.nature == Nature::Ratio
            && row.suppression != Suppression::None
            && self
                .denominator
                .is_some_and(|d| cell(self.numerator) == Cell::Few || cell(d - self.numerator) == Cell::Few);
        let value = match (self.value, base) {
            (None, _) => Cell::Empty,
            (Some(_), Some(_)) if !enough => Cell::TooFew,
            (Some(_), Some(_)) if telling => Cell::Few,
            (Some(v), Some(_)) => Cell::Number(v),
            (Some(_), None) => cell(self.numerator),
        };
        let open = enough && !telling && value != Cell::Few;
        let guarded = |v: f64| if open { Cell::Number(v) } else { Cell::TooFew };
        Shown {
            number: self.number,
            value,
            numerator: if open { cell(self.numerator) } else { Cell::Few },
            denominator: self.denominator.map_or(Cell::Empty, cell),
            more: self.more.iter().map(|(k, v)| (k.clone(), guarded(*v))).collect(),
            breakdown: cells(&self.breakdown),
            series: self.series.iter().map(|p| (p.day, cell(p.count))).collect(),
        }
    }
}
