//! Whole pages as visitors read them, and values that are read all the time, kept in this process (docs/decisions/0007). The
//! database calls at every change of what they are made from (`wake.rs`); while its calls are not heard nothing is kept and nothing
//! served.

use super::clock::Clock;
use crate::shared::i18n::Locale;
use crate::shared::viewer::Theme;
use axum::http::{Method, Uri};
use chrono::{DateTime, TimeDelta, Utc};
use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use uuid::Uuid;

/// A belt, should a call get lost in a way that nobody sees.
const MAX_AGE: TimeDelta = TimeDelta::seconds(30);
/// A larger page is not kept.
const MAX_PAGE: usize = 512 * 1024;
/// All pages together.
const MAX_BYTES: usize = 32 * 1024 * 1024;
/// Values together; the rules of a course of fifty lessons take some 20 KB.
const MAX_VALUES: usize = 500;

/// What a visitor's page depends on, besides what the database calls about.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    path: String,
    locale: Locale,
    theme: Option<&'static str>,
}

impl Key {
    /// The key of a request for a page that is the same for all visitors: front page, sales page, free lesson, legal text, in its
    /// plain spelling, without a query.
    pub fn of(method: &Method, uri: &Uri, locale: Locale, theme: Option<Theme>) -> Option<Self> {
        let path = uri.path();
        let is_plain = path.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'/');
        let is_for_all = match path.split('/').skip(1).collect::<Vec<_>>()[..] {
            [""] => true,
            ["courses", slug] | ["courses", slug, "lessons", _] => !slug.is_empty(),
            ["legal", _] => true,
            _ => false,
        };
        (*method == Method::GET && uri.query().is_none() && is_plain && is_for_all).then(|| Self {
            path: path.to_owned(),
            locale,
            theme: theme.map(Theme::code),
        })
    }
}

/// A page without what was of one answer only.
#[derive(Debug)]
pub struct Page {
    parts: Vec<Part>,
    bytes: usize,
}

#[derive(Debug)]
enum Part {
    Text(Box<str>),
    Nonce,
    RequestId,
}

impl Page {
    /// Takes an answer's nonce and request id out of its page. Both are too random to stand there by chance.
    pub fn new(html: &str, nonce: &str, request_id: &str) -> Self {
        let mut parts = Vec::new();
        for (index, between) in html.split(nonce).enumerate() {
            parts.extend((index > 0).then_some(Part::Nonce));
            for (index, text) in between.split(request_id).enumerate() {
                parts.extend((index > 0).then_some(Part::RequestId));
                parts.push(Part::Text(text.into()));
            }
        }
        Self { parts, bytes: html.len() }
    }

    /// The page for another answer.
    pub fn html(&self, nonce: &str, request_id: &str) -> String {
        let mut html = String::with_capacity(self.bytes);
        for part in &self.parts {
            html.push_str(match part {
                Part::Text(text) => text,
                Part::Nonce => nonce,
                Part::RequestId => request_id,
            });
        }
        html
    }
}

/// What the cache says to a key.
#[derive(Debug)]
pub enum Found {
    /// The page.
    Page(Arc<Page>),
    /// It is to be made; made with what is read from now on, it may be kept.
    Nothing(Reading),
    /// The database is not heard.
    Off,
}

/// A page that is being made.
#[derive(Debug)]
pub struct Reading {
    key: Key,
    generation: u64,
    begun_at: DateTime<Utc>,
}

/// The pages of this process.
#[derive(Debug)]
pub struct Cache {
    clock: Clock,
    pages: Mutex<Pages>,
}

#[derive(Debug, Default)]
struct Pages {
    is_heard: bool,
    /// Grows with every call, so that what was read before it is not kept after it.
    generation: u64,
    kept: HashMap<Key, (DateTime<Utc>, Arc<Page>)>,
    bytes: usize,
    values: HashMap<(TypeId, Uuid), Value>,
}

type Value = (DateTime<Utc>, Arc<dyn Any + Send + Sync>);

impl Cache {
    /// An empty cache, which keeps nothing until the database is heard.
    pub fn new(clock: Clock) -> Self {
        Self { clock, pages: Mutex::default() }
    }

    /// The database called: something may have changed, and it is heard.
    pub fn changed(&self) {
        self.lock().begin(true);
    }

    /// The database is not heard, or not yet.
    pub fn unheard(&self) {
        self.lock().begin(false);
    }

    /// The page, or leave to make it.
    pub fn find(&self, key: Key) -> Found {
        let now = self.clock.now();
        let pages = self.lock();
        match pages.kept.get(&key) {
            _ if !pages.is_heard => Found::Off,
            Some((begun_at, page)) if now - *begun_at < MAX_AGE => Found::Page(Arc::clone(page)),
            _ => Found::Nothing(Reading { key, generation: pages.generation, begun_at: now }),
        }
    }

    /// Keeps a page, unless the database called since its reading began.
    pub fn keep(&self, reading: Reading, page: Page) {
        let now = self.clock.now();
        let mut pages = self.lock();
        if pages.generation != reading.generation || page.bytes > MAX_PAGE {
            return;
        }
        if pages.bytes + page.bytes > MAX_BYTES {
            pages.kept.retain(|_, (begun_at, _)| now - *begun_at < MAX_AGE);
            pages.bytes = pages.kept.values().map(|(_, page)| page.bytes).sum();
        }
        if pages.bytes + page.bytes <= MAX_BYTES {
            pages.bytes += page.bytes;
            if let Some((_, old)) = pages.kept.insert(reading.key, (reading.begun_at, Arc::new(page))) {
                pages.bytes -= old.bytes;
            }
        }
    }

    /// The value of a type and an id, made by the future if it is not here. Only what the database calls about may go into it.
    pub async fn value<T: Send + Sync + 'static, E>(&self, id: Uuid, made: impl Future<Output = Result<T, E>> + Send) -> Result<Arc<T>, E> {
        let (begun_at, slot) = (self.clock.now(), (TypeId::of::<T>(), id));
        let (generation, found) = {
            let pages = self.lock();
            let found = pages.values.get(&slot).filter(|(kept_at, _)| begun_at - *kept_at < MAX_AGE);
            (pages.generation, found.and_then(|(_, value)| Arc::clone(value).downcast::<T>().ok()))
        };
        if let Some(value) = found {
            return Ok(value);
        }
        let value = Arc::new(made.await?);
        let mut pages = self.lock();
        if pages.is_heard && pages.generation == generation {
            if pages.values.len() >= MAX_VALUES {
                pages.values.clear();
            }
            pages.values.insert(slot, (begun_at, Arc::<T>::clone(&value)));
        }
        Ok(value)
    }

    fn lock(&self) -> MutexGuard<'_, Pages> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pages {
    fn begin(&mut self, is_heard: bool) {
        *self = Self { is_heard, generation: self.generation + 1, ..Self::default() };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn key(uri: &str) -> Option<Key> {
        Key::of(&Method::GET, &uri.parse().expect("an address"), Locale::Ru, None)
    }

    fn reading(cache: &Cache) -> Reading {
        match cache.find(key("/").expect("the front page")) {
            Found::Nothing(reading) => reading,
            other => panic!("{other:?}"),
        }
    }

    fn is_kept(cache: &Cache) -> bool {
        matches!(cache.find(key("/").expect("the front page")), Found::Page(_))
    }

    #[test]
    fn only_pages_that_are_the_same_for_all_visitors_have_a_key() {
        for uri in ["/", "/courses/light", "/courses/light/lessons/0190a000-0000-7000-8000-00000000e001", "/legal/offer"] {
            assert!(key(uri).is_some(), "{uri}");
        }
        for uri in
            ["/?", "/?a=b", "/courses", "/courses/", "/courses/light/", "/courses/%6cight", "/courses/LIGHT", "/login", "/learn", "/legal", "//", "*"]
        {
            assert!(key(uri).is_none(), "{uri}");
        }
        assert!(Key::of(&Method::HEAD, &Uri::from_static("/"), Locale::Ru, None).is_none());
        assert_ne!(key("/"), Key::of(&Method::GET, &Uri::from_static("/"), Locale::En, None));
        assert_ne!(key("/"), Key::of(&Method::GET, &Uri::from_static("/"), Locale::Ru, Some(Theme::Dark)));
    }

    #[test]
    fn a_page_is_kept_without_its_nonce_and_request_id() {
        let page = Page::new("n1<a nonce=n1>r1 n2 r1", "n1", "r1");
        assert_eq!(page.html("n3", "r3"), "n3<a nonce=n3>r3 n2 r3");
        assert_eq!(Page::new("", "n1", "r1").html("n3", "r3"), "");
    }

    #[test]
    fn what_was_read_before_a_call_is_not_kept_after_it() {
        let cache = Cache::new(Clock::manual(DateTime::UNIX_EPOCH));
        assert!(matches!(cache.find(key("/").expect("the front page")), Found::Off));
        cache.changed();
        let early = reading(&cache);
        cache.changed();
        cache.keep(early, Page::new("old", "n", "r"));
        assert!(!is_kept(&cache));
        cache.keep(reading(&cache), Page::new("new", "n", "r"));
        assert!(is_kept(&cache));
        let late = reading_of_other(&cache);
        cache.unheard();
        cache.changed();
        assert!(!is_kept(&cache), "nothing outlives a time without calls");
        cache.keep(late, Page::new("old", "n", "r"));
        assert_eq!(cache.lock().kept.len(), 0);
    }

    fn reading_of_other(cache: &Cache) -> Reading {
        match cache.find(key("/legal/offer").expect("a legal text")) {
            Found::Nothing(reading) => reading,
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn values_live_until_the_next_call() {
        let clock = Clock::manual(DateTime::UNIX_EPOCH);
        let cache = Cache::new(clock.clone());
        let value = async |id: u128, made: u32| *cache.value(Uuid::from_u128(id), async { Ok::<_, ()>(made) }).await.expect("a value");
        assert_eq!([value(1, 1).await, value(1, 2).await], [1, 2], "nothing is kept unheard");
        cache.changed();
        assert_eq!([value(1, 3).await, value(1, 4).await, value(2, 5).await], [3, 3, 5]);
        assert!(cache.value(Uuid::from_u128(3), async { Err::<u32, _>(()) }).await.is_err());
        assert_eq!(*cache.value(Uuid::from_u128(1), async { Ok::<_, ()>("another type") }).await.expect("a value"), "another type");
        cache.changed();
        assert_eq!(value(1, 6).await, 6);
        let late = cache.value(Uuid::from_u128(4), async {
            cache.changed();
            Ok::<_, ()>(7_u32)
        });
        assert_eq!(*late.await.expect("a value"), 7);
        assert_eq!(value(4, 8).await, 8, "what was read before a call is not kept after it");
        clock.advance(Duration::from_secs(30));
        assert_eq!(value(4, 9).await, 9);
        for id in 0..2_000 {
            value(id, 0).await;
        }
        assert!(cache.lock().values.len() <= MAX_VALUES);
    }

    #[test]
    fn pages_grow_old_from_when_they_were_read() {
        let clock = Clock::manual(DateTime::UNIX_EPOCH);
        let cache = Cache::new(clock.clone());
        cache.changed();
        let reading = reading(&cache);
        clock.advance(Duration::from_secs(20));
        cache.keep(reading, Page::new("page", "n", "r"));
        assert!(is_kept(&cache));
        clock.advance(Duration::from_secs(10));
        assert!(!is_kept(&cache));
    }

    #[test]
    fn the_cache_has_an_end() {
        let cache = Cache::new(Clock::manual(DateTime::UNIX_EPOCH));
        cache.changed();
        let large = "x".repeat(MAX_PAGE);
        for number in 0..100 {
            if let Some(Found::Nothing(reading)) = key(&format!("/courses/{number}")).map(|key| cache.find(key)) {
                cache.keep(reading, Page::new(&large, "n", "r"));
            }
        }
        let pages = cache.lock();
        assert_eq!((pages.bytes, pages.kept.len()), (MAX_BYTES, MAX_BYTES / MAX_PAGE));
    }
}
