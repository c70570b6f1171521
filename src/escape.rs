//! The only exit for foreign text.
