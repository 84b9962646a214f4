//! Values as they are bound and read: integers, texts and bytes, and how days and words become them.

use jiff::civil::Date;

/// A bound value or a value read; `None` is NULL of that type.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Value {
    Int(Option<i64>),
    Text(Option<String>),
    Bytes(Option<Vec<u8>>),
}

macro_rules! value_from {
    ($($from:ty => $variant:ident($v:ident) $make:expr;)+) => {
        $(impl From<$from> for Value {
            fn from($v: $from) -> Self {
                Value::$variant(Some($make))
            }
        }
        impl From<Option<$from>> for Value {
            fn from(value: Option<$from>) -> Self {
                Value::$variant(value.map(|$v| $make))
            }
        })+
    };
}
value_from! {
    i64 => Int(v) v;
    u32 => Int(v) v.into();
    i16 => Int(v) v.into();
    Date => Int(v) day_number(v);
    &str => Text(v) v.to_owned();
    String => Text(v) v;
    Vec<u8> => Bytes(v) v;
    &[u8] => Bytes(v) v.to_vec();
    &[u8; 16] => Bytes(v) v.to_vec();
    &[u8; 32] => Bytes(v) v.to_vec();
    [u8; 16] => Bytes(v) v.to_vec();
    [u8; 32] => Bytes(v) v.to_vec();
    &domain::ids::TenantCode => Text(v) v.as_str().to_owned();
    &domain::ids::StaffId => Text(v) v.0.clone();
    &domain::ids::OfficeId => Text(v) v.0.clone();
    &domain::ids::ReportNumber => Text(v) v.to_string();
    domain::ids::ReportId => Bytes(v) v.0.to_vec();
}

/// Bound values in the order of their placeholders.
macro_rules! args {
    ($($value:expr),* $(,)?) => { vec![$($crate::values::Value::from($value)),*] };
}
pub(crate) use args;

/// A size as the database keeps it; none of ours comes near the end of `i64`.
pub(crate) fn int(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

const EPOCH: Date = jiff::civil::date(1970, 1, 1);

/// Days since 1970-01-01.
pub(crate) fn day_number(day: Date) -> i64 {
    day.duration_since(EPOCH).as_hours() / 24
}

/// The day of a number of days since 1970-01-01.
pub(crate) fn day_of(number: i64) -> Option<Date> {
    let span = jiff::Span::new().try_days(number).ok()?;
    EPOCH.checked_add(span).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_count_from_1970_and_back() {
        for (day, number) in [
            (jiff::civil::date(1970, 1, 1), 0),
            (jiff::civil::date(1969, 12, 31), -1),
            (jiff::civil::date(2026, 2, 11), 20495),
        ] {
            assert_eq!(day_number(day), number);
            assert_eq!(day_of(number), Some(day));
        }
        assert_eq!(day_of(i64::MAX), None);
    }
}
