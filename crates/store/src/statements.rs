//! Every statement of the store in one list, so that each can be prepared on the engine at hand.
//!
//! Constants come from the files that use them; statements put together from constants (whole-row
//! inserts, lists under a scope, the snapshot's pages) are listed here in each of their shapes.

use domain::ids::{OfficeId, ReportId, StaffId, TenantCode};
use domain::permission::{Barred, Waiting, Whose};
use domain::words::{Channel, Kind, Role, Signing, Source, Stage};
use sqlx::{Executor as _, SqlSafeStr as _, SqlStr};

use crate::db::{Clash, LONGEST_INSERT, Marks, Pool, insert_sql};
use crate::error::StoreError;
use crate::log::leaves_known_sql;
use crate::lookups::{content_keys_sql, imported_sql};
use crate::predicate::Where;
use crate::query::{
    ColourFilter, DueFilter, Filter, Order, Reach, RepeatFilter, SELECT, Scope, Sort, SortBy, StateFilter,
};
use crate::schema::TABLES;
use crate::streams::rows_sql;
use crate::work::{Queue, done_sql};
use crate::writer::once_sql;
use crate::{
    Store, access, blobs, connect, drafts, ferry, gather, head, leases, log, lookups, rebuild, streams, tallies, views,
    whole, work, writer,
};

/// The constants, by file. An engine's own statements end in its name.
const CONSTANTS: &[&[(&str, &str)]] = &[
    access::STATEMENTS,
    blobs::STATEMENTS,
    connect::STATEMENTS,
    drafts::STATEMENTS,
    ferry::STATEMENTS,
    gather::STATEMENTS,
    head::STATEMENTS,
    leases::STATEMENTS,
    log::STATEMENTS,
    lookups::STATEMENTS,
    rebuild::STATEMENTS,
    streams::STATEMENTS,
    tallies::STATEMENTS,
    views::STATEMENTS,
    whole::STATEMENTS,
    work::STATEMENTS,
    writer::STATEMENTS,
];

impl Store {
    /// Prepares every statement of the store on this database without running any: names, columns
    /// and kinds of values all fit. Returns how many there are.
    ///
    /// # Errors
    /// [`StoreError::Refused`] with the statement's name and what the database says about it.
    pub async fn prepare_all(&self) -> Result<usize, StoreError> {
        let statements = self.statements();
        for (name, sql) in &statements {
            match &self.read.pool.pool {
                Pool::Sqlite(pool) => pool.prepare(sql.clone()).await.map(drop),
                Pool::Postgres(pool) => pool.prepare(sql.clone()).await.map(drop),
            }
            .map_err(|e| StoreError::Refused(format!("statement {name}: {e}")))?;
        }
        Ok(statements.len())
    }

    /// Every statement for this database by name, for whoever looks at their shape.
    pub fn statement_texts(&self) -> Vec<(String, String)> {
        self.statements().into_iter().map(|(name, sql)| (name, sql.as_str().to_owned())).collect()
    }

    fn statements(&self) -> Vec<(String, SqlStr)> {
        let not_ours = match self.read.pool.pool {
            Pool::Sqlite(_) => "_POSTGRES",
            Pool::Postgres(_) => "_SQLITE",
        };
        let mut statements: Vec<(String, SqlStr)> = CONSTANTS
            .iter()
            .flat_map(|file| file.iter())
            .filter(|(name, _)| !name.ends_with(not_ours))
            .map(|(name, sql)| ((*name).to_owned(), sql.into_sql_str()))
            .collect();
        statements.extend(made(Marks::of(&self.read.pool)));
        statements
    }
}

/// The statements that are put together from constants.
fn made(marks: Marks) -> Vec<(String, SqlStr)> {
    let mut made = Vec::new();
    for table in TABLES {
        for clash in [Clash::Fail, Clash::Keep, Clash::Replace] {
            for rows in [1, LONGEST_INSERT] {
                let name = format!("insert {rows} {} {clash:?}", table.name);
                made.push((name, insert_sql(marks, table, clash, rows).into_sql_str()));
            }
        }
        made.push((format!("empty {}", table.name), crate::snapshot::some_row_sql(table).into_sql_str()));
        made.push((format!("first page {}", table.name), crate::snapshot::first_page_sql(table).into_sql_str()));
        made.push((format!("next page {}", table.name), crate::snapshot::next_page_sql(table).into_sql_str()));
    }
    made.push(("add tallies".into(), insert_sql(marks, &crate::schema::TALLIES, Clash::Add, 8).into_sql_str()));
    made.push(("once".into(), once_sql(marks, 8).into_sql_str()));
    made.push(("imported".into(), imported_sql(marks, 8).into_sql_str()));
    made.push(("leaves known".into(), leaves_known_sql(marks, 8).into_sql_str()));
    made.push(("rows of a list".into(), rows_sql(marks, 8).into_sql_str()));
    made.push(("content keys of a list".into(), content_keys_sql(marks, 8).into_sql_str()));
    made.push(("rows of a run".into(), crate::whole::reports_between_sql().into_sql_str()));
    for queue in [Queue::Jobs, Queue::Outbox] {
        made.push((format!("done {queue:?}"), done_sql(marks, queue, 8).into_sql_str()));
    }
    for (name, scope) in scopes() {
        for (filtered, filter) in filters() {
            if let Ok(w) = Where::visible(&scope).filter(&filter, jiff::civil::date(2026, 1, 1)) {
                let (sql, _) = w.sums(jiff::civil::date(2026, 1, 1));
                made.push((format!("sums {name} {filtered}"), sql.into_sql_str()));
            }
            for by in [SortBy::Received, SortBy::Number, SortBy::Due, SortBy::Last] {
                for order in [Order::Ascending, Order::Descending] {
                    let today = jiff::civil::date(2026, 1, 1);
                    let Ok(w) = Where::visible(&scope).filter(&filter, today) else {
                        continue;
                    };
                    let w = if by == SortBy::Due { w.due(true) } else { w };
                    let (sql, _) = w.page(SELECT, Sort { by, order }, 0, 20);
                    made.push((format!("list {name} {filtered} {by:?} {order:?}"), sql.into_sql_str()));
                }
            }
        }
    }
    made
}

fn scopes() -> Vec<(&'static str, Scope)> {
    // A made-up organ: only the shape of the statement matters.
    let Ok(tenant) = "990000000".parse::<TenantCode>() else {
        return Vec::new();
    };
    let part = Reach::Part { offices: vec![OfficeId("a".into())], staff: Some(StaffId("b".into())) };
    let nothing = Reach::Part { offices: Vec::new(), staff: None };
    vec![
        ("program", Scope::program(tenant.clone())),
        ("part", Scope { tenant: tenant.clone(), reach: part, me: vec!["c".into()] }),
        (
            "assigned",
            Scope {
                tenant: tenant.clone(),
                reach: Reach::Assigned { staff: StaffId("b".into()), office: OfficeId("a".into()) },
                me: vec!["c".into()],
            },
        ),
        ("nothing", Scope { tenant, reach: nothing, me: vec!["c".into(), "d".into()] }),
    ]
}

/// One of every sort.
pub(crate) fn waits() -> Vec<Waiting> {
    let office = || OfficeId("a".into());
    let staff = || vec![StaffId("c".into()), StaffId("d".into())];
    let tokens = || vec!["t".to_owned(), "u".to_owned()];
    [
        Whose::Held { offices: vec![office(), OfficeId("b".into())], others: staff() },
        Whose::Left { offices: vec![office()], able: staff().into_iter().map(|id| (id, office())).collect() },
        Whose::Barred(
            staff()
                .into_iter()
                .zip(tokens())
                .map(|(handler, token)| Barred { office: office(), handler, token })
                .collect(),
        ),
        Whose::Deserted(vec![(office(), tokens())]),
        Whose::Asked(Role::Head),
        Whose::Second,
        Whose::Review,
        Whose::Elsewhere,
        Whose::Watched(office()),
        Whose::Any,
    ]
    .map(|whose| Waiting { stages: Stage::ALL, whose, kept_from: tokens() })
    .to_vec()
}

fn filters() -> Vec<(&'static str, Filter)> {
    let day = jiff::civil::date(2026, 1, 1);
    let full = Filter {
        stages: Stage::ALL.to_vec(),
        channels: Channel::ALL.to_vec(),
        sources: Source::ALL.to_vec(),
        signings: Signing::ALL.to_vec(),
        kinds: Kind::ALL.to_vec(),
        state: Some(StateFilter::Open),
        colour: Some(ColourFilter::Red),
        due: Some(DueFilter::Today),
        repeat: Some(RepeatFilter::First),
        received_from: Some(day),
        received_to: Some(day),
        office: Some(OfficeId("a".into())),
        holder: Some(OfficeId("b".into())),
        assignee: Some(StaffId("c".into())),
        numbers: vec!["99".into(), "98".into()],
        unplatformed: true,
        waits: Some(waits()),
        unanswered: true,
        returned: true,
        only: Some(vec![ReportId([0; 16])]),
    };
    let other = Filter {
        state: Some(StateFilter::Closed),
        colour: Some(ColourFilter::Yellow),
        due: Some(DueFilter::Overdue),
        repeat: Some(RepeatFilter::Repeat),
        ..Filter::default()
    };
    let blue = Filter { colour: Some(ColourFilter::Blue), only: Some(Vec::new()), ..Filter::default() };
    vec![("unfiltered", Filter::default()), ("full", full), ("other", other), ("blue", blue)]
}
