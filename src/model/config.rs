//! The one table of thresholds, with unit, default and reason.

/// The name of one threshold: index into [`Thresholds`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(usize)]
pub enum Param {
    /// Seconds without a failure that end a burst.
    BurstGap,
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct ParamInfo {
    /// The parameter.
    pub param: Param,
    /// Documented name, as in the configuration file.
    pub name: &'static str,
    /// Default.
    pub default: f64,
    /// Unit; empty for counts and ratios.
    pub unit: &'static str,
    /// Why this value.
    pub reason: &'static str,
    /// Section of the algorithm description it belongs to.
    pub group: &'static str,
}

/// Every threshold, in the order of [`Param`].
pub const PARAMS: &[ParamInfo] = &[ParamInfo {
    param: Param::BurstGap,
    name: "burst_gap",
    default: 15.0,
    unit: "s",
    reason: "below half of the outer wait of 60 s, above spacings inside a burst of up to 4 s and their lost neighbours",
    group: "bursts",
}];

/// The values in use.
#[derive(Clone, Debug, PartialEq)]
pub struct Thresholds {
    values: Vec<f64>,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { values: PARAMS.iter().map(|info| info.default).collect() }
    }
}

impl std::ops::Index<Param> for Thresholds {
    type Output = f64;
    fn index(&self, param: Param) -> &f64 {
        &self.values[param as usize]
    }
}

impl Thresholds {
    /// Sets a threshold by its documented name; `false` if there is none of that name.
    pub fn set(&mut self, name: &str, value: f64) -> bool {
        match PARAMS.iter().find(|info| info.name == name) {
            Some(info) => {
                self.values[info.param as usize] = value;
                true
            }
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_stands_in_the_order_of_the_enum() {
        assert!(PARAMS.iter().enumerate().all(|(at, info)| info.param as usize == at));
    }
}
