//! What a person has selected in a text of the page. For event handlers in the browser.

use leptos::prelude::*;
use leptos::web_sys::{Element, Node};

/// What is selected within an element: its text, and where in it the selection begins and ends, in bytes, without the blanks at its
/// ends. Nothing where no single range within it is selected.
pub fn selected_in(element: &Element) -> Option<(String, usize, usize)> {
    let selection = window().get_selection().ok().flatten().filter(|selection| !selection.is_collapsed() && selection.range_count() == 1)?;
    let range = selection.get_range_at(0).ok()?;
    let is_inside = |node: Node| element.contains(Some(&node));
    if !is_inside(range.start_container().ok()?) || !is_inside(range.end_container().ok()?) {
        return None;
    }
    let before = document().create_range().ok()?;
    before.set_start(element, 0).ok()?;
    before.set_end(&range.start_container().ok()?, range.start_offset().ok()?).ok()?;
    let start = String::from(before.to_string()).len();
    let quoted = String::from(range.to_string());
    let (start, length) = (start + quoted.len() - quoted.trim_start().len(), quoted.trim().len());
    Some((element.text_content()?, start, start + length))
}
