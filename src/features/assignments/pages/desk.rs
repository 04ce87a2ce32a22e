//! `/curate/submissions/{id}`: a work on the desk. The photographs large, the remarks beside them, the verdict under them; earlier rounds
//! below. Everything has a key; the next work is fetched while this one is looked at.

use super::canvas::{Canvas, Spot, Tool};
use super::keys::{focus_on, keys};
use super::new_remark::NewRemarkForm;
use super::photo::{Numbered, numbered};
use super::round::{Parts, RemarkLine, place_text};
use super::verdict::VerdictForm;
use super::work::rounds_view;
use super::{StateChip, id_in_path};
use crate::features::assignments::api::{delete_remark, get_desk};
use crate::features::assignments::model::{DeskPage as Desk, Photo, ReadyPhrase, Remark};
use crate::shared::href;
use crate::shared::i18n::{desk as texts, learning, review, works};
use crate::shared::viewer::{use_form, use_locale};
use crate::ui::{Avatar, FormAlert, Glyph, Icon, Loaded, MarkdownView, Moment};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_meta::Title;
use std::time::Duration;
use uuid::Uuid;

/// How long a work that was fetched ahead counts as fresh.
const FRESH: Duration = Duration::from_mins(2);

/// The desk.
#[component]
pub fn DeskPage() -> impl IntoView {
    let ahead = StoredValue::new(None::<Desk>);
    let desk = Resource::new_blocking(id_in_path(), move |id| async move {
        let id = id?;
        match ahead.try_update_value(Option::take).flatten() {
            Some(desk) if desk.id == id => Ok(desk),
            _ => get_desk(id).await,
        }
    });
    view! { <Loaded resource=desk page=move |desk| view! { <Page desk ahead/> }.into_any()/> }
}

/// Fetches the next work while this one is looked at. Looking only reads.
fn fetch_ahead(next: Option<Uuid>, ahead: StoredValue<Option<Desk>>) {
    Effect::new(move |_| {
        let Some(id) = next else { return };
        spawn_local(async move {
            if let Ok(desk) = get_desk(id).await {
                ahead.try_set_value(Some(desk));
                set_timeout(move || drop(ahead.try_set_value(None)), FRESH);
            }
        });
    });
}

#[component]
fn Page(desk: Desk, ahead: StoredValue<Option<Desk>>) -> impl IntoView {
    let locale = use_locale();
    let id = desk.id;
    fetch_ahead(desk.next, ahead);
    keys();
    let mut earlier = desk.rounds.clone();
    let current = earlier.pop();
    let remarks = RwSignal::new(current.as_ref().map(|round| round.remarks.clone()).unwrap_or_default());
    let number = current.as_ref().map_or(1, |round| round.number);
    let next = desk.next.map(href::desk);
    let most = desk.task.max_points;
    let held_by_other = desk.hold.clone().filter(|hold| !hold.is_mine);
    let is_mine = desk.hold.as_ref().is_some_and(|hold| hold.is_mine);
    let waits = desk.state.waits();
    view! {
        <Title text=format!("{} · {}", desk.learner, desk.task.title)/>
        <main id="main" class="page wide" tabindex="-1">
            <nav class="crumbs" aria-label=learning::where_you_are(locale)>
                <a href="/curate" id="desk-queue">
                    {review::title(locale)}
                </a>
                <Icon glyph=Glyph::ChevronRight/>
                <span aria-current="page">{desk.learner.clone()}</span>
            </nav>
            <header class="head">
                <h1>{desk.task.title.clone()}</h1>
                <div class="row">
                    <div class="person">
                        <Avatar name=desk.learner.clone() photo=desk.learner_photo/>
                        <div>
                            <strong>{desk.learner.clone()}</strong>
                            <p class="small muted">{desk.course_title.clone()} " · " {works::round(locale, number)}</p>
                        </div>
                    </div>
                    <StateChip state=desk.state/>
                    {desk
                        .promised
                        .map(|at| {
                            view! {
                                <span class=if desk.minutes_left < 0 { "chip bad" } else { "chip warn" }>
                                    <Icon glyph=Glyph::Clock/>
                                    {review::promised(locale)}
                                    " "
                                    <Moment at/>
                                </span>
                            }
                        })}
                    {desk.owner.clone().filter(|_| waits).map(|owner| view! { <span class="small muted">{texts::owner(locale, owner)}</span> })}
                    {next
                        .map(|next| {
                            view! {
                                <a class="button quiet compact" id="desk-next" href=next>
                                    {texts::next(locale)}
                                </a>
                            }
                        })}
                </div>
                <FormAlert form=use_form("hold")/>
                {held_by_other
                    .map(|hold| {
                        view! {
                            <p class="alert warn" role="status">
                                <Icon glyph=Glyph::Lock/>
                                <span>{texts::held_by(locale, hold.curator)} " " <Moment at=hold.until/></span>
                            </p>
                        }
                    })}
                {waits
                    .then(|| {
                        view! {
                            <form class="row" method="post" action=format!("{}/hold", href::desk(id))>
                                {if is_mine {
                                    view! {
                                        <button class="button plain compact" name="step" value="give_back">
                                            {texts::give_back(locale)}
                                        </button>
                                    }
                                        .into_any()
                                } else {
                                    view! { <button class="button quiet compact" id="desk-take">{texts::take(locale)}</button> }.into_any()
                                }}
                            </form>
                        }
                    })}
            </header>
            {current
                .map(|round| {
                    let files = round.files.into_iter().map(|file| (file.name, file.size, file.file_id)).collect();
                    view! {
                        <div class="desk">
                            <Look photos=round.photos.clone() remarks id waits phrases=desk.phrases.clone() learner=desk.learner.clone()/>
                            <div class="stack">
                                <Parts text_html=round.text_html links=round.links files/>
                                <VerdictForm page=desk.clone() remarks/>
                            </div>
                        </div>
                    }
                })}
            <details class="section">
                <summary>{works::task(locale)}</summary>
                <MarkdownView html=desk.task.task_html/>
            </details>
            {rounds_view(earlier, most, None)}
            <details class="keys section" id="desk-keys">
                <summary>{review::keys(locale)}</summary>
                <p>{texts::keys_text(locale)}</p>
            </details>
        </main>
    }
}

/// The photographs, the remarks, and the form of a new one.
#[component]
fn Look(photos: Vec<Photo>, remarks: RwSignal<Vec<Remark>>, id: Uuid, waits: bool, phrases: Vec<ReadyPhrase>, learner: String) -> impl IntoView {
    let locale = use_locale();
    let (tool, is_full, spot) = (RwSignal::new(Tool::Mark), RwSignal::new(false), RwSignal::new(None::<Spot>));
    let all: Signal<Vec<Numbered>> = Signal::derive(move || remarks.with(|remarks| numbered(remarks)));
    let focus = Callback::new(move |()| focus_on("remark"));
    let form = RwSignal::new(use_form("remark"));
    let shown = StoredValue::new(photos.clone());
    let tools = [
        (Tool::Mark, texts::tool_mark(locale), "tool-mark"),
        (Tool::Line, texts::tool_line(locale), "tool-line"),
        (Tool::Hand, texts::tool_hand(locale), "tool-hand"),
    ];
    let remove = move |event: SubmitEvent, remark: Uuid| {
        event.prevent_default();
        spawn_local(async move {
            if delete_remark(id, remark).await.is_ok() {
                let _ = remarks.try_update(|remarks| remarks.retain(|other| other.id != remark));
            }
        });
    };
    let list = move || {
        all.get()
            .into_iter()
            .map(|remark| {
                let place = shown.with_value(|photos| place_text(locale, &remark.1, photos));
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
        <div class="looked">
            <div class="stack">
                {(!photos.is_empty())
                    .then(|| {
                        view! {
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
                                <button
                                    type="button"
                                    class="button quiet compact"
                                    id="tool-zoom"
                                    aria-pressed=move || if is_full.get() { "true" } else { "false" }
                                    on:click=move |_| is_full.update(|is_full| *is_full = !*is_full)
                                >
                                    {texts::tool_zoom(locale)}
                                </button>
                            </p>
                        }
                    })}
                {photos
                    .into_iter()
                    .map(|photo| view! { <Canvas photo remarks=all tool is_full spot on_chosen=focus/> })
                    .collect_view()}
            </div>
            <div class="stack">
                <ol class="remarks" aria-label=texts::remarks(locale)>
                    {list}
                </ol>
                {waits.then(|| view! { <NewRemarkForm id form spot remarks photos=shown phrases learner/> })}
            </div>
        </div>
    }
}
