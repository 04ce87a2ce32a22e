//! The one place where stored HTML becomes part of a page. It was sanitised when it was saved.

use leptos::prelude::*;

/// Rendered Markdown.
#[component]
pub fn MarkdownView(
    /// Safe HTML of the server's renderer.
    html: String,
    /// Set as a text to be read.
    #[prop(default = "prose")]
    class: &'static str,
) -> impl IntoView {
    view! { <div class=class inner_html=html></div> }
}

/// The same within a line.
#[component]
pub fn MarkdownLine(
    /// Safe inline HTML of the server's renderer.
    html: String,
) -> impl IntoView {
    view! { <span inner_html=html></span> }
}
