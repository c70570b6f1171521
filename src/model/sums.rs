//! Counts of equal keys together.

/// The rows in order of their keys, each key once: counts of one key add.
pub fn sums<K: Ord>(mut rows: Vec<(K, u64)>) -> Vec<(K, u64)> {
    rows.sort_unstable();
    rows.dedup_by(|next, sum| {
        let same = next.0 == sum.0;
        if same {
            sum.1 += next.1;
        }
        same
    });
    rows
}

/// The same of rows that come one by one; those that follow each other mostly have one key.
pub fn sums_of<K: Ord>(rows: impl Iterator<Item = (K, u64)>) -> Vec<(K, u64)> {
    let mut runs: Vec<(K, u64)> = Vec::new();
    for (key, count) in rows {
        match runs.last_mut() {
            Some(last) if last.0 == key => last.1 += count,
            _ => runs.push((key, count)),
        }
    }
    if runs.len() > 1 { sums(runs) } else { runs }
}
