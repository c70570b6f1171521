//! How many accounts workstations try beyond the first few, while the log is still read: each will be
//! a train, which takes much more than the description it is made of.

use hashbrown::HashMap;

use crate::model::event::Who;
use crate::model::names::{NameId, Names};

/// Descriptions that each workstation has free: those with fewer failures than any rule asks for are
/// kept as events.
const FREE: u32 = 7;

/// Descriptions by workstation.
#[derive(Debug, Default)]
pub(super) struct Accounts {
    /// By what is logged of the workstation: its name and its address.
    counts: HashMap<(NameId, NameId), u32>,
    /// Descriptions that were counted.
    seen: usize,
    beyond: u64,
}

impl Accounts {
    /// How many descriptions are beyond the free ones of their workstations. `whos` are all descriptions,
    /// those of the last call in front.
    pub(super) fn beyond(&mut self, whos: &[Who], names: &Names) -> u64 {
        for who in whos.get(self.seen..).unwrap_or_default() {
            let is_blank = |id: NameId| matches!(names.text(id), "" | "-");
            // Without both the account stands for the workstation, see `timeline::survey::row_name`.
            let blank = is_blank(who.workstation) && is_blank(who.ip);
            let key = if blank { (who.workstation, who.account) } else { (who.workstation, who.ip) };
            let count = self.counts.entry(key).or_default();
            *count += 1;
            self.beyond += u64::from(*count > FREE);
        }
        self.seen = whos.len();
        self.beyond
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::event::EventKind;
    use crate::model::status::Status;

    #[test]
    fn only_workstations_with_many_accounts_cost_more() {
        let mut names = Names::default();
        let mut who = |workstation: &str, account: &str| Who {
            kind: EventKind::Failure,
            event_id: 4625,
            numbered: true,
            recovered: false,
            logon_type: 3,
            reason: Status::None,
            server: NameId::EMPTY,
            channel: NameId::EMPTY,
            workstation: names.intern(workstation),
            account: names.intern(account),
            domain: NameId::EMPTY,
            ip: NameId::EMPTY,
            process: NameId::EMPTY,
            relay: NameId::EMPTY,
        };
        let mut whos: Vec<Who> = (0..100).map(|at| who(&format!("WS{at}"), "A")).collect();
        whos.extend((0..100).map(|at| who("", &format!("B{at}"))));
        let plain = whos.len();
        whos.extend((0..100).map(|at| who("WS0", &format!("C{at}"))));
        let mut accounts = Accounts::default();
        assert_eq!(accounts.beyond(&whos[..plain], &names), 0);
        assert_eq!(accounts.beyond(&whos, &names), 94);
        assert_eq!(accounts.beyond(&whos, &names), 94);
    }
}
