//! The program's one clock. Everything else is handed the time; tests hand in their own.

use std::sync::Arc;
use std::time::SystemTime;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// Tells the time in the organ's civil zone.
#[derive(Clone)]
pub struct Clock {
    zone: TimeZone,
    source: Arc<dyn Fn() -> Timestamp + Send + Sync>,
}

impl Clock {
    /// The machine's clock, read in `zone` (Asia/Shanghai unless configured otherwise).
    ///
    /// # Errors
    /// The zone is unknown.
    pub fn system(zone: &str) -> Result<Self, jiff::Error> {
        #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the clock")]
        let source = Arc::new(Timestamp::now);
        Ok(Self { zone: TimeZone::get(zone)?, source })
    }

    /// A clock that reads what `source` says: tests, simulations and the demo city's past.
    pub fn from_fn(zone: TimeZone, source: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self { zone, source: Arc::new(source) }
    }

    /// Now, Unix microseconds.
    pub fn micros(&self) -> i64 {
        (self.source)().as_microsecond()
    }

    /// Today's civil day in the organ's zone.
    pub fn today(&self) -> Date {
        (self.source)().to_zoned(self.zone.clone()).date()
    }

    /// When today began in the organ's zone: the only time of day a file may show.
    pub fn day_began(&self) -> SystemTime {
        let began = self.today().to_zoned(self.zone.clone()).map(|day| day.timestamp());
        began.unwrap_or(Timestamp::UNIX_EPOCH).into()
    }

    /// The civil date and time now, for watermarks.
    pub fn civil(&self) -> DateTime {
        (self.source)().to_zoned(self.zone.clone()).datetime()
    }

    /// The civil day of an instant given in Unix microseconds; the epoch if out of range.
    pub fn day_of(&self, micros: i64) -> Date {
        Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(self.zone.clone()).date()
    }

    /// The organ's zone.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }
}

/// The civil day of a day number of the log.
pub fn numbered_day(number: u32) -> Date {
    Date::constant(1970, 1, 1).checked_add(i64::from(number).days()).unwrap_or(Date::MAX)
}

/// Day number used in log leaves: days since 1970-01-01.
pub fn day_number(day: Date) -> u32 {
    let span = Date::constant(1970, 1, 1).until(day).map_or(0, |s| s.get_days());
    u32::try_from(span).unwrap_or(0)
}
