//! `/legal/{offer,privacy,refunds}`.

use crate::app::ShareTags;
use crate::features::legal::api::get_legal_text;
use crate::features::legal::model::{LegalKind, LegalText};
use crate::shared::i18n::{Locale, legal as texts};
use crate::shared::viewer::use_locale;
use crate::ui::{Loaded, MarkdownView, Moment};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// The name of a legal text.
pub const fn kind_title(locale: Locale, kind: LegalKind) -> &'static str {
    match kind {
        LegalKind::Offer => texts::offer(locale),
        LegalKind::Privacy => texts::privacy(locale),
        LegalKind::Refunds => texts::refunds(locale),
    }
}

/// A legal text with its version.
#[component]
pub fn LegalPage() -> impl IntoView {
    let params = use_params_map();
    let text = Resource::new_blocking(move || params.read().get("kind").unwrap_or_default(), get_legal_text);
    view! { <Loaded resource=text page=|text| view! { <Text text/> }.into_any()/> }
}

#[component]
fn Text(text: LegalText) -> impl IntoView {
    let locale = use_locale();
    let title = kind_title(locale, text.kind);
    view! {
        <ShareTags title=title description=texts::description(locale, title) path=format!("/legal/{}", text.kind.code()) picture="/img/share/school.jpg"/>
        <main id="main" class="page narrow" tabindex="-1">
            <header class="head">
                <h1>{title}</h1>
                <p class="edition">{texts::version(locale, text.version)} " " <Moment at=text.published_at date_only=true/></p>
            </header>
            <MarkdownView html=text.html/>
        </main>
    }
}
