//! Routes.
#![allow(warnings)]
pub fn LearningRoutes() {}
