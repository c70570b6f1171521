//! What the agreement is worth: this log beside the best shuffled one and the best other workstation.

use super::svg::{Boxes, picture, text};
use crate::model::matching::Match;
use crate::report::words::count;

const LABEL: f64 = 250.0;
const WIDTH: f64 = 630.0;
/// Height of a bar with its distance to the next.
const STEP: f64 = 22.0;

/// The picture. The sentences beside it hold the same numbers.
pub(super) fn rivals(found: &Match) -> String {
    let n = |n: usize| count(n as u64);
    let whole = found.compared_matched == found.matched;
    let own = if whole { "this client's log".to_owned() } else { "this client's log, where compared".to_owned() };
    let mut bars = vec![(own, found.compared_matched)];
    bars.push((format!("the best of {} shuffled logs", n(found.shuffles)), found.shuffled_best));
    if let Some(best) = found.decoy_best {
        bars.push((format!("the best of {} other workstations", n(found.decoys)), best));
    }
    let most = bars.iter().map(|bar| bar.1).max().unwrap_or(1).max(1);
    let (mut first, mut others, mut labels) = (Boxes::default(), Boxes::default(), String::new());
    for (at, (label, pairs)) in bars.iter().enumerate() {
        let y = at as f64 * STEP + 4.0;
        let width = (*pairs as f64 / most as f64 * WIDTH).max(2.0);
        let boxes = if at == 0 { &mut first } else { &mut others };
        boxes.add(LABEL, y, width, STEP - 8.0);
        labels.push_str(&text(LABEL - 8.0, y + 11.0, "end", label));
        labels.push_str(&text(LABEL + width + 6.0, y + 11.0, "tick", &n(*pairs)));
    }
    let body = first.path("cl") + &others.path("bar") + &labels;
    let title = "Matched pairs of this log, of the best shuffled log and of the best other workstation";
    picture(LABEL + WIDTH + 80.0, bars.len() as f64 * STEP + 6.0, title, &body)
}
