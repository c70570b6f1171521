//! `--threshold NAME=VALUE`.

use crate::model::config::{PARAMS, Thresholds};
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
        set(&mut thresholds, name.trim(), number)
            .map_err(|why| Failure::Usage(format!("--threshold {change:?}: {why}")))?;
    }
    Ok(thresholds)
}

/// Sets one threshold; the error says which there are, or which values are allowed.
pub(in crate::cli) fn set(thresholds: &mut Thresholds, name: &str, value: f64) -> Result<(), String> {
    let Some(info) = PARAMS.iter().find(|info| info.name == name) else {
        return Err(format!("there is no threshold `{name}`{}; logonstorm thresholds lists them", near(name)));
    };
    let (least, most) = info.range();
    if !(least..=most).contains(&value) {
        let unit = if info.unit.is_empty() { "" } else { " " };
        return Err(format!("{name} = {value} is out of range; allowed are {least} to {most}{unit}{}", info.unit));
    }
    thresholds.set(name, value);
    Ok(())
}

/// The names that share the longest beginning with a wrong one.
fn near(wrong: &str) -> String {
    let common = |name: &str| name.bytes().zip(wrong.bytes()).take_while(|(a, b)| a == b).count();
    match PARAMS.iter().max_by_key(|info| common(info.name)) {
        Some(info) if common(info.name) >= 3 => format!(", perhaps `{}`", info.name),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_are_changed_by_name_and_wrong_ones_named() {
        let set = |change: &str| parse(&[change.to_owned()]);
        assert_eq!(set("burst_gap=45").expect("known").changed().map(|(_, value)| value).sum::<f64>(), 45.0);
        for (wrong, why) in [("burst_gap", "NAME=VALUE"), ("burst_gap=x", "no number"), ("gap=1", "no threshold `gap`")]
        {
            let message = set(wrong).expect_err("refused").to_string();
            assert!(message.contains(why), "{message}");
        }
    }

    #[test]
    fn every_default_lies_in_its_own_range() {
        for info in PARAMS {
            let (least, most) = info.range();
            assert!((least..=most).contains(&info.default), "{}", info.name);
        }
    }
}
