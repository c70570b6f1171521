//! An address and a name become one row where events that carry both name just that pair.

use std::collections::BTreeMap;
use std::net::IpAddr;

use super::keys::{Keys, Tried};
use crate::model::gathered::Gathered;
use crate::model::workstation::address;

/// Addresses that stand for one name only, which itself has no other address: the name's number in
/// [`Keys::workstations`].
pub(super) fn names_of_addresses(gathered: &Gathered, keys: &Keys) -> BTreeMap<IpAddr, u32> {
    // Only who tries without a name needs one.
    if !keys.tried.iter().any(|tried| matches!(tried, Tried::Address(_))) {
        return BTreeMap::new();
    }
    let mut pairs: Vec<(IpAddr, u32)> = Vec::new();
    for (who, tried) in gathered.whos.iter().zip(&keys.tried) {
        let Tried::Named(name) = *tried else { continue };
        match address(gathered.names.text(who.ip)) {
            Some(ip) if !who.recovered && !ip.is_loopback() && !ip.is_unspecified() => pairs.push((ip, name)),
            _ => {}
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    let mut addresses = vec![0u32; keys.workstations.len()];
    for (_, name) in &pairs {
        addresses[*name as usize] += 1;
    }
    let alone = |of_one: &&[(IpAddr, u32)]| of_one.len() == 1 && addresses[of_one[0].1 as usize] == 1;
    pairs.chunk_by(|a, b| a.0 == b.0).filter(alone).map(|of_one| of_one[0]).collect()
}
