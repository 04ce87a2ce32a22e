//! `/sandbox/{id}`: the page of a payment that takes no money.

use crate::features::payments::api::get_sandbox;
use crate::features::payments::model::SandboxPage as Sandbox;
use crate::shared::i18n::orders as texts;
use crate::shared::viewer::{use_form, use_locale};
use crate::ui::{Alert, FormAlert, Loaded, Tone};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

/// The sandbox.
#[component]
pub fn SandboxPage() -> impl IntoView {
    let params = use_params_map();
    let payment = Resource::new_blocking(move || params.read().get("id").unwrap_or_default(), get_sandbox);
    view! { <Loaded resource=payment page=|payment| view! { <Paying payment/> }.into_any()/> }
}

#[component]
fn Paying(payment: Sandbox) -> impl IntoView {
    let locale = use_locale();
    let form = use_form("sandbox");
    let outcomes = [
        ("pay", "button wide", texts::sandbox_pay(locale)),
        ("decline", "button quiet wide", texts::sandbox_decline(locale)),
        ("later", "button quiet wide", texts::sandbox_later(locale)),
        ("twice", "button quiet wide", texts::sandbox_twice(locale)),
        ("silent", "button quiet wide", texts::sandbox_silent(locale)),
    ];
    view! {
        <Title text=texts::sandbox_title(locale)/>
        <main id="main" class="page" tabindex="-1">
            <div class="auth">
                <h1>{texts::sandbox_title(locale)}</h1>
                <Alert tone=Tone::Warn title=texts::sandbox_note(locale)/>
                <FormAlert form/>
                <p>{payment.description}</p>
                <p class="price">{payment.amount.format(locale)}</p>
                {if payment.is_open {
                    view! {
                        <form class="form" method="post" action=format!("/sandbox/{}", payment.id)>
                            {outcomes
                                .map(|(outcome, class, label)| {
                                    view! {
                                        <button class=class name="outcome" value=outcome>
                                            {label}
                                        </button>
                                    }
                                })
                                .collect_view()}
                        </form>
                    }
                        .into_any()
                } else {
                    view! {
                        <p>
                            <a class="button" href=payment.return_url rel="external">
                                {texts::sandbox_back(locale)}
                            </a>
                        </p>
                    }
                        .into_any()
                }}
            </div>
        </main>
    }
}
