//! `/password/reset?token=…`: choosing a new password by a letter's link.

use crate::features::accounts::api::is_reset_link_good;
use crate::shared::error::Problem;
use crate::shared::i18n::{account as texts, problem};
use crate::shared::viewer::{use_form, use_viewer};
use crate::ui::{Alert, Field, FormAlert, Loaded, Tone};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// The form, or what to do when the link serves no more.
#[component]
pub fn ResetPage() -> impl IntoView {
    let form = use_form("reset");
    let token = form.value("token").or_else(|| use_query_map().read_untracked().get("token")).unwrap_or_default();
    let asked = token.clone();
    let is_good = Resource::new_blocking(move || asked.clone(), is_reset_link_good);
    view! { <Loaded resource=is_good page=move |is_good| view! { <Reset token=token.clone() is_good/> }.into_any()/> }
}

#[component]
fn Reset(token: String, is_good: bool) -> impl IntoView {
    let locale = use_viewer().locale;
    let form = use_form("reset");
    let is_good = is_good && form.problem("") != Some(Problem::DeadLink);
    view! {
        <Title text=texts::reset_title(locale)/>
        <main id="main" class="page" tabindex="-1">
            <div class="auth">
                <h1>{texts::reset_title(locale)}</h1>
                {if is_good {
                    view! {
                        <FormAlert form=form.clone()/>
                        <form class="form" method="post" action="/password/reset" novalidate>
                            <input type="hidden" name="token" value=token/>
                            <Field
                                form=form
                                name="password"
                                label=texts::new_password(locale)
                                kind="password"
                                autocomplete="new-password"
                                hint=texts::password_hint(locale)
                                required=true
                            />
                            <p class="small muted">{texts::reset_ends_sessions(locale)}</p>
                            <button class="button wide">{texts::reset_save(locale)}</button>
                        </form>
                    }
                        .into_any()
                } else {
                    view! {
                        <Alert tone=Tone::Bad title=problem::dead_link(locale)/>
                        <p>
                            <a class="button" href="/password/forgot">{texts::forgot_again(locale)}</a>
                        </p>
                    }
                        .into_any()
                }}
            </div>
        </main>
    }
}
