//! The one predicate of every list, count and look-up: what this viewer may see, and what the list
//! filters. Put together from constant fragments; values are only ever bound.

use domain::ids::{StaffId, TenantCode};
use domain::permission::{Waiting, Whose};
use jiff::civil::Date;

use crate::db::{Sql, Value, int};
use crate::error::StoreError;
use crate::query::{ColourFilter, DueFilter, Filter, Order, Reach, RepeatFilter, Scope, Sort, SortBy, StateFilter};
use crate::rows::{Awaits, ClockState};

/// The longest list of names a filter takes.
const MOST_NAMES: usize = 10_000;

/// A WHERE clause that grows; `?` in a fragment becomes the next placeholder.
#[derive(Clone)]
pub(crate) struct Where {
    sql: String,
    tenant: Value,
    pub(crate) args: Vec<Value>,
}

impl Where {
    /// What the viewer may see. Every question about reports that a person asks begins here.
    pub(crate) fn visible(scope: &Scope) -> Self {
        let mut w = Self { sql: String::new(), tenant: Value::from(&scope.tenant), args: Vec::new() };
        w.push("r.tenant = ?", [Value::from(&scope.tenant)]);
        match &scope.reach {
            Reach::Whole => {}
            Reach::Part { offices, staff } => {
                w.sql.push_str(" AND (");
                let mut first = true;
                for column in ["r.office IN ", "r.holder_kind = 'office' AND r.holder IN ", "r.watcher IN "] {
                    if !offices.is_empty() {
                        w.or(&mut first);
                        w.sql.push_str(column);
                        w.list(offices.iter().map(Value::from));
                    }
                }
                if let Some(staff) = staff {
                    w.or(&mut first);
                    w.push("r.assignee = ?", [Value::from(staff)]);
                }
                w.sql.push_str(if first { "1 = 0)" } else { ")" });
            }
            Reach::Assigned { staff, office } => w.and(
                "(r.assignee = ? OR (r.assignee IS NULL AND r.holder_kind = 'office' AND r.holder = ?))",
                [Value::from(staff), Value::from(office)],
            ),
        }
        if !scope.me.is_empty() {
            // Not a correlated NOT EXISTS: this is looked up once, and few reports name one person.
            w.push(
                " AND r.report NOT IN (SELECT x.report FROM recusals x WHERE x.tenant = ? AND x.who IN ",
                [Value::from(&scope.tenant)],
            );
            w.list(scope.me.iter().map(|who| Value::from(who.as_str())));
            w.sql.push(')');
        }
        w
    }

    /// Narrows to what the list filters.
    pub(crate) fn filter(mut self, filter: &Filter, today: Date) -> Result<Self, StoreError> {
        self.one_of(" AND r.stage IN ", filter.stages.iter().map(|w| Value::from(w.as_str())));
        self.one_of(" AND r.channel IN ", filter.channels.iter().map(|w| Value::from(w.as_str())));
        self.one_of(" AND r.source IN ", filter.sources.iter().map(|w| Value::from(w.as_str())));
        self.one_of(" AND r.signing IN ", filter.signings.iter().map(|w| Value::from(w.as_str())));
        self.one_of(" AND r.kind IN ", filter.kinds.iter().map(|w| Value::from(w.as_str())));
        match filter.state {
            // The sign keeps engines from looking through all that is open for the few that are due.
            Some(StateFilter::Open) if filter.due.is_some() => self.sql.push_str(" AND +r.settled_on IS NULL"),
            Some(StateFilter::Open) => self.sql.push_str(" AND r.settled_on IS NULL"),
            Some(StateFilter::Closed) => self.sql.push_str(" AND r.settled_on IS NOT NULL"),
            None => {}
        }
        if let Some(colour) = filter.colour {
            self.colour(colour, today);
        }
        match filter.due {
            Some(DueFilter::Today) => self.and("r.due_on = ?", [Value::from(today)]),
            Some(DueFilter::Overdue) => self.and("r.due_on < ?", [Value::from(today)]),
            None => {}
        }
        match filter.repeat {
            Some(RepeatFilter::First) => self.sql.push_str(" AND r.repeat_of IS NULL"),
            Some(RepeatFilter::Repeat) => self.sql.push_str(" AND r.repeat_of IS NOT NULL"),
            None => {}
        }
        if let Some(from) = filter.received_from {
            self.and("r.received_on >= ?", [Value::from(from)]);
        }
        if let Some(to) = filter.received_to {
            self.and("r.received_on <= ?", [Value::from(to)]);
        }
        if let Some(office) = &filter.office {
            self.and("r.office = ?", [Value::from(office)]);
        }
        if let Some(holder) = &filter.holder {
            self.and("r.holder_kind = 'office' AND r.holder = ?", [Value::from(holder)]);
        }
        if let Some(staff) = &filter.assignee {
            self.and("r.assignee = ?", [Value::from(staff)]);
        }
        if !filter.numbers.is_empty() {
            self.numbers(&filter.numbers);
        }
        if filter.unplatformed {
            self.sql.push_str(" AND r.platform_number IS NULL");
        }
        if let Some(waits) = &filter.waits {
            self.waits(waits);
        }
        if filter.unanswered {
            self.sql.push_str(" AND r.message_on IS NOT NULL");
        }
        if filter.returned {
            self.sql.push_str(" AND r.returned_on IS NOT NULL");
        }
        if let Some(only) = &filter.only {
            if only.len() > MOST_NAMES {
                return Err(StoreError::Refused(format!("a list shows at most {MOST_NAMES} reports found by words")));
            }
            if only.is_empty() {
                self.sql.push_str(" AND 1 = 0");
            }
            self.one_of(" AND r.report IN ", only.iter().map(|id| Value::from(*id)));
        }
        Ok(self)
    }

    fn numbers(&mut self, numbers: &[String]) {
        self.sql.push_str(" AND (");
        let mut first = true;
        for number in numbers {
            let typed = number.trim();
            let upper = typed.to_ascii_uppercase();
            self.or(&mut first);
            // By itself a running number begins every number of the organ; a platform's may be as short.
            if (1..=6).contains(&typed.len()) && typed.bytes().all(|b| b.is_ascii_digit()) {
                self.push("r.platform_number = ?", [Value::from(typed)]);
                continue;
            }
            // Numbers hold digits, letters and hyphens only, all of which stand before '~'.
            self.push(
                "(r.number >= ? AND r.number < ?) OR r.platform_number = ?",
                [Value::from(upper.as_str()), Value::from(format!("{upper}~")), Value::from(typed)],
            );
        }
        self.sql.push(')');
    }

    /// What waits by any of these; nothing where there are none.
    fn waits(&mut self, waits: &[Waiting]) {
        self.sql.push_str(" AND (");
        let mut first = true;
        for Waiting { stages, whose, kept_from } in waits {
            self.or(&mut first);
            self.sql.push_str("(r.stage IN ");
            self.list(stages.iter().map(|stage| Value::from(stage.as_str())));
            self.whose(whose);
            kept_from.iter().for_each(|token| self.kept_from(token));
            self.sql.push(')');
        }
        self.sql.push_str(if first { "1 = 0)" } else { ")" });
    }

    fn whose(&mut self, whose: &Whose) {
        match whose {
            Whose::Any => {}
            Whose::Held { offices, others } => {
                self.sql.push_str(" AND r.holder_kind = 'office' AND r.holder IN ");
                self.list(offices.iter().map(Value::from));
                if !others.is_empty() {
                    self.sql.push_str(" AND (r.assignee IS NULL OR r.assignee NOT IN ");
                    self.list(others.iter().map(Value::from));
                    self.sql.push(')');
                }
            }
            Whose::Left { offices, able } => {
                self.sql.push_str(" AND r.holder_kind = 'office' AND r.holder IN ");
                self.list(offices.iter().map(Value::from));
                self.sql.push_str(" AND r.assignee IS NOT NULL AND r.holder <> ");
                self.by_assignee(able.iter().map(|(staff, office)| (staff, Value::from(office))));
            }
            Whose::Barred(handlers) => {
                self.keeps_away(handlers.iter().map(|barred| barred.token.as_str()));
                self.sql.push_str(" AND r.holder_kind = 'office' AND r.holder = ");
                self.by_assignee(handlers.iter().map(|barred| (&barred.handler, Value::from(&barred.office))));
                self.sql.push_str(
                    " AND EXISTS (SELECT 1 FROM recusals x WHERE x.tenant = r.tenant AND x.report = r.report AND x.who = ",
                );
                self.by_assignee(handlers.iter().map(|b| (&b.handler, Value::from(b.token.as_str()))));
                self.sql.push(')');
            }
            Whose::Deserted(offices) => {
                self.sql.push_str(" AND r.holder_kind = 'office'");
                self.keeps_away(offices.iter().flat_map(|(_, tokens)| tokens).map(String::as_str));
                self.either(offices, |w, (office, tokens)| {
                    w.push("r.holder = ?", [Value::from(office)]);
                    tokens.iter().for_each(|token| w.kept_from(token));
                });
            }
            Whose::Asked(role) => self.and("r.awaits = ?", [Value::from(role.as_str())]),
            Whose::Review => self.and("r.awaits = ?", [Value::from(Awaits::REVIEWER)]),
            Whose::Second => self.and("r.awaits = ?", [Value::from(Awaits::SECOND)]),
            Whose::Elsewhere => self.sql.push_str(" AND r.holder_kind <> 'office'"),
            Whose::Watched(office) => self.and("r.watcher = ?", [Value::from(office)]),
        }
    }

    /// Adds `AND` that one of these is kept away: few reports keep anybody away, and the rest is told by
    /// one look.
    fn keeps_away<'t>(&mut self, tokens: impl Iterator<Item = &'t str>) {
        let tenant = self.tenant.clone();
        self.and("r.report IN (SELECT x.report FROM recusals x WHERE x.tenant = ? AND x.who IN ", [tenant]);
        self.list(tokens.map(Value::from));
        self.sql.push(')');
    }

    /// A value that depends on who handles the report; the empty text where it is none of these. Not one
    /// condition for each: an engine nests no more than a thousand.
    fn by_assignee<'s>(&mut self, values: impl Iterator<Item = (&'s StaffId, Value)>) {
        self.sql.push_str("CASE r.assignee");
        for (staff, value) in values {
            self.push(" WHEN ? THEN ?", [Value::from(staff), value]);
        }
        self.sql.push_str(" ELSE '' END");
    }

    /// Adds `AND` that this token stands in the report's list of who is kept away.
    fn kept_from(&mut self, token: &str) {
        let tenant = self.tenant.clone();
        self.and(
            "r.report IN (SELECT x.report FROM recusals x WHERE x.tenant = ? AND x.who = ?)",
            [tenant, Value::from(token)],
        );
    }

    /// Adds `AND (… OR …)`, one for each of these; nothing fits none.
    fn either<T>(&mut self, these: &[T], each: impl Fn(&mut Self, &T)) {
        self.sql.push_str(" AND (");
        let mut first = true;
        for one in these {
            self.or(&mut first);
            self.sql.push('(');
            each(self, one);
            self.sql.push(')');
        }
        self.sql.push_str(if first { "1 = 0)" } else { ")" });
    }

    fn colour(&mut self, colour: ColourFilter, today: Date) {
        let today = || Value::from(today);
        match colour {
            ColourFilter::Red => self.and("(r.red_on <= ? OR r.due_on < ?)", [today(), today()]),
            ColourFilter::Yellow => self.and(
                "r.yellow_on <= ? AND (r.red_on IS NULL OR r.red_on > ?) AND r.due_on >= ?",
                [today(), today(), today()],
            ),
            ColourFilter::Blue => self.and(
                "r.due_on >= ? AND (r.yellow_on IS NULL OR r.yellow_on > ?) AND (r.red_on IS NULL OR r.red_on > ?)",
                [today(), today(), today()],
            ),
        }
    }

    /// Adds `AND fragment`.
    pub(crate) fn and<const N: usize>(&mut self, fragment: &'static str, values: [Value; N]) {
        self.sql.push_str(" AND ");
        self.push(fragment, values);
    }

    fn or(&mut self, first: &mut bool) {
        if !std::mem::take(first) {
            self.sql.push_str(" OR ");
        }
    }

    /// Adds a fragment, each `?` bound to the next of `values`.
    pub(crate) fn push<const N: usize>(&mut self, fragment: &'static str, values: [Value; N]) {
        let mut values = values.into_iter();
        for c in fragment.chars() {
            match c {
                '?' => {
                    if let Some(value) = values.next() {
                        self.bind(value);
                    }
                }
                c => self.sql.push(c),
            }
        }
    }

    fn bind(&mut self, value: Value) {
        self.args.push(value);
        self.sql.push('$');
        self.sql.push_str(&self.args.len().to_string());
    }

    fn list(&mut self, values: impl IntoIterator<Item = Value>) {
        self.sql.push('(');
        for (i, value) in values.into_iter().enumerate() {
            if i > 0 {
                self.sql.push_str(", ");
            }
            self.bind(value);
        }
        self.sql.push(')');
    }

    fn one_of(&mut self, fragment: &'static str, values: impl ExactSizeIterator<Item = Value>) {
        if values.len() > 0 {
            self.sql.push_str(fragment);
            self.list(values);
        }
    }

    /// Adds a list of names: `AND r.report IN (…)`.
    pub(crate) fn reports(&mut self, ids: impl ExactSizeIterator<Item = Value>) {
        self.one_of(" AND r.report IN ", ids);
    }

    /// The statement `SELECT … WHERE <this> …`.
    pub(crate) fn statement(&self, select: &'static str, rest: &'static str) -> Sql {
        Sql(format!("{select} WHERE {} {rest}", self.sql).into())
    }

    /// Only reports for which a paper with this number was issued.
    pub(crate) fn with_paper(&mut self, tenant: &TenantCode, number: &str) {
        self.and(
            "r.report IN (SELECT p.report FROM papers p WHERE p.tenant = ? AND p.number = ?)",
            [Value::from(tenant), Value::from(number)],
        );
    }

    /// Only what has a last day, or only what has none.
    pub(crate) fn due(mut self, running: bool) -> Self {
        self.sql.push_str(if running { " AND r.due_on IS NOT NULL" } else { " AND r.due_on IS NULL" });
        self
    }

    /// Leaves out what is in no figure of what is open: what was sealed upward (径送), and what is closed
    /// although the reporter is owed something since.
    pub(crate) fn counted(mut self, scope: &Scope) -> Self {
        // Looked up once in an index of its own: few are, and the index of what is open need not hold the way.
        self.push(
            " AND r.report NOT IN (SELECT s.report FROM reports s WHERE s.tenant = ? AND s.dispatched = 'direct_seal')",
            [Value::from(&scope.tenant)],
        );
        self.sql.push_str(" AND r.stage <> 'closed'");
        self
    }

    /// The statement that counts colours over what is chosen, its days bound; as [`Where::colour`] has them.
    pub(crate) fn colours(self, today: Date) -> (Sql, Vec<Value>) {
        let today = || Value::from(today);
        self.over(
            "SELECT count(*) AS n, count(CASE WHEN r.yellow_on <= ? AND (r.red_on IS NULL OR r.red_on > ?) \
             AND r.due_on >= ? THEN 1 END) AS yellow, count(CASE WHEN r.red_on <= ? OR r.due_on < ? THEN 1 END) AS red \
             FROM reports r WHERE ",
            [today(), today(), today(), today(), today()],
            "",
        )
    }

    /// The statement that reads, for each report chosen, the first last day of the running clocks of this
    /// basis that it is over; null where it is over none.
    pub(crate) fn overdue(self, basis: &'static str, today: Date) -> (Sql, Vec<Value>) {
        // Not a join in groups: that reads every report in order of its key to spare the grouping.
        self.over(
            "SELECT (SELECT min(c.due_on) FROM clocks c WHERE c.tenant = r.tenant AND c.report = r.report \
             AND c.state = ? AND c.basis = ? AND c.due_on < ?) AS due_on FROM reports r WHERE ",
            [Value::from(ClockState::Running.as_str()), Value::from(basis), Value::from(today)],
            "",
        )
    }

    /// The statement of the sums of a list, its day bound.
    pub(crate) fn sums(self, today: Date) -> (Sql, Vec<Value>) {
        self.over(
            "SELECT count(*) AS n, count(CASE WHEN r.settled_on IS NULL THEN 1 END) AS open, \
             count(CASE WHEN r.signing IN ('named_pending', 'named_verified') THEN 1 END) AS named, \
             count(CASE WHEN r.repeat_of IS NOT NULL THEN 1 END) AS repeats, \
             count(CASE WHEN r.settled_on IS NULL AND r.due_on < ? THEN 1 END) AS overdue FROM reports r WHERE ",
            [Value::from(today)],
            "",
        )
    }

    /// A statement with `?` of its own before this clause. Their numbers come after those of the clause.
    fn over<const N: usize>(
        mut self,
        select: &'static str,
        values: [Value; N],
        rest: &'static str,
    ) -> (Sql, Vec<Value>) {
        let mut whole = String::new();
        std::mem::swap(&mut whole, &mut self.sql);
        self.push(select, values);
        self.sql.push_str(&whole);
        self.sql.push_str(rest);
        (Sql(self.sql.into()), self.args)
    }

    /// The statement of `size` rows of a list after the first `from`, its bounds bound.
    pub(crate) fn page(mut self, select: &'static str, sort: Sort, from: u64, size: u64) -> (Sql, Vec<Value>) {
        let order = match (sort.by, sort.order) {
            (SortBy::Received, Order::Ascending) => "r.received_on, r.number",
            (SortBy::Received, Order::Descending) => "r.received_on DESC, r.number DESC",
            (SortBy::Number, Order::Ascending) => "r.number",
            (SortBy::Number, Order::Descending) => "r.number DESC",
            (SortBy::Due, Order::Ascending) => "r.due_on, r.number",
            (SortBy::Due, Order::Descending) => "r.due_on DESC, r.number DESC",
            (SortBy::Last, Order::Ascending) => "r.last_on, r.number",
            (SortBy::Last, Order::Descending) => "r.last_on DESC, r.number DESC",
        };
        let mut sql = format!("{select} WHERE {} ORDER BY {order} LIMIT ", self.sql);
        std::mem::swap(&mut sql, &mut self.sql);
        self.bind(Value::from(int(size)));
        self.sql.push_str(" OFFSET ");
        self.bind(Value::from(int(from)));
        (Sql(self.sql.into()), self.args)
    }
}

#[cfg(test)]
mod tests {
    use domain::ids::{OfficeId, StaffId, TenantCode};
    use domain::permission::Barred;
    use domain::words::Stage;

    use super::*;
    use crate::db::Pool;
    use crate::query::SELECT;
    use crate::{Store, Total};

    /// A register with nothing in it.
    async fn empty() -> (Store, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}/register.db", folder.path().display());
        Store::migrate(&url).await.unwrap();
        let store = Store::connect(&url).await.unwrap();
        (store, folder)
    }

    /// What the engine would do for a page of a list.
    async fn plan(store: &Store, filter: &Filter, sort: Sort) -> String {
        let tenant: TenantCode = "990100001".parse().unwrap();
        let today = jiff::civil::date(2026, 3, 2);
        let w = Where::visible(&Scope { me: vec!["token".into()], ..Scope::program(tenant) });
        let w = w.filter(filter, today).unwrap();
        let w = if sort.by == SortBy::Due { w.due(true) } else { w };
        explained(store, w.page(SELECT, sort, 0, 20)).await
    }

    async fn explained(store: &Store, (sql, args): (Sql, Vec<Value>)) -> String {
        let Pool::Sqlite(pool) = &store.read.pool.pool else { panic!("a register in a file") };
        let mut query = sqlx::query(sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {}", sql.0)));
        for arg in args {
            query = match arg {
                Value::Int(v) => query.bind(v),
                Value::Text(v) => query.bind(v),
                Value::Bytes(v) => query.bind(v),
            };
        }
        let rows = query.fetch_all(pool).await.unwrap();
        rows.iter().map(|r| sqlx::Row::get::<String, _>(r, 3)).collect::<Vec<_>>().join("\n")
    }

    /// A million reports: whatever the order, a page is read from an index and nothing is sorted.
    #[tokio::test]
    async fn no_order_of_the_whole_register_is_sorted_anew() {
        let (store, _folder) = empty().await;
        for by in [SortBy::Received, SortBy::Number, SortBy::Due, SortBy::Last] {
            for order in [Order::Ascending, Order::Descending] {
                let plan = plan(&store, &Filter::default(), Sort { by, order }).await;
                assert!(plan.contains("USING INDEX reports_by_"), "{by:?} {order:?}: {plan}");
                assert!(!plan.contains("TEMP B-TREE"), "{by:?} {order:?}: {plan}");
            }
        }
    }

    /// A million open reports, a handful of which wait for one person: her list and its count come from
    /// indexes, in order.
    #[tokio::test]
    async fn what_waits_for_one_person_is_found_by_indexes() {
        let (store, _folder) = empty().await;
        let today = jiff::civil::date(2026, 3, 2);
        let scope = Scope { me: vec!["token".into()], ..Scope::program("990100001".parse().unwrap()) };
        let filter =
            Filter { state: Some(StateFilter::Open), waits: Some(crate::statements::waits()), ..Filter::default() };
        let page = plan(&store, &filter, Sort { by: SortBy::Due, order: Order::Ascending }).await;
        assert!(page.contains("r USING INDEX reports_by_due") && !page.contains("TEMP B-TREE"), "{page}");
        let w = Where::visible(&scope).filter(&filter, today).unwrap();
        let count = (w.statement("SELECT count(*) FROM reports r", ""), w.args);
        let count = explained(&store, count).await;
        assert!(count.contains("USING COVERING INDEX reports_open"), "{count}");
    }

    /// An engine nests no more than a thousand conditions; a province has more handlers than that.
    #[tokio::test]
    async fn a_large_organ_is_asked_for_within_what_an_engine_nests() {
        let (store, _folder) = empty().await;
        let scope = Scope { me: vec!["token".into()], ..Scope::program("990100001".parse().unwrap()) };
        let office = |n: usize| OfficeId(format!("o{n}"));
        let staff = |n: usize| StaffId(format!("s{n}"));
        let barred = |n: usize| Barred { office: office(n % 400), handler: staff(n), token: format!("t{n}") };
        let of_all = [
            Whose::Left {
                offices: (0..400).map(office).collect(),
                able: (0..2_000).map(|n| (staff(n), office(n % 400))).collect(),
            },
            Whose::Barred((0..2_000).map(barred).collect()),
            Whose::Deserted((0..400).map(|n| (office(n), vec![format!("t{n}"), format!("u{n}")])).collect()),
        ];
        let waits = of_all.map(|whose| Waiting { stages: Stage::ALL, whose, kept_from: Vec::new() }).to_vec();
        let filter = Filter { state: Some(StateFilter::Open), waits: Some(waits), ..Filter::default() };
        assert_eq!(store.sums(&scope, &filter, jiff::civil::date(2026, 3, 2)).await.unwrap().all, 0);
    }

    /// A million open reports, few of them late: what is late is found by its last day.
    #[tokio::test]
    async fn what_is_overdue_is_found_without_looking_through_what_is_open() {
        let (store, _folder) = empty().await;
        let today = jiff::civil::date(2026, 3, 2);
        let scope = Scope { me: vec!["token".into()], ..Scope::program("990100001".parse().unwrap()) };
        let late = Filter { state: Some(StateFilter::Open), due: Some(DueFilter::Overdue), ..Filter::default() };
        let w = Where::visible(&scope).filter(&late, today).unwrap().counted(&scope);
        let plan = explained(&store, w.overdue("legal", today)).await;
        assert!(plan.contains("USING COVERING INDEX reports_by_due"), "{plan}");
        let open = Filter { state: Some(StateFilter::Open), ..Filter::default() };
        let w = Where::visible(&scope).filter(&open, today).unwrap().counted(&scope);
        let plan = explained(&store, w.colours(today)).await;
        assert!(plan.contains("r USING COVERING INDEX reports_open"), "{plan}");
        assert!(plan.contains("s USING COVERING INDEX reports_sealed_upward"), "{plan}");
    }

    /// With more open than anybody reads in a menu, a number says so and nothing is counted to the end; the
    /// cockpit's are counted to the last one.
    #[tokio::test]
    async fn a_menu_counts_no_further_than_anybody_reads() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}/register.db", folder.path().display());
        Store::migrate(&url).await.unwrap();
        let many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10050) \
            INSERT INTO reports (tenant, report, number, version, received_on, channel, source, signing, urgency, \
            stage, office, holder_kind, holder, files, last_on, due_on) \
            SELECT '990100001', CAST(i AS BLOB), '990100001-2026-' || i, 1, 20000, 'web', 'own', 'anonymous', \
            'normal', iif(i <= 40, 'awaiting_feedback', 'awaiting_judgement'), 'o', 'office', 'o', 0, 20000, \
            iif(i <= 7, 20000, NULL) FROM n";
        let pool = sqlx::SqlitePool::connect(&url).await.unwrap();
        sqlx::query(many).execute(&pool).await.unwrap();
        pool.close().await;
        let store = Store::connect(&url).await.unwrap();
        let scope = Scope::program("990100001".parse().unwrap());
        let today = jiff::civil::date(2026, 3, 2);
        let counts = store.counts(&scope, None, today).await.unwrap();
        assert_eq!(
            counts.stages,
            [(Stage::AwaitingJudgement, Total::MoreThan(10_000)), (Stage::AwaitingFeedback, Total::Exactly(40))]
        );
        assert_eq!((counts.open.to_string().as_str(), counts.overdue), ("10000+", Total::Exactly(7)));
        let stock = store.open_stock(&scope, today).await.unwrap();
        assert_eq!((stock.open, stock.yellow, stock.red), (10_050, 0, 7));
    }
}
