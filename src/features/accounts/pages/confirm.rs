//! `/account/confirm?token=…`: confirming an address. One button, for programs that scan mail open its links.

use crate::shared::i18n::account as texts;
use crate::shared::viewer::{use_form, use_viewer};
use crate::ui::FormAlert;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// The button.
#[component]
pub fn ConfirmPage() -> impl IntoView {
    let locale = use_viewer().locale;
    let form = use_form("confirm");
    let token = form.value("token").or_else(|| use_query_map().read_untracked().get("token")).unwrap_or_default();
    let is_refused = !form.problems.is_empty();
    view! {
        <Title text=texts::confirm_title(locale)/>
        <main id="main" class="page" tabindex="-1">
            <div class="auth">
                <h1>{texts::confirm_title(locale)}</h1>
                <FormAlert form=form/>
                {if is_refused {
                    view! {
                        <p>{texts::confirm_again_text(locale)}</p>
                        <p>
                            <a class="button" href="/account">{texts::to_account(locale)}</a>
                        </p>
                    }
                        .into_any()
                } else {
                    view! {
                        <p class="muted">{texts::confirm_text(locale)}</p>
                        <form class="form" method="post" action="/account/confirm">
                            <input type="hidden" name="token" value=token/>
                            <button class="button wide">{texts::confirm(locale)}</button>
                        </form>
                    }
                        .into_any()
                }}
            </div>
        </main>
    }
}
