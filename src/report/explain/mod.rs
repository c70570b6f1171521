//! Everything known about one client: as text for a terminal, and as JSON.

mod comparison;
mod evidence;
mod json;
mod logs;
mod more;
mod numbers;
mod picture;
mod text;

pub use json::json;
pub use text::text;
