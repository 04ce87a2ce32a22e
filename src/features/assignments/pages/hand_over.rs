//! Handing a curator's queue over to a colleague, with leave or without: on the desk for oneself, on a person's page for administrators.

use crate::features::assignments::api::get_duty;
use crate::features::assignments::model::duty::Duty;
use crate::shared::form::FormState;
use crate::shared::href;
use crate::shared::i18n::{Locale, desk as texts};
use crate::shared::viewer::{use_form, use_locale};
use crate::ui::{Field, FieldError, FormAlert, Moment};
use leptos::prelude::*;
use uuid::Uuid;

/// The form; nothing for who reviews nowhere.
#[component]
pub fn HandOver(
    /// Whose queue; one's own without.
    #[prop(optional)]
    curator: Option<Uuid>,
) -> impl IntoView {
    let locale = use_locale();
    let form = use_form("hand_over");
    let duty = Resource::new_blocking(move || curator, get_duty);
    view! {
        <Suspense fallback=|| ()>
            {move || {
                let form = form.clone();
                Suspend::new(async move {
                    let duty = duty.await.unwrap_or_default();
                    let place = curator.map_or_else(|| "/curate".to_owned(), href::user);
                    (duty.reviews || duty.away_until.is_some()).then(|| the_box(locale, form, &place, duty))
                })
            }}
        </Suspense>
    }
}

fn the_box(locale: Locale, form: FormState, place: &str, duty: Duty) -> impl IntoView + use<> {
    let is_refused = !form.problems.is_empty();
    let chosen = form.value("to").unwrap_or_default();
    let back = format!("{place}/back");
    view! {
        <details class="section" open=is_refused>
            <summary>
                {texts::hand_over(locale)}
                {duty
                    .away_until
                    .map(|until| {
                        view! {
                            " "
                            <span class="chip warn">{texts::on_leave(locale)} " " <Moment at=until date_only=true/></span>
                        }
                    })}
            </summary>
            {duty
                .away_until
                .is_some()
                .then(|| {
                    view! {
                        <form method="post" action=back>
                            <button class="button quiet">{texts::come_back(locale)}</button>
                        </form>
                    }
                })}
            <form class="form" method="post" action=format!("{place}/hand-over") novalidate>
                <FormAlert form=form.clone()/>
                <div class="field">
                    <label for="to">{texts::hand_over_to(locale)}</label>
                    <select class="input" id="to" name="to">
                        <option value="">{texts::hand_over_anybody(locale)}</option>
                        {duty
                            .colleagues
                            .into_iter()
                            .map(|(id, name)| {
                                let id = id.to_string();
                                let is_chosen = id == chosen;
                                view! {
                                    <option value=id selected=is_chosen>
                                        {name}
                                    </option>
                                }
                            })
                            .collect_view()}
                    </select>
                    <FieldError form=form.clone() name="to"/>
                </div>
                <Field form name="until" kind="date" label=texts::on_leave(locale) hint=texts::on_leave_hint(locale)/>
                <div>
                    <button class="button quiet">{texts::hand_over_now(locale)}</button>
                </div>
            </form>
        </details>
    }
}
