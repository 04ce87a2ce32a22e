//! Handing all of one's waiting works over to a colleague, on the desk.

use crate::features::assignments::api::get_colleagues;
use crate::shared::i18n::desk as texts;
use crate::shared::viewer::{use_form, use_locale};
use crate::ui::{FieldError, FormAlert};
use leptos::prelude::*;

/// The form; nothing where there is nobody, or nothing to hand over.
#[component]
pub fn HandOver() -> impl IntoView {
    let locale = use_locale();
    let form = use_form("hand_over");
    let colleagues = Resource::new_blocking(|| (), |()| get_colleagues());
    view! {
        <Suspense fallback=|| ()>
            {move || {
                let form = form.clone();
                Suspend::new(async move {
                    let people = colleagues.await.unwrap_or_default();
                    (!people.is_empty())
                        .then(|| {
                            view! {
                                <details class="section">
                                    <summary>{texts::hand_over(locale)}</summary>
                                    <form class="row" method="post" action="/curate/hand-over" novalidate>
                                        <FormAlert form=form.clone()/>
                                        <div class="field">
                                            <label for="to">{texts::hand_over_to(locale)}</label>
                                            <select class="input" id="to" name="to">
                                                {people
                                                    .into_iter()
                                                    .map(|(id, name)| view! { <option value=id.to_string()>{name}</option> })
                                                    .collect_view()}
                                            </select>
                                            <FieldError form=form.clone() name="to"/>
                                        </div>
                                        <button class="button quiet">{texts::hand_over_now(locale)}</button>
                                    </form>
                                </details>
                            }
                        })
                })
            }}
        </Suspense>
    }
}
