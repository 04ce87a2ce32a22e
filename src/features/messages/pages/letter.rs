//! `/admin/mail/{id}`: a letter as its reader has it.

use super::{state_chip, template_name};
use crate::features::admin::pages::Sections;
use crate::features::messages::api::get_letter;
use crate::features::messages::model::LetterView;
use crate::shared::error::parse_id;
use crate::shared::href;
use crate::shared::i18n::{learning, mail_log as texts};
use crate::shared::viewer::use_locale;
use crate::ui::{Glyph, Icon, Loaded, Moment};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

/// A letter.
#[component]
pub fn LetterPage() -> impl IntoView {
    let params = use_params_map();
    let letter = Resource::new_blocking(
        move || params.read().get("id").unwrap_or_default(),
        |id| async move {
            let id = parse_id(&id)?;
            get_letter(id).await
        },
    );
    view! { <Loaded resource=letter page=|letter| view! { <Letter letter/> }.into_any()/> }
}

#[component]
fn Letter(letter: LetterView) -> impl IntoView {
    let locale = use_locale();
    let line = letter.line;
    let frame = format!("{}/html", href::letter(line.id));
    view! {
        <Title text=line.subject.clone()/>
        <Sections/>
        <main id="main" class="page wide" tabindex="-1">
            <nav class="crumbs" aria-label=learning::where_you_are(locale)>
                <a href="/admin/mail">{texts::title(locale)}</a>
                <Icon glyph=Glyph::ChevronRight/>
                <span aria-current="page">{line.subject.clone()}</span>
            </nav>
            <header class="head">
                <h1>{line.subject.clone()}</h1>
                {state_chip(locale, line.state)}
            </header>
            <dl class="letter-facts">
                <dt>{texts::to(locale)}</dt>
                <dd>{letter.to_name} " " {line.to}</dd>
                <dt>{texts::template(locale)}</dt>
                <dd>{template_name(locale, &line.template)} ", " {letter.locale.clone()}</dd>
                <dt>{texts::written(locale)}</dt>
                <dd>
                    <Moment at=line.at/>
                </dd>
                {letter
                    .sent
                    .map(|sent| {
                        view! {
                            <dt>{texts::sent(locale)}</dt>
                            <dd>
                                <Moment at=sent/>
                            </dd>
                        }
                    })}
                <dt>{texts::attempts(locale)}</dt>
                <dd class="num">{letter.attempts}</dd>
                {(!line.answer.is_empty())
                    .then(|| {
                        view! {
                            <dt>{texts::answer(locale)}</dt>
                            <dd>{line.answer}</dd>
                        }
                    })} <dt>{texts::message_id(locale)}</dt> <dd>{letter.message_id}</dd>
            </dl>
            {letter
                .link
                .map(|link| {
                    view! {
                        <p>
                            <a class="button" href=link>{texts::open_link(locale)}</a>
                        </p>
                    }
                })}
            <section class="section">
                <h2>"HTML"</h2>
                <iframe class="letter-frame" sandbox="" src=frame title=texts::frame(locale)></iframe>
            </section>
            <section class="section">
                <h2>{texts::plain_text(locale)}</h2>
                <pre class="letter-text" lang=letter.locale>{letter.text}</pre>
            </section>
        </main>
    }
}
