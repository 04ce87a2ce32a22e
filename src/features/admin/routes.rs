//! Routes.
#![allow(warnings)]
pub fn AdminRoutes() {}
