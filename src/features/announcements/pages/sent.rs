//! `/admin/announcements`: publishing, and how many have read what.

use crate::features::admin::pages::Sections;
use crate::features::announcements::api::get_sent;
use crate::features::announcements::model::{Sent, SentLine, Target};
use crate::features::quizzes::pages::DeskSections;
use crate::shared::href;
use crate::shared::i18n::{Locale, announcements as texts};
use crate::shared::role::Role;
use crate::shared::viewer::{use_form, use_locale, use_viewer};
use crate::ui::{Empty, Field, FieldError, FormAlert, Glyph, Icon, Loaded, Meter, Moment, TextArea};
use leptos::prelude::*;
use leptos_meta::Title;
use uuid::Uuid;

/// Publishing, and who has read what.
#[component]
pub fn SentPage() -> impl IntoView {
    let sent = Resource::new_blocking(|| (), |()| get_sent());
    view! { <Loaded resource=sent page=|sent| view! { <Announcements sent/> }.into_any()/> }
}

#[component]
fn Announcements(sent: Sent) -> impl IntoView {
    let locale = use_locale();
    let is_admin = use_viewer().person.is_some_and(|person| person.role == Role::Admin);
    view! {
        <Title text=texts::title(locale)/>
        {if is_admin { view! { <Sections/> }.into_any() } else { view! { <DeskSections/> }.into_any() }}
        <main id="main" class="page" tabindex="-1">
            <header class="head">
                <h1>{texts::title(locale)}</h1>
            </header>
            <div class="stack loose">
                <section>
                    <h2 class="hush">{texts::sent(locale)}</h2>
                    {if sent.lines.is_empty() {
                        view! { <Empty glyph=Glyph::Inbox title=texts::empty_title(locale) text=texts::empty_text(locale)/> }.into_any()
                    } else {
                        view! { <Lines lines=sent.lines/> }.into_any()
                    }}
                </section>
                <Publish targets=sent.targets key=sent.form_key/>
            </div>
        </main>
    }
}

#[component]
fn Lines(lines: Vec<SentLine>) -> impl IntoView {
    let locale = use_locale();
    view! {
        <table class="table">
            <thead>
                <tr>
                    <th scope="col">{texts::announcement(locale)}</th>
                    <th scope="col">{texts::to(locale)}</th>
                    <th scope="col">{texts::published(locale)}</th>
                    <th scope="col">{texts::read(locale)}</th>
                </tr>
            </thead>
            <tbody>{lines.into_iter().map(|line| row(locale, line)).collect_view()}</tbody>
        </table>
    }
}

fn target_name(course: String, group: Option<String>) -> String {
    match group {
        Some(group) => format!("{course} · {group}"),
        None => course,
    }
}

fn row(locale: Locale, line: SentLine) -> impl IntoView {
    view! {
        <tr>
            <td class="main">
                <a href=href::announcement(line.id)>{line.title}</a>
                {line
                    .is_withdrawn
                    .then(|| {
                        view! {
                            " "
                            <span class="chip bad">
                                <Icon glyph=Glyph::Ban/>
                                {texts::withdrawn(locale)}
                            </span>
                        }
                    })}
            </td>
            <td data-label=texts::to(locale)>
                <span>{target_name(line.course_title, line.group)}</span>
            </td>
            <td data-label=texts::published(locale)>
                <span>{line.author} " · " <Moment at=line.published/></span>
            </td>
            <td data-label=texts::read(locale)>
                <div class="readers">
                    <Meter hundredths=line.read_hundredths/>
                    <span class="small num">{texts::read_by(locale, line.readers, line.recipients)}</span>
                </div>
            </td>
        </tr>
    }
}

#[component]
fn Publish(targets: Vec<Target>, key: Uuid) -> impl IntoView {
    let locale = use_locale();
    let form = use_form("announce");
    let has_problem = form.problem("body").is_some();
    let chosen = form.value("course_id").unwrap_or_default();
    let key = form.value("key").unwrap_or_else(|| key.to_string());
    let described_by = if has_problem { "body-hint body-error" } else { "body-hint" };
    view! {
        <section class="panel-box">
            <h2>{texts::new(locale)}</h2>
            <form class="form" method="post" action="/admin/announcements" novalidate>
                <FormAlert form=form.clone()/>
                <input type="hidden" name="key" value=key/>
                <div class="field">
                    <label for="course_id">{texts::to(locale)}</label>
                    <select class="input" id="course_id" name="course_id">
                        {targets
                            .into_iter()
                            .map(|target| {
                                let is_chosen = target.value == chosen;
                                let learners = texts::learners(locale, target.learners);
                                view! {
                                    <option value=target.value selected=is_chosen>
                                        {format!("{} ({learners})", target_name(target.course_title, target.group))}
                                    </option>
                                }
                            })
                            .collect_view()}
                    </select>
                    <FieldError form=form.clone() name="course_id"/>
                </div>
                <Field form=form.clone() name="title" label=texts::heading(locale) required=true/>
                <div class="field">
                    <label for="body">{texts::body(locale)}</label>
                    <TextArea name="body" id="body" text=form.value("body").unwrap_or_default() described_by=described_by is_invalid=has_problem/>
                    <p class="hint" id="body-hint">{texts::body_hint(locale)}</p>
                    <FieldError form name="body"/>
                </div>
                <div>
                    <button class="button">{texts::publish(locale)}</button>
                </div>
            </form>
        </section>
    }
}
