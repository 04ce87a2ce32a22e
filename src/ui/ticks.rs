//! A list of things that are so, each with a tick.

use super::{Glyph, Icon};
use leptos::prelude::*;

/// The list.
#[component]
pub fn Ticks(
    /// The lines.
    lines: Vec<String>,
    /// In two columns where there is room.
    #[prop(optional)]
    two: bool,
) -> impl IntoView {
    view! {
        <ul class=if two { "ticks two" } else { "ticks" }>
            {lines
                .into_iter()
                .map(|line| {
                    view! {
                        <li>
                            <Icon glyph=Glyph::Check/>
                            <span>{line}</span>
                        </li>
                    }
                })
                .collect_view()}
        </ul>
    }
}
