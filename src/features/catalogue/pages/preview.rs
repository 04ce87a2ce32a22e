//! `/courses/{slug}/lessons/{id}`: a free lesson.

use crate::app::ShareTags;
use crate::features::catalogue::api::get_preview_lesson;
use crate::features::catalogue::model::PreviewLesson;
use crate::features::files::pages::{Attachments, FilmView};
use crate::shared::error::parse_id;
use crate::shared::href;
use crate::shared::i18n::{catalogue as texts, time};
use crate::shared::viewer::use_locale;
use crate::ui::{Glyph, Icon, Loaded, ReadingView};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use uuid::Uuid;

/// A free lesson.
#[component]
pub fn PreviewPage() -> impl IntoView {
    let params = use_params_map();
    let lesson = Resource::new_blocking(
        move || (params.read().get("slug").unwrap_or_default(), params.read().get("id").unwrap_or_default()),
        |(slug, id)| async move {
            let id = parse_id(&id)?;
            get_preview_lesson(slug, id).await.map(|lesson| (id, lesson))
        },
    );
    view! { <Loaded resource=lesson page=|(id, lesson)| view! { <Preview id lesson/> }.into_any()/> }
}

#[component]
fn Preview(id: Uuid, lesson: PreviewLesson) -> impl IntoView {
    let locale = use_locale();
    let course = href::course(&lesson.course_slug);
    view! {
        <ShareTags
            title=format!("{} · {}", lesson.title, lesson.course_title)
            description=texts::preview_description(locale, &lesson.course_title)
            path=href::preview_lesson(&lesson.course_slug, id)
            picture="/img/share/school.jpg"
        />
        <main id="main" class="page narrow" tabindex="-1">
            <nav class="crumbs" aria-label=texts::where_you_are(locale)>
                <a href=course.clone()>{lesson.course_title.clone()}</a>
                <Icon glyph=Glyph::ChevronRight/>
                <span aria-current="page">{texts::free_lesson(locale)}</span>
            </nav>
            <article class="stack loose">
                <header class="stack tight">
                    <p>
                        <span class="chip ok">
                            <Icon glyph=Glyph::Eye/>
                            {texts::free_lesson(locale)}
                        </span>
                    </p>
                    <h1>{lesson.title}</h1>
                    <p class="muted">{time::minutes(locale, i64::from(lesson.minutes))}</p>
                </header>
                {lesson.film.map(|film| view! { <FilmView film/> })}
                <ReadingView html=lesson.html/>
                <Attachments files=lesson.files/>
                <div class="next">
                    <div>
                        <p class="small muted">{texts::more_in_course(locale)}</p>
                        <h2>{lesson.course_title}</h2>
                    </div>
                    <a class="button" href=course>
                        {texts::see_course(locale, lesson.price.format(locale))}
                    </a>
                </div>
            </article>
        </main>
    }
}
