//! netlogon.log.
