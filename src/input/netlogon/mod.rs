//! netlogon.log: logons that a server passed on, as that server saw them (KB Q189541, Q191828).
//!
//! ```text
//! 08/01 08:12:26 [LOGON] SamLogon: Network logon of DOM\USER from \\MACHINE (via DC) Returns 0xC0000234
//! 03/04 19:07:29 [LOGON] [10752] dom: SamLogon: Transitive Network logon of dom\user from  (via RELAY) Returns 0xC000006A
//! [LOGON] NetrLogonUasLogon of USER from MACHINE returns 0
//! ```
//!
//! `Entered` and `Returns` are two lines of one attempt; only the second tells how it ended. The
//! lines carry local time and no year.

//!
//! [`logon`] reads one line, [`years`] finds the year of each, [`format`] walks over a file.

pub mod format;
mod logon;
mod years;

pub use format::FORMAT;

#[cfg(test)]
mod tests;
