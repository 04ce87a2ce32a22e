//! `/search?q=`: what I may open, found by words.

use crate::features::search::api::find;
use crate::features::search::model::{Asked, Found, Group, Hit, Kind, Piece};
use crate::features::search::rules::QUERY_MAX;
use crate::shared::href;
use crate::shared::i18n::{Locale, search as texts};
use crate::shared::viewer::use_locale;
use crate::ui::{Alert, Empty, Glyph, Icon, Loaded, NextPage, Tone};
use leptos::prelude::*;
use leptos_meta::{Meta, Title};
use leptos_router::hooks::use_query_map;

/// The search.
#[component]
pub fn SearchPage() -> impl IntoView {
    let query = use_query_map();
    let asked = move || {
        let query = query.read();
        (query.get("q").unwrap_or_default(), query.get("in").and_then(|kind| Kind::from_code(&kind)), query.get("after"))
    };
    let found = Resource::new_blocking(asked, |(query, kind, after)| async move {
        // What is too long for an answer is not sent whole.
        let sent: String = query.chars().take(QUERY_MAX + 1).collect();
        let is_further = after.is_some();
        find(sent, kind, after).await.map(|found| (query, kind, is_further, found))
    });
    view! {
        <Loaded resource=found page=|(query, kind, is_further, found)| view! { <Search query kind is_further found/> }.into_any()/>
    }
}

#[component]
fn Search(query: String, kind: Option<Kind>, is_further: bool, found: Found) -> impl IntoView {
    let locale = use_locale();
    let title = if query.is_empty() { texts::title(locale).to_owned() } else { texts::title_of(locale, short(&query)) };
    let shown = query.clone();
    view! {
        <Title text=title/>
        <Meta name="robots" content="noindex"/>
        <main id="main" class="page narrow" tabindex="-1">
            <header class="head">
                <h1>{texts::title(locale)}</h1>
            </header>
            <form class="search-form" method="get" action="/search" role="search">
                <label class="hush" for="q">{texts::words(locale)}</label>
                <input class="input" type="search" id="q" name="q" value=query.clone() autocomplete="off" enterkeyhint="search"/>
                <button class="button">
                    <Icon glyph=Glyph::Search/>
                    {texts::find(locale)}
                </button>
            </form>
            {match found.asked {
                Asked::Nothing => view! { <p class="muted">{texts::hint(locale)}</p> }.into_any(),
                Asked::TooShort => said(texts::too_short(locale).to_owned()),
                Asked::TooLong(most) => said(texts::too_long(locale, i64::from(most))),
                Asked::NothingToFind => said(texts::nothing_to_find(locale).to_owned()),
                Asked::Words if found.groups.is_empty() => {
                    view! { <Empty glyph=Glyph::Search title=texts::none_title(locale) text=texts::none_text(locale)/> }.into_any()
                }
                Asked::Words => {
                    found
                        .groups
                        .into_iter()
                        .map(|group| view! { <Results query=shown.clone() group is_alone=kind.is_some()/> })
                        .collect_view()
                        .into_any()
                }
            }}
            {kind
                .map(|_| {
                    view! {
                        <p class="actions">
                            <a class="button plain compact" href=address(&query, None, None)>
                                {texts::everywhere(locale)}
                            </a>
                            {is_further
                                .then(|| {
                                    view! {
                                        <a class="button plain compact" href=address(&query, kind, None)>
                                            {texts::first_page(locale)}
                                        </a>
                                    }
                                })}
                        </p>
                    }
                })}
        </main>
    }
}

fn said(title: String) -> AnyView {
    view! { <Alert tone=Tone::Warn title=title/> }.into_any()
}

/// A query for the page's title.
fn short(query: &str) -> String {
    query.chars().take(60).collect()
}

fn address(query: &str, kind: Option<Kind>, after: Option<&str>) -> String {
    let mut address = format!("/search?q={}", href::percent_encode(query));
    if let Some(kind) = kind {
        address.push_str("&in=");
        address.push_str(kind.code());
    }
    if let Some(after) = after {
        address.push_str("&after=");
        address.push_str(&href::percent_encode(after));
    }
    address
}

const fn heading(locale: Locale, kind: Kind) -> &'static str {
    match kind {
        Kind::Course => texts::courses(locale),
        Kind::Lesson => texts::lessons(locale),
        Kind::Note => texts::notes(locale),
    }
}

#[component]
fn Results(query: String, group: Group, is_alone: bool) -> impl IntoView {
    let locale = use_locale();
    let kind = group.kind;
    let next = group.next.map(|after| address(&query, Some(kind), is_alone.then_some(after.as_str())));
    let label = if is_alone { texts::next_page(locale) } else { texts::more(locale) };
    view! {
        <section class="section found" aria-labelledby=kind.code()>
            <h2 id=kind.code()>{heading(locale, kind)}</h2>
            <ol role="list">{group.hits.into_iter().map(|hit| view! { <FoundHit hit/> }).collect_view()}</ol>
            <NextPage href=next label=label/>
        </section>
    }
}

#[component]
fn FoundHit(hit: Hit) -> impl IntoView {
    view! {
        <li>
            <h3 class="title">
                <a href=hit.href>{pieces(hit.title)}</a>
            </h3>
            {(!hit.snippet.is_empty()).then(|| view! { <p>{pieces(hit.snippet)}</p> })}
            <p class="small muted">{hit.place}</p>
        </li>
    }
}

fn pieces(pieces: Vec<Piece>) -> impl IntoView {
    pieces.into_iter().map(|piece| if piece.is_hit { view! { <mark>{piece.text}</mark> }.into_any() } else { piece.text.into_any() }).collect_view()
}
