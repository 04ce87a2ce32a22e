//! Files: resumable uploads, downloads that ask the access policy, pictures in the sizes of screens.

pub mod model;
pub mod pages;
pub mod rules;

#[cfg(feature = "ssr")]
#[doc(hidden)]
pub mod server;
