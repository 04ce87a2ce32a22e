//! A server that plays a provider, and misbehaves as it is asked to.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use serde_json::Value;
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use tokio::net::TcpListener;

/// What an adapter asks.
#[derive(Clone, Debug)]
pub struct Ask {
    pub method: Method,
    pub path: String,
    pub query: Vec<(String, String)>,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Ask {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The body as a form, none of its names twice.
    pub fn form(&self) -> BTreeMap<String, String> {
        let pairs: Vec<_> = form_urlencoded::parse(&self.body).into_owned().collect();
        let form: BTreeMap<_, _> = pairs.iter().cloned().collect();
        assert_eq!(form.len(), pairs.len(), "a name stands twice in {pairs:?}");
        form
    }
}

/// Status and body.
pub type Said = (u16, Value);

/// The provider's own part.
pub trait Shop: Send + 'static {
    fn answer(&mut self, ask: &Ask) -> Said;
}

/// How the next request is answered.
#[derive(Clone, Debug)]
pub enum Mood {
    /// With this status, header and body, without doing anything.
    Says(u16, Option<(&'static str, &'static str)>, String),
    /// Never.
    Hangs,
    /// It is done, and the answer is lost.
    Loses,
    /// With a body that has no end.
    Floods,
}

/// The server; it goes with the test.
pub struct Fake<S> {
    pub url: String,
    pub shop: Arc<Mutex<S>>,
    moods: Arc<Mutex<VecDeque<Mood>>>,
    asked: Arc<Mutex<Vec<Ask>>>,
}

impl<S> Clone for Fake<S> {
    fn clone(&self) -> Self {
        Self { url: self.url.clone(), shop: self.shop.clone(), moods: self.moods.clone(), asked: self.asked.clone() }
    }
}

impl<S: Shop> Fake<S> {
    pub async fn open(shop: S) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let fake = Self { url, shop: Arc::new(Mutex::new(shop)), moods: Arc::default(), asked: Arc::default() };
        let router = Router::new().fallback(answer::<S>).with_state(fake.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        fake
    }

    pub fn shop(&self) -> MutexGuard<'_, S> {
        self.shop.lock().unwrap()
    }

    /// The next request is answered so.
    pub fn be(&self, mood: Mood) {
        self.moods.lock().unwrap().push_back(mood);
    }

    /// From now on it behaves.
    pub fn calm(&self) {
        self.moods.lock().unwrap().clear();
    }

    /// The next request is answered with a status and a body.
    pub fn says(&self, status: u16, body: &str) {
        self.be(Mood::Says(status, None, body.to_owned()));
    }

    /// Everything that was asked.
    pub fn asked(&self) -> Vec<Ask> {
        self.asked.lock().unwrap().clone()
    }
}

async fn answer<S: Shop>(State(fake): State<Fake<S>>, method: Method, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let query = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
    let ask = Ask { method, path: uri.path().to_owned(), query, headers, body };
    fake.asked.lock().unwrap().push(ask.clone());
    let mood = fake.moods.lock().unwrap().pop_front();
    match mood {
        Some(Mood::Says(status, header, body)) => {
            let mut response = (StatusCode::from_u16(status).unwrap(), body).into_response();
            if let Some((name, value)) = header {
                response.headers_mut().insert(name, value.parse().unwrap());
            }
            return response;
        }
        Some(Mood::Hangs) => std::future::pending().await,
        Some(Mood::Floods) => {
            let chunks = futures_util::stream::repeat_with(|| Ok::<_, std::io::Error>(Bytes::from(vec![b' '; 1 << 20])));
            return axum::body::Body::from_stream(chunks).into_response();
        }
        Some(Mood::Loses) => {
            fake.shop().answer(&ask);
            tokio::time::sleep(Duration::from_millis(5)).await;
            return StatusCode::BAD_GATEWAY.into_response();
        }
        None => {}
    }
    let (status, body) = fake.shop().answer(&ask);
    (StatusCode::from_u16(status).unwrap(), [("content-type", "application/json")], body.to_string()).into_response()
}

/// The names of an object that are not among those that are allowed, or that are missing.
pub fn oddities(object: &Value, required: &[&str], optional: &[&str]) -> Vec<String> {
    let Some(object) = object.as_object() else { return vec!["it is no object".to_owned()] };
    let unknown = object.keys().filter(|key| !required.contains(&key.as_str()) && !optional.contains(&key.as_str()));
    let missing = required.iter().filter(|name| !object.contains_key(**name));
    unknown.map(|key| format!("unknown {key}")).chain(missing.map(|name| format!("missing {name}"))).collect()
}
