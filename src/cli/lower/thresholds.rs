//! `--threshold NAME=VALUE`.

use crate::model::config::Thresholds;
use crate::run::Failure;

/// The table with the changes of the command line.
pub(in crate::cli) fn parse(changes: &[String]) -> Result<Thresholds, Failure> {
    let mut thresholds = Thresholds::default();
    for change in changes {
        let Some((name, value)) = change.split_once('=') else {
            return Err(Failure::Usage(format!("--threshold {change:?} is not NAME=VALUE; example: burst_gap=45")));
        };
        let number = value.trim().parse().ok().filter(|value: &f64| value.is_finite() && *value >= 0.0);
        let Some(number) = number else {
            return Err(Failure::Usage(format!("--threshold {change:?}: the value is no number from 0 on")));
        };
        if !thresholds.set(name.trim(), number) {
            return Err(Failure::Usage(format!(
                "--threshold {change:?}: there is no such threshold; `logonstorm thresholds` lists them"
            )));
        }
    }
    Ok(thresholds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_are_changed_by_name_and_wrong_ones_named() {
        let set = |change: &str| parse(&[change.to_owned()]);
        assert_eq!(set("burst_gap=45").expect("known").changed().map(|(_, value)| value).sum::<f64>(), 45.0);
        for (wrong, why) in [("burst_gap", "NAME=VALUE"), ("burst_gap=x", "no number"), ("gap=1", "no such threshold")]
        {
            let message = set(wrong).expect_err("refused").to_string();
            assert!(message.contains(why), "{message}");
        }
    }
}
