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
