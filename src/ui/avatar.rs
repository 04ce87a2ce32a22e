//! A person's photograph, or their initials.

use crate::features::accounts::rules::initials;
use crate::shared::href;
use leptos::prelude::*;
use uuid::Uuid;

/// A round picture beside the person's name.
#[component]
pub fn Avatar(
    /// Whose.
    name: String,
    /// Their file, if they have one.
    #[prop(optional_no_strip)]
    photo: Option<Uuid>,
    /// Twice the size.
    #[prop(optional)]
    large: bool,
) -> impl IntoView {
    let class = if large { "avatar large" } else { "avatar" };
    view! {
        <span class=class aria-hidden="true">
            {match photo {
                Some(photo) => view! { <img src=href::file(photo) alt="" width="80" height="80"/> }.into_any(),
                None => initials(&name).into_any(),
            }}
        </span>
    }
}
