//! Routes.
#![allow(warnings)]
pub fn CatalogueRoutes() {}
