//! Text inside elements that hold raw text (`<textarea>`, `<title>`): Leptos does not escape it on the server, and the
//! browser must not get it escaped.

/// The text as the server must write it.
#[cfg(feature = "ssr")]
pub fn raw_text(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The text as the browser takes it.
#[cfg(not(feature = "ssr"))]
pub fn raw_text(text: &str) -> String {
    text.to_owned()
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn a_text_cannot_leave_its_element() {
        assert_eq!(raw_text("</title><script>1 & 2</script>"), "&lt;/title&gt;&lt;script&gt;1 &amp; 2&lt;/script&gt;");
    }
}
