//! Methods of the literature, with plausible, not tuned settings. All work on distinct seconds.

/// Bin of the cumulative sum, in seconds.
const BIN_S: i64 = 600;
/// Failures per hour of a person and of a loop, and the sum at which the alarm goes off.
const RATES: (f64, f64) = (0.3, 10.0);
const ALARM: f64 = 15.0;
/// Kleinberg's automaton: states, factor between their rates, cost of a rise, base gap and least gap in seconds.
const STATES: usize = 6;
const FACTOR: f64 = 4.0;
const GAMMA: f64 = 1.0;
const BASE_GAP_S: f64 = 8.0 * 3600.0;
const LEAST_GAP_S: f64 = 0.5;
/// A burst: so many events in this state or a higher one.
const BURST: (usize, usize) = (20, 3);

/// Poisson CUSUM (Page 1954) in bins of ten minutes.
pub(crate) fn cusum(seconds: &[i64]) -> bool {
    let reference = (RATES.1 - RATES.0) * BIN_S as f64 / 3600.0 / (RATES.1 / RATES.0).ln();
    let (mut sum, mut before) = (0.0_f64, None);
    for bin in seconds.chunk_by(|a, b| a.div_euclid(BIN_S) == b.div_euclid(BIN_S)) {
        let at = bin[0].div_euclid(BIN_S);
        // empty bins between
        let empty = before.map_or(0, |before| at - before - 1) as f64;
        sum = (sum - reference * empty).max(0.0);
        sum = (sum + bin.len() as f64 - reference).max(0.0);
        if sum >= ALARM {
            return true;
        }
        before = Some(at);
    }
    false
}

/// Kleinberg's burst automaton (2002).
pub(crate) fn kleinberg(seconds: &[i64]) -> bool {
    let gaps: Vec<f64> = seconds.windows(2).map(|pair| ((pair[1] - pair[0]) as f64).max(LEAST_GAP_S)).collect();
    let rise = GAMMA * (gaps.len().max(2) as f64).ln();
    let mut cost = [f64::INFINITY; STATES];
    cost[0] = 0.0;
    let mut from: Vec<[usize; STATES]> = Vec::with_capacity(gaps.len());
    for gap in &gaps {
        let (mut next, mut best_from) = ([f64::INFINITY; STATES], [0; STATES]);
        for state in 0..STATES {
            let rate = FACTOR.powi(state as i32) / BASE_GAP_S;
            for (old, old_cost) in cost.iter().enumerate() {
                let total = old_cost + rise * state.saturating_sub(old) as f64;
                if total < next[state] {
                    (next[state], best_from[state]) = (total, old);
                }
            }
            next[state] += rate * gap - rate.ln();
        }
        cost = next;
        from.push(best_from);
    }
    let mut state = (0..STATES).min_by(|a, b| cost[*a].total_cmp(&cost[*b])).unwrap_or(0);
    let mut high = 0;
    for best_from in from.iter().rev() {
        high += usize::from(state >= BURST.1);
        state = best_from[state];
    }
    high >= BURST.0
}
