//! The ladder as a table: numbers in, word and basis out.

use super::ladder::{ClientSide, Evidence, decide};
use crate::model::config::Thresholds;
use crate::model::finding::Class;
use crate::model::matching::{Clock, Correlation, Match, NotComparable, Pair, UndatedMatch};

/// A match with nothing in it.
pub(crate) fn no_match() -> Match {
    Match {
        matched: 0,
        of_client: 0,
        of_server: 0,
        g: 0.0,
        s: 0.0,
        clock: Clock { delta: 1800.0, rho: 0.0, mid: 0.0 },
        on_ends: true,
        compared: 0,
        compared_matched: 0,
        p: 1.0,
        z: 0.0,
        p_gumbel: 1.0,
        shuffles: 99,
        shuffled_best: 0,
        decoys: 0,
        decoy_best: None,
        decoy_ratio: None,
        decoy_rank_first: false,
        decoy_ok: false,
        one_loop: None,
        alias: None,
        ambiguous_by: None,
        track: Vec::new(),
        steps: Vec::new(),
        pairs: Vec::new(),
        ticks: 0,
        bursts: 0,
    }
}

fn number(value: &str) -> f64 {
    value.parse().unwrap_or_else(|_| panic!("no number: {value}"))
}

/// `key=value` words: `class n failures active ticks covers successes clients old` and, for a match
/// in time, `K nc ns g p z rho delta decoy alias one hours`; for an undated one `least ratio runs`; `not=REASON`.
fn outcome(words: &str) -> String {
    let mut evidence = Evidence {
        class: Class::Storm,
        n: 900,
        failures: 9114,
        active_s: 36_000.0,
        client: Some(ClientSide { attempts: 500, covers: 1.0, successes: 0 }),
        correlation: None,
        clients_tested: 1,
        old_clocks: false,
    };
    let (mut found, mut undated, mut not) = (None, None, None);
    let mut client = evidence.client.unwrap();
    for word in words.split_whitespace() {
        let (key, value) = word.split_once('=').unwrap_or((word, ""));
        let in_time = found.get_or_insert_with(no_match);
        match key {
            "class" => evidence.class = class(value),
            "n" => evidence.n = number(value) as usize,
            "failures" => evidence.failures = number(value) as u64,
            "active" => evidence.active_s = number(value),
            "clients" => evidence.clients_tested = number(value) as usize,
            "old" => evidence.old_clocks = true,
            "ticks" => client.attempts = number(value) as usize,
            "covers" => client.covers = number(value),
            "successes" => client.successes = number(value) as u64,
            "nolog" => evidence.client = None,
            "K" => in_time.matched = number(value) as usize,
            "nc" => in_time.of_client = number(value) as usize,
            "ns" => in_time.of_server = number(value) as usize,
            "g" => in_time.g = number(value),
            "p" => in_time.p = number(value),
            "z" => in_time.z = number(value),
            "rho" => in_time.clock.rho = number(value) * 1e-6,
            "delta" => in_time.clock.delta = number(value),
            "decoy" => in_time.decoy_ok = true,
            "alias" => in_time.alias = Some(number(value)),
            "one" => in_time.one_loop = Some(number(value)),
            "hours" => in_time.pairs = ends(number(value)),
            "runs" => undated = Some(number(value)),
            "least" => in_time.s = number(value),
            "ratio" => in_time.z = number(value),
            "not" => not = Some(if value == "undated" { NotComparable::Undated } else { NotComparable::FewTicks }),
            _ => panic!("unknown word {word}"),
        }
    }
    if evidence.client.is_some() {
        evidence.client = Some(client);
    }
    let found = found.unwrap_or_else(no_match);
    let correlation = match (undated, not) {
        (Some(p), _) => {
            Some(Correlation::Undated(UndatedMatch { min_duration_s: found.s, count_ratio: found.z, score: 5.0, p }))
        }
        (None, Some(why)) => Some(Correlation::Not(why)),
        (None, None) if found.of_client > 0 => Some(Correlation::InTime(Box::new(found))),
        (None, None) => None,
    };
    evidence.correlation = correlation.as_ref();
    let decision = decide(&evidence, &Thresholds::default());
    format!("{} {:?}", decision.verdict.word(), decision.basis)
}

/// The first and the last pair of a log of so many hours.
fn ends(hours: f64) -> Vec<Pair> {
    [0, (hours * 3600.0) as i64].map(|sec| Pair { tick: 0, client_sec: sec, server_sec: sec }).to_vec()
}

fn class(word: &str) -> Class {
    [Class::Storm, Class::PossibleStorm, Class::Spray, Class::Scanner, Class::Unclassified, Class::Human]
        .into_iter()
        .find(|class| class.word() == word)
        .unwrap()
}

fn check(table: &str) {
    for line in table.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (words, expect) = line.split_once('|').unwrap();
        assert_eq!(outcome(words), expect.trim(), "{words}");
    }
}

#[test]
fn confirmed_needs_pairs_coincidence_a_sane_clock_and_one_of_two_nulls() {
    check(
        "
        K=523 nc=539 ns=612 g=.83 p=.01 z=9             | confirmed Shuffles
        K=523 nc=539 ns=612 g=.83 p=.02 z=9             | likely Steady
        K=523 nc=539 ns=612 g=.83 p=.01 z=2.4           | likely Steady
        K=6 nc=20 ns=20 g=.30 p=.01 z=2.5 rho=150       | confirmed Shuffles
        K=5 nc=20 ns=20 g=.30 p=.01 z=2.5               | consistent Undecided
        K=6 nc=20 ns=20 g=.29 p=.01 z=2.5               | consistent Undecided
        K=6 nc=20 ns=20 g=.30 p=.01 z=2.5 rho=163       | consistent Drift
        K=6 nc=20 ns=20 g=.30 p=.01 z=2.5 rho=-1400 old | confirmed Shuffles
        K=6 nc=20 ns=20 g=.40 p=.2 z=1 decoy            | confirmed Decoys
    ",
    );
}

#[test]
fn a_side_far_larger_than_the_other_is_not_held_against_what_shuffles_do_not_reach() {
    check(
        "
        K=502 nc=944 ns=2513 g=.27 p=.01 z=39 | confirmed Shuffles
        K=502 nc=944 ns=2513 g=.27 p=.02 z=39 | consistent Undecided
        K=502 nc=944 ns=2513 g=.16 p=.01 z=39 | consistent Undecided
    ",
    );
}

#[test]
fn a_drift_is_implausible_only_where_the_log_is_long_enough_to_tell() {
    check(
        "
        K=24 nc=26 ns=52 g=.61 p=.01 z=13 rho=-216 hours=4.6 | confirmed Shuffles
        K=24 nc=26 ns=52 g=.61 p=.01 z=13 rho=-216 hours=28  | consistent Drift
        K=24 nc=26 ns=52 g=.61 p=.2 z=1 rho=-216 hours=4.6   | consistent Drift
        K=14 nc=32 ns=81 g=.25 p=.01 z=3 rho=-166 hours=4.6  | consistent Undecided
    ",
    );
}

#[test]
fn two_loops_of_one_rhythm_are_no_match_however_rough_the_shuffled_copies_are() {
    check(
        "
        K=145 nc=171 ns=185 g=.80 p=.01 z=3.3 alias=.99 one=-5.3 | confirmed Shuffles
        K=145 nc=171 ns=185 g=.80 p=.01 z=3.3 alias=.99 one=-5.5 | likely Steady
        K=145 nc=171 ns=185 g=.80 p=.01 z=3.3 alias=.89 one=-5.5 | confirmed Shuffles
        K=145 nc=171 ns=185 g=.80 p=.01 z=3.3 alias=.99          | confirmed Shuffles
    ",
    );
}

#[test]
fn many_clients_raise_the_bar_and_a_short_train_may_be_confirmed() {
    check(
        "
        K=50 nc=60 ns=60 g=.50 p=.01 z=2.7 clients=20         | confirmed Shuffles
        K=50 nc=60 ns=60 g=.50 p=.01 z=2.7 clients=21         | consistent Undecided
        K=50 nc=60 ns=60 g=.50 p=.01 z=3.0 clients=21         | confirmed Shuffles
        K=8 nc=9 ns=9 g=.80 p=.01 z=3 class=human n=8         | confirmed Shuffles
        K=7 nc=9 ns=9 g=.80 p=.01 z=3 class=human n=7         | likely Steady
        K=50 nc=60 ns=60 g=.80 p=.01 z=3 decoy class=spray    | likely Steady
        K=50 nc=60 ns=60 g=.40 p=.01 z=3 decoy class=scanner  | consistent Undecided
    ",
    );
}

#[test]
fn likely_is_a_fit_without_a_null_or_a_whole_hour_or_run_lengths() {
    check(
        "
        K=12 nc=12 ns=12 g=.99 p=.9 z=0               | likely Steady
        K=12 nc=12 ns=20 g=.45 p=.1 z=1 delta=3661    | consistent Undecided
        K=12 nc=12 ns=20 g=.45 p=.1 z=1 delta=3660    | likely WholeHour
        K=12 nc=12 ns=20 g=.45 p=.1 z=1 delta=-7145   | likely WholeHour
        K=12 nc=12 ns=20 g=.45 p=.1 z=1 delta=-3      | likely WholeHour
        runs=.01 ratio=1.1 least=30000                | likely RunLengths
        runs=.02 ratio=1.1 least=30000                | consistent CountsOnly
        runs=.01 ratio=2.1 least=30000                | consistent CountsOnly
    ",
    );
}

#[test]
fn successes_of_the_client_lower_likely_but_not_confirmed() {
    check(
        "
        K=12 nc=12 ns=12 g=.99 p=.9 z=0 successes=3 | consistent Successes
        K=12 nc=12 ns=12 g=.99 p=.01 z=5 successes=3 | confirmed Shuffles
    ",
    );
}

#[test]
fn contradicted_needs_a_log_that_could_have_agreed() {
    check(
        "
        K=9 nc=50 ns=50 g=.14 p=.9 z=0    | contradicted Unlike
        K=9 nc=49 ns=50 g=.14 p=.9 z=0    | consistent Undecided
        K=9 nc=50 ns=50 g=.15 p=.9 z=0    | consistent Undecided
        ticks=0 covers=.5                 | contradicted NoFailedLines
        ticks=0 covers=.49                | consistent NothingToCompare
        runs=.5 ratio=1 least=36001       | contradicted TooLong
        runs=.5 ratio=1 least=36000       | consistent CountsOnly
    ",
    );
}

#[test]
fn one_side_alone_is_said_and_names_alone_never_confirm() {
    check(
        "
        nolog           | server-only NoClientLog
        failures=0      | client-only NoFailures
        not=undated     | consistent NotComparable(Undated)
        not=few         | consistent NotComparable(FewTicks)
                        | consistent NothingToCompare
    ",
    );
}
