//! `/login`.

use crate::shared::href;
use crate::shared::i18n::account as texts;
use crate::shared::viewer::{use_form, use_viewer};
use crate::ui::{Field, FormAlert};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// Signing in; leads to where the person wanted to go.
#[component]
pub fn LoginPage() -> impl IntoView {
    let locale = use_viewer().locale;
    let form = use_form("login");
    let query = use_query_map();
    let asked = form.value("next").or_else(|| query.read_untracked().get("next")).unwrap_or_default();
    let next = href::local_path(&asked).unwrap_or_default().to_owned();
    let register = if next.is_empty() { "/register".to_owned() } else { format!("/register?next={}", href::percent_encode(&next)) };
    view! {
        <Title text=texts::sign_in_title(locale)/>
        <main id="main" class="page" tabindex="-1">
            <div class="auth">
                <h1>{texts::sign_in_title(locale)}</h1>
                <FormAlert form=form.clone()/>
                <form class="form" method="post" action="/login" novalidate>
                    <input type="hidden" name="next" value=next/>
                    <Field form=form.clone() name="email" label=texts::email(locale) kind="email" autocomplete="username" required=true/>
                    <Field
                        form=form
                        name="password"
                        label=texts::password(locale)
                        kind="password"
                        autocomplete="current-password"
                        required=true
                    />
                    <button class="button wide">{texts::sign_in(locale)}</button>
                </form>
                <p>
                    <a href="/password/forgot">{texts::forgot_link(locale)}</a>
                </p>
                <p>
                    <a href=register>{texts::create_account(locale)}</a>
                </p>
            </div>
        </main>
    }
}
