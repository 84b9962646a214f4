//! Lists, counts and look-ups: filters do what they say, and what a viewer must not see does not
//! exist in any of them.

use domain::ids::{OfficeId, ReportId, StaffId};
use domain::report::Holder;
use domain::words::{Channel, DispatchWay, Kind, Signing, Source, Stage};
use jiff::civil::{Date, date};
use store::*;

use crate::world::*;

const BY_NUMBER: Sort = Sort { by: SortBy::Number, order: Order::Ascending };

/// A report bent as the story wants it.
async fn report(store: &Store, n: u32, bend: impl Fn(&mut Projection) + Send + Sync + 'static) {
    let bend = move |rows: &mut Rows| bend(rows.projection.as_mut().unwrap());
    store.append(intake_with(n, Box::new(bend))).await.unwrap();
}

/// Which reports a list shows, by their serial numbers.
async fn serials(store: &Store, scope: &Scope, filter: &Filter) -> Vec<u32> {
    let page = store.list(scope, filter, BY_NUMBER, TODAY, 0, 50).await.unwrap();
    assert_eq!(page.total, Total::Exactly(page.rows.len() as u64), "rows and total agree");
    page.rows.iter().map(|r| r.number.serial).collect()
}

fn day(n: i8) -> Date {
    date(2026, 3, n)
}

fn office(name: &str) -> OfficeId {
    OfficeId(name.into())
}

fn part(offices: &[&str], staff: Option<&str>, me: &[&str]) -> Scope {
    Scope {
        tenant: tenant(),
        reach: Reach::Part {
            offices: offices.iter().map(|o| office(o)).collect(),
            staff: staff.map(|s| StaffId(s.into())),
        },
        me: me.iter().map(|m| (*m).to_owned()).collect(),
    }
}

on_both! {
    async fn filters_do_what_they_say(world) {
        let store = &world.store;
        report(store, 1, |_| {}).await;
        report(store, 2, |p| {
            p.report.channel = Channel::Letter;
            p.report.source = Source::SuperiorTransfer;
            p.report.signing = Signing::NamedPending;
            p.report.received_on = date(2026, 1, 15);
        }).await;
        report(store, 3, |p| {
            p.report.stage = Stage::InHandling;
            p.report.kind = Some(Kind::Accusation);
            p.report.holder = Holder::Office { office: office("town") };
            p.report.assignee = Some(StaffId("lin".into()));
            p.report.repeat_of = Some(ReportId(id(1)));
            p.report.returned_on = Some(TODAY);
        }).await;
        report(store, 4, |p| {
            p.report.stage = Stage::Closed;
            p.report.closed_on = Some(TODAY);
            p.report.settled_on = Some(TODAY);
            p.report.platform_number = Some("PT-77".into());
            p.report.office = office("county");
        }).await;
        let all = Scope::program(tenant());
        let f = Filter::default();
        let cases: Vec<(Filter, Vec<u32>)> = vec![
            (f.clone(), vec![1, 2, 3, 4]),
            (Filter { stages: vec![Stage::InHandling, Stage::Closed], ..f.clone() }, vec![3, 4]),
            (Filter { channels: vec![Channel::Letter], ..f.clone() }, vec![2]),
            (Filter { sources: vec![Source::SuperiorTransfer], ..f.clone() }, vec![2]),
            (Filter { signings: vec![Signing::NamedPending, Signing::NamedVerified], ..f.clone() }, vec![2]),
            (Filter { kinds: vec![Kind::Accusation], ..f.clone() }, vec![3]),
            (Filter { state: Some(StateFilter::Open), ..f.clone() }, vec![1, 2, 3]),
            (Filter { state: Some(StateFilter::Closed), ..f.clone() }, vec![4]),
            (Filter { repeat: Some(RepeatFilter::Repeat), ..f.clone() }, vec![3]),
            (Filter { repeat: Some(RepeatFilter::First), ..f.clone() }, vec![1, 2, 4]),
            (Filter { received_to: Some(date(2026, 1, 15)), ..f.clone() }, vec![2]),
            (Filter { received_from: Some(date(2026, 1, 16)), ..f.clone() }, vec![1, 3, 4]),
            (Filter { returned: true, ..f.clone() }, vec![3]),
            (Filter { unplatformed: true, ..f.clone() }, vec![1, 2, 3]),
            (Filter { office: Some(office("county")), ..f.clone() }, vec![4]),
            (Filter { holder: Some(office("town")), ..f.clone() }, vec![3]),
            (Filter { assignee: Some(StaffId("lin".into())), ..f.clone() }, vec![3]),
            (Filter { numbers: vec!["990100001-2026-000002".into()], ..f.clone() }, vec![2]),
            (Filter { numbers: vec![" 990100001-2026 ".into()], ..f.clone() }, vec![1, 2, 3, 4]),
            (Filter { numbers: vec!["none".into(), "PT-77".into()], ..f.clone() }, vec![4]),
            (Filter { numbers: vec!["%".into()], ..f.clone() }, vec![]),
            (Filter { only: Some(vec![ReportId(id(2)), ReportId(id(4)), ReportId(id(99))]), ..f.clone() }, vec![2, 4]),
            (Filter { only: Some(vec![]), ..f.clone() }, vec![]),
        ];
        for (filter, expected) in cases {
            assert_eq!(serials(store, &all, &filter).await, expected, "{filter:?}");
        }
        assert!(serials(store, &Scope::program(other_tenant()), &f).await.is_empty());
        let sums = Sums { all: 4, open: 3, named: 1, repeats: 1, overdue: 0 };
        assert_eq!(store.sums(&all, &f, TODAY).await.unwrap(), sums);
        assert_eq!(store.counts(&all, None, TODAY).await.unwrap().returned, Total::Exactly(1));
        let none = Filter { only: Some(vec![]), ..f.clone() };
        assert_eq!(store.sums(&all, &none, TODAY).await.unwrap(), Sums::default());
        let repeats = store.repeats(&all, ReportId(id(1))).await.unwrap();
        assert_eq!(repeats.iter().map(|r| r.number.serial).collect::<Vec<_>>(), [3]);
    }

    async fn lists_come_in_order_and_by_pages(world) {
        let store = &world.store;
        for n in 1..=7u32 {
            report(store, n, move |p| {
                p.report.received_on = day(8 - n as i8);
                if n % 2 == 1 {
                    p.clocks.push(clock(1, day(20), day(21), day(10 + n as i8)));
                }
            }).await;
        }
        let all = Scope::program(tenant());
        let list = async |by, order, page, size| {
            let page = store.list(&all, &Filter::default(), Sort { by, order }, TODAY, page, size).await.unwrap();
            assert_eq!(page.total, Total::Exactly(7));
            page.rows.iter().map(|r| r.number.serial).collect::<Vec<_>>()
        };
        assert_eq!(list(SortBy::Received, Order::Ascending, 0, 3).await, [7, 6, 5]);
        assert_eq!(list(SortBy::Received, Order::Ascending, 2, 3).await, [1]);
        assert_eq!(list(SortBy::Number, Order::Descending, 1, 3).await, [4, 3, 2]);
        assert_eq!(list(SortBy::Due, Order::Ascending, 0, 5).await, [1, 3, 5, 7, 2]);
        assert_eq!(list(SortBy::Due, Order::Descending, 0, 5).await, [7, 5, 3, 1, 6]);
        // Pages that end with a running clock, straddle, and begin without one.
        assert_eq!(list(SortBy::Due, Order::Ascending, 0, 4).await, [1, 3, 5, 7]);
        assert_eq!(list(SortBy::Due, Order::Ascending, 1, 4).await, [2, 4, 6]);
        assert_eq!(list(SortBy::Due, Order::Ascending, 1, 3).await, [7, 2, 4]);
        assert_eq!(list(SortBy::Due, Order::Ascending, 2, 3).await, [6]);
        assert_eq!(list(SortBy::Due, Order::Descending, 1, 3).await, [1, 6, 4]);
        assert!(list(SortBy::Due, Order::Descending, 3, 3).await.is_empty());
        assert_eq!(list(SortBy::Last, Order::Descending, 0, 2).await, [7, 6]);
    }

    async fn a_view_is_its_owners_and_the_last_one_counts(world) {
        let store = &world.store;
        let (lin, zhao) = (StaffId("lin".into()), StaffId("zhao".into()));
        assert_eq!(store.view(&tenant(), &lin, "todo").await.unwrap(), None);
        store.view_put(&tenant(), &lin, "todo", "one").await.unwrap();
        store.view_put(&tenant(), &lin, "todo", "two").await.unwrap();
        assert_eq!(store.view(&tenant(), &lin, "todo").await.unwrap().as_deref(), Some("two"));
        for (who, of, list) in [(&zhao, tenant(), "todo"), (&lin, other_tenant(), "todo"), (&lin, tenant(), "done")] {
            assert_eq!(store.view(&of, who, list).await.unwrap(), None);
        }
        store.view_delete(&tenant(), &lin, "todo").await.unwrap();
        assert_eq!(store.view(&tenant(), &lin, "todo").await.unwrap(), None);
    }

    async fn colours_and_stock_numbers_follow_the_worst_running_clock(world) {
        let store = &world.store;
        let later = |d: Date| d.checked_add(jiff::Span::new().days(30)).unwrap();
        // Blue; yellow; red; overdue; two clocks of which the worse counts; stopped; none.
        report(store, 1, move |p| p.clocks.push(clock(1, day(20), day(25), day(28)))).await;
        report(store, 2, move |p| p.clocks.push(clock(1, day(1), day(25), day(28)))).await;
        report(store, 3, move |p| p.clocks.push(clock(1, day(1), TODAY, TODAY))).await;
        report(store, 4, move |p| p.clocks.push(clock(1, date(2026, 2, 1), date(2026, 2, 5), date(2026, 2, 9)))).await;
        report(store, 5, move |p| {
            p.clocks.push(clock(1, later(TODAY), later(TODAY), later(TODAY)));
            p.clocks.push(clock(2, day(1), day(25), day(28)));
        }).await;
        report(store, 6, move |p| {
            let stopped = ClockRow { state: ClockState::Stopped, stopped_on: Some(TODAY), ..clock(1, day(1), day(1), day(1)) };
            p.clocks.push(stopped);
        }).await;
        report(store, 7, |p| p.report.assignee = Some(StaffId("lin".into()))).await;
        let all = Scope::program(tenant());
        let colour = |c| Filter { colour: Some(c), ..Filter::default() };
        assert_eq!(serials(store, &all, &colour(ColourFilter::Blue)).await, [1]);
        assert_eq!(serials(store, &all, &colour(ColourFilter::Yellow)).await, [2, 5]);
        assert_eq!(serials(store, &all, &colour(ColourFilter::Red)).await, [3, 4]);
        let due = |d| Filter { due: Some(d), ..Filter::default() };
        assert_eq!(serials(store, &all, &due(DueFilter::Today)).await, [3]);
        assert_eq!(serials(store, &all, &due(DueFilter::Overdue)).await, [4]);
        let counts = store.counts(&all, None, TODAY).await.unwrap();
        let expected = Counts {
            stages: vec![(Stage::AwaitingJudgement, Total::Exactly(7))],
            open: Total::Exactly(7),
            due_today: Total::Exactly(1),
            overdue: Total::Exactly(1),
            returned: Total::Exactly(0),
        };
        assert_eq!(counts, expected);
        // Sealed upward half-way: it stands in the list, and in no figure.
        report(store, 8, move |p| {
            p.report.dispatched = Some(DispatchWay::DirectSeal);
            p.clocks.push(clock(1, date(2026, 2, 1), date(2026, 2, 5), date(2026, 2, 9)));
        }).await;
        let stock = store.open_stock(&all, TODAY).await.unwrap();
        assert_eq!(stock, OpenStock { open: 7, yellow: 2, red: 2 });
        assert_eq!(store.overdue(&all, "legal", TODAY).await.unwrap(), [date(2026, 2, 9)], "the fourth alone");
        let row = store.report(&all, ReportId(id(5))).await.unwrap().unwrap();
        assert_eq!(row.next.due_on, Some(day(28)));
    }

    async fn what_is_overdue_by_law_is_told_by_the_first_day_missed(world) {
        let store = &world.store;
        let february = |d| date(2026, 2, d);
        let legal = move |seq, d| clock(seq, february(1), february(2), february(d));
        let stretch = move |seq, d| ClockRow { basis: "stretch".into(), ..legal(seq, d) };
        report(store, 1, move |p| p.clocks.extend([legal(1, 9), legal(2, 5), stretch(3, 3)])).await;
        // Late by a stretch goal alone; met, and late by another.
        report(store, 2, move |p| p.clocks.push(stretch(1, 9))).await;
        report(store, 3, move |p| {
            let met = ClockRow { state: ClockState::Stopped, stopped_on: Some(TODAY), ..legal(1, 4) };
            p.clocks.extend([met, stretch(2, 9)]);
        }).await;
        report(store, 4, move |p| {
            p.recused = vec!["token-of-zhao".into()];
            p.clocks.push(legal(1, 6));
        }).await;
        report(store, 5, |p| p.clocks.push(clock(1, TODAY, TODAY, TODAY))).await;
        let all = Scope::program(tenant());
        let mut days = store.overdue(&all, "legal", TODAY).await.unwrap();
        days.sort_unstable();
        assert_eq!(days, [february(5), february(6)]);
        let zhao = Scope { me: vec!["token-of-zhao".into()], ..all.clone() };
        assert_eq!(store.overdue(&zhao, "legal", TODAY).await.unwrap(), [february(5)], "what is hidden is not counted");
        assert_eq!(store.overdue(&all, "stretch", TODAY).await.unwrap().len(), 3);
    }

    async fn a_viewer_sees_own_offices_and_own_work_only(world) {
        let store = &world.store;
        report(store, 1, |_| {}).await;
        report(store, 2, |p| p.report.holder = Holder::Office { office: office("town") }).await;
        report(store, 3, |p| p.report.watcher = Some(office("town"))).await;
        report(store, 4, |p| p.report.assignee = Some(StaffId("lin".into()))).await;
        // An organ of the same spelling is not the office.
        report(store, 5, |p| p.report.holder = Holder::Outside { key: "town".into() }).await;
        let f = Filter::default();
        assert_eq!(serials(store, &part(&["town"], None, &[]), &f).await, [2, 3]);
        assert_eq!(serials(store, &part(&[], Some("lin"), &[]), &f).await, [4]);
        assert_eq!(serials(store, &part(&["town"], Some("lin"), &[]), &f).await, [2, 3, 4]);
        assert_eq!(serials(store, &part(&["petition"], None, &[]), &f).await, [1, 2, 3, 4, 5]);
        assert!(serials(store, &part(&[], None, &[]), &f).await.is_empty());
        // A handler: her own, and what her office holds and nobody has taken on.
        let handler = |staff: &str, office_name: &str| Scope {
            reach: Reach::Assigned { staff: StaffId(staff.into()), office: office(office_name) },
            ..part(&[], None, &[])
        };
        assert_eq!(serials(store, &handler("lin", "nowhere"), &f).await, [4]);
        assert_eq!(serials(store, &handler("lin", "town"), &f).await, [2, 4]);
        assert_eq!(serials(store, &handler("zhao", "petition"), &f).await, [1, 3], "a colleague's work is not hers");
        let town = part(&["town"], None, &[]);
        assert!(store.report(&town, ReportId(id(1))).await.unwrap().is_none());
        assert!(store.open_report(&town, ReportId(id(1))).await.unwrap().is_none());
        assert_eq!(store.open_report(&town, ReportId(id(2))).await.unwrap().unwrap().1.len(), 1);
        let asked = [ReportId(id(3)), ReportId(id(1)), ReportId(id(2))];
        assert_eq!(store.visible(&town, &asked).await.unwrap(), [ReportId(id(3)), ReportId(id(2))]);
        assert_eq!(store.counts(&town, None, TODAY).await.unwrap().open, Total::Exactly(2));
    }

    /// 规则 Art 48 and promise 5: who is reported does not learn that a report exists.
    async fn a_recused_viewer_finds_nothing_anywhere(world) {
        let store = &world.store;
        report(store, 1, |_| {}).await;
        report(store, 2, |p| {
            p.recused = vec!["token-of-zhao".into(), "token-of-qian".into()];
            p.report.repeat_of = Some(ReportId(id(1)));
            p.report.assignee = Some(StaffId("zhao".into()));
            p.clocks.push(clock(1, date(2026, 2, 1), date(2026, 2, 1), date(2026, 2, 2)));
        }).await;
        let number = store.report(&Scope::program(tenant()), ReportId(id(2))).await.unwrap().unwrap().number;
        let seen = async |scope: &Scope| {
            let listed = serials(store, scope, &Filter::default()).await;
            let overdue = Filter { due: Some(DueFilter::Overdue), ..Filter::default() };
            let only = Filter { only: Some(vec![ReportId(id(2))]), ..Filter::default() };
            let by_number = Filter { numbers: vec![number.to_string()], ..Filter::default() };
            for filter in [overdue, only, by_number] {
                assert_eq!(serials(store, scope, &filter).await.contains(&2), listed.contains(&2), "{filter:?}");
            }
            let there = listed.contains(&2);
            let counts = store.counts(scope, None, TODAY).await.unwrap();
            let one_more = u64::from(there);
            assert_eq!((counts.open.at_least(), counts.overdue.at_least()), (1 + one_more, one_more));
            assert_eq!(counts.stages, [(Stage::AwaitingJudgement, Total::Exactly(1 + one_more))]);
            let stock = store.open_stock(scope, TODAY).await.unwrap();
            assert_eq!(stock, OpenStock { open: 1 + one_more, yellow: 0, red: one_more });
            assert_eq!(store.report(scope, ReportId(id(2))).await.unwrap().is_some(), there);
            assert_eq!(store.report_by_number(scope, &number).await.unwrap().is_some(), there);
            assert_eq!(store.open_report(scope, ReportId(id(2))).await.unwrap().is_some(), there);
            assert_eq!(!store.visible(scope, &[ReportId(id(2))]).await.unwrap().is_empty(), there);
            assert_eq!(!store.repeats(scope, ReportId(id(1))).await.unwrap().is_empty(), there);
            there
        };
        let viewer = |me: &[&str]| Scope { me: me.iter().map(|m| (*m).to_owned()).collect(), ..Scope::program(tenant()) };
        assert!(seen(&viewer(&[])).await);
        assert!(seen(&viewer(&["token-of-sun"])).await);
        assert!(!seen(&viewer(&["token-of-zhao"])).await);
        // A substitute acts with both tokens.
        assert!(!seen(&viewer(&["token-of-sun", "token-of-qian"])).await);
        assert!(!seen(&part(&["petition"], Some("zhao"), &["token-of-zhao"])).await);

        // Somebody is added to the recused later: from then on it is gone for her too.
        let bend = move |row: &mut ReportRow| row.assignee = None;
        let mut later = step(2, 1, bend, number.clone());
        let fill = later.fill;
        later.fill = Box::new(move |place| {
            let mut rows = fill(place);
            rows.projection.as_mut().unwrap().recused = vec!["token-of-sun".into()];
            rows
        });
        store.append(later).await.unwrap();
        assert!(store.report(&viewer(&["token-of-sun"]), ReportId(id(2))).await.unwrap().is_none());
        assert!(store.report(&viewer(&["token-of-zhao"]), ReportId(id(2))).await.unwrap().is_some());
    }

    async fn figures_add_up_commit_by_commit(world) {
        file(&world.store, 1..=3).await;
        let tallies = world.store.tallies(&tenant(), TODAY, TODAY).await.unwrap();
        assert_eq!(tallies, [Tally { day: TODAY, key: "received".into(), delta: 3 }]);
        let part = Tally { day: TODAY, key: "received".into(), delta: 2 };
        world.store.tallies_replace(&tenant(), &[part.clone(), part]).await.unwrap();
        assert_eq!(world.store.tallies(&tenant(), TODAY, TODAY).await.unwrap()[0].delta, 4);
        assert!(world.store.tallies(&tenant(), day(3), day(9)).await.unwrap().is_empty());
    }
}
