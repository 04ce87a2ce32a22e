//! `/register`.

use super::Consent;
use crate::shared::href;
use crate::shared::i18n::account as texts;
use crate::shared::viewer::{use_form, use_viewer};
use crate::ui::{Field, FormAlert};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// Making an account; consent to the legal texts is recorded with their version.
#[component]
pub fn RegisterPage() -> impl IntoView {
    let locale = use_viewer().locale;
    let form = use_form("register");
    let query = use_query_map();
    let asked = form.value("next").or_else(|| query.read_untracked().get("next")).unwrap_or_default();
    let next = href::local_path(&asked).unwrap_or("/learn").to_owned();
    let login = href::login(&next);
    view! {
        <Title text=texts::register_title(locale)/>
        <main id="main" class="page" tabindex="-1">
            <div class="auth">
                <div class="stack tight">
                    <h1>{texts::register_title(locale)}</h1>
                    <p class="muted">{texts::already_learning(locale)} " " <a href=login>{texts::sign_in(locale)}</a></p>
                </div>
                <FormAlert form=form.clone()/>
                <form class="form" method="post" action="/register" novalidate>
                    <input type="hidden" name="next" value=next/>
                    <Field
                        form=form.clone()
                        name="full_name"
                        label=texts::full_name(locale)
                        autocomplete="name"
                        hint=texts::full_name_hint(locale)
                        required=true
                    />
                    <Field form=form.clone() name="email" label=texts::email(locale) kind="email" autocomplete="username" required=true/>
                    <Field
                        form=form.clone()
                        name="password"
                        label=texts::password(locale)
                        kind="password"
                        autocomplete="new-password"
                        hint=texts::password_hint(locale)
                        required=true
                    />
                    <Consent form/>
                    <button class="button wide">{texts::create_account(locale)}</button>
                </form>
            </div>
        </main>
    }
}
