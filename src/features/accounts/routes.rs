//! Routes.
#![allow(warnings)]
pub fn AccountRoutes() {}
