//! What a sieve keeps of what was read already: the same as if everything was read once more.

use crate::input::collect::Sieve;
use crate::model::event::WhoId;
use crate::model::gathered::Gathered;
use crate::model::names::{NameId, Names};

/// Stands for a description of which nothing is kept.
const NOTHING: WhoId = WhoId(u32::MAX);

/// Asks the sieve about every event, in order, and forgets those that it does not keep, with the descriptions
/// and names that only they needed. Pieces do not end here: [`Sieve::after_piece`] is not asked.
pub(super) fn sieve(gathered: &mut Gathered, sieve: &mut dyn Sieve) {
    let (whos, names) = (std::mem::take(&mut gathered.whos), std::mem::take(&mut gathered.names));
    let text = |id: NameId| names.text(id);
    let mut numbers: Vec<Option<u32>> = vec![None; whos.len()];
    let mut kept = vec![NOTHING; whos.len()];
    gathered.events.retain_mut(|event| {
        let at = event.who.0 as usize;
        let number = *numbers[at].get_or_insert_with(|| sieve.judge(&whos[at], &text));
        if !sieve.admit(number, event, &|| kept[at] != NOTHING) {
            return false;
        }
        if kept[at] == NOTHING {
            kept[at] = WhoId(gathered.whos.len() as u32);
            gathered.whos.push(whos[at]);
        }
        event.who = kept[at];
        true
    });
    gathered.events.shrink_to_fit();
    rename(gathered, &names);
}

/// Gives everything the numbers that its names have among those that are still needed.
fn rename(gathered: &mut Gathered, names: &Names) {
    let mut new: Vec<Option<NameId>> = vec![None; names.len()];
    let all = &mut gathered.names;
    let mut again = |id: &mut NameId| {
        *id = *new[id.0 as usize].get_or_insert_with(|| all.intern_stored(names.text(*id)));
    };
    gathered.whos.iter_mut().for_each(|who| who.names_mut().into_iter().for_each(&mut again));
    gathered.coverage.iter_mut().for_each(|coverage| again(&mut coverage.server));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::collect::Kept;
    use crate::model::event::{Event, EventKind, FileId, Who};
    use crate::model::gathered::Coverage;
    use crate::model::status::Status;

    /// Keeps what is of one account, at most two events of it.
    struct Two(u32);

    impl Sieve for Two {
        fn judge<'t>(&mut self, who: &Who, text: &dyn Fn(NameId) -> &'t str) -> u32 {
            u32::from(text(who.account) == "B")
        }
        fn admit(&mut self, number: u32, _event: &Event, known: &dyn Fn() -> bool) -> bool {
            assert_eq!(known(), number == 1 && self.0 > 0);
            self.0 += number;
            number == 1 && self.0 <= 2
        }
        fn after_piece(&mut self, _kept: &Kept<'_>) -> bool {
            false
        }
    }

    #[test]
    fn only_what_is_kept_is_left_with_its_names() {
        let mut gathered = Gathered::default();
        let server = gathered.names.intern("S");
        let empty = NameId::EMPTY;
        for account in ["A", "B"] {
            let account = gathered.names.intern(account);
            let (kind, reason) = (EventKind::Failure, Status::None);
            let (numbered, recovered, event_id, logon_type) = (true, false, 4625, 3);
            let (channel, workstation, domain, ip, process, relay) = (empty, empty, empty, empty, empty, empty);
            gathered.whos.push(Who {
                kind,
                event_id,
                numbered,
                recovered,
                logon_type,
                reason,
                server,
                channel,
                workstation,
                account,
                domain,
                ip,
                process,
                relay,
            });
        }
        let event = |(who, record)| Event { record, sec: 1, who: WhoId(who), file: FileId(0), size: 0 };
        gathered.events = [(0, 1), (1, 2), (0, 3), (1, 4), (1, 5)].map(event).to_vec();
        gathered.coverage.push(Coverage { server, ..Coverage::default() });
        sieve(&mut gathered, &mut Two(0));
        assert_eq!(gathered.events, [(0, 2), (0, 4)].map(event));
        let text = |id| gathered.names.text(id);
        assert_eq!((gathered.whos.len(), gathered.names.len(), text(gathered.whos[0].account)), (1, 3, "B"));
        assert_eq!(text(gathered.coverage[0].server), "S");
    }
}
