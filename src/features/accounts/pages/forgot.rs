//! `/password/forgot`: asking for a letter with a link to a new password.

use crate::shared::i18n::account as texts;
use crate::shared::viewer::{use_form, use_viewer};
use crate::ui::{Alert, Field, FormAlert, Tone};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// Asks for an address; says the same whether it is known or not.
#[component]
pub fn ForgotPage() -> impl IntoView {
    let locale = use_viewer().locale;
    let form = use_form("forgot");
    let is_sent = use_query_map().read_untracked().get("sent").is_some() && form.problems.is_empty();
    view! {
        <Title text=texts::forgot_title(locale)/>
        <main id="main" class="page" tabindex="-1">
            <div class="auth">
                <h1>{texts::forgot_title(locale)}</h1>
                {if is_sent {
                    view! {
                        <Alert tone=Tone::Ok title=texts::forgot_sent_title(locale)>
                            <p>{texts::forgot_sent_text(locale)}</p>
                        </Alert>
                        <p>
                            <a href="/password/forgot">{texts::forgot_again(locale)}</a>
                        </p>
                    }
                        .into_any()
                } else {
                    view! {
                        <p class="muted">{texts::forgot_text(locale)}</p>
                        <FormAlert form=form.clone()/>
                        <form class="form" method="post" action="/password/forgot" novalidate>
                            <Field form=form name="email" label=texts::email(locale) kind="email" autocomplete="username" required=true/>
                            <button class="button wide">{texts::forgot_send(locale)}</button>
                        </form>
                    }
                        .into_any()
                }}
                <p>
                    <a href="/login">{texts::sign_in(locale)}</a>
                </p>
            </div>
        </main>
    }
}
