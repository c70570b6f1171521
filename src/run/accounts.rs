//! How many accounts workstations try beyond the first few: each will be a train, which takes much more than
//! the description it is made of.

use hashbrown::HashMap;

use crate::model::event::Who;
use crate::model::names::{NameId, Names};

/// Descriptions that each workstation has free: those with fewer failures than any rule asks for are
/// kept as events.
const FREE: u32 = 7;

/// How many descriptions are beyond the free ones of their workstations.
pub(super) fn beyond(whos: &[Who], names: &Names) -> u64 {
    let mut counts = vec![0_u32; names.len()];
    whos.iter().for_each(|who| counts[first_name(who, names).0 as usize] += 1);
    // Only where one name stands in many descriptions it matters what stands beside it.
    let many = whos.iter().filter(|who| counts[first_name(who, names).0 as usize] > FREE);
    let mut counts: HashMap<(NameId, NameId), u32> = HashMap::new();
    let mut beyond = 0;
    for who in many {
        // Without both the account stands for the workstation, see `timeline::survey::row_name`.
        let blank = is_blank(who.workstation, names) && is_blank(who.ip, names);
        let key = if blank { (who.workstation, who.account) } else { (who.workstation, who.ip) };
        let count = counts.entry(key).or_default();
        *count += 1;
        beyond += u64::from(*count > FREE);
    }
    beyond
}

fn is_blank(id: NameId, names: &Names) -> bool {
    matches!(names.text(id), "" | "-")
}

/// The first that is not blank of what is logged of the workstation: its name, its address; else the account.
fn first_name(who: &Who, names: &Names) -> NameId {
    [who.workstation, who.ip].into_iter().find(|id| !is_blank(*id, names)).unwrap_or(who.account)
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
        assert_eq!(beyond(&whos[..plain], &names), 0);
        assert_eq!(beyond(&whos, &names), 94);
    }
}
