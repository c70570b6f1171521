//! What a storm costs a Security log: bytes, history held, history lost.

/// Fixed part of an .evt record, bytes (EVENTLOGRECORD).
const EVT_FIXED: u64 = 56;
/// `Security` in UTF-16 with its terminator.
const EVT_SOURCE: u64 = 18;
/// The SID of SYSTEM, S-1-5-18.
const EVT_SID: u64 = 12;
/// `MICROSOFT_AUTHENTICATION_PACKAGE_V1_0` in UTF-16 with its terminator.
const EVT_PACKAGE: u64 = 76;
/// A decimal status of ten digits in UTF-16 with its terminator.
const EVT_CODE: u64 = 22;
/// Default size of the Security log of NT 4.0 and Windows 2000, bytes (KB Q183097, Q131605).
pub const DEFAULT_LOG_BYTES: u64 = 512 * 1024;

fn pad4(bytes: u64) -> u64 {
    bytes.saturating_add(3) & !3
}

/// Bytes of an event 681 in an .evt file. Lengths are in UTF-16 units; that of the workstation
/// includes its leading `\\`. Real records may differ by a few bytes of padding.
pub fn size681(computer: u64, account: u64, workstation: u64) -> u64 {
    let utf16z = |units: u64| units.saturating_add(1).saturating_mul(2);
    let head = pad4((EVT_FIXED + EVT_SOURCE).saturating_add(utf16z(computer)));
    let strings = utf16z(account).saturating_add(utf16z(workstation)).saturating_add(EVT_CODE);
    pad4(head.saturating_add(EVT_SID + EVT_PACKAGE).saturating_add(strings)).saturating_add(4)
}

/// Hours of history that a log of `size` bytes holds at `bytes_per_day`; `None` at 0 bytes a day.
pub fn history_h(size: u64, bytes_per_day: f64) -> Option<f64> {
    (bytes_per_day > 0.0).then(|| 24.0 * size as f64 / bytes_per_day)
}

/// Hours of history that a storm costs a log that overwrites as needed: the log covers
/// `coverage_h` hours although the storm fills `share` of its bytes; without it the log would reach
/// back `coverage_h / (1 - share)` hours. `None` where the share is no share or leaves nothing over.
pub fn history_lost_h(coverage_h: f64, share: f64) -> Option<f64> {
    ((0.0..1.0).contains(&share) && coverage_h >= 0.0).then(|| coverage_h * share / (1.0 - share))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_record_size_of_the_three_examples() {
        let size = |computer: &str, account: &str, workstation: &str| {
            size681(computer.len() as u64, account.len() as u64, workstation.len() as u64)
        };
        assert_eq!(size("HANSR1", "jsmith", r"\\WKS0042"), 236);
        assert_eq!(size("HANSR1", "jsmith12", r"\\WS-ACCT-014"), 248);
        assert_eq!(size681(15, 20, 17), 300);
        assert!(size681(u64::MAX, u64::MAX, u64::MAX) > 0, "absurd lengths do not overflow");
    }

    #[test]
    fn a_default_log_holds_a_day_and_a_half_of_one_steady_client() {
        let size = size681(6, 8, 13);
        assert_eq!(DEFAULT_LOG_BYTES / size, 2114);
        let hours = |log, per_day: f64| history_h(log, per_day * size as f64).unwrap();
        assert_eq!(format!("{:.1}", hours(DEFAULT_LOG_BYTES, 1440.0)), "35.2");
        assert_eq!(format!("{:.1}", hours(DEFAULT_LOG_BYTES, 78_545.0)), "0.6");
        assert_eq!(format!("{:.1}", hours(10_240_000, 78_545.0)), "12.6");
        assert_eq!(history_h(DEFAULT_LOG_BYTES, 0.0), None);
    }

    #[test]
    fn history_lost_is_what_the_log_would_hold_more_without_the_storm() {
        assert_eq!(history_lost_h(72.0, 0.5), Some(72.0));
        assert_eq!(history_lost_h(72.0, 0.0), Some(0.0));
        assert_eq!(history_lost_h(72.0, 1.0), None);
        assert_eq!(history_lost_h(72.0, f64::NAN), None);
    }
}
