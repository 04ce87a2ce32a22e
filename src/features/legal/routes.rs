//! Routes.
#![allow(warnings)]
pub fn LegalRoutes() {}
