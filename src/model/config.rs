//! The one table of thresholds, with unit, default and reason.

/// The name of one threshold: index into [`Thresholds`]. What each means stands in [`PARAMS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(usize)]
#[allow(missing_docs, reason = "the table below documents each")]
pub enum Param {
    BurstGap,
    PeriodTolerance,
    PeriodToleranceShare,
    PeriodMultiple,
    StormSeconds,
    StormSecondsConfirmed,
    StormAccounts,
    StormShare,
    StormPReg,
    StormBursts,
    StormRate,
    StormHours,
    StormHoursSeconds,
    StormSecondsPerHour,
    PossibleSeconds,
    PossibleShare,
    SprayAccounts,
    SprayTuples,
    ScanNames,
    ScanWindow,
    ScanRatio,
    ScanKeep,
    HumanSession,
    HumanCv,
    HumanHours,
    HumanDayShare,
    SessionGap,
    EpisodeGap,
    EpisodeGapSame,
    TickGap,
    MaxOffset,
    DriftSearch,
    DriftSearchOld,
    DriftAccepted,
    MatchTolerance,
    CoarseBin,
    CoarsePicks,
    CoarseSuppress,
    CoarseOverlap,
    CoarseTicks,
    LocalSegments,
    LocalSpan,
    LocalTicks,
    LocalMinTicks,
    LocalPicks,
    LocalHits,
    LocalSuppress,
    CandidateMerge,
    RefineHalf,
    DriftStep,
    RefineInliers,
    RefineSpan,
    FitOverlap,
    AnalysableTicks,
    AnalysableBursts,
    AnalysisWindow,
    AliasPeriods,
    AliasDrift,
    AliasFlag,
    AliasZero,
    AliasBand,
    AliasRight,
    ShufflePause,
    ShuffleShift,
    Shuffles,
    ShuffleStop,
    MatchPairs,
    ConfirmedG,
    ConfirmedP,
    ConfirmedZ,
    ConfirmedZMany,
    ManyClients,
    LikelyG,
    WholeHour,
    ContradictedG,
    ContradictedMarks,
    ContradictedCover,
    Decoys,
    DecoysMin,
    DecoyTicks,
    DecoyRatio,
    DecoyP,
    OneLoop,
    SuggestG,
    TrackWindow,
    TrackRest,
    TrackHalf,
    TrackDrift,
    TrackG,
    StepSize,
    UndatedP,
    UndatedRatioLow,
    UndatedRatioHigh,
    UndatedRuns,
    Counters,
    SecondPassCount,
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
    /// What it belongs to.
    pub group: &'static str,
    /// What it is and why it has this value.
    pub reason: &'static str,
}

impl ParamInfo {
    /// Least and largest value that a person may set. Shares and probabilities end at 1; everything
    /// else lies between 1 and ten times the default, which catches a wrong unit and bounds the cost.
    pub fn range(&self) -> (f64, f64) {
        if self.default <= 1.0 { (0.0, 1.0) } else { (1.0, self.default * 10.0) }
    }
}

const fn row(
    param: Param,
    name: &'static str,
    default: f64,
    unit: &'static str,
    group: &'static str,
    reason: &'static str,
) -> ParamInfo {
    ParamInfo { param, name, default, unit, group, reason }
}

/// Every threshold, in the order of [`Param`].
#[rustfmt::skip] // one row, one line: a table is read as a table
pub const PARAMS: &[ParamInfo] = &[
    row(Param::BurstGap, "burst_gap", 15.0, "s", "bursts", "below half of the outer wait of 60 s, above spacings inside a burst of up to 4 s and their lost neighbours"),
    row(Param::PeriodTolerance, "period_tolerance", 2.0, "s", "period", "floors of 1 s on both sides of a gap plus jitter; the tolerance is never smaller"),
    row(Param::PeriodToleranceShare, "period_tolerance_share", 0.04, "", "period", "relative tolerance: long periods jitter in proportion"),
    row(Param::PeriodMultiple, "period_multiple", 4.0, "", "period", "highest multiple of the period that forgives lost bursts; 30 % loss rarely loses four in a row"),
    row(Param::StormSeconds, "storm_seconds", 20.0, "", "storm", "distinct seconds with a failure that a storm needs at least"),
    row(Param::StormSecondsConfirmed, "storm_seconds_confirmed", 8.0, "", "storm", "the same for a client whose own log agrees in time: nearly all misses of the strict rule are short trains"),
    row(Param::StormAccounts, "storm_accounts", 3.0, "", "storm", "accounts of a retry loop at most; above, every account is looked at alone (terminal servers)"),
    row(Param::StormShare, "storm_share", 0.6, "", "storm", "share of the gaps that follow the period"),
    row(Param::StormPReg, "storm_p_reg", 0.0001, "", "storm", "chance that unrelated gaps are as regular; people stay near 1"),
    row(Param::StormBursts, "storm_bursts", 8.0, "", "storm", "bursts that a period needs"),
    row(Param::StormRate, "storm_rate", 60.0, "", "storm", "distinct seconds within an hour that are a storm without any period"),
    row(Param::StormHours, "storm_hours", 6.0, "h", "storm", "persistence: clock hours with a failure, for machines with random back-off"),
    row(Param::StormHoursSeconds, "storm_hours_seconds", 60.0, "", "storm", "persistence: distinct seconds in all"),
    row(Param::StormSecondsPerHour, "storm_seconds_per_hour", 6.0, "", "storm", "persistence: distinct seconds per active hour"),
    row(Param::PossibleSeconds, "possible_seconds", 8.0, "", "storm", "fewest distinct seconds of a possible storm"),
    row(Param::PossibleShare, "possible_share", 0.8, "", "storm", "share of regular gaps of a possible storm: few gaps must be nearly all regular"),
    row(Param::SprayAccounts, "spray_accounts", 8.0, "", "spray", "accounts tried from one source"),
    row(Param::SprayTuples, "spray_tuples", 4.0, "", "spray", "distinct (second, account, status) per account at most: a spray tries each account a few times"),
    row(Param::ScanNames, "scan_names", 50.0, "", "scanner", "distinct workstation names within the window; a public attack sample shows 22 names a second"),
    row(Param::ScanWindow, "scan_window", 600.0, "s", "scanner", "window of the scanner rule"),
    row(Param::ScanRatio, "scan_ratio", 0.5, "", "scanner", "names / events within the window at least"),
    row(Param::ScanKeep, "scan_keep", 3.0, "", "scanner", "a name with more events than this keeps its own row: a real storm on the same account must not disappear"),
    row(Param::HumanSession, "human_session", 15.0, "", "human", "distinct seconds of a person's largest session; measured 15, at a shared PC 14"),
    row(Param::HumanCv, "human_cv", 0.5, "", "human", "robust coefficient of variation of the gaps that a person exceeds"),
    row(Param::HumanHours, "human_hours", 12.0, "h", "human", "active hours of a calendar day at most"),
    row(Param::HumanDayShare, "human_day_share", 0.8, "", "human", "share of the failures between 06:00 and 20:00 server local time; not tested where that is unknown"),
    row(Param::SessionGap, "session_gap", 900.0, "s", "episodes", "pause that ends a session; the best simple rule measured"),
    row(Param::EpisodeGap, "episode_gap", 86400.0, "s", "episodes", "pause that ends an episode"),
    row(Param::EpisodeGapSame, "episode_gap_same", 259200.0, "s", "episodes", "the same where account and status agree on both sides: a weekend"),
    row(Param::TickGap, "tick_gap", 2.0, "s", "ticks", "failed lines this close to the one before are one attempt"),
    row(Param::MaxOffset, "max_offset", 51300.0, "s", "alignment", "clock offset searched to either side: zones -12 to +14 read wrongly, plus 15 min"),
    row(Param::DriftSearch, "drift_search", 200.0, "ppm", "alignment", "drift searched to either side: free-running quartz clocks"),
    row(Param::DriftSearchOld, "drift_search_old", 2000.0, "ppm", "alignment", "the same with --old-clocks: two minutes a day are 1,400 ppm"),
    row(Param::DriftAccepted, "drift_accepted", 150.0, "ppm", "verdict", "drift of an accepted match; false matches sit at the search limit"),
    row(Param::MatchTolerance, "match_tolerance", 2.5, "s", "alignment", "distance of a client's tick and a server's burst on the aligned clock: floors of 1 s on both sides plus delay"),
    row(Param::CoarseBin, "coarse_bin", 60.0, "s", "alignment", "bin of the envelope correlation: the outer wait"),
    row(Param::CoarsePicks, "coarse_picks", 12.0, "", "alignment", "candidate offsets taken from the envelope correlation"),
    row(Param::CoarseSuppress, "coarse_suppress", 2.0, "", "alignment", "neighbouring lags passed over after each pick"),
    row(Param::CoarseOverlap, "coarse_overlap", 30.0, "", "alignment", "overlapping bins that a lag needs (or a quarter of the client's)"),
    row(Param::CoarseTicks, "coarse_ticks", 8.0, "", "alignment", "client bins inside the overlap that a lag needs (or a quarter of them)"),
    row(Param::LocalSegments, "local_segments", 2.0, "", "alignment", "dense client segments for the local lag histogram"),
    row(Param::LocalSpan, "local_span", 21600.0, "s", "alignment", "length of such a segment"),
    row(Param::LocalTicks, "local_ticks", 250.0, "", "alignment", "ticks of such a segment at most: bounds the cost"),
    row(Param::LocalMinTicks, "local_min_ticks", 4.0, "", "alignment", "ticks of such a segment at least"),
    row(Param::LocalPicks, "local_picks", 6.0, "", "alignment", "candidate offsets taken from each segment"),
    row(Param::LocalHits, "local_hits", 3.0, "", "alignment", "hits in a 5 s box that a candidate needs"),
    row(Param::LocalSuppress, "local_suppress", 6.0, "s", "alignment", "neighbourhood passed over after each pick"),
    row(Param::CandidateMerge, "candidate_merge", 20.0, "s", "alignment", "candidates this close are one"),
    row(Param::RefineHalf, "refine_half", 70.0, "s", "alignment", "half width of the refinement: one coarse bin plus a margin"),
    row(Param::DriftStep, "drift_step", 5.0, "ppm", "alignment", "smallest drift step of the refinement"),
    row(Param::RefineInliers, "refine_inliers", 8.0, "", "alignment", "pairs that a fit of the drift needs"),
    row(Param::RefineSpan, "refine_span", 10800.0, "s", "alignment", "span of those pairs; below, only the offset is fitted"),
    row(Param::FitOverlap, "fit_overlap", 600.0, "s", "alignment", "common span that a score needs"),
    row(Param::AnalysableTicks, "analysable_ticks", 5.0, "", "alignment", "ticks that a comparison in time needs"),
    row(Param::AnalysableBursts, "analysable_bursts", 5.0, "", "alignment", "bursts that a comparison in time needs"),
    row(Param::AnalysisWindow, "analysis_window", 700.0, "", "alignment", "consecutive ticks that are scored: bounds the cost of the shuffles"),
    row(Param::AliasPeriods, "alias_periods", 5.0, "", "alias", "whole periods by which a fit is shifted to either side"),
    row(Param::AliasDrift, "alias_drift", 12.0, "ppm", "alias", "drift searched at a shifted fit"),
    row(Param::AliasFlag, "alias_flag", 0.9, "", "alias", "runner-up / best above which the offset is known only modulo the period"),
    row(Param::AliasZero, "alias_zero", 15.0, "s", "alias", "a clock that is right: this near to zero offset"),
    row(Param::AliasBand, "alias_band", 0.9, "", "alias", "share of the best score from which fits are equally good; among these the one whose pairs vary least in distance is taken"),
    row(Param::AliasRight, "alias_right", 5.0, "nats", "alias", "what a right clock is worth beforehand against sharper pairs: a right clock is about e^5 times as frequent as any other offset"),
    row(Param::ShufflePause, "shuffle_pause", 3.0, "", "shuffles", "gaps above this multiple of the median are pauses; runs and pauses are shuffled apart"),
    row(Param::ShuffleShift, "shuffle_shift", 1800.0, "s", "shuffles", "random shift of a shuffled log to either side"),
    row(Param::Shuffles, "shuffles", 99.0, "", "shuffles", "shuffled client logs that a match is compared with"),
    row(Param::ShuffleStop, "shuffle_stop", 3.0, "", "shuffles", "shuffles at least as good after which the test stops early"),
    row(Param::MatchPairs, "match_pairs", 6.0, "", "verdict", "matched pairs that confirmed and likely need"),
    row(Param::ConfirmedG, "confirmed_g", 0.3, "", "verdict", "coincidence factor for confirmed; negatives measured up to 0.20 (95 %)"),
    row(Param::ConfirmedP, "confirmed_p", 0.01, "", "verdict", "Monte-Carlo p-value for confirmed"),
    row(Param::ConfirmedZ, "confirmed_z", 2.5, "", "verdict", "standard score against the shuffles for confirmed"),
    row(Param::ConfirmedZMany, "confirmed_z_many", 3.0, "", "verdict", "the same with many clients tested"),
    row(Param::ManyClients, "many_clients", 20.0, "", "verdict", "clients tested above which the stricter score holds"),
    row(Param::LikelyG, "likely_g", 0.6, "", "verdict", "coincidence factor for likely without support of the shuffles"),
    row(Param::WholeHour, "whole_hour", 60.0, "s", "verdict", "an offset this near to a whole hour supports likely: a zone mistake"),
    row(Param::ContradictedG, "contradicted_g", 0.15, "", "verdict", "best coincidence factor below which two long logs contradict"),
    row(Param::ContradictedMarks, "contradicted_marks", 50.0, "", "verdict", "ticks and bursts that a contradiction needs"),
    row(Param::ContradictedCover, "contradicted_cover", 0.5, "", "verdict", "share of the storm that a client log without failures must cover to contradict"),
    row(Param::Decoys, "decoys", 200.0, "", "decoys", "other workstations a client log is compared with at most"),
    row(Param::DecoysMin, "decoys_min", 20.0, "", "decoys", "other workstations that the rule needs"),
    row(Param::DecoyTicks, "decoy_ticks", 300.0, "", "decoys", "ticks that are compared"),
    row(Param::DecoyRatio, "decoy_ratio", 0.5, "", "decoys", "best of the others / own score at most"),
    row(Param::DecoyP, "decoy_p", 0.05, "", "decoys", "where the offset is known only modulo the period, p of the shuffled logs at most: workstations with other rhythms cannot imitate a steady loop, shuffled logs can"),
    row(Param::OneLoop, "one_loop", 4.6, "nats", "decoys", "the same where p is higher: how much likelier the distances of ticks and bursts are those of one loop than of two that walk away from each other; 100 to 1, as the shuffles must give"),
    row(Param::SuggestG, "suggest_g", 0.5, "", "decoys", "coincidence factor for suggesting a workstation for an unattributed log"),
    row(Param::TrackWindow, "track_window", 300.0, "", "tracking", "ticks of one window"),
    row(Param::TrackRest, "track_rest", 30.0, "", "tracking", "a last rest below this is left out"),
    row(Param::TrackHalf, "track_half", 45.0, "s", "tracking", "half width of the refinement around the predicted offset"),
    row(Param::TrackDrift, "track_drift", 50.0, "ppm", "tracking", "drift within one window"),
    row(Param::TrackG, "track_g", 0.3, "", "tracking", "coincidence factor of a window that counts as matched"),
    row(Param::StepSize, "step_size", 60.0, "s", "tracking", "jump of the tracked offset that is a clock step"),
    row(Param::UndatedP, "undated_p", 0.01, "", "undated", "Monte-Carlo p-value of the run lengths of an undated log"),
    row(Param::UndatedRatioLow, "undated_ratio_low", 0.5, "", "undated", "failure lines / server bursts: compatible from here"),
    row(Param::UndatedRatioHigh, "undated_ratio_high", 2.0, "", "undated", "failure lines / server bursts: compatible up to here"),
    row(Param::UndatedRuns, "undated_runs", 2000.0, "", "undated", "runs of each side that are aligned: bounds the cost"),
    row(Param::Counters, "counters", 65536.0, "", "memory", "counters kept when there are more names than the memory budget holds"),
    row(Param::SecondPassCount, "second_pass_count", 8.0, "", "memory", "failures of a name that the second reading then collects exactly"),
];

impl ParamInfo {
    /// Where the default comes from.
    pub const fn source(&self) -> &'static str {
        use Param::*;
        match self.param {
            BurstGap | PeriodTolerance | PeriodToleranceShare | PeriodMultiple | StormSeconds | StormAccounts
            | StormShare | StormPReg | StormBursts | StormRate | StormHours | StormHoursSeconds
            | StormSecondsPerHour | SprayAccounts | SprayTuples => {
                "set before any measurement; held on simulated fleets"
            }
            StormSecondsConfirmed
            | PossibleSeconds
            | PossibleShare
            | HumanSession
            | HumanCv
            | SessionGap
            | DriftAccepted
            | AliasFlag
            | AliasZero
            | AliasBand
            | AliasRight
            | MatchPairs
            | ConfirmedG
            | ConfirmedP
            | ConfirmedZ
            | ConfirmedZMany
            | ManyClients
            | LikelyG
            | ContradictedG
            | ContradictedMarks
            | DecoysMin
            | DecoyRatio
            | DecoyP
            | SuggestG
            | TrackG => "measured on simulated fleets",
            ScanNames | ScanWindow | ScanRatio => "a published attack: 3,561 names in 163 s against one account",
            ScanKeep | HumanHours | HumanDayShare | EpisodeGap | EpisodeGapSame | WholeHour | ContradictedCover
            | StepSize | UndatedP | UndatedRatioLow | UndatedRatioHigh => "assumed",
            OneLoop => "Jeffreys 1961: odds of 100 to 1 are decisive",
            TickGap | CoarseBin => "KB Q287626: lines of one attempt, a wait of 60 s",
            MaxOffset => "the zones of the world",
            DriftSearch => "the press on free-running clocks: 10 to over 100 ppm",
            DriftSearchOld => "KB 189706: two minutes and more a day",
            MatchTolerance | CoarsePicks | CoarseSuppress | CoarseOverlap | CoarseTicks | LocalHits | LocalSuppress
            | CandidateMerge | RefineHalf | DriftStep | RefineInliers | RefineSpan | FitOverlap | AnalysableTicks
            | AnalysableBursts | AliasPeriods | AliasDrift | ShufflePause | ShuffleShift | TrackRest | TrackHalf
            | TrackDrift => "design of the comparison, as measured",
            Shuffles | ShuffleStop => "Besag and Clifford 1991: sequential Monte-Carlo tests",
            LocalSegments | LocalSpan | LocalTicks | LocalMinTicks | LocalPicks | AnalysisWindow | Decoys
            | DecoyTicks | TrackWindow | UndatedRuns | SecondPassCount => "cost",
            Counters => "Metwally et al. 2005, and a million names",
        }
    }
}

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
    /// The thresholds that differ from their defaults, with their values.
    pub fn changed(&self) -> impl Iterator<Item = (&'static ParamInfo, f64)> {
        PARAMS
            .iter()
            .zip(&self.values)
            .filter(|(info, value)| info.default != **value)
            .map(|(info, value)| (info, *value))
    }

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
    fn a_change_is_told_and_an_unknown_name_refused() {
        let mut thresholds = Thresholds::default();
        assert!(thresholds.set("burst_gap", 45.0) && !thresholds.set("burst gap", 1.0));
        let told: Vec<(&str, f64)> = thresholds.changed().map(|(info, value)| (info.name, value)).collect();
        assert_eq!(told, [("burst_gap", 45.0)]);
    }

    #[test]
    fn the_table_stands_in_the_order_of_the_enum() {
        assert!(PARAMS.iter().enumerate().all(|(at, info)| info.param as usize == at));
    }
}
