//! Names of things: tenants, offices, staff, streams, reports and their numbers.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Why a text is not the identifier it claims to be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// The text has the wrong length or characters.
    #[error("{what} is malformed")]
    Malformed {
        /// Which identifier was expected.
        what: &'static str,
    },
    /// The check character does not fit the rest.
    #[error("the check character of the number does not fit; please compare it with the paper")]
    Check,
}

/// An organ that keeps its own register: nine characters `0-9A-Z`, six of them its division code.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TenantCode(String);

impl TenantCode {
    /// The nine characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for TenantCode {
    type Err = IdError;
    fn from_str(s: &str) -> Result<Self, IdError> {
        let good = s.len() == 9 && s.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase());
        if good { Ok(Self(s.to_owned())) } else { Err(IdError::Malformed { what: "organ code" }) }
    }
}
impl TryFrom<String> for TenantCode {
    type Error = IdError;
    fn try_from(s: String) -> Result<Self, IdError> {
        s.parse()
    }
}
impl From<TenantCode> for String {
    fn from(t: TenantCode) -> String {
        t.0
    }
}
impl fmt::Display for TenantCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A random 128-bit name of a report; written as 32 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ReportId(pub [u8; 16]);

impl fmt::Display for ReportId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|b| write!(f, "{b:02x}"))
    }
}
impl fmt::Debug for ReportId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ReportId({self})")
    }
}
impl FromStr for ReportId {
    type Err = IdError;
    fn from_str(s: &str) -> Result<Self, IdError> {
        let bad = IdError::Malformed { what: "report id" };
        if s.len() != 32 || !s.is_ascii() {
            return Err(bad);
        }
        let mut out = [0u8; 16];
        for (i, byte) in out.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&s[2 * i..2 * i + 2], 16).map_err(|_| bad.clone())?;
        }
        Ok(Self(out))
    }
}
impl TryFrom<String> for ReportId {
    type Error = IdError;
    fn try_from(s: String) -> Result<Self, IdError> {
        s.parse()
    }
}
impl From<ReportId> for String {
    fn from(id: ReportId) -> String {
        id.to_string()
    }
}

/// The kinds of stream in the register (architecture, Tables).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StreamKind {
    /// One report and everything done about it.
    Report,
    /// Organs, offices and posts.
    Directory,
    /// Staff, their roles and terms.
    Staff,
    /// Rules put in force.
    Rules,
    /// Who saw, searched, exported or administered what.
    Audit,
}

impl StreamKind {
    /// The word stored in the register.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Report => "report",
            Self::Directory => "directory",
            Self::Staff => "staff",
            Self::Rules => "rules",
            Self::Audit => "audit",
        }
    }
}

/// An office inside a tenant: a department, a stationed group or a township commission.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OfficeId(pub String);

/// A member of staff within a tenant.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StaffId(pub String);

impl fmt::Display for OfficeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl fmt::Display for StaffId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Who gives the numbers of a series: each has one giver, which is why it has no gap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Series {
    /// The register that the desk works in.
    Register,
    /// 外网: an installation outside that only takes reports; `W` in the number.
    Outside,
}

impl Series {
    /// What stands before the serial.
    pub fn mark(self) -> &'static str {
        match self {
            Self::Register => "",
            Self::Outside => "W",
        }
    }
}

/// `org9-YYYY-NNNNNN-k`, or `org9-YYYY-WNNNNN-k` for what was filed outside: a gapless series per
/// tenant, year and giver; `k` is the ISO 7064 MOD 37,36 check character. It shows neither the day
/// nor the channel.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ReportNumber {
    /// Whose series.
    pub tenant: TenantCode,
    /// Calendar year of receipt.
    pub year: i16,
    /// Who gave it.
    pub series: Series,
    /// 1, 2, 3 … without gaps.
    pub serial: u32,
}

impl ReportNumber {
    fn body(&self) -> String {
        let width = 6 - self.series.mark().len();
        format!("{}-{:04}-{}{:0width$}", self.tenant, self.year, self.series.mark(), self.serial)
    }

    /// How it is written where tenant and year stand beside it: `12`, `W12`.
    pub fn in_year(&self) -> String {
        format!("{}{}", self.series.mark(), self.serial)
    }
}
impl fmt::Display for ReportNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let body = self.body();
        write!(f, "{body}-{}", iso7064_mod37_36(&body))
    }
}
impl FromStr for ReportNumber {
    type Err = IdError;
    fn from_str(s: &str) -> Result<Self, IdError> {
        let bad = || IdError::Malformed { what: "report number" };
        let upper = s.trim().to_ascii_uppercase();
        let parts: Vec<&str> = upper.split('-').collect();
        let [tenant, year, serial, check] = parts[..] else {
            return Err(bad());
        };
        if year.len() != 4 || serial.len() < 6 || check.len() != 1 {
            return Err(bad());
        }
        let (series, serial) = match serial.strip_prefix(Series::Outside.mark()) {
            Some(serial) => (Series::Outside, serial),
            None => (Series::Register, serial),
        };
        let number = Self {
            tenant: tenant.parse().map_err(|_| bad())?,
            year: year.parse().map_err(|_| bad())?,
            series,
            serial: serial.parse().map_err(|_| bad())?,
        };
        if check.starts_with(iso7064_mod37_36(&number.body())) { Ok(number) } else { Err(IdError::Check) }
    }
}
impl TryFrom<String> for ReportNumber {
    type Error = IdError;
    fn try_from(s: String) -> Result<Self, IdError> {
        s.parse()
    }
}
impl From<ReportNumber> for String {
    fn from(n: ReportNumber) -> String {
        n.to_string()
    }
}

/// ISO/IEC 7064 MOD 37,36 over the letters and digits of `text`; other characters are skipped.
pub fn iso7064_mod37_36(text: &str) -> char {
    const ALPHABET: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let mut product = 36u32;
    for value in text.chars().filter_map(|c| c.to_digit(36)) {
        let sum = (product + value) % 36;
        product = (if sum == 0 { 36 } else { sum }) * 2 % 37;
    }
    ALPHABET[((37 - product) % 36) as usize] as char
}
