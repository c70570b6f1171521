//! A small generator of its own: equal seeds give equal shuffles in every version of every library.

use crate::model::splitmix::splitmix64;

/// SplitMix64: one word of state.
#[derive(Clone, Debug)]
pub(super) struct Rng(u64);

impl Rng {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The generator of a train: seeded with the FNV-1a hash of its gaps as little-endian bytes.
    /// Gaps, not times: a clock that is set differently must not change the shuffles.
    pub(super) fn of_train(times: &[i64]) -> Self {
        let bytes = times.windows(2).flat_map(|pair| (pair[1] - pair[0]).to_le_bytes());
        let hash =
            bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        Self::new(hash)
    }

    pub(super) fn next(&mut self) -> u64 {
        splitmix64(&mut self.0)
    }

    /// A number below `bound`; 0 where `bound` is 0. The bias of bound / 2^64 cannot be seen.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        ((u128::from(self.next()) * bound as u128) >> 64) as usize
    }

    /// Fisher-Yates.
    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_is_the_published_one() {
        // First outputs of the reference implementation for seed 1234567.
        let mut rng = Rng::new(1_234_567);
        assert_eq!(rng.next(), 6_457_827_717_110_365_317);
        assert_eq!(rng.next(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn a_shifted_train_has_the_same_seed() {
        let times = [5, 66, 127, 190];
        assert_eq!(Rng::of_train(&times).next(), Rng::of_train(&times.map(|t| t + 3600)).next());
        assert_ne!(Rng::of_train(&times).next(), Rng::of_train(&[5, 66, 128, 190]).next());
    }

    #[test]
    fn shuffles_keep_the_items() {
        let mut items: Vec<u32> = (0..100).collect();
        Rng::new(1).shuffle(&mut items);
        assert_ne!(items, (0..100).collect::<Vec<_>>());
        items.sort_unstable();
        assert_eq!(items, (0..100).collect::<Vec<_>>());
    }
}
