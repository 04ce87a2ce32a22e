//! The verdict on a round. A plain form; with scripts the next work is on the screen at once.

use super::refused;
use super::rubric::{RubricChoice, chosen};
use crate::features::assignments::api::give_verdict;
use crate::features::assignments::model::{DeskPage, GivenVerdict, Remark};
use crate::features::assignments::rules::{RemarkKind, WorkState};
use crate::features::quizzes::model::QueueFilter;
use crate::shared::href;
use crate::shared::i18n::desk as texts;
use crate::shared::viewer::{use_form, use_locale};
use crate::ui::{FieldError, FormAlert, TextArea};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast as _;
use leptos::web_sys::{HtmlButtonElement, HtmlInputElement, HtmlTextAreaElement};
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use uuid::Uuid;

fn typed(id: &str) -> String {
    let Some(element) = document().get_element_by_id(id) else { return String::new() };
    match element.dyn_into::<HtmlInputElement>() {
        Ok(input) if input.type_() == "checkbox" => if input.checked() { "yes" } else { "" }.to_owned(),
        Ok(input) => input.value(),
        Err(element) => element.dyn_into::<HtmlTextAreaElement>().map(|area| area.value()).unwrap_or_default(),
    }
}

/// The form.
#[component]
pub(super) fn VerdictForm(
    /// The work.
    page: DeskPage,
    /// Remarks of its newest round.
    remarks: RwSignal<Vec<Remark>>,
    /// The work that comes after it.
    next: RwSignal<Option<Uuid>>,
    /// What was asked for of the queue.
    within: StoredValue<QueueFilter>,
) -> impl IntoView {
    let locale = use_locale();
    let (id, waits) = (page.id, page.state.waits());
    let form = RwSignal::new(use_form("verdict"));
    let is_sending = RwSignal::new(false);
    let (rubric, criteria) = (page.task.rubric.clone(), page.task.rubric.len());
    let round = page.round;
    let earlier_open = page.rounds.iter().rev().skip(1).flat_map(|round| &round.remarks).any(is_open);
    let asks = move || earlier_open || remarks.with(|remarks| remarks.iter().any(is_open));
    let navigate = StoredValue::new(use_navigate());
    let send = move |event: SubmitEvent| {
        let Some(button) = event.submitter().and_then(|button| button.dyn_into::<HtmlButtonElement>().ok()) else { return };
        event.prevent_default();
        if is_sending.get_untracked() {
            return;
        }
        is_sending.set(true);
        let verdict = GivenVerdict {
            act: button.value(),
            round,
            reason: typed("reason"),
            day: typed("day"),
            points: typed("points"),
            levels: chosen(criteria),
            is_confirmed: typed("confirmed") == "yes",
        };
        spawn_local(async move {
            let outcome = give_verdict(id, verdict).await;
            let _ = is_sending.try_set(false);
            match outcome {
                Ok(()) => {
                    if let (Some(navigate), Some(next), Some(within)) = (navigate.try_get_value(), next.try_get_untracked(), within.try_get_value()) {
                        navigate(&within.at(&next.map_or_else(|| "/curate".to_owned(), href::desk)), NavigateOptions::default());
                    }
                }
                Err(error) => {
                    let _ = form.try_set(refused("verdict", error));
                }
            }
        });
    };
    let first = form.get_untracked();
    let value = |name: &str| first.value(name).unwrap_or_default();
    let (reason, points) = (value("reason"), value("points"));
    let day = first.value("day").unwrap_or_else(|| page.next_day.clone());
    let error = move |name: &'static str| move || view! { <FieldError form=form.get() name=name/> };
    if !waits && !page.may_reopen {
        return ().into_any();
    }
    view! {
        <form class="form judging" method="post" action=format!("{}/verdict", href::desk(id)) novalidate on:submit=send>
            <h2 class="hush">{texts::verdict(locale)}</h2>
            {move || view! { <FormAlert form=form.get()/> }}
            <input type="hidden" name="round" value=round.to_string()/>
            <input type="hidden" name="within" value=within.with_value(QueueFilter::parts)/>
            {page
                .task
                .max_points
                .filter(|_| waits && criteria == 0)
                .map(|most| {
                    view! {
                        <div class="field">
                            <label for="points">{texts::points(locale, most)}</label>
                            <input class="input figure" id="points" name="points" inputmode="decimal" autocomplete="off" value=points/>
                            {error("points")}
                        </div>
                    }
                })}
            {(waits && criteria > 0).then(|| view! { <RubricChoice rubric form/> })}
            <div class="field">
                <label for="reason">{texts::reason(locale)}</label>
                <TextArea name="reason" id="reason" text=reason rows=3/>
                {error("reason")}
            </div>
            {(page.rounds_left || page.may_reopen)
                .then(|| {
                    view! {
                        <div class="field">
                            <label for="day">{texts::day(locale)}</label>
                            <input class="input" type="date" id="day" name="day" value=day/>
                            {error("day")}
                        </div>
                    }
                })}
            <div hidden=move || !asks()>
                <label class="choice">
                    <input type="checkbox" id="confirmed" name="confirmed" value="yes"/>
                    <span>{texts::confirm(locale)}</span>
                </label>
                {error("confirmed")}
            </div>
            <p class="actions">
                {waits
                    .then(|| {
                        view! {
                            <button class="button" id="accept" name="verdict" value="accept" disabled=move || is_sending.get()>
                                {texts::accept(locale)}
                            </button>
                        }
                    })}
                {page
                    .rounds_left
                    .then(|| {
                        view! {
                            <button class="button quiet" id="return" name="verdict" value="return" disabled=move || is_sending.get()>
                                {texts::return_it(locale)}
                            </button>
                        }
                    })}
                {page
                    .may_reject
                    .then(|| {
                        view! {
                            <button class="button plain" name="verdict" value="reject" disabled=move || is_sending.get()>
                                {texts::reject(locale)}
                            </button>
                        }
                    })}
                {page
                    .may_reopen
                    .then(|| {
                        view! {
                            <button class="button quiet" name="verdict" value="reopen" disabled=move || is_sending.get()>
                                {if page.state == WorkState::Expired { texts::reopen_expired(locale) } else { texts::reopen(locale) }}
                            </button>
                        }
                    })}
            </p>
        </form>
    }
    .into_any()
}

fn is_open(remark: &Remark) -> bool {
    remark.kind == RemarkKind::MustFix && remark.done.is_none()
}
