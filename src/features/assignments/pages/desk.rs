//! `/curate/submissions/{id}`: a work on the desk. The photographs large, the remarks beside them, the verdict under them; earlier rounds
//! below. Everything has a key; the next work is fetched while this one is looked at.

use super::comparing::Comparing;
use super::keys::keys;
use super::look::{Photos, Remarks, Sight, Text};
use super::round::{Parts, RoundView};
use super::verdict::VerdictForm;
use super::{StateChip, id_in_path};
use crate::features::assignments::api::{get_desk, prolong_hold};
use crate::features::assignments::model::{DeskPage as Desk, Hold};
use crate::features::notifications::live;
use crate::features::quizzes::model::QueueFilter;
use crate::shared::error::AppError;
use crate::shared::href;
use crate::shared::i18n::{desk as texts, learning, problem, review, works};
use crate::shared::viewer::{use_form, use_locale};
use crate::ui::{Avatar, FormAlert, Glyph, Icon, Loaded, MarkdownView, Moment};
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use std::time::Duration;
use uuid::Uuid;

/// How long a work that was fetched ahead counts as fresh.
const FRESH: Duration = Duration::from_mins(2);
/// How often at most a hold is prolonged by who writes.
const SIGN_OF_LIFE: Duration = Duration::from_mins(1);

/// The desk.
#[component]
pub fn DeskPage() -> impl IntoView {
    let ahead = StoredValue::new(None::<Desk>);
    let (id, query) = (id_in_path(), use_query_map());
    let asked = move || (id(), query.with(|query| QueueFilter::of(|name| query.get(name))));
    let desk = Resource::new_blocking(asked, move |(id, within)| async move {
        let id = id?;
        let desk = match ahead.try_update_value(Option::take).flatten() {
            Some(desk) if desk.id == id => desk,
            _ => get_desk(id, within.clone()).await?,
        };
        Ok::<_, AppError>((within, desk))
    });
    view! { <Loaded resource=desk page=move |(within, desk)| view! { <Page desk within ahead/> }.into_any()/> }
}

/// Fetches the next work while this one is looked at. Looking only reads.
fn fetch_ahead(standing: Standing, ahead: StoredValue<Option<Desk>>, picture: RwSignal<Option<String>>) {
    let next = Memo::new(move |_| standing.next.get());
    Effect::new(move |_| {
        let Some(id) = next.get() else { return };
        spawn_local(async move {
            if let Ok(desk) = get_desk(id, standing.within.get_value()).await {
                let photo = desk.rounds.last().and_then(|round| round.photos.first()).filter(|photo| photo.is_ready());
                let _ = picture.try_set(photo.map(|photo| photo.address(2400)));
                ahead.try_set_value(Some(desk));
                set_timeout(move || drop(ahead.try_set_value(None)), FRESH);
            }
        });
    });
}

/// What of a work changes while it is looked at: who holds it, whether it still waits, which one comes after it.
#[derive(Clone, Copy)]
struct Standing {
    hold: RwSignal<Option<Hold>>,
    waits: RwSignal<bool>,
    previous: RwSignal<Option<Uuid>>,
    next: RwSignal<Option<Uuid>>,
    /// What was asked for of the queue.
    within: StoredValue<QueueFilter>,
}

impl Standing {
    fn of(desk: &Desk, within: QueueFilter) -> Self {
        Self {
            hold: RwSignal::new(desk.hold.clone()),
            waits: RwSignal::new(desk.state.waits()),
            previous: RwSignal::new(desk.previous),
            next: RwSignal::new(desk.next),
            within: StoredValue::new(within),
        }
    }

    /// A link to another work of what was asked for.
    fn link(self, id: &'static str, name: &'static str, to: RwSignal<Option<Uuid>>) -> impl IntoView {
        move || {
            to.get().map(|work| {
                view! {
                    <a class="button quiet compact" id=id href=self.within.with_value(|within| within.at(&href::desk(work)))>
                        {name}
                    </a>
                }
            })
        }
    }

    /// Holds the work longer, where the reader holds it.
    fn prolong(self, id: Uuid) {
        spawn_local(async move {
            if let Ok(Some(until)) = prolong_hold(id).await {
                let longer = |hold: &mut Option<Hold>| {
                    if let Some(hold) = hold.as_mut().filter(|hold| hold.is_mine) {
                        hold.until = until;
                    }
                };
                let _ = self.hold.try_update(longer);
            }
        });
    }

    /// Looks again when something moved on the desk.
    fn follow(self, id: Uuid) {
        let look = move || {
            spawn_local(async move {
                if let Ok(desk) = get_desk(id, self.within.get_value()).await {
                    let _ = self.hold.try_set(desk.hold);
                    let _ = self.waits.try_set(desk.state.waits());
                    let _ = self.previous.try_set(desk.previous);
                    let _ = self.next.try_set(desk.next);
                }
            });
        };
        live::on_next_news(|| "/curate".to_owned(), look);
    }
}

#[component]
fn Page(desk: Desk, within: QueueFilter, ahead: StoredValue<Option<Desk>>) -> impl IntoView {
    let locale = use_locale();
    let id = desk.id;
    let queue = within.at("/curate");
    let standing = Standing::of(&desk, within);
    standing.follow(id);
    let picture = RwSignal::new(None::<String>);
    fetch_ahead(standing, ahead, picture);
    keys();
    // A hold does not run out under who writes a long remark or reason.
    let is_fresh = StoredValue::new(false);
    let writes = move || {
        if standing.waits.get_untracked() && !is_fresh.get_value() {
            is_fresh.set_value(true);
            standing.prolong(id);
            let again = move || {
                let _ = is_fresh.try_set_value(false);
            };
            set_timeout(again, SIGN_OF_LIFE);
        }
    };
    let mut earlier = desk.rounds.clone();
    let current = earlier.pop();
    let remarks = RwSignal::new(current.as_ref().map(|round| round.remarks.clone()).unwrap_or_default());
    let number = current.as_ref().map_or(1, |round| round.number);
    let waits = desk.state.waits();
    // What expired before it was handed in has nothing to look at, but can be opened again.
    let verdict = view! { <VerdictForm page=desk.clone() remarks next=standing.next within=standing.within/> }.into_any();
    let looked = match current {
        Some(round) => {
            let files = round.files.into_iter().map(|file| (file.name, file.size, file.file_id)).collect();
            let sight = Sight::new(id, round.photos, remarks);
            view! {
                <div class="desk">
                    <div class="stack loose">
                        <Photos sight/>
                        <Comparing rounds=desk.rounds.clone() here=standing.within.with_value(|within| within.at(&href::desk(id)))/>
                        {(!round.text_html.is_empty()).then(|| view! { <Text sight html=round.text_html/> })}
                        <Parts links=round.links files/>
                    </div>
                    <div class="stack loose">
                        <Remarks sight waits phrases=desk.phrases.clone()/>
                        {verdict}
                    </div>
                </div>
            }
            .into_any()
        }
        None => verdict,
    };
    view! {
        <Title text=format!("{} · {}", desk.learner, desk.task.title)/>
        <main id="main" class="page full" tabindex="-1" on:input=move |_| writes()>
            <nav class="crumbs" aria-label=learning::where_you_are(locale)>
                <a href=queue id="desk-queue">
                    {review::title(locale)}
                </a>
                <Icon glyph=Glyph::ChevronRight/>
                <span aria-current="page">{desk.learner.clone()}</span>
            </nav>
            <header class="head">
                <h1>{desk.task.title.clone()}</h1>
                <p class="row ways">
                    {standing.link("desk-previous", texts::previous(locale), standing.previous)}
                    {standing.link("desk-next", texts::next(locale), standing.next)}
                </p>
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
                </div>
                <FormAlert form=use_form("hold")/>
                <Holding id standing waits/>
            </header>
            {looked}
            <details class="section">
                <summary>{works::task(locale)}</summary>
                <MarkdownView html=desk.task.task_html/>
            </details>
            // Any two of them are compared above.
            {earlier.into_iter().rev().map(|round| view! { <RoundView round before=None/> }).collect_view()}
            // The next photograph waits in the browser's cache.
            {move || picture.get().map(|src| view! { <img src=src alt="" hidden/> })}
            <details class="keys section" id="desk-keys">
                <summary>{review::keys(locale)}</summary>
                <p>{texts::keys_text(locale)}</p>
            </details>
        </main>
    }
}

/// Who holds the work; taking it, and giving it back.
#[component]
fn Holding(id: Uuid, standing: Standing, waits: bool) -> impl IntoView {
    let locale = use_locale();
    let by_other = move || standing.hold.get().filter(|hold| !hold.is_mine);
    let longer = move |event: MouseEvent| {
        event.prevent_default();
        standing.prolong(id);
    };
    view! {
        {move || {
            by_other()
                .map(|hold| {
                    view! {
                        <p class="alert warn" role="status">
                            <Icon glyph=Glyph::Lock/>
                            <span>{texts::held_by(locale, hold.curator)} " " <Moment at=hold.until/></span>
                        </p>
                    }
                })
        }}
        {move || {
            (waits && !standing.waits.get())
                .then(|| {
                    view! {
                        <p class="alert warn" role="status">
                            <Icon glyph=Glyph::Info/>
                            <span>{problem::judged_elsewhere(locale)}</span>
                        </p>
                    }
                })
        }}
        {move || {
            (standing.waits.get() && by_other().is_none())
                .then(|| {
                    view! {
                        <form class="row" method="post" action=format!("{}/hold", href::desk(id))>
                            <input type="hidden" name="within" value=standing.within.with_value(QueueFilter::parts)/>
                            {match standing.hold.get() {
                                Some(hold) => {
                                    view! {
                                        <span class="small muted">{texts::held_by_me(locale)} " " <Moment at=hold.until/></span>
                                        <button class="button quiet compact" id="desk-take" on:click=longer>
                                            {texts::hold_longer(locale)}
                                        </button>
                                        <button class="button plain compact" name="step" value="give_back">
                                            {texts::give_back(locale)}
                                        </button>
                                    }
                                        .into_any()
                                }
                                None => view! { <button class="button quiet compact" id="desk-take">{texts::take(locale)}</button> }.into_any(),
                            }}
                        </form>
                    }
                })
        }}
    }
}
