//! `/admin/courses/{id}/assignments/{assignment}`: what an assignment asks for.

use crate::features::admin::pages::Sections;
use crate::features::assignments::api::get_assignment_editor;
use crate::features::assignments::model::AssignmentEditor;
use crate::shared::error::parse_id;
use crate::shared::form::FormState;
use crate::shared::href;
use crate::shared::i18n::{admin, assignment_author as texts, authoring, learning};
use crate::shared::viewer::{use_form, use_locale};
use crate::ui::{AreaField, Field, FieldError, FormAlert, Glyph, Icon, Loaded};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

/// The assignment.
#[component]
pub fn EditAssignmentPage() -> impl IntoView {
    let params = use_params_map();
    let ids = move || (params.read().get("id").unwrap_or_default(), params.read().get("assignment").unwrap_or_default());
    let editor =
        Resource::new_blocking(ids, |(course, assignment)| async move { get_assignment_editor(parse_id(&course)?, parse_id(&assignment)?).await });
    view! { <Loaded resource=editor page=|editor| view! { <Editor editor/> }.into_any()/> }
}

#[component]
fn Editor(editor: AssignmentEditor) -> impl IntoView {
    let locale = use_locale();
    let here = href::edit_assignment(editor.course_id, editor.id);
    view! {
        <Title text=editor.settings.title.clone()/>
        <Sections/>
        <main id="main" class="page narrow" tabindex="-1">
            <nav class="crumbs" aria-label=learning::where_you_are(locale)>
                <a href="/admin/courses">{admin::courses(locale)}</a>
                <Icon glyph=Glyph::ChevronRight/>
                <a href=href::edit_course(editor.course_id)>{editor.course_title.clone()}</a>
                <Icon glyph=Glyph::ChevronRight/>
                <a href=href::edit_lesson(editor.course_id, editor.lesson_id)>{authoring::lesson(locale)}</a>
            </nav>
            <header class="head">
                <h1>{editor.settings.title.clone()}</h1>
                <a href=href::assignment(editor.id)>{authoring::as_learner(locale)}</a>
            </header>
            {editor
                .is_draft
                .then(|| {
                    view! {
                        <section class="panel-box" aria-labelledby="publish-title">
                            <h2 id="publish-title">{texts::draft_title(locale)}</h2>
                            <p class="muted">{texts::draft_hint(locale)}</p>
                            <FormAlert form=use_form("publish")/>
                            <div class="actions">
                                <form method="post" action=format!("{here}/publish")>
                                    <button class="button">{texts::publish(locale)}</button>
                                </form>
                                <form method="post" action=format!("{here}/discard")>
                                    <button class="button plain">{authoring::discard(locale)}</button>
                                </form>
                            </div>
                        </section>
                    }
                })}
            <Settings editor here/>
        </main>
    }
}

/// The form. A refused one shows what was typed.
#[component]
fn Settings(editor: AssignmentEditor, here: String) -> impl IntoView {
    let locale = use_locale();
    let form = use_form("assignment");
    let settings = editor.settings;
    let is_fresh = form.values.is_empty();
    let tick = |name: &'static str, label: &'static str, is_set: bool| {
        let is_set = if is_fresh { is_set } else { form.value(name).as_deref() == Some("yes") };
        view! {
            <label class="choice">
                <input type="checkbox" name=name value="yes" checked=is_set/>
                <span>{label}</span>
            </label>
        }
    };
    let number = |name: &'static str, label: &'static str, value: String, hint: &'static str| {
        let form: FormState = form.clone();
        view! { <Field form name label kind="number" value hint/> }
    };
    let chosen = form.value("mark").unwrap_or(settings.mark);
    let marks = [("none", texts::mark_none(locale)), ("pass", texts::mark_pass(locale)), ("points", texts::mark_points(locale))];
    view! {
        <form class="form section" method="post" action=here novalidate>
            <FormAlert form=form.clone()/>
            <Field form=form.clone() name="title" label=texts::title(locale) value=settings.title required=true/>
            <AreaField form=form.clone() name="task" label=texts::task(locale) text=settings.task rows=12 hint=texts::task_hint(locale)/>
            <fieldset class="stack tight">
                <legend>{texts::takes(locale)}</legend>
                {tick("takes_text", texts::takes_text(locale), settings.takes_text)}
                {tick("takes_photos", texts::takes_photos(locale), settings.takes_photos)}
                {tick("takes_files", texts::takes_files(locale), settings.takes_files)}
                {tick("takes_links", texts::takes_links(locale), settings.takes_links)}
                <FieldError form=form.clone() name="takes"/>
            </fieldset>
            {number("days", texts::days(locale), settings.days, texts::days_hint(locale))}
            {number("rounds", texts::rounds(locale), settings.rounds, texts::rounds_hint(locale))}
            <div class="field">
                <label for="mark">{texts::mark(locale)}</label>
                <select class="input" id="mark" name="mark">
                    {marks
                        .into_iter()
                        .map(|(code, label)| {
                            view! {
                                <option value=code selected=code == chosen>
                                    {label}
                                </option>
                            }
                        })
                        .collect_view()}
                </select>
                <FieldError form=form.clone() name="mark"/>
            </div>
            {number("max_points", texts::max_points(locale), settings.max_points, texts::max_points_hint(locale))}
            <fieldset class="stack">
                <legend>{texts::late(locale)}</legend>
                {number("late_days", texts::late_days(locale), settings.late_days, texts::late_days_hint(locale))}
                {number("late_percent", texts::late_percent(locale), settings.late_percent, texts::late_percent_hint(locale))}
                {number("late_floor", texts::late_floor(locale), settings.late_floor, texts::late_floor_hint(locale))}
            </fieldset>
            <div class="actions">
                <button class="button">{texts::save(locale)}</button>
            </div>
        </form>
    }
}
