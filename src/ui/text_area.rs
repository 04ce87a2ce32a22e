//! The only `<textarea>`: Leptos renders its children unescaped on the server, so the text is escaped here.

use super::raw_text;
use leptos::prelude::*;

/// A text field of several lines. In the browser its text is the element's `value` property.
#[component]
pub fn TextArea(
    /// The field's name.
    #[prop(into)]
    name: String,
    /// The field's id.
    #[prop(into)]
    id: String,
    /// What stands in it.
    text: String,
    /// Rows shown.
    #[prop(default = 6)]
    rows: u16,
    /// Ids of hint and problem.
    #[prop(optional, into)]
    described_by: Option<String>,
    /// Has a problem.
    #[prop(optional)]
    is_invalid: bool,
    /// The label for screen readers, where there is none to see.
    #[prop(optional, into)]
    label: Option<String>,
) -> impl IntoView {
    view! {
        <textarea
            class="input"
            name=name
            id=id
            rows=rows
            aria-label=label
            aria-describedby=described_by
            aria-invalid=is_invalid.then_some("true")
        >
            {area_text(&text)}
        </textarea>
    }
}

/// A first line break is doubled, for browsers drop it when they read the page.
fn area_text(text: &str) -> String {
    let raw = raw_text(text);
    if cfg!(feature = "ssr") && raw.starts_with('\n') { format!("\n{raw}") } else { raw }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn a_text_cannot_leave_its_field() {
        assert_eq!(area_text("\nx"), "\n\nx");
        let html = view! { <TextArea name="a" id="a" text="</textarea><script>1</script>".to_owned()/> }.to_html();
        assert!(!html.contains("<script>"), "{html}");
    }
}
