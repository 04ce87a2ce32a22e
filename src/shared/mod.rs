//! What both sides of the wire share. Imports no feature and no server code.

pub mod beacon;
pub mod error;
pub mod form;
pub mod fraction;
pub mod href;
pub mod html;
pub mod i18n;
pub mod money;
pub mod page;
pub mod role;
pub mod time;
pub mod viewer;
pub mod wire;
