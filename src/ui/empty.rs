//! The empty face of a list, with the action that fills it.

use super::{Glyph, Icon};
use leptos::prelude::*;

/// A calm place where a list would be; children are the way on.
#[component]
pub fn Empty(
    /// Its picture.
    glyph: Glyph,
    /// What is not there.
    #[prop(into)]
    title: String,
    /// Why, or what fills it.
    #[prop(into)]
    text: String,
    /// The way on.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <Icon glyph=glyph/>
            <h2>{title}</h2>
            <p>{text}</p>
            {children.map(|children| children())}
        </div>
    }
}
