//! HTML that is put together by hand.

/// A text as it stands in an element or in a quoted attribute.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_stays_within_its_attribute() {
        assert_eq!(escape("\"><b>&amp;"), "&quot;&gt;&lt;b&gt;&amp;amp;");
    }
}
