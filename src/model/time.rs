//! Time: 100 ns ticks since 1970-01-01T00:00:00Z, the resolution of a FILETIME.

use chrono::{DateTime, SecondsFormat, Utc};

/// Ticks of 100 ns in one second.
pub const TICKS_PER_SECOND: i64 = 10_000_000;
/// Seconds from 1601-01-01 (FILETIME's origin) to 1970-01-01 (Unix' origin), MS-DTYP 2.3.3.
pub const FILETIME_EPOCH_SECONDS: i64 = 11_644_473_600;

/// A moment in UTC: 100 ns ticks since the Unix epoch; negative before 1970.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticks(pub i64);

impl Ticks {
    /// The moment `seconds` after the Unix epoch; saturates at the ends of the range.
    pub const fn from_secs(seconds: i64) -> Self {
        Self(seconds.saturating_mul(TICKS_PER_SECOND))
    }

    /// A Windows FILETIME (100 ns ticks since 1601). Values past `i64::MAX` saturate: such times
    /// occur in damaged records and are sorted out as "bad time" later.
    #[inline]
    pub const fn from_filetime(filetime: u64) -> Self {
        let capped = if filetime > i64::MAX as u64 { i64::MAX } else { filetime as i64 };
        Self(capped.saturating_sub(FILETIME_EPOCH_SECONDS * TICKS_PER_SECOND))
    }

    /// The FILETIME of this moment; 0 for moments before 1601.
    pub const fn to_filetime(self) -> u64 {
        let ticks = self.0.saturating_add(FILETIME_EPOCH_SECONDS * TICKS_PER_SECOND);
        if ticks < 0 { 0 } else { ticks as u64 }
    }

    /// Whole seconds since the Unix epoch, rounded down.
    #[inline]
    pub const fn secs(self) -> i64 {
        self.0.div_euclid(TICKS_PER_SECOND)
    }

    /// Milliseconds since the Unix epoch, rounded down.
    pub const fn millis(self) -> i64 {
        self.0.div_euclid(10_000)
    }

    /// RFC 3339 in UTC with `digits` (0 to 7) fraction digits, cut, not rounded.
    pub fn rfc3339(self, digits: u8) -> String {
        let mut text = rfc3339(self.secs());
        if digits > 0 {
            let fraction = format!("{:07}", self.0.rem_euclid(TICKS_PER_SECOND));
            text.truncate(text.len() - 1);
            text.push('.');
            text.push_str(&fraction[..usize::from(digits.min(7))]);
            text.push('Z');
        }
        text
    }
}

/// Whole seconds since the Unix epoch as `YYYY-MM-DDTHH:MM:SSZ`. Years past 9999 get a sign, as
/// ISO 8601 wants; what no calendar holds is printed as the number of seconds.
pub fn rfc3339(seconds: i64) -> String {
    match DateTime::<Utc>::from_timestamp(seconds, 0) {
        Some(time) => time.to_rfc3339_opts(SecondsFormat::Secs, true),
        None => format!("{seconds}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filetime_of_the_annotated_record_is_noon_of_2002_08_06() {
        let time = Ticks::from_filetime(126_731_088_000_000_000);
        assert_eq!(time.rfc3339(0), "2002-08-06T12:00:00Z");
        assert_eq!(time.to_filetime(), 126_731_088_000_000_000);
        assert_eq!(Ticks(time.0 + 1_234_567).rfc3339(7), "2002-08-06T12:00:00.1234567Z");
    }

    #[test]
    fn times_before_the_epoch_are_floored() {
        assert_eq!(Ticks(-1).secs(), -1);
        assert_eq!(Ticks(-1).rfc3339(7), "1969-12-31T23:59:59.9999999Z");
        assert_eq!(Ticks::from_filetime(0).rfc3339(0), "1601-01-01T00:00:00Z");
    }

    #[test]
    fn absurd_filetimes_do_not_overflow() {
        assert!(Ticks::from_filetime(u64::MAX).0 > 0);
        assert!(!Ticks::from_filetime(u64::MAX).rfc3339(7).is_empty());
    }
}
