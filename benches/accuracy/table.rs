//! The figures of one scenario, printed beside what is required.

use crate::measure::share::{Share, f1, jaccard};
use crate::measure::{Counts, whatif};

/// What is required of a figure.
#[derive(Clone, Copy)]
enum Required {
    AtLeast(f64),
    AtMost(f64),
    Nothing,
}

use Required::{AtLeast, AtMost, Nothing};

/// Methods with precision and recall: name, required precision, required recall.
const METHODS: &[(&str, Required, Required)] = &[
    ("storm", AtLeast(0.98), AtLeast(0.95)),
    ("20 in 1 h", Nothing, Nothing),
    ("5 in 10 min", Nothing, Nothing),
    ("900 s sessions", Nothing, Nothing),
    ("900 s sessions, few accounts", Nothing, Nothing),
    ("CUSUM", Nothing, Nothing),
    ("Kleinberg", Nothing, Nothing),
    ("confirmed", AtLeast(0.98), AtLeast(0.90)),
    ("confirmed, 20 lines", AtLeast(0.98), AtLeast(0.93)),
    ("storm and confirmed", AtLeast(0.98), AtLeast(0.85)),
    ("storm and confirmed, 20 lines", AtLeast(0.98), AtLeast(0.90)),
    ("confirmed or likely", Nothing, Nothing),
    ("half the lines within 5 min", Nothing, Nothing),
    ("5 lines within 5 min", Nothing, Nothing),
    ("names only", Nothing, Nothing),
];

/// Other figures.
const FIGURES: &[(&str, Required)] = &[
    ("people called storm", AtMost(0.002)),
    ("sprays and scanners called storm", AtMost(0.0)),
    ("hard negatives confirmed", AtMost(0.02)),
    ("true pairs contradicted", AtMost(0.01)),
    ("negatives with p <= .05", AtMost(0.12)),
    ("compared negatives with p <= .05", Nothing),
    ("own workstation first", AtLeast(0.95)),
    ("negatives first by the decoy rule", AtMost(0.02)),
    ("set clocks confirmed", AtLeast(0.80)),
    ("steps told within one window", AtLeast(0.90)),
    ("visible steps told", Nothing),
    ("logs without a step told to have one", AtMost(0.01)),
    ("same for 1 and 16 threads", AtLeast(1.0)),
    ("offset within 3 s", AtLeast(0.5)),
    ("offset within 15 s", AtLeast(0.90)),
    ("offset within 15 s or flagged", AtLeast(0.97)),
];

/// Figures of logs that are no fleets: part, name, what is required.
const ALONE: &[(&str, &str, Required)] = &[
    ("scans", "scans of random names in one whole row", AtLeast(1.0)),
    ("what-if", whatif::SAME, AtLeast(1.0)),
    ("what-if", whatif::LATER, AtLeast(1.0)),
    ("names", "storms among a million names kept and exact", AtLeast(1.0)),
    ("names", "a million names within the budget", AtLeast(1.0)),
];

/// The interval of trials that all went well ends at 1 but for rounding.
const ROUNDING: f64 = 1e-9;
/// F1 by which confirmation must beat the overlap of windows.
const F1_GAIN: f64 = 0.25;

/// Prints all figures; returns how many intervals lie wholly on the wrong side.
pub(crate) fn print(scenario: &str, counts: &Counts) -> usize {
    let mut wrong = 0;
    for (method, precision, recall) in METHODS {
        let p = counts.share(&format!("{method} precision"));
        let r = counts.share(&format!("{method} recall"));
        wrong += line(&format!("{method}: precision"), p, relaxed(scenario, method, *precision, 0.97));
        wrong += line(&format!("{method}: recall"), r, relaxed(scenario, method, *recall, 0.90));
        let joint = jaccard(p, r);
        let (low, high) = joint.wilson();
        println!("  {:42} {:.3}  [{:.3}, {:.3}]", format!("{method}: F1"), f1(joint.value()), f1(low), f1(high));
    }
    for (name, required) in FIGURES {
        wrong += line(name, counts.share(name), of_scenario(scenario, name, *required));
    }
    println!("  {:42} {:.2} s of {}", "median offset error", counts.median_offset_error(), counts.offset_errors.len());
    wrong + usize::from(gains_too_little(counts))
}

/// Prints the figures of these parts, which are no fleets; returns how many intervals lie wholly on the wrong side.
pub(crate) fn print_alone(parts: &[&str], counts: &Counts) -> usize {
    let mut wrong = 0;
    for (_, name, required) in ALONE.iter().filter(|(part, ..)| parts.contains(part)) {
        wrong += line(name, counts.share(name), *required);
        if let Some([median, most, largest]) = counts.spread(name) {
            println!("    error: median {median:.4}, 95 % up to {most:.4}, all up to {largest:.4}");
        }
    }
    wrong
}

/// Half of both logs lost: one bar for the time-confirmed, none for the narrower groups.
fn relaxed(scenario: &str, method: &str, required: Required, at_half: f64) -> Required {
    match (scenario, method) {
        ("loss-50", "confirmed") => AtLeast(at_half),
        ("loss-50", _) if method.contains("confirmed") => Nothing,
        _ => required,
    }
}

/// Bars that hold for one scenario or for all together only.
fn of_scenario(scenario: &str, name: &str, required: Required) -> Required {
    match name {
        "negatives with p <= .05" if scenario == "all" => AtMost(0.08),
        "offset within 3 s" | "offset within 15 s" | "offset within 15 s or flagged" if scenario != "default" => {
            Nothing
        }
        _ => required,
    }
}

fn line(name: &str, share: Share, required: Required) -> usize {
    let (low, high) = share.wilson();
    let (bar, wrong) = match required {
        AtLeast(bar) => (format!(">= {bar:.3}"), high < bar - ROUNDING),
        AtMost(bar) => (format!("<= {bar:.3}"), low > bar),
        Nothing => (String::new(), false),
    };
    let mark = if wrong { "  MISSED" } else { "" };
    println!(
        "  {name:42} {:.3}  [{low:.3}, {high:.3}]  {:>6} of {:<6} {bar}{mark}",
        share.value(),
        share.hits,
        share.of
    );
    usize::from(wrong)
}

/// True where even the best F1 of the interval is not far enough above that of the windows.
fn gains_too_little(counts: &Counts) -> bool {
    let joint =
        |method: &str| jaccard(counts.share(&format!("{method} precision")), counts.share(&format!("{method} recall")));
    let best = f1(joint("confirmed").wilson().1);
    let other = f1(joint("half the lines within 5 min").wilson().0);
    let gain = f1(joint("confirmed").value()) - f1(joint("half the lines within 5 min").value());
    println!("  {:42} {gain:.3}  >= {F1_GAIN:.3}", "F1 above half the lines within 5 min");
    best - other < F1_GAIN
}
