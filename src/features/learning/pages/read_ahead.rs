//! The lesson that is likely opened next is fetched ahead: when its link is pointed at or focused, and when the current one is nearly
//! read. That leaves no visit; one is told when the reader goes there.

use crate::features::learning::api::{get_lesson, peek_lesson, visit_lesson};
use crate::features::learning::model::{LessonPage, LessonState};
use crate::shared::error::{AppError, parse_id};
use crate::shared::href;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast as _;
use leptos::web_sys::{Element, Event};
use std::time::Duration;
use uuid::Uuid;

/// How long a page that was fetched ahead counts as fresh.
const FRESH: Duration = Duration::from_mins(2);

/// What was fetched ahead: one lesson at most.
#[derive(Clone, Copy)]
pub(super) struct ReadAhead(StoredValue<Ahead>);

#[derive(Clone, Default)]
enum Ahead {
    #[default]
    Nothing,
    Asked(Uuid),
    Here(Box<LessonPage>),
}

impl ReadAhead {
    pub(super) fn new() -> Self {
        Self(StoredValue::new(Ahead::Nothing))
    }

    /// The lesson, from here or from the server; either way the visit is remembered.
    pub(super) async fn open(self, slug: String, id: Uuid) -> Result<LessonPage, AppError> {
        match self.0.try_update_value(std::mem::take) {
            Some(Ahead::Here(page)) if page.id == id && page.outline.slug == slug => {
                spawn_local(async move {
                    // The page is shown; a visit that is not told is told by the next one.
                    let _ = visit_lesson(slug, id).await;
                });
                Ok(visited(*page))
            }
            _ => get_lesson(slug, id).await,
        }
    }

    /// Fetches the lesson that a link of the event leads to.
    pub(super) fn look_at(self, event: &Event, slug: &str) {
        let link = event.target().and_then(|target| target.dyn_into::<Element>().ok()).and_then(|target| target.closest("a[href]").ok().flatten());
        let address = link.and_then(|link| link.get_attribute("href"));
        let id = address.as_deref().and_then(|address| address.strip_prefix(&format!("{}/lessons/", href::outline(slug)))?.get(..36).map(parse_id));
        if let Some(Ok(id)) = id {
            self.fetch(slug, id);
        }
    }

    /// Fetches a lesson, unless it is here or asked for.
    pub(super) fn fetch(self, slug: &str, id: Uuid) {
        let is_known = self.0.with_value(|ahead| match ahead {
            Ahead::Nothing => false,
            Ahead::Asked(asked) => *asked == id,
            Ahead::Here(page) => page.id == id,
        });
        if is_known {
            return;
        }
        self.0.set_value(Ahead::Asked(id));
        let slug = slug.to_owned();
        spawn_local(async move {
            let page = peek_lesson(slug, id).await;
            let is_wanted = |ahead: &Ahead| matches!(ahead, Ahead::Asked(asked) if *asked == id);
            self.0.try_update_value(|ahead| {
                if is_wanted(ahead) {
                    *ahead = page.map_or(Ahead::Nothing, |page| Ahead::Here(Box::new(page)));
                }
            });
            set_timeout(
                move || {
                    self.0.try_update_value(|ahead| {
                        if matches!(ahead, Ahead::Here(page) if page.id == id) {
                            *ahead = Ahead::Nothing;
                        }
                    });
                },
                FRESH,
            );
        });
    }

    /// Fetches a lesson when the end of the current one comes near.
    pub(super) fn when_nearly_read(self, slug: String, id: Uuid, end: NodeRef<leptos::html::Div>) {
        Effect::new(move |_| {
            let slug = slug.clone();
            let look = move || {
                let height = window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or_default();
                let is_near =
                    end.get_untracked().is_some_and(|end| f64::from(end.offset_top()) < window().scroll_y().unwrap_or_default() + 2.0 * height);
                if is_near {
                    self.fetch(&slug, id);
                }
            };
            let listener = window_event_listener(leptos::ev::scroll, move |_| look());
            on_cleanup(move || listener.remove());
        });
    }
}

/// The page as it is once its visit is remembered.
fn visited(mut page: LessonPage) -> LessonPage {
    let id = page.id;
    if !page.outline.is_visit {
        let line = page.outline.modules.iter_mut().flat_map(|module| &mut module.lessons).find(|lesson| lesson.id == id);
        for state in line.map(|line| &mut line.state).into_iter().chain([&mut page.state]) {
            if *state == LessonState::NotStarted {
                *state = LessonState::InProgress;
            }
        }
    }
    page
}
