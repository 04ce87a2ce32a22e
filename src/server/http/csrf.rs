//! Every change of state must come from a page of ours: the browser says so (`Sec-Fetch-Site`), or the origin is ours.
//! Works without scripts and without tokens; sign-in cookies are `SameSite=Lax` besides.

use axum::http::{HeaderMap, Method, header};

/// Whether a request may change something: safe methods always, others only from our own origin.
pub fn is_same_origin(method: &Method, path: &str, headers: &HeaderMap, own_origin: &str) -> bool {
    // Mail programs send the one click (RFC 8058) from nowhere; what it may do is in its signed link.
    if method.is_safe() || path == "/unsubscribe" {
        return true;
    }
    // Programs that upload come from nowhere too. No page of another site can send this header: it would be asked about first, and
    // nothing here says yes.
    if (path == "/uploads" || path.starts_with("/uploads/")) && headers.contains_key("tus-resumable") {
        return true;
    }
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match text("sec-fetch-site") {
        Some(site) => site == "same-origin",
        None => text(header::ORIGIN.as_str()).is_some_and(|origin| origin.eq_ignore_ascii_case(own_origin)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().expect("a name"), value.parse().expect("a value"))).collect()
    }

    #[test]
    fn changes_come_from_our_own_pages_only() {
        let own = "https://school.example";
        let allowed = |pairs: &[(&'static str, &'static str)]| is_same_origin(&Method::POST, "/account", &headers(pairs), own);
        assert!(allowed(&[("sec-fetch-site", "same-origin")]));
        assert!(allowed(&[("origin", "https://school.example")]));
        for bad in [
            &[("sec-fetch-site", "cross-site")][..],
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "none")],
            &[("sec-fetch-site", "cross-site"), ("origin", "https://school.example")],
            &[("origin", "https://evil.example")],
            &[("origin", "null")],
            &[("referer", "https://school.example/")],
            &[],
        ] {
            assert!(!allowed(bad), "{bad:?}");
        }
        let tus = headers(&[("tus-resumable", "1.0.0")]);
        assert!(is_same_origin(&Method::PATCH, "/uploads/a", &tus, own) && is_same_origin(&Method::POST, "/uploads", &tus, own));
        assert!(!is_same_origin(&Method::POST, "/uploads", &HeaderMap::new(), own));
        assert!(!is_same_origin(&Method::POST, "/account", &tus, own) && !is_same_origin(&Method::POST, "/uploadsx", &tus, own));
        assert!(is_same_origin(&Method::GET, "/", &HeaderMap::new(), own));
        assert!(is_same_origin(&Method::POST, "/unsubscribe", &HeaderMap::new(), own));
    }
}
