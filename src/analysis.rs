//! Ties the pure rooms together.
