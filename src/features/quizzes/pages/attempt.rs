//! `/learn/attempts/{id}`: an attempt, running, before it is handed in, or finished.

use super::before_submit::BeforeSubmit;
use super::clock::Clock;
use super::question::{Question, SaveLine};
use super::result::AttemptResult;
use super::saver::{self, SaveState, Saver};
use super::{id_in_path, noticing};
use crate::features::quizzes::api::get_attempt;
use crate::features::quizzes::model::{AttemptPage as Attempt, RunningAttempt, SignKind};
use crate::shared::href;
use crate::shared::i18n::quizzes as texts;
use crate::shared::viewer::{use_form, use_locale, use_viewer};
use crate::ui::{FormAlert, Glyph, Icon, Loaded};
use leptos::ev::EventDescriptor;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos_meta::Title;
use leptos_router::hooks::{use_navigate, use_query_map};
use uuid::Uuid;

/// An attempt of mine.
#[component]
pub fn AttemptPage() -> impl IntoView {
    let id = id_in_path();
    let query = use_query_map();
    let attempt = Resource::new_blocking(
        move || (id(), query.read().get("review").is_some()),
        |(id, is_review)| async move { get_attempt(id?).await.map(|attempt| (attempt, is_review)) },
    );
    view! {
        <Loaded
            resource=attempt
            page=|(attempt, is_review)| match attempt {
                Attempt::Running(attempt) if is_review => view! { <BeforeSubmit attempt/> }.into_any(),
                Attempt::Running(attempt) => view! { <Running attempt/> }.into_any(),
                Attempt::Finished(attempt) => view! { <AttemptResult attempt/> }.into_any(),
            }
        />
    }
}

/// The worst of all save states: what the line above the page says.
fn overall(states: impl Iterator<Item = SaveState>) -> SaveState {
    let rank = |state: &SaveState| match state {
        SaveState::Idle => 0,
        SaveState::Saved(_) => 1,
        SaveState::Saving => 2,
        SaveState::Failed => 3,
        SaveState::Elsewhere => 4,
        SaveState::Refused => 5,
        SaveState::Over => 6,
    };
    states.max_by_key(|state| (rank(state), if let SaveState::Saved(at) = state { at.unix_ms } else { 0 })).unwrap_or(SaveState::Idle)
}

#[component]
fn Running(attempt: RunningAttempt) -> impl IntoView {
    let locale = use_locale();
    let form = use_form("answers");
    let total = attempt.questions.len();
    let user_id = use_viewer().person.map(|person| person.id).unwrap_or_default();
    let is_refused = |id: Uuid| form.problem(&format!("q_{id}")).is_some();
    let savers: Vec<Saver> = attempt.questions.iter().map(|question| Saver::new(user_id, attempt.id, question, is_refused(question.id))).collect();
    let all = StoredValue::new(savers.clone());
    let state = Signal::derive(move || overall(all.get_value().iter().map(|saver| saver.state.get())));
    let answered = Signal::derive(move || all.get_value().iter().filter(|saver| saver.is_given()).count());
    let page = href::attempt(attempt.id);
    // Without scripts files go with the form.
    let has_files = attempt.questions.iter().any(|question| question.files.is_some());
    let (action, encoding) = if has_files { ("answers/files", Some("multipart/form-data")) } else { ("answers", None) };
    let review = format!("{page}?review=1");

    // With scripts the page goes on once the server has everything; without, the form carries all answers itself.
    let wants_review = RwSignal::new(false);
    let navigate = use_navigate();
    Effect::new(move |_| {
        if wants_review.get() && all.get_value().iter().all(Saver::is_settled) {
            wants_review.set(false);
            navigate(&review, leptos_router::NavigateOptions::default());
        }
    });
    let on_submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        all.get_value().iter().for_each(|saver| saver.send());
        wants_review.set(true);
    };
    let is_sending = Signal::derive(move || all.get_value().iter().any(|saver| saver.is_sending.get()));
    warn_before_leaving(state, is_sending);
    let id = attempt.id;
    Effect::new(move |_| saver::go_on(user_id, id, all.get_value()));
    // The line is back; or the page may be gone in a moment, and what is typed does not rest yet.
    send_at(leptos::ev::online, all);
    send_at(leptos::ev::pagehide, all);
    noticing::watch(id);
    let is_over = RwSignal::new(false);
    Effect::new(move |_| {
        if is_over.get() {
            all.get_value().iter().for_each(|saver| saver.send());
        }
    });
    // The server has handed in what it has; the page shows it, unless something here would be lost from sight.
    let on_end = Callback::new(move |()| {
        if all.get_value().iter().all(|saver| untrack(|| saver.is_kept())) {
            let _ = window().location().reload();
        }
    });
    view! {
        <Title text=attempt.title.clone()/>
        <div class="attempt-bar" role="region" aria-label=texts::test(locale)>
            <p class="title">{attempt.title.clone()}</p>
            {attempt.seconds_left.map(|seconds| view! { <Clock attempt_id=id seconds is_over on_end/> })}
            <div role="status">
                <SaveLine state/>
            </div>
        </div>
        <main id="main" class="page" tabindex="-1">
            <h1 class="hush">{attempt.title.clone()}</h1>
            <form class="attempt" method="post" enctype=encoding action=format!("{page}/{action}") on:submit=on_submit on:paste=move |_| noticing::note(id, SignKind::Pasted)>
                // Enter in a field presses the form's first button, which must not be one that takes a file away.
                <button class="hush" name="then" value="review" tabindex="-1" aria-hidden="true"></button>
                <nav class="map-side" aria-label=texts::map(locale)>
                    <details class="drawer">
                        <summary>
                            <Icon glyph=Glyph::ListChecks/>
                            <span class="num">{move || texts::answered_of(locale, answered.get(), total)}</span>
                            <Icon glyph=Glyph::ChevronDown/>
                        </summary>
                        <div class="inside">
                            <ol class="map">
                                {savers.iter().enumerate().map(|(index, saver)| map_item(index + 1, *saver)).collect_view()}
                            </ol>
                        </div>
                    </details>
                </nav>
                <div>
                    <FormAlert form=form.clone()/>
                    {attempt
                        .questions
                        .into_iter()
                        .zip(savers)
                        .enumerate()
                        .map(|(index, (question, saver))| view! { <Question question number=index + 1 total saver form=form.clone() is_over/> })
                        .collect_view()}
                    <p class="actions section">
                        <button class="button" name="then" value="review">
                            {texts::check_and_submit(locale)}
                        </button>
                        <noscript>
                            <button class="button quiet" name="then" value="stay">
                                {texts::save_answers(locale)}
                            </button>
                        </noscript>
                    </p>
                </div>
            </form>
        </main>
    }
}

fn map_item(number: usize, saver: Saver) -> impl IntoView {
    let locale = use_locale();
    view! {
        <li>
            <a
                href=format!("#q{number}")
                class=move || saver.is_given().then_some("answered")
                aria-label=move || if saver.is_given() { texts::map_answered(locale, number) } else { texts::map_open(locale, number) }
            >
                {number}
            </a>
        </li>
    }
}

/// Sends what waits whenever that happens.
fn send_at<E: EventDescriptor + Copy + Send + 'static>(event: E, all: StoredValue<Vec<Saver>>)
where
    E::EventType: JsCast,
{
    Effect::new(move |_| {
        let handle = window_event_listener(event, move |_| {
            let _ = all.try_with_value(|all| all.iter().for_each(|saver| saver.send()));
        });
        on_cleanup(move || handle.remove());
    });
}

/// The browser asks before it leaves a page whose answers the server does not have.
fn warn_before_leaving(state: Signal<SaveState>, is_sending: Signal<bool>) {
    Effect::new(move |_| {
        let handle = window_event_listener(leptos::ev::beforeunload, move |event| {
            if is_sending.get_untracked() || matches!(state.get_untracked(), SaveState::Saving | SaveState::Failed) {
                event.prevent_default();
            }
        });
        on_cleanup(move || handle.remove());
    });
}
