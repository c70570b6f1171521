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
