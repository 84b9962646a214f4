//! 驾驶舱: the twenty indicators on one screen. Flow figures come from the daily tallies kept in
//! the same commit as each event; what is open is counted when asked. Both equal a recomputation.

use std::collections::BTreeMap;

use domain::ids::{ReportId, StreamKind, TenantCode};
use domain::indicators::{Audience, Catalogue, Counts, Period, Shown, Stock, Value, compute, counted};
use domain::permission::{self, Action};
use domain::report::{Recorded, fold};
use jiff::civil::Date;
use store::{Filter, Order, Sort, SortBy, StateFilter, Store, Total};

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

/// Rows read at a time when the open reports are counted.
const PAGE: u32 = 500;

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

    /// What is open today, from the plain rows.
    async fn stock(&self, scope: &store::Scope) -> Result<Stock, Error> {
        let today = self.clock.today();
        let counts = self.store.counts(scope, None, today).await?;
        let mut stock = Stock::on(today);
        stock.open = counts.open as i64;
        stock.yellow = counts.yellow as i64;
        stock.red = counts.red as i64;
        stock.overdue = self.overdue_days(scope, today).await?;
        Ok(stock)
    }

    /// Days over the latest legal clock of each overdue report.
    async fn overdue_days(&self, scope: &store::Scope, today: Date) -> Result<Vec<u32>, Error> {
        let filter =
            Filter { state: Some(StateFilter::Open), due: Some(store::DueFilter::Overdue), ..Filter::default() };
        let sort = Sort { by: SortBy::Due, order: Order::Ascending };
        let (mut over, mut page) = (Vec::new(), 0);
        loop {
            let found = self.store.list(scope, &filter, sort, today, page, PAGE).await?;
            for row in &found.rows {
                over.extend(self.legal_days_over(&scope.tenant, row.report, today).await?);
            }
            page += 1;
            let seen = u64::from(page) * u64::from(PAGE);
            match found.total {
                Total::Exactly(total) if seen >= total => return Ok(over),
                _ if found.rows.is_empty() => return Ok(over),
                _ => {}
            }
        }
    }

    async fn legal_days_over(&self, tenant: &TenantCode, report: ReportId, today: Date) -> Result<Option<u32>, Error> {
        let Some(projection) = self.store.projection(tenant, report).await? else { return Ok(None) };
        Ok(projection
            .clocks
            .iter()
            .filter(|c| c.state == store::ClockState::Running && c.basis == domain::clock::Basis::Legal.as_str())
            .filter(|c| c.due_on < today)
            .map(|c| c.due_on.until(today).map_or(0, |span| span.get_days().unsigned_abs()))
            .max())
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
