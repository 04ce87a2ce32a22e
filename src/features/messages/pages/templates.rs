//! `/admin/mail/templates`: every letter in both languages.

use super::template_name;
use crate::features::admin::pages::Sections;
use crate::features::messages::api::list_templates;
use crate::features::messages::model::TemplateView;
use crate::shared::i18n::{learning, mail_log as texts};
use crate::shared::viewer::use_locale;
use crate::ui::{Glyph, Icon, Loaded};
use leptos::prelude::*;
use leptos_meta::Title;

/// The templates.
#[component]
pub fn TemplatesPage() -> impl IntoView {
    let templates = Resource::new_blocking(|| (), |()| list_templates());
    view! { <Loaded resource=templates page=|templates| view! { <Templates templates/> }.into_any()/> }
}

#[component]
fn Templates(templates: Vec<TemplateView>) -> impl IntoView {
    let locale = use_locale();
    view! {
        <Title text=texts::templates(locale)/>
        <Sections/>
        <main id="main" class="page wide" tabindex="-1">
            <nav class="crumbs" aria-label=learning::where_you_are(locale)>
                <a href="/admin/mail">{texts::title(locale)}</a>
                <Icon glyph=Glyph::ChevronRight/>
                <span aria-current="page">{texts::templates(locale)}</span>
            </nav>
            <header class="head">
                <h1>{texts::templates(locale)}</h1>
            </header>
            {templates
                .into_iter()
                .map(|template| {
                    let name = format!("{} ({})", template_name(locale, &template.template), template.locale);
                    let frame = format!("/admin/mail/templates/{}/{}", template.template, template.locale);
                    view! {
                        <section class="section">
                            <h2>{name.clone()}</h2>
                            <p lang=template.locale.clone()>{template.subject}</p>
                            <iframe class="letter-frame" sandbox="" src=frame title=name></iframe>
                            <pre class="letter-text" lang=template.locale>{template.text}</pre>
                        </section>
                    }
                })
                .collect_view()}
        </main>
    }
}
