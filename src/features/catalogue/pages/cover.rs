//! A course's picture, in sizes that fit the screen.

use leptos::prelude::*;

/// The picture of a course, decorative: the title beside it says what it is.
#[component]
pub fn Cover(
    /// Name of the picture.
    cover: String,
    /// How wide it is shown, for the browser's choice of a size.
    sizes: &'static str,
    /// Seen at once on opening the page.
    #[prop(optional)]
    is_first: bool,
) -> impl IntoView {
    let large = format!("/img/courses/{cover}.webp");
    let sources = format!("/img/courses/{cover}-480.webp 480w, {large} 900w");
    view! {
        <img
            class="photo"
            src=large
            srcset=sources
            sizes=sizes
            width="900"
            height="600"
            alt=""
            loading=if is_first { "eager" } else { "lazy" }
            fetchpriority=is_first.then_some("high")
        />
    }
}
