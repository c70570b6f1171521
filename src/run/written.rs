//! What an export has written already, so that no record is written twice.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::export::row::Row;
use crate::model::workstation::{account_key, server_key};

/// The rows of an export so far.
///
/// A numbered record is (server, channel, number, second). Records without numbers merge by the
/// multiset rule: of equal ones as many stay as the source with most has; all numbered records of a
/// server are one source, each text is one. Rows come in order of their files, so the first stay.
#[derive(Default)]
pub(super) struct Written {
    /// Servers of which some source tells without record numbers.
    texts: BTreeSet<String>,
    logs: HashMap<(String, String), u32>,
    records: HashSet<(u64, u32, u32)>,
    equal: HashMap<u128, Equal>,
}

/// How many equal rows there were.
#[derive(Default)]
struct Equal {
    written: u32,
    numbered: u32,
    /// Of this text alone.
    text: (u32, u32),
}

impl Written {
    /// Nothing yet. `texts`: keys of the servers that a source without record numbers tells of.
    pub(super) fn new(texts: BTreeSet<String>) -> Self {
        Self { texts, ..Self::default() }
    }

    /// True for a record that was told before. `file` numbers the files in their order.
    pub(super) fn before(&mut self, row: &Row<'_>, file: u32) -> bool {
        // Only seconds that fit get here.
        let sec = row.time.map_or(0, |time| time.secs() as u32);
        let server = server_key(&row.server);
        if let Some(record) = row.record_id {
            let next = self.logs.len() as u32;
            let log = *self.logs.entry((server.clone(), row.channel.to_uppercase())).or_insert(next);
            if !self.records.insert((record, log, sec)) {
                return true;
            }
        }
        self.texts.contains(&server) && self.more_than(row, &server, sec, file)
    }

    /// True where the sources before had as many of these rows as this one has up to here.
    fn more_than(&mut self, row: &Row<'_>, server: &str, sec: u32, file: u32) -> bool {
        let equal = self.equal.entry(fingerprint(row, server, sec)).or_default();
        let here = match row.record_id {
            Some(_) => &mut equal.numbered,
            None => {
                if equal.text.0 != file {
                    equal.text = (file, 0);
                }
                &mut equal.text.1
            }
        };
        *here = here.saturating_add(1);
        let told = *here <= equal.written;
        equal.written = equal.written.max(*here);
        told
    }
}

/// Stands for everything by which two rows are equal; 128 bits, so that no two others ever meet.
fn fingerprint(row: &Row<'_>, server: &str, sec: u32) -> u128 {
    let account = account_key(&row.account);
    let tells = (server, sec, row.event_id, row.kind.word(), row.workstation.as_str(), account, row.reason());
    let half = |salt: u8| {
        let mut hasher = DefaultHasher::new();
        (salt, &tells).hash(&mut hasher);
        hasher.finish()
    };
    (u128::from(half(0)) << 64) | u128::from(half(1))
}
