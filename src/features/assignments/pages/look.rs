//! The photographs of the round on the desk, the remarks on it, and the form of a new one.

use super::canvas::{Drawing, Spot, Tool};
use super::keys::focus_on;
use super::new_remark::NewRemarkForm;
use super::photo::{Numbered, numbered};
use super::photograph::Photograph;
use super::round::{RemarkLine, marked, place_text};
use crate::features::assignments::api::{delete_remark, get_desk};
use crate::features::assignments::model::{Photo, Remark};
use crate::features::assignments::rules::passages::{Passage, passage_at};
use crate::features::files::pages::{PHOTOGRAPH, look_again};
use crate::features::quizzes::model::QueueFilter;
use crate::features::quizzes::model::scoring::Phrase;
use crate::shared::href;
use crate::shared::i18n::desk as texts;
use crate::shared::viewer::{use_form, use_locale};
use crate::ui::{MarkdownView, selected_in};
use leptos::ev::SubmitEvent;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::closure::Closure;
use leptos::wasm_bindgen::{JsCast as _, JsValue};
use leptos::web_sys::js_sys::Function;
use uuid::Uuid;

/// What is looked at.
#[derive(Clone, Copy)]
pub(super) struct Sight {
    /// `assignment_submissions.id`.
    id: Uuid,
    photos: RwSignal<Vec<Photo>>,
    remarks: RwSignal<Vec<Remark>>,
    numbered: Signal<Vec<Numbered>>,
    drawing: Drawing,
    /// What is selected in the text, for the next remark.
    passage: RwSignal<Option<Passage>>,
}

impl Sight {
    pub(super) fn new(id: Uuid, photos: Vec<Photo>, remarks: RwSignal<Vec<Remark>>) -> Self {
        let drawing =
            Drawing { tool: RwSignal::new(Tool::Mark), spot: RwSignal::new(None::<Spot>), on_chosen: Callback::new(move |()| focus_on("remark")) };
        let numbered = Signal::derive(move || remarks.with(|remarks| numbered(remarks)));
        Self { id, photos: RwSignal::new(photos), remarks, numbered, drawing, passage: RwSignal::new(None) }
    }

    /// Looks again for photographs that are being prepared.
    fn wait(self) {
        let look = Callback::new(move |()| {
            spawn_local(async move {
                if let Ok(desk) = get_desk(self.id, QueueFilter::default()).await
                    && let Some(round) = desk.rounds.into_iter().next_back()
                {
                    let _ = self.photos.try_set(round.photos);
                }
            });
        });
        look_again(PHOTOGRAPH, None, move || self.photos.with(|photos| !photos.iter().all(Photo::is_ready)), look);
    }
}

/// The photographs, large, and what the pointer does on them.
#[component]
pub(super) fn Photos(sight: Sight) -> impl IntoView {
    let locale = use_locale();
    sight.wait();
    let tool = sight.drawing.tool;
    let tools = [
        (Tool::Mark, texts::tool_mark(locale), "tool-mark"),
        (Tool::Line, texts::tool_line(locale), "tool-line"),
        (Tool::Hand, texts::tool_hand(locale), "tool-hand"),
    ];
    if sight.photos.with_untracked(Vec::is_empty) {
        return ().into_any();
    }
    view! {
        <div class="stack">
            <p class="row tools">
                {tools
                    .into_iter()
                    .map(|(which, label, name)| {
                        view! {
                            <button
                                type="button"
                                class="button quiet compact"
                                id=name
                                aria-pressed=move || if tool.get() == which { "true" } else { "false" }
                                on:click=move |_| tool.set(which)
                            >
                                {label}
                            </button>
                        }
                    })
                    .collect_view()}
            </p>
            <For
                each=move || sight.photos.get()
                key=|photo| (photo.file_id, photo.is_ready())
                children=move |photo| view! { <Photograph photo remarks=sight.numbered width=2400 drawing=Some(sight.drawing)/> }
            />
        </div>
    }
    .into_any()
}

/// The text of the round with its passages marked; what is selected in it is what the next remark is about.
#[component]
pub(super) fn Text(
    sight: Sight,
    /// Safe HTML.
    html: String,
) -> impl IntoView {
    let text = NodeRef::<html::Div>::new();
    let Sight { passage, drawing, .. } = sight;
    Effect::new(move |_| {
        let on_change = Closure::<dyn FnMut()>::new(move || {
            let selected = text.try_get_untracked().flatten().and_then(|text| selected_in(&text));
            // To write the remark the selection is left: it is kept until another one, or until it is taken back.
            if let Some(chosen) = selected.and_then(|(words, start, end)| passage_at(&words, start, end)) {
                let _ = passage.try_set(Some(chosen));
                let _ = drawing.spot.try_set(None);
            }
        });
        let function: JsValue = on_change.into_js_value();
        document().set_onselectionchange(Some(function.unchecked_ref::<Function>()));
        on_cleanup(|| document().set_onselectionchange(None));
    });
    // A place on a photograph takes its turn.
    Effect::new(move |_| {
        if drawing.spot.with(Option::is_some) {
            passage.set(None);
        }
    });
    let html = StoredValue::new(html);
    view! { <div node_ref=text>{move || html.with_value(|html| sight.numbered.with(|remarks| view! { <MarkdownView html=marked(html, remarks)/> }))}</div> }
}

/// The remarks as a list, and the form of a new one.
#[component]
pub(super) fn Remarks(
    sight: Sight,
    /// A verdict is owed.
    waits: bool,
    phrases: Vec<Phrase>,
) -> impl IntoView {
    let locale = use_locale();
    let (id, remarks) = (sight.id, sight.remarks);
    let form = RwSignal::new(use_form("remark"));
    let photos = StoredValue::new(sight.photos.get_untracked());
    let remove = move |event: SubmitEvent, remark: Uuid| {
        event.prevent_default();
        spawn_local(async move {
            if delete_remark(id, remark).await.is_ok() {
                let _ = remarks.try_update(|remarks| remarks.retain(|other| other.id != remark));
            }
        });
    };
    let list = move || {
        sight
            .numbered
            .get()
            .into_iter()
            .map(|remark| {
                let place = photos.with_value(|photos| place_text(locale, &remark.1, photos));
                let draft = (remark.1.is_draft && waits).then_some(remark.1.id);
                view! {
                    <RemarkLine remark place>
                        {draft
                            .map(|draft| {
                                view! {
                                    <form method="post" action=format!("{}/remarks/{draft}/delete", href::desk(id)) on:submit=move |event| remove(event, draft)>
                                        <button class="button plain compact">{texts::delete_remark(locale)}</button>
                                    </form>
                                }
                            })}
                    </RemarkLine>
                }
            })
            .collect_view()
    };
    view! {
        <div class="stack">
            <ol class="remarks" aria-label=texts::remarks(locale)>
                {list}
            </ol>
            {waits.then(|| view! { <NewRemarkForm id form spot=sight.drawing.spot passage=sight.passage remarks photos phrases/> })}
        </div>
    }
}
