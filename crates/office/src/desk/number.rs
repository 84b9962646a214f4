//! Numbers as people write them: whole, by the running number alone, or with the year before it.

use domain::ids::{ReportId, ReportNumber, TenantCode};
use jiff::civil::Date;
use store::{Filter, Order, ReportRow, Sort, SortBy};

use super::me::Me;
use crate::error::Error;
use crate::hall::Hall;
use crate::report::OpenReport;

impl Hall {
    /// Numbers of the reports linked to an opened one that this person may see, in the order of receipt.
    ///
    /// # Errors
    /// The store fails.
    pub async fn repeats_of(&self, me: &Me, open: &OpenReport) -> Result<Vec<String>, Error> {
        let rows = self.store.repeats(&self.scope(me)?, open.id).await?;
        Ok(rows.iter().map(|row| row.number.to_string()).collect())
    }

    /// The one report she may see that has this number, with it; `None` where there is none, or several.
    /// A part of a number means none: a report must not be linked to one that happens to begin so.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; the store fails.
    pub async fn report_numbered(&self, me: &Me, typed: &str) -> Result<Option<(ReportId, ReportNumber)>, Error> {
        let today = self.clock.today();
        let numbers = whole_numbers(typed, &me.tenant, today);
        let has = |row: &ReportRow| {
            let number = row.number.to_string();
            // The letters after the serial are its check: whoever writes no more than the serial means it too.
            let serial = number.rsplit_once('-').map_or(number.as_str(), |(serial, _)| serial);
            let platform = row.platform_number.as_deref();
            let is = |asked: &str| asked == number || asked == serial || Some(asked) == platform;
            numbers.iter().any(|asked| is(&asked.to_ascii_uppercase()) || Some(asked.as_str()) == platform)
        };
        let filter = Filter { numbers: numbers.clone(), ..Filter::default() };
        let sort = Sort { by: SortBy::Number, order: Order::Descending };
        let found = self.store.list(&self.scope(me)?, &filter, sort, today, 0, FEW).await?;
        let mut fitting = found.rows.iter().filter(|row| has(row));
        let (Some(one), None) = (fitting.next(), fitting.next()) else { return Ok(None) };
        // The register may not know yet that it names her: what she may not open, she does not find.
        match self.open_for(me, one.report).await {
            Ok(_) => Ok(Some((one.report, one.number.clone()))),
            Err(Error::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// Reports that a number may mean, beyond which it means none.
const FEW: u32 = 20;

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
    match serial(typed) {
        // It may be a platform's number too.
        Some(number) => {
            let years = (0..10).map(|back| of(today.year() - back, number));
            std::iter::once(typed.to_owned()).chain(years).collect()
        }
        None => vec![typed.to_owned()],
    }
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
