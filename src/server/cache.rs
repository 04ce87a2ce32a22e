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
mod tests;
