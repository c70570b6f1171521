//! Every output over hand-made analyses.

mod changes;
mod csv;
mod explain;
mod hostile;
mod json;
pub(crate) mod sample;
mod table;

use super::output::Output;
use super::style::Style;
use crate::model::analysis::Analysis;

/// What an output writes.
pub(crate) fn written(output: &Output, analysis: &Analysis, style: &Style) -> String {
    let mut bytes = Vec::new();
    (output.write)(analysis, style, &mut bytes).expect("a Vec takes everything");
    String::from_utf8(bytes).expect("text outputs are UTF-8")
}

#[test]
fn names_and_extensions_of_the_register_are_unique_and_told_in_one_line() {
    let outputs = super::OUTPUTS;
    for (at, output) in outputs.iter().enumerate() {
        assert!(!output.summary.is_empty() && !output.summary.contains('\n') && output.summary.len() < 80);
        assert!(outputs[..at].iter().all(|other| other.name != output.name));
        assert!(outputs[..at].iter().all(|other| output.extension.is_empty() || other.extension != output.extension));
    }
}
