//! `/admin/courses/{id}/lessons/{lesson}`: a lesson's text, its preview, and publishing it.

use super::files::Files;
use super::plan::Plan;
use super::preview::Preview;
use crate::features::admin::pages::Sections;
use crate::features::authoring::api::get_lesson_editor;
use crate::features::authoring::model::LessonEditor;
use crate::shared::error::parse_id;
use crate::shared::href;
use crate::shared::i18n::{admin, authoring as texts, learning};
use crate::shared::viewer::{use_form, use_locale};
use crate::ui::{Field, FieldError, FormAlert, Glyph, Icon, Loaded, Moment, TextArea};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

/// A lesson.
#[component]
pub fn LessonPage() -> impl IntoView {
    let params = use_params_map();
    let ids = move || (params.read().get("id").unwrap_or_default(), params.read().get("lesson").unwrap_or_default());
    let editor = Resource::new_blocking(ids, |(course, lesson)| async move { get_lesson_editor(parse_id(&course)?, parse_id(&lesson)?).await });
    view! { <Loaded resource=editor page=|editor| view! { <Editor editor/> }.into_any()/> }
}

#[component]
fn Editor(editor: LessonEditor) -> impl IntoView {
    let locale = use_locale();
    // A file that comes or goes makes one.
    let has_draft = RwSignal::new(editor.draft.is_some());
    let here = href::edit_lesson(editor.course_id, editor.id);
    view! {
        <Title text=editor.text.title.clone()/>
        <Sections/>
        <main id="main" class="page" tabindex="-1">
            <nav class="crumbs" aria-label=learning::where_you_are(locale)>
                <a href="/admin/courses">{admin::courses(locale)}</a>
                <Icon glyph=Glyph::ChevronRight/>
                <a href=href::edit_course(editor.course_id)>{editor.course_title.clone()}</a>
            </nav>
            <header class="head">
                <h1>{editor.text.title.clone()}</h1>
                <p class="row">
                    {match editor.draft.clone() {
                        Some(draft) => {
                            view! {
                                <span class="chip due">
                                    <Icon glyph=Glyph::Pencil/>
                                    {texts::draft(locale)}
                                </span>
                                <span class="small muted">{texts::saved_by(locale, draft.author)} " · " <Moment at=draft.saved/></span>
                            }
                                .into_any()
                        }
                        None => {
                            view! {
                                <span class="chip ok">
                                    <Icon glyph=Glyph::Check/>
                                    {texts::is_published(locale)}
                                </span>
                            }
                                .into_any()
                        }
                    }}
                    <a href=href::lesson(&editor.course_slug, editor.id)>{texts::as_learner(locale)}</a>
                </p>
            </header>
            <Text editor=editor.clone()/>
            <Files course=editor.course_id lesson=editor.id files=editor.files.clone() on_draft=Callback::new(move |()| has_draft.set(true))/>
            {move || has_draft.get().then(|| view! { <Publishing here=here.clone() revision=editor.revision/> })}
            <Plan course=editor.course_id lesson=editor.id plan=editor.plan zone=editor.time_zone/>
        </main>
    }
}

/// The form of the text, with its preview beside or below it.
#[component]
fn Text(editor: LessonEditor) -> impl IntoView {
    let locale = use_locale();
    let form = use_form("lesson");
    let problem = form.problem("content").is_some();
    let described_by = if problem { "content-hint content-error" } else { "content-hint" };
    let text = editor.text;
    view! {
        <div class="editor">
        <form class="form" method="post" action=href::edit_lesson(editor.course_id, editor.id) novalidate>
            <FormAlert form=form.clone()/>
            // Of the draft that stands now: who was refused has seen so, and may replace it.
            <input type="hidden" name="revision" value=editor.revision/>
            <Field form=form.clone() name="title" label=texts::title(locale) value=text.title required=true/>
            <Field form=form.clone() name="summary" label=texts::summary(locale) hint=texts::summary_hint(locale) value=text.summary/>
            <Field form=form.clone() name="minutes" label=texts::minutes(locale) kind="number" value=text.minutes.to_string()/>
            <div class="field">
                <label for="content">{texts::content(locale)}</label>
                <TextArea
                    name="content"
                    id="content"
                    rows=24
                    text=form.value("content").unwrap_or(text.content)
                    described_by=described_by
                    is_invalid=problem
                />
                <p class="hint" id="content-hint">{texts::content_hint(locale)}</p>
                <FieldError form name="content"/>
            </div>
            <div class="actions">
                <button class="button">{texts::save(locale)}</button>
            </div>
        </form>
        <div class="stack tight">
            <h2 id="preview-title">{texts::preview(locale)}</h2>
            <div class="sheet" tabindex="0" role="region" aria-labelledby="preview-title">
                <Preview html=editor.html/>
            </div>
        </div>
        </div>
    }
}

/// What happens to the draft.
#[component]
fn Publishing(here: String, revision: i32) -> impl IntoView {
    let locale = use_locale();
    let form = use_form("publish");
    view! {
            <section class="section" aria-labelledby="publish-title">
                <h2 id="publish-title">{texts::publish_title(locale)}</h2>
                <FormAlert form=form/>
                <p class="muted">{texts::publish_hint(locale)}</p>
                <div class="actions">
                    <form method="post" action=format!("{here}/publish")>
                        <input type="hidden" name="revision" value=revision/>
                        <button class="button">{texts::publish(locale)}</button>
                    </form>
                    <details class="reveal">
                        <summary class="button plain">{texts::discard(locale)}</summary>
                        <form class="form" method="post" action=format!("{here}/discard")>
                            <p>{texts::discard_hint(locale)}</p>
                            <div>
                                <button class="button danger">{texts::discard_now(locale)}</button>
                            </div>
                        </form>
                    </details>
                </div>
            </section>
    }
}
