//! A browser without scripts: it keeps cookies, says where its requests come from, and follows nothing by itself.

use super::app::TestApp;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, header};
use http_body_util::BodyExt as _;
use serde_json::Value;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;
use tower::ServiceExt as _;

/// A browser. Cloned, it is another tab that went its own way since.
#[derive(Clone)]
pub struct Client {
    router: Router,
    /// By name. Only the server says when one is gone.
    pub cookies: BTreeMap<String, String>,
    headers: HeaderMap,
    address: SocketAddr,
}

impl Client {
    /// A browser with no cookies, at 203.0.113.1, that speaks Russian.
    pub fn new(app: &TestApp) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert("sec-fetch-site", HeaderValue::from_static("same-origin"));
        headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static("ru"));
        Self { router: app.router.clone(), cookies: BTreeMap::new(), headers, address: ([203, 0, 113, 1], 50_000).into() }
    }

    /// The same browser with a header on every request; an empty value takes the header away.
    pub fn with_header(mut self, name: &'static str, value: &str) -> Self {
        let name = HeaderName::from_static(name);
        self.headers.remove(&name);
        if !value.is_empty() {
            self.headers.insert(name, value.parse().unwrap());
        }
        self
    }

    /// The same browser at another address.
    pub fn at(mut self, address: [u8; 4]) -> Self {
        self.address = (address, 50_000).into();
        self
    }

    /// The same browser with a cookie.
    pub fn with_cookie(mut self, name: &str, value: &str) -> Self {
        self.cookies.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Opens a page.
    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, None, sized("")).await
    }

    /// Sends a form.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.send(Method::POST, path, Some("application/x-www-form-urlencoded"), sized(body)).await
    }

    /// Calls a server function.
    pub async fn call(&mut self, endpoint: &str, arguments: Value) -> Answer {
        self.send(Method::POST, &format!("/api/{endpoint}"), Some("application/json"), sized(arguments.to_string())).await
    }

    /// Sends a form with one file.
    pub async fn upload(&mut self, path: &str, field: &str, kind: &str, bytes: &[u8]) -> Answer {
        let mut body =
            format!("--frontier\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"a\"\r\nContent-Type: {kind}\r\n\r\n").into_bytes();
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n--frontier--\r\n");
        self.send(Method::POST, path, Some("multipart/form-data; boundary=frontier"), sized(body)).await
    }

    /// Sends anything, with its length.
    pub async fn send(&mut self, method: Method, path: &str, content_type: Option<&str>, (body, length): (Body, u64)) -> Answer {
        let mut request = Request::builder().method(method).uri(path).body(body).unwrap();
        if let Some(kind) = content_type {
            request.headers_mut().insert(header::CONTENT_TYPE, kind.parse().unwrap());
        }
        if length > 0 {
            request.headers_mut().insert(header::CONTENT_LENGTH, length.into());
        }
        self.exchange(request).await
    }

    /// Posts bytes that do not say how many they are.
    pub async fn send_unsized(&mut self, path: &str, content_type: &str, bytes: Vec<u8>) -> Answer {
        let request = Request::post(path).header(header::CONTENT_TYPE, content_type).body(Body::from(bytes)).unwrap();
        self.exchange(request).await
    }

    /// Opens a stream of server-sent events, as a browser that heard the event of that id last.
    pub async fn open_stream(&mut self, path: &str, last_event_id: Option<&str>) -> Stream {
        let mut request = Request::get(path).body(Body::empty()).unwrap();
        if let Some(id) = last_event_id {
            request.headers_mut().insert("last-event-id", id.parse().unwrap());
        }
        let (parts, body) = self.send_on(request).await.into_parts();
        Stream { answer: Answer { status: parts.status.as_u16(), headers: parts.headers, body: Bytes::new() }, body }
    }

    async fn exchange(&mut self, request: Request<Body>) -> Answer {
        let answer = Answer::read(self.send_on(request).await).await;
        for (name, value, is_gone) in answer.set_cookies() {
            if is_gone {
                self.cookies.remove(&name);
            } else {
                self.cookies.insert(name, value);
            }
        }
        answer
    }

    /// With this browser's cookies and headers.
    async fn send_on(&mut self, mut request: Request<Body>) -> axum::response::Response {
        request.headers_mut().extend(self.headers.clone());
        if !self.cookies.is_empty() {
            let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request.headers_mut().insert(header::COOKIE, cookies.join("; ").parse().unwrap());
        }
        request.extensions_mut().insert(ConnectInfo(self.address));
        self.router.clone().oneshot(request).await.unwrap()
    }
}

/// A stream of server-sent events.
pub struct Stream {
    /// Its head, with no body.
    pub answer: Answer,
    body: Body,
}

impl Stream {
    /// The next event's lines; panics when none comes within two seconds. Signs of life are passed over.
    pub async fn next(&mut self) -> String {
        loop {
            let frame = tokio::time::timeout(Duration::from_secs(2), self.body.frame()).await.expect("an event within 2 s");
            let bytes = frame.expect("the stream goes on").unwrap().into_data().unwrap();
            let text = String::from_utf8(bytes.to_vec()).unwrap();
            if !text.starts_with(':') {
                return text;
            }
        }
    }

    /// Whether the stream ends within two seconds.
    pub async fn ends(&mut self) -> bool {
        tokio::time::timeout(Duration::from_secs(2), self.body.frame()).await.is_ok_and(|frame| frame.is_none())
    }
}

/// A body with its length, as browsers send it.
pub fn sized(bytes: impl Into<Bytes>) -> (Body, u64) {
    let bytes = bytes.into();
    let length = bytes.len() as u64;
    (Body::from(bytes), length)
}

/// What the server answered.
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    async fn read(response: axum::response::Response) -> Self {
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        Self { status: parts.status.as_u16(), headers: parts.headers, body }
    }

    /// A header's text; empty when it is absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Where a redirect leads.
    pub fn location(&self) -> &str {
        self.header("location")
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {} {}", self.status, self.text()))
    }

    /// Whether the page says this, compared as a reader sees it.
    pub fn says(&self, text: &str) -> bool {
        self.text().contains(&text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"))
    }

    /// The value of a cookie that this answer sets.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.set_cookies().into_iter().find(|(found, _, is_gone)| found == name && !is_gone).map(|(_, value, _)| value)
    }

    /// Name, value, and whether the cookie is taken away.
    fn set_cookies(&self) -> Vec<(String, String, bool)> {
        self.headers
            .get_all(header::SET_COOKIE)
            .iter()
            .map(|line| {
                let line = line.to_str().unwrap();
                let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
                (name.to_owned(), value.to_owned(), line.contains("Max-Age=0"))
            })
            .collect()
    }
}
