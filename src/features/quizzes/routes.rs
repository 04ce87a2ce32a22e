//! Routes.
#![allow(warnings)]
pub fn ReviewRoutes() {}
pub fn TestRoutes() {}
