//! 驾驶舱: the twenty indicators on one screen. Flow figures come from the daily tallies kept in
//! the same commit as each event; what is open is counted when asked. `fsck` holds both against a
//! recomputation.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use domain::clock::Basis;
use domain::ids::{StreamKind, TenantCode};
use domain::indicators::{Audience, Catalogue, Counts, Period, Shown, Stock, Value, compute, counted};
use domain::permission::{self, Action};
use domain::report::{Recorded, fold};
use jiff::civil::Date;
use store::Store;

use crate::audit::Deed;
use crate::desk::Me;
use crate::error::Error;
use crate::hall::Hall;
use crate::report::write::read_header;

/// What one screen shows.
#[derive(Debug, Clone)]
pub struct Cockpit {
    /// The period.
    pub period: Period,
    /// The figures as this person may see them, in the order of the catalogue.
    pub figures: Vec<Shown>,
}

/// A count that took less is made anew each time.
const QUICK: Duration = Duration::from_millis(50);
/// A slower one holds this many times as long as it took: counting takes a twentieth of the time at most.
const HOLDS: u32 = 20;

/// Slow counts of what is open, each for the eyes it was made for. Whole, and never shared between two
/// people: a difference between an old part and a new one would tell that something is hidden.
#[derive(Default)]
pub(crate) struct Stocks {
    kept: Mutex<Vec<(store::Scope, Stock, Instant)>>,
    /// One count at a time: whoever asks meanwhile mostly finds the answer made.
    turn: tokio::sync::Mutex<()>,
}

impl Stocks {
    fn find(&self, scope: &store::Scope, today: Date) -> Option<Stock> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        kept.retain(|(_, _, until)| now < *until);
        kept.iter().find(|(of, stock, _)| of == scope && stock.as_of == today).map(|(_, stock, _)| stock.clone())
    }

    fn keep(&self, scope: &store::Scope, stock: &Stock, took: Duration) {
        if took >= QUICK {
            let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            kept.push((scope.clone(), stock.clone(), Instant::now() + took * HOLDS));
        }
    }
}

impl Hall {
    /// The cockpit of a person's organ; recorded.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; the store fails.
    pub async fn cockpit(&self, me: &Me, period: Period) -> Result<Cockpit, Error> {
        me.may_use(Action::ViewCockpit)?;
        // Whoever may see every report of the organ sees exact figures; an analyst sees none small.
        let audience = if me.in_roles().any(|who| permission::scope(&who) == permission::Scope::Tenant) {
            Audience::Entitled
        } else {
            Audience::Office
        };
        // What must not be seen is not counted among what is open: the difference to her own lists
        // would tell that it exists.
        let scope = store::Scope {
            tenant: me.tenant.clone(),
            reach: store::Reach::Whole,
            me: vec![self.keys.recusal_token(&me.tenant, &me.staff)],
        };
        let values = self.figures(&scope, period).await?;
        let rules = self.rules();
        let catalogue = Catalogue::of(&rules).map_err(|e| Error::Io(e.to_string()))?;
        let figures = values
            .iter()
            .filter_map(|value| catalogue.get(value.number).map(|row| value.seen_by(row, audience)))
            .collect();
        self.record(me, Deed::CockpitViewed).await?;
        Ok(Cockpit { period, figures })
    }

    /// The exact figures of an organ, from the tallies; what is open as far as `scope` goes.
    async fn figures(&self, scope: &store::Scope, period: Period) -> Result<Vec<Value>, Error> {
        // Medians reach back: tallies of the whole period and of the year before it are enough.
        let from = period.from.checked_sub(jiff::Span::new().days(400)).unwrap_or(period.from);
        let mut counts: Counts = BTreeMap::new();
        for tally in self.store.tallies(&scope.tenant, from, period.until).await? {
            *counts.entry((tally.day, tally.key)).or_default() += tally.delta;
        }
        self.without_hidden(scope, &mut counts).await?;
        let stock = self.stock(scope).await?;
        let rules = self.rules();
        let catalogue = Catalogue::of(&rules).map_err(|e| Error::Io(e.to_string()))?;
        Ok(compute(&catalogue, period, &counts, &stock))
    }

    /// Takes the reports out of the tallies that this person must not see: a figure one higher than
    /// her own lists would tell her that they exist. They are few, so they are counted one by one.
    async fn without_hidden(&self, scope: &store::Scope, counts: &mut Counts) -> Result<(), Error> {
        let tenant = &scope.tenant;
        let mut hidden = std::collections::BTreeSet::new();
        for who in &scope.me {
            hidden.extend(self.store.recused_from(tenant, who).await?);
        }
        for report in hidden {
            let stream = self.store.stream(tenant, StreamKind::Report, &report.0).await?;
            let events: Vec<Recorded> = stream.iter().map(read_header).collect::<Result<_, _>>()?;
            let Some(state) = fold(&events)? else { continue };
            for (place, count) in counted(&state) {
                // Days outside the period were not read.
                if let Some(sum) = counts.get_mut(&place) {
                    *sum -= count;
                }
            }
        }
        Ok(())
    }

    /// What is open today, from the plain rows. Where that takes long, the answer holds for a while.
    async fn stock(&self, scope: &store::Scope) -> Result<Stock, Error> {
        let today = self.clock.today();
        if let Some(stock) = self.stocks.find(scope, today) {
            return Ok(stock);
        }
        let _turn = self.stocks.turn.lock().await;
        if let Some(stock) = self.stocks.find(scope, today) {
            return Ok(stock);
        }
        let begun = Instant::now();
        let stock = count_stock(&self.store, scope, today).await?;
        self.stocks.keep(scope, &stock, begun.elapsed());
        Ok(stock)
    }

    /// The tallies as every event says they must be: what `fsck` compares with.
    pub(crate) async fn recount(&self, store: &Store, tenant: &TenantCode) -> Result<Counts, Error> {
        let mut counts: Counts = BTreeMap::new();
        let mut last = None;
        loop {
            let streams = store.streams_after(tenant, StreamKind::Report, last.as_ref(), 200).await?;
            let Some(end) = streams.last().and_then(|s| s.first()).map(|e| e.stream) else { return Ok(counts) };
            for stream in &streams {
                let events: Vec<Recorded> = stream.iter().map(read_header).collect::<Result<_, _>>()?;
                if let Some(state) = fold(&events)? {
                    for (place, count) in counted(&state) {
                        *counts.entry(place).or_default() += count;
                    }
                }
            }
            last = Some(end);
        }
    }
}

/// What is open on a day, as far as `scope` goes. `fsck` holds it against the reports' own states.
pub(crate) async fn count_stock(store: &Store, scope: &store::Scope, today: Date) -> Result<Stock, Error> {
    let counts = store.open_stock(scope, today).await?;
    let mut stock = Stock::on(today);
    stock.open = counts.open as i64;
    stock.yellow = counts.yellow as i64;
    stock.red = counts.red as i64;
    let over = |due: Date| due.until(today).map_or(0, |span| span.get_days().unsigned_abs());
    stock.overdue = store.overdue(scope, Basis::Legal.as_str(), today).await?.into_iter().map(over).collect();
    Ok(stock)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_slow_count_holds_for_the_same_eyes_and_the_same_day_only() {
        let stocks = Stocks::default();
        let chief = store::Scope { me: vec!["chief".into()], ..store::Scope::program("990100J01".parse().unwrap()) };
        let deputy = store::Scope { me: vec!["deputy".into()], ..chief.clone() };
        let today = date(2026, 3, 2);
        let stock = Stock { open: 7, ..Stock::on(today) };
        stocks.keep(&chief, &stock, QUICK / 2);
        assert!(stocks.find(&chief, today).is_none(), "a quick one is made anew");
        stocks.keep(&chief, &stock, QUICK * 100);
        assert_eq!(stocks.find(&chief, today).map(|s| s.open), Some(7));
        assert!(stocks.find(&deputy, today).is_none());
        assert!(stocks.find(&chief, date(2026, 3, 3)).is_none());
    }
}
