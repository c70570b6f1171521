//! Counts coincidences for all lags at once, exactly: 64 lags share a machine word.
//!
//! The marks of one side are a bitset. A tick at position `p` sees the marks through a window of
//! that bitset that begins at `p`: bit `t` of the window says whether lag `t` makes the tick
//! coincide with a mark. The windows of all ticks are added as vertical counters: plane `k` holds
//! bit `k` of every lag's count. Sixteen windows are added by carry-save adders before a carry
//! goes further up, so that a tick costs about six word operations per 64 lags.

use super::wide::wide;

/// Windows added in one round.
const LANES: usize = 16;
/// Planes inside one round: the carry out of them counts sixteen.
const LOW: usize = 4;
/// Words of lags worked on at a time, so that planes and windows stay in the first-level cache.
const BLOCK: usize = 128;

type Word = [u8; 8];

/// Counters for a range of lags; keeps its memory between uses.
#[derive(Default)]
pub(super) struct LagCounter {
    /// The bitset, and the same shifted by 1 to 7 bits: every window begins at a byte of one of them.
    shifted: [Vec<u8>; 8],
    bits: Vec<u64>,
    planes: Vec<Vec<u64>>,
    carry: Vec<u64>,
    mask: Vec<u64>,
    lags: usize,
    /// Windows added, and planes that their count needs; the planes above are memory only.
    added: usize,
    live: usize,
    /// Position of a window without marks, for rounds that are not full.
    blank: usize,
}

impl LagCounter {
    /// Begins a count of `lags` lags over windows that start below `starts`.
    pub(super) fn begin(&mut self, lags: usize, starts: usize) {
        let words = lags.div_ceil(64);
        self.lags = lags;
        self.blank = (starts + words * 64).next_multiple_of(8);
        self.bits.clear();
        // one word more than the windows need: the last one's shifted neighbour
        self.bits.resize((self.blank + words * 64).div_ceil(64) + 2, 0);
        self.carry.resize(words, 0);
        (self.added, self.live) = (0, 0);
    }

    /// Puts a mark at `position`; positions outside every window are ignored.
    pub(super) fn mark(&mut self, position: i64) {
        if position >= 0 && position < self.blank as i64 {
            self.bits[position as usize / 64] |= 1 << (position % 64);
        }
    }

    /// Takes the marks out again, keeping the counts: for marks that would overlap.
    pub(super) fn clear_marks(&mut self) {
        self.bits.fill(0);
    }

    /// Adds the windows that begin at `starts`.
    pub(super) fn add(&mut self, starts: &[usize]) {
        self.added += starts.len();
        self.grow(self.carry.len());
        wide(
            #[inline(always)]
            || self.add_windows(starts),
        );
        self.cut_last_word();
    }

    #[inline(always)]
    fn add_windows(&mut self, starts: &[usize]) {
        self.shift_copies();
        let words = self.carry.len();
        for from in (0..words).step_by(BLOCK) {
            let to = (from + BLOCK).min(words);
            for round in starts.chunks(LANES) {
                let windows: [&[Word]; LANES] = std::array::from_fn(|lane| {
                    let start = round.get(lane).copied().unwrap_or(self.blank);
                    let bytes = &self.shifted[start % 8][start / 8..];
                    &bytes.as_chunks().0[from..to]
                });
                let (low, high) = self.planes[..self.live].split_at_mut(LOW);
                add_round(low, from..to, &windows, &mut self.carry[from..to]);
                for plane in high {
                    for (word, carry) in plane[from..to].iter_mut().zip(&mut self.carry[from..to]) {
                        let next = *word & *carry;
                        *word ^= *carry;
                        *carry = next;
                    }
                }
            }
        }
    }

    /// Makes room for counts up to `added`.
    fn grow(&mut self, words: usize) {
        let planes = LOW.max((usize::BITS - self.added.leading_zeros()) as usize);
        while self.live < planes {
            if self.planes.len() == self.live {
                self.planes.push(Vec::new());
            }
            self.planes[self.live].clear();
            self.planes[self.live].resize(words, 0);
            self.live += 1;
        }
    }

    #[inline(always)]
    fn shift_copies(&mut self) {
        let words = self.bits.len() - 1;
        for (shift, bytes) in self.shifted.iter_mut().enumerate() {
            bytes.resize(words * 8, 0);
            let chunks = &mut bytes.as_chunks_mut::<8>().0[..words];
            let (low, high) = (&self.bits[..words], &self.bits[1..=words]);
            for k in 0..words {
                chunks[k] = (low[k] >> shift | (high[k] << 1) << (63 - shift)).to_le_bytes();
            }
        }
    }

    fn cut_last_word(&mut self) {
        let used = self.lags % 64;
        if used > 0 {
            for plane in &mut self.planes[..self.live] {
                if let Some(last) = plane.last_mut() {
                    *last &= (1 << used) - 1;
                }
            }
        }
    }

    /// Writes the count of every lag.
    pub(super) fn counts(&self, counts: &mut Vec<u32>) {
        counts.clear();
        counts.resize(self.carry.len() * 64, 0);
        for (weight, plane) in self.planes[..self.live].iter().enumerate() {
            for (word, counts) in plane.iter().zip(counts.chunks_exact_mut(64)) {
                if *word != 0 {
                    for (bit, count) in counts.iter_mut().enumerate() {
                        *count += ((*word >> bit & 1) as u32) << weight;
                    }
                }
            }
        }
        counts.truncate(self.lags);
    }

    /// The highest count and the first lag that has it.
    pub(super) fn highest(&mut self) -> (u32, usize) {
        wide(
            #[inline(always)]
            || self.highest_of_all(),
        )
    }

    #[inline(always)]
    fn highest_of_all(&mut self) -> (u32, usize) {
        let mut best = 0;
        self.mask.clear();
        self.mask.resize(self.carry.len(), u64::MAX);
        for (weight, plane) in self.planes[..self.live].iter().enumerate().rev() {
            let any = plane.iter().zip(&self.mask).fold(0, |any, (word, mask)| any | word & mask);
            if any != 0 {
                best |= 1 << weight;
                for (mask, word) in self.mask.iter_mut().zip(plane) {
                    *mask &= word;
                }
            }
        }
        let first = self.mask.iter().position(|word| *word != 0).unwrap_or(0);
        let bit = self.mask.get(first).map_or(0, |word| word.trailing_zeros() as usize);
        (best, first * 64 + bit)
    }

    /// Sets the counts of the lags `from..=to` to zero.
    pub(super) fn erase(&mut self, from: usize, to: usize) {
        for lag in from..=to.min(self.lags.saturating_sub(1)) {
            for plane in &mut self.planes[..self.live] {
                plane[lag / 64] &= !(1 << (lag % 64));
            }
        }
    }
}

/// Adds three words of equal weight: the sum keeps the weight, the carry has twice of it.
#[inline(always)]
fn add3(a: u64, b: u64, c: u64) -> (u64, u64) {
    let half = a ^ b;
    (half ^ c, a & b | half & c)
}

/// Adds sixteen windows to the four low planes; what overflows them goes to `carry`.
#[inline(always)]
fn add_round(low: &mut [Vec<u64>], range: std::ops::Range<usize>, windows: &[&[Word]; LANES], carry: &mut [u64]) {
    let [ones, twos, fours, eights] = low else { return };
    let (ones, twos) = (&mut ones[range.clone()], &mut twos[range.clone()]);
    let (fours, eights) = (&mut fours[range.clone()], &mut eights[range]);
    let n = carry.len();
    let windows = windows.map(|window| &window[..n]);
    let (ones, twos, fours, eights) = (&mut ones[..n], &mut twos[..n], &mut fours[..n], &mut eights[..n]);
    for k in 0..n {
        let w = |lane: usize| u64::from_le_bytes(windows[lane][k]);
        let (mut one, mut two, mut four) = (ones[k], twos[k], fours[k]);
        let mut eight = [0; 2];
        for (half, eight) in eight.iter_mut().enumerate() {
            let mut carry4 = [0; 2];
            for (quarter, carry4) in carry4.iter_mut().enumerate() {
                let at = half * 8 + quarter * 4;
                let (sum, a) = add3(one, w(at), w(at + 1));
                let (sum, b) = add3(sum, w(at + 2), w(at + 3));
                one = sum;
                (two, *carry4) = add3(two, a, b);
            }
            (four, *eight) = add3(four, carry4[0], carry4[1]);
        }
        (ones[k], twos[k], fours[k]) = (one, two, four);
        (eights[k], carry[k]) = add3(eights[k], eight[0], eight[1]);
    }
}

#[cfg(test)]
mod tests {
    use super::super::rng::Rng;
    use super::*;

    /// Counts the plain way and compares everything the counter can tell.
    fn check(lags: usize, starts: &[usize], marks: &[i64]) {
        let mut counter = LagCounter::default();
        counter.begin(lags, starts.iter().max().map_or(1, |max| max + 1));
        marks.iter().for_each(|mark| counter.mark(*mark));
        counter.add(starts);
        let plain: Vec<u32> = (0..lags)
            .map(|lag| starts.iter().filter(|start| marks.contains(&((**start + lag) as i64))).count() as u32)
            .collect();
        let mut counts = Vec::new();
        counter.counts(&mut counts);
        assert_eq!(counts, plain);
        let best = plain.iter().copied().max().unwrap_or(0);
        assert_eq!(counter.highest(), (best, plain.iter().position(|count| *count == best).unwrap_or(0)));
        counter.erase(3, 9);
        counter.counts(&mut counts);
        assert!(
            counts.iter().enumerate().all(|(lag, count)| *count == if (3..=9).contains(&lag) { 0 } else { plain[lag] })
        );
    }

    #[test]
    fn counts_are_those_of_the_plain_way() {
        let mut rng = Rng::new(7);
        for (lags, ticks, marks) in
            [(1, 1, 1), (64, 3, 9), (65, 16, 40), (1711, 40, 300), (9000, 17, 500), (130, 300, 60)]
        {
            let starts: Vec<usize> = (0..ticks).map(|_| rng.below(900)).collect();
            let marks: Vec<i64> = (0..marks).map(|_| rng.below(lags + 900) as i64).collect();
            check(lags, &starts, &marks);
        }
    }

    #[test]
    fn no_marks_count_nothing() {
        check(100, &[0, 5, 63], &[]);
        check(100, &[], &[1, 2]);
    }
}
