//! One step of a random generator: equal seeds give equal numbers in every version of every library.

/// The next number of SplitMix64 (Steele, Lea, Flood 2014), and the next state in place of this one. Any
/// state is good; the numbers pass BigCrush.
pub fn splitmix64(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = *state;
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
