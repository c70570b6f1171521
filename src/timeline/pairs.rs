//! An address and a name become one row where events that carry both name just that pair.

use std::collections::BTreeMap;
use std::net::IpAddr;

use super::keys::Keys;
use crate::model::gathered::Gathered;
use crate::model::workstation::{Workstation, address};

/// Addresses that stand for one name only, which itself has no other address.
pub(super) fn names_of_addresses(gathered: &Gathered, keys: &Keys) -> BTreeMap<IpAddr, String> {
    let mut pairs: Vec<(IpAddr, &str)> = Vec::new();
    for (who, tried) in gathered.whos.iter().zip(&keys.tried) {
        let Workstation::Named(name) = tried else { continue };
        match address(gathered.names.text(who.ip)) {
            Some(ip) if !who.recovered && !ip.is_loopback() && !ip.is_unspecified() => pairs.push((ip, name)),
            _ => {}
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    let mut addresses: BTreeMap<&str, u32> = BTreeMap::new();
    for (_, name) in &pairs {
        *addresses.entry(name).or_insert(0) += 1;
    }
    let alone = |of_one: &&[(IpAddr, &str)]| of_one.len() == 1 && addresses.get(of_one[0].1) == Some(&1);
    let of_addresses = pairs.chunk_by(|a, b| a.0 == b.0).filter(alone);
    of_addresses.map(|of_one| (of_one[0].0, of_one[0].1.to_owned())).collect()
}
