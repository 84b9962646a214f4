//! Numbers as people write them: whole, by the running number alone, or with the year before it.

use domain::ids::{ReportId, TenantCode};
use jiff::civil::Date;
use store::{Filter, Order, Sort, SortBy};

use super::me::Me;
use crate::error::Error;
use crate::hall::Hall;

impl Hall {
    /// The one report she may see that this number can mean; `None` where there is none, or several.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; the store fails.
    pub async fn report_numbered(&self, me: &Me, typed: &str) -> Result<Option<ReportId>, Error> {
        let today = self.clock.today();
        let numbers = whole_numbers(typed, &me.tenant, today);
        let filter = Filter { numbers, ..Filter::default() };
        let sort = Sort { by: SortBy::Number, order: Order::Descending };
        let found = self.store.list(&self.scope(me)?, &filter, sort, today, 0, 2).await?;
        Ok(match found.rows.as_slice() {
            [one] if !typed.trim().is_empty() => Some(one.report),
            _ => None,
        })
    }
}

/// A number as people write it, as the register has it: the running number alone is looked for in the
/// last ten years (`123` → `990100001-2026-000123`), with a year before it in that one (`2026-123`).
pub(super) fn whole_numbers(typed: &str, tenant: &TenantCode, today: Date) -> Vec<String> {
    let typed = typed.trim();
    let serial = |text: &str| {
        let digits = (1..=6).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| text.parse::<u32>().ok()).flatten()
    };
    let of = |year: i16, serial: u32| format!("{tenant}-{year}-{serial:06}");
    let dated = typed.split_once('-').filter(|(year, _)| year.len() == 4);
    if let Some((year, number)) = dated.and_then(|(year, rest)| Some((year.parse().ok()?, serial(rest)?))) {
        return vec![of(year, number)];
    }
    let mut all = vec![typed.to_owned()];
    if let Some(number) = serial(typed) {
        all.extend((0..10).map(|back| of(today.year() - back, number)));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_running_number_means_the_last_ten_years_and_with_a_year_that_one() {
        let tenant: TenantCode = "990100JW1".parse().unwrap();
        let ask = |typed: &str| whole_numbers(typed, &tenant, jiff::civil::date(2026, 11, 27));
        assert_eq!(ask("2026-123"), ["990100JW1-2026-000123"]);
        let all = ask(" 123 ");
        assert_eq!((all.len(), all[0].as_str()), (11, "123"), "it may be a platform's number too");
        assert_eq!((all[1].as_str(), all[10].as_str()), ("990100JW1-2026-000123", "990100JW1-2017-000123"));
        for typed in ["990100JW1-2026-000123-4", "PT-77", "1234567", "2026-", ""] {
            assert_eq!(ask(typed), [typed]);
        }
    }
}
