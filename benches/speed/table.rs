//! The table that is printed.

use super::measure::Cost;

/// What a log must stay within, whole process and one thread.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Required {
    /// At most this many times the CPU of the checksum; infinite where none is required.
    pub(crate) of_crc: f64,
    /// At least this many times faster than `evtx_dump`; 0 where none is required.
    pub(crate) of_dump: f64,
}

/// One log.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) bytes: u64,
    pub(crate) events: u64,
    /// One thread.
    pub(crate) scan: Cost,
    pub(crate) crc: Cost,
    /// Two threads.
    pub(crate) two: Cost,
    /// `None` where there is no peer for it.
    pub(crate) dump: Option<Cost>,
    pub(crate) required: Required,
}

pub(crate) const HEAD: &str = "\
log                                       MB   CPU s   MB/s  Mevents/s   x crc (max)  x evtx_dump (min)  wall 1/2 threads  peak MB
----------------------------------------------------------------------------------------------------------------------------------";

pub(crate) const FOOT: &str = "\
x crc: CPU of the whole scan, report included, over that of a CRC-32 pass over the same bytes; in
brackets what is required. x evtx_dump: how many times less CPU than `evtx_dump -t 1 -o jsonl`, which
renders every record. Peak memory counts this bench's own few MB. `!` marks what misses its figure.";

impl Row {
    pub(crate) fn line(&self) -> String {
        let mb = self.bytes as f64 / 1e6;
        let of_crc = self.scan.cpu / self.crc.cpu.max(1e-9);
        let crc_miss = if of_crc > self.required.of_crc { "!" } else { " " };
        let crc_limit = limit(self.required.of_crc);
        let dump = match self.dump {
            None => format!("{:>17}", "-"),
            Some(dump) => {
                let of_dump = dump.cpu / self.scan.cpu.max(1e-9);
                let miss = if of_dump < self.required.of_dump { "!" } else { " " };
                format!("{of_dump:>9.1}{miss}{:>7}", limit(self.required.of_dump))
            }
        };
        format!(
            "{:38} {mb:>6.0} {:>7.3} {:>6.0} {:>10.2} {of_crc:>6.2}{crc_miss}{crc_limit:>6}  {dump}  {:>6.3} / {:>6.3} {:>8.1}",
            self.name,
            self.scan.cpu,
            mb / self.scan.cpu.max(1e-9),
            self.events as f64 / 1e6 / self.scan.cpu.max(1e-9),
            self.scan.wall,
            self.two.wall,
            self.scan.peak as f64 / 1e6,
        )
    }
}

fn limit(figure: f64) -> String {
    if figure == 0.0 || figure.is_infinite() { String::new() } else { format!("({figure})") }
}
