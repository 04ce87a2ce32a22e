//! Conversation on pages of learning: the newest questions under a lesson, and unread replies on the learning home.

use super::ask::Ask;
use super::list::Threads;
use crate::features::talk::model::{LessonQuestions as Questions, UnreadThread};
use crate::shared::href;
use crate::shared::i18n::talk as texts;
use crate::shared::viewer::use_locale;
use crate::ui::{Glyph, Icon};
use leptos::prelude::*;
use uuid::Uuid;

/// The newest questions under a lesson, with the form of a new one.
#[component]
pub fn LessonQuestions(
    /// Of the course.
    slug: String,
    /// The lesson.
    lesson: Uuid,
    /// What was asked.
    questions: Questions,
) -> impl IntoView {
    let locale = use_locale();
    let all = href::questions(&slug, lesson);
    view! {
        <section class="stack" aria-labelledby="questions">
            <h2 id="questions">{texts::count(locale, questions.total)}</h2>
            {if questions.threads.is_empty() {
                view! { <p class="muted">{texts::none_text(locale)}</p> }.into_any()
            } else {
                view! { <Threads threads=questions.threads/> }.into_any()
            }}
            {(questions.total > 0)
                .then(|| {
                    view! {
                        <p>
                            <a class="button plain compact" href=all>
                                {texts::all_questions(locale)}
                                <Icon glyph=Glyph::ChevronRight/>
                            </a>
                        </p>
                    }
                })}
            <Ask slug lesson ask=questions.ask/>
        </section>
    }
}

/// My discussions with replies that I have not seen; nothing where there are none.
#[component]
pub fn UnreadReplies(
    /// The latest first.
    threads: Vec<UnreadThread>,
) -> impl IntoView {
    let locale = use_locale();
    (!threads.is_empty()).then(|| {
        view! {
            <section class="section">
                <h2>{texts::unread_title(locale)}</h2>
                <ul class="steps threads" role="list">
                    {threads
                        .into_iter()
                        .map(|thread| {
                            view! {
                                <li>
                                    <Icon glyph=Glyph::MessageSquare/>
                                    <div>
                                        <h3 class="title">
                                            <a href=href::thread(thread.id)>
                                                {thread.excerpt.unwrap_or_else(|| texts::question_of(locale, &thread.lesson_title))}
                                            </a>
                                        </h3>
                                        <p class="small muted">{thread.course_title} " · " {thread.lesson_title}</p>
                                    </div>
                                    <span class="chip due">
                                        <Icon glyph=Glyph::CircleDot/>
                                        {texts::unread(locale, thread.unread)}
                                    </span>
                                </li>
                            }
                        })
                        .collect_view()}
                </ul>
            </section>
        }
    })
}
