//! The vote over drift and offset: the drift at which most pairs share five seconds of offset.
//!
//! A drift moves the bins of neighbouring pairs by the same whole seconds, so pairs are counted once, in
//! blocks, and for each drift the counts of many blocks are moved and added together. Only pairs of a
//! block within which the move changes are counted one by one.

use super::wide::wide;

/// What a drift step costs in the vote: among equals the smaller drift wins.
const PENALTY: f64 = 0.002;
/// Adding this to a double of moderate size leaves its nearest integer in the low bits: the loops
/// below stay free of calls and branches, and compilers make vectors of them.
const TO_INTEGER: f64 = 1.5 * (1_i64 << 52) as f64;
/// The box over which bins are summed reaches this far to either side.
const BOX: usize = 2;
/// As many bins as a byte can number: with the usual half width no index needs a check.
const BYTE: usize = 256;

/// Pairs counted together.
const BLOCK: usize = 16;
/// Counting in blocks is worth it with so many pairs to each second by which the drift moves bins.
const PAIRS_PER_MOVE: f64 = 48.0;
/// Fewer pairs are counted one by one.
const LEAST_PAIRS: usize = 8 * BLOCK;
/// Different distances that can be counted in blocks.
const WIDTH: usize = 160;
/// Bins before the first, for what lies beyond it, and bins in all.
const BEYOND: usize = 64;
const ROOM: usize = BEYOND + BYTE + BEYOND;

/// The pairs that vote, and the bins of offset they vote for.
pub(super) struct Voters<'a> {
    /// Mark of each pair in seconds.
    pub(super) x: &'a [f64],
    /// Tick minus mark.
    pub(super) e: &'a [i32],
    /// Bins at either side of offset 0, of a second each.
    pub(super) bound: i32,
}

/// Buffers of the count.
#[derive(Default)]
pub(super) struct Vote {
    bins: Vec<i32>,
    bytes: Vec<u8>,
    votes: Vec<i32>,
    blocks: Blocks,
}

/// A drift, and the bin of distance 0 at the first pair.
#[derive(Clone, Copy)]
struct Line {
    at_origin: f64,
    rho: f64,
}

impl Line {
    /// The bin of distance 0 at a mark; falls or rises all along the marks.
    #[inline(always)]
    fn shift(&self, x: f64) -> i32 {
        (self.at_origin - self.rho * x + TO_INTEGER).to_bits() as i32
    }
}

impl Vote {
    /// The drift among `rho + q step`, q from `-steps` to `steps`, and the offset at `centre` (mark and
    /// its offset) that most pairs share.
    pub(super) fn elect(
        &mut self,
        voters: &Voters,
        centre: (f64, f64),
        rho: f64,
        (step, steps): (f64, i32),
    ) -> (f64, f64) {
        wide(
            #[inline(always)]
            || self.elect_best(voters, centre, rho, (step, steps)),
        )
    }

    #[inline(always)]
    fn elect_best(
        &mut self,
        voters: &Voters,
        (x, offset): (f64, f64),
        rho: f64,
        (step, steps): (f64, i32),
    ) -> (f64, f64) {
        let in_blocks = steps > 0 && worth(voters, rho.abs() + f64::from(steps) * step) && self.blocks.take(voters);
        let mut best = (-1.0, 0.0, 0.0);
        for q in -steps..=steps {
            let rho = rho + f64::from(q) * step;
            let line = Line { at_origin: rho * x - offset + f64::from(voters.bound), rho };
            if !(in_blocks && self.blocks.count(voters, line, &mut self.votes)) {
                self.count(voters, line);
            }
            let most = fullest_box(&self.votes);
            let value = f64::from(most) - PENALTY * f64::from(q.abs());
            if value > best.0 {
                best = (value, rho, f64::from(first_box(&self.votes, most) as i32 - voters.bound));
            }
        }
        (best.1, best.2)
    }

    /// Counts the pairs per bin e + at_origin - rho x, rounded; the outermost bins take what lies
    /// beyond. The bins are framed by as many empty ones as a box reaches.
    #[inline(always)]
    fn count(&mut self, voters: &Voters, line: Line) {
        let last = 2 * voters.bound as usize;
        let Self { bins, bytes, votes, .. } = self;
        bins.clear();
        bins.extend(voters.x.iter().zip(voters.e).map(|(x, e)| line.shift(*x).wrapping_add(*e)));
        votes.clear();
        votes.resize(BOX + BYTE.max(last + 1) + BOX, 0);
        if last < BYTE {
            bytes.clear();
            bytes.extend(bins.iter().map(|bin| (*bin).clamp(0, BYTE as i32 - 1) as u8));
            if let Some(votes) = votes[BOX..].first_chunk_mut::<BYTE>() {
                bytes.iter().for_each(|bin| votes[usize::from(*bin)] += 1);
            }
            let beyond: i32 = votes[BOX + last + 1..].iter().sum();
            votes[BOX + last] += beyond;
            votes.truncate(BOX + last + 1);
            votes.resize(BOX + last + 1 + BOX, 0);
        } else {
            bins.iter().for_each(|bin| votes[BOX + (*bin).clamp(0, last as i32) as usize] += 1);
        }
    }
}

/// The pairs in blocks: how many before each have each distance.
#[derive(Default)]
struct Blocks {
    /// Least distance.
    least: i32,
    /// The first mark of every block, and the last of all.
    firsts: Vec<f64>,
    /// Pairs by distance before each block, and before the end.
    before: Vec<[i16; WIDTH]>,
    /// The bin of distance 0 at `firsts`.
    shifts: Vec<i32>,
}

impl Blocks {
    /// Takes the pairs of a vote; `false` where these cannot be counted in blocks, or it is not worth it.
    #[inline(always)]
    fn take(&mut self, voters: &Voters) -> bool {
        let distances = voters.e.iter().fold((i32::MAX, i32::MIN), |(least, most), e| (least.min(*e), most.max(*e)));
        self.least = distances.0;
        let few = (LEAST_PAIRS..i16::MAX as usize).contains(&voters.e.len());
        if !few || distances.1.abs_diff(distances.0) as usize >= WIDTH || 2 * voters.bound as usize >= BYTE {
            return false;
        }
        self.firsts.clear();
        self.firsts.extend(voters.x.iter().step_by(BLOCK).chain(voters.x.last()));
        let mut sum = [0; WIDTH];
        self.before.clear();
        self.before.push(sum);
        for block in voters.e.chunks(BLOCK) {
            block.iter().for_each(|e| sum[(e - self.least) as usize] += 1);
            self.before.push(sum);
        }
        true
    }

    /// Counts the pairs per bin as [`Vote::count`] does; `false` where too many lie too far beyond.
    #[inline(always)]
    fn count(&mut self, voters: &Voters, line: Line, votes: &mut Vec<i32>) -> bool {
        let Self { least, firsts, before, shifts } = self;
        shifts.clear();
        shifts.extend(firsts.iter().map(|x| line.shift(*x)));
        let place = |shift: i32| (shift + *least + BEYOND as i32) as usize;
        // negative places are large ones
        if [shifts[0], shifts[shifts.len() - 1]].iter().any(|shift| place(*shift) > ROOM - WIDTH) {
            return false;
        }
        let mut room = [0_i16; ROOM];
        let (mut from, blocks) = (0, before.len() - 1);
        while from < blocks {
            let shift = shifts[from];
            let to = from + shifts[from + 1..].iter().take_while(|next| **next == shift).count();
            if to > from
                && let Some(votes) = room[place(shift)..].first_chunk_mut::<WIDTH>()
            {
                let (to, from) = (&before[to], &before[from]);
                (0..WIDTH).for_each(|at| votes[at] += to[at] - from[at]);
            }
            let pairs = to * BLOCK..(to * BLOCK + BLOCK).min(voters.e.len());
            if to < blocks {
                let pairs = voters.x[pairs.clone()].iter().zip(&voters.e[pairs]);
                pairs.for_each(|(x, e)| room[(line.shift(*x) + e + BEYOND as i32) as usize] += 1);
            }
            from = to + 1;
        }
        let last = 2 * voters.bound as usize;
        let beyond = |votes: &[i16]| votes.iter().map(|votes| i32::from(*votes)).sum::<i32>();
        votes.clear();
        votes.resize(BOX, 0);
        votes.extend(room[BEYOND..=BEYOND + last].iter().map(|votes| i32::from(*votes)));
        votes.resize(BOX + last + 1 + BOX, 0);
        votes[BOX] += beyond(&room[..BEYOND]);
        votes[BOX + last] += beyond(&room[BEYOND + last + 1..]);
        true
    }
}

/// Counting in blocks is cheaper, even at drifts up to this: most blocks can be moved as a whole.
#[inline(always)]
fn worth(voters: &Voters, drift: f64) -> bool {
    let span = voters.x[voters.x.len() - 1] - voters.x[0];
    (drift * span + 2.0) * PAIRS_PER_MOVE < voters.x.len() as f64
}

/// Sums of five neighbouring bins, in order of the bin in the middle.
#[inline(always)]
fn boxes(votes: &[i32]) -> impl Iterator<Item = i32> {
    let from = |k: usize| votes[k..].iter();
    let outer = from(0).zip(from(4)).map(|(a, b)| a + b);
    let inner = from(1).zip(from(3)).map(|(a, b)| a + b);
    outer.zip(inner).zip(from(2)).map(|((outer, inner), middle)| outer + inner + middle)
}

/// The highest sum of five neighbouring bins.
#[inline(always)]
fn fullest_box(votes: &[i32]) -> i32 {
    boxes(votes).fold(0, i32::max)
}

/// The first bin in the middle of a box of this sum.
#[inline(always)]
fn first_box(votes: &[i32], sum: i32) -> usize {
    boxes(votes).position(|got| got == sum).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::super::rng::Rng;
    use super::*;

    #[test]
    fn counts_in_blocks_are_those_of_pairs() {
        let mut rng = Rng::new(5);
        for (n, width, step) in [(128, 140, 50), (129, 3, 1), (1700, 141, 25), (700, 159, 400), (4000, 100, 0)] {
            let mut x = 0.0;
            let x: Vec<f64> = (0..n).map(|_| (x += rng.below(2 * step + 1) as f64, x).1).collect();
            let e: Vec<i32> = (0..n).map(|_| rng.below(width) as i32 - width as i32 / 2).collect();
            let voters = Voters { x: &x, e: &e, bound: 73 };
            let mut vote = Vote::default();
            assert!(vote.blocks.take(&voters));
            for q in -20..=20 {
                let rho = f64::from(q) * 1e-5;
                let line = Line { at_origin: rho * x[n / 2] - 0.3 + 73.0, rho };
                vote.count(&voters, line);
                let mut votes = Vec::new();
                if vote.blocks.count(&voters, line, &mut votes) {
                    assert_eq!(votes, vote.votes, "{n} pairs, drift {rho}");
                } else {
                    assert!(rho.abs() * x[n - 1] > 50.0, "{n} pairs, drift {rho}");
                }
            }
        }
    }

    #[test]
    fn distances_that_are_too_different_are_not_counted_in_blocks() {
        let (x, mut e) = (vec![0.0; 200], vec![0; 200]);
        let takes = |e: &[i32], bound| Blocks::default().take(&Voters { x: &x, e, bound });
        assert!(takes(&e, 73) && !takes(&e[..100], 73) && !takes(&e, 128));
        e[7] = 160;
        assert!(!takes(&e, 73));
    }
}
