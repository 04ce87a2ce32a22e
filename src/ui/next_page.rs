//! The link to the next page of a list.

use super::{Glyph, Icon};
use leptos::prelude::*;

/// The link, where there is a next page.
#[component]
pub fn NextPage(
    /// The next page's address; nothing on the last page.
    href: Option<String>,
    /// What the link says.
    label: &'static str,
) -> impl IntoView {
    href.map(|href| {
        view! {
            <a class="button quiet compact" rel="next" href=href>
                {label}
                <Icon glyph=Glyph::ChevronRight/>
            </a>
        }
    })
}
