//! The simple rules that a person would try first. Windows are closed and start at an event; all
//! of them work on distinct seconds.

use logonstorm::model::analysis::Row;

/// Seconds around a failure in which a client's line counts as near.
const NEAR_S: i64 = 300;
/// Client lines that a rule by names or by windows wants.
const LINES: usize = 5;

/// Distinct seconds with a failure of the row's main train, ascending.
pub(crate) fn seconds(row: &Row) -> Vec<i64> {
    let mut out: Vec<i64> = row.evidence.records.iter().map(|seen| seen.sec).collect();
    out.dedup();
    out
}

/// At least `count` within `window_s` seconds: 20 in an hour, or 5 in ten minutes as fail2ban has it.
pub(crate) fn fixed(seconds: &[i64], count: usize, window_s: i64) -> bool {
    seconds.windows(count).any(|window| window[count - 1] - window[0] <= window_s)
}

/// At least 20 without a pause of more than 900 s.
pub(crate) fn session(seconds: &[i64]) -> bool {
    seconds.chunk_by(|a, b| b - a <= 900).any(|session| session.len() >= 20)
}

/// The same, unless many accounts fail a few times each: the spray rule's own test.
pub(crate) fn session_of_few(row: &Row, seconds: &[i64]) -> bool {
    let accounts = row.accounts.len();
    session(seconds) && (accounts < 8 || seconds.len() > 4 * accounts)
}

/// Client lines within five minutes of a failure, as if both clocks were right; and all lines.
pub(crate) fn near(row: &Row) -> (usize, usize) {
    let seconds = seconds(row);
    let lines: Vec<i64> = row.evidence.ticks.iter().filter_map(|tick| Some(tick.at_ms?.div_euclid(1000))).collect();
    let is_near = |line: &&i64| {
        let next = seconds.partition_point(|sec| *sec < **line - NEAR_S);
        seconds.get(next).is_some_and(|sec| *sec <= **line + NEAR_S)
    };
    (lines.iter().filter(is_near).count(), lines.len())
}

/// Half of the client's lines, and at least five, lie near a failure.
pub(crate) fn half_near(row: &Row) -> bool {
    let (near, lines) = near(row);
    near >= LINES && 2 * near >= lines
}

/// Any five of the client's lines lie near a failure.
pub(crate) fn five_near(row: &Row) -> bool {
    near(row).0 >= LINES
}

/// The workstation storms and its log has at least five attempts.
pub(crate) fn names_only(row: &Row, storms: bool) -> bool {
    storms && row.evidence.ticks.len() >= LINES
}
