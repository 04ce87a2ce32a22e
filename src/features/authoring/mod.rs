//! Writing courses: the school's courses as their authors see them, the text of a lesson in a draft.

pub mod api;
pub mod model;
pub mod pages;
mod routes;

pub use routes::AuthoringRoutes;
pub(crate) use routes::authoring_area_code;

#[cfg(feature = "ssr")]
#[doc(hidden)]
pub mod server;
