//! The vote over drift and offset: the drift at which most pairs share five seconds of offset.

/// What a drift step costs in the vote: among equals the smaller drift wins.
const PENALTY: f64 = 0.002;
/// Adding this to a double of moderate size leaves its nearest integer in the low bits: the loops
/// below stay free of calls and branches, and compilers make vectors of them.
const TO_INTEGER: f64 = 1.5 * (1_i64 << 52) as f64;
/// The box over which bins are summed reaches this far to either side.
const BOX: usize = 2;
/// As many bins as a byte can number: with the usual half width no index needs a check.
const BYTE: usize = 256;

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
}

impl Vote {
    /// The drift among `rho + q step`, q from `-steps` to `steps`, and the offset at `centre` (mark and
    /// its offset) that most pairs share.
    pub(super) fn elect(
        &mut self,
        voters: &Voters,
        (x, offset): (f64, f64),
        rho: f64,
        (step, steps): (f64, i32),
    ) -> (f64, f64) {
        let mut best = (-1.0, 0.0, 0.0);
        for q in -steps..=steps {
            let rho = rho + f64::from(q) * step;
            self.count(voters, rho * x - offset + f64::from(voters.bound), rho);
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
    fn count(&mut self, voters: &Voters, at_origin: f64, rho: f64) {
        let last = 2 * voters.bound as usize;
        let Self { bins, bytes, votes } = self;
        bins.clear();
        bins.extend(voters.x.iter().zip(voters.e).map(|(x, e)| {
            let shift = (at_origin - rho * x + TO_INTEGER).to_bits() as i32;
            shift.wrapping_add(*e)
        }));
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

/// Sums of five neighbouring bins, in order of the bin in the middle.
fn boxes(votes: &[i32]) -> impl Iterator<Item = i32> {
    let from = |k: usize| votes[k..].iter();
    let outer = from(0).zip(from(4)).map(|(a, b)| a + b);
    let inner = from(1).zip(from(3)).map(|(a, b)| a + b);
    outer.zip(inner).zip(from(2)).map(|((outer, inner), middle)| outer + inner + middle)
}

/// The highest sum of five neighbouring bins.
fn fullest_box(votes: &[i32]) -> i32 {
    boxes(votes).fold(0, i32::max)
}

/// The first bin in the middle of a box of this sum.
fn first_box(votes: &[i32], sum: i32) -> usize {
    boxes(votes).position(|got| got == sum).unwrap_or(0)
}
