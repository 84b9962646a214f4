//! The working-day calendar against the published list, and properties that hold for every limit.

use std::collections::BTreeMap;

use domain::calendar::{Limit, Unit, days_between};
use domain::rules::Rules;
use jiff::ToSpan;
use jiff::civil::{Date, Weekday, date};
use proptest::prelude::*;

#[derive(serde::Deserialize)]
struct Published {
    holidays: BTreeMap<Date, String>,
    workdays: BTreeMap<Date, String>,
}

#[test]
fn every_published_day_is_as_published() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/china/holidays.json");
    let Ok(text) = std::fs::read_to_string(path) else {
        println!("skipped: {path} is not here");
        return;
    };
    let published: Published = serde_json::from_str(&text).unwrap();
    let calendar = Rules::embedded().calendar();
    let first = published.holidays.keys().next().unwrap().year();
    let last = published.holidays.keys().next_back().unwrap().year();
    let mut day = date(first, 1, 1);
    while day.year() <= last {
        let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        let working = published.workdays.contains_key(&day) || !(weekend || published.holidays.contains_key(&day));
        assert_eq!(calendar.is_working(day), working, "{day}");
        assert!(calendar.is_published(day.year()), "{day}");
        day = day.tomorrow().unwrap();
    }
}

fn limit() -> impl Strategy<Value = Limit> {
    let unit = prop_oneof![
        Just(Unit::Minutes),
        Just(Unit::Hours),
        Just(Unit::WorkingDays),
        Just(Unit::Days),
        Just(Unit::Months)
    ];
    (1u16..100, unit).prop_map(|(count, unit)| Limit::new(count, unit))
}

proptest! {
    #[test]
    fn a_due_date_is_never_before_its_beginning_and_explains_itself(offset in 0i64..9000, limit in limit()) {
        let calendar = Rules::embedded().calendar();
        let from = date(2004, 1, 1).saturating_add(offset.days());
        let due = calendar.due(from, limit);
        prop_assert!(due.date >= from);
        prop_assert!(due.date >= due.nominal);
        if !matches!(limit.unit, Unit::Minutes | Unit::Hours) {
            prop_assert!(due.date > from);
            prop_assert!(calendar.is_working(due.date));
        }
        if limit.unit == Unit::WorkingDays {
            prop_assert_eq!(calendar.working_days_after(from, due.date), u32::from(limit.count));
        }
        if limit.unit == Unit::Days {
            prop_assert_eq!(days_between(from, due.nominal), i64::from(limit.count));
        }
        // The days named are all the days counted, without a gap.
        for pair in due.steps.windows(2) {
            prop_assert_eq!(pair[0].last.tomorrow().unwrap(), pair[1].first);
        }
        for lang in domain::words::Lang::ALL {
            let text = due.explain(*lang);
            prop_assert!(text.contains(&due.date.day().to_string()), "{}", text);
        }
    }

    #[test]
    fn a_longer_limit_never_ends_earlier(offset in 0i64..9000, limit in limit()) {
        let calendar = Rules::embedded().calendar();
        let from = date(2004, 1, 1).saturating_add(offset.days());
        let longer = Limit::new(limit.count + 1, limit.unit);
        prop_assert!(calendar.due(from, longer).date >= calendar.due(from, limit).date);
    }

    #[test]
    fn a_limit_reads_back_as_written(limit in limit()) {
        prop_assert_eq!(limit.to_string().parse::<Limit>().unwrap(), limit);
    }
}
