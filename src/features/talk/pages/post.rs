//! A post of a thread: who, when, the words, what the reader may do with it.

use super::list::words;
use super::post_actions::PostActions;
use crate::features::talk::model::{Post, PostState};
use crate::shared::i18n::talk as texts;
use crate::shared::viewer::use_locale;
use crate::ui::{Alert, Avatar, Glyph, Icon, MarkdownView, Moment, Tone};
use leptos::prelude::*;
use uuid::Uuid;

/// The post.
#[component]
pub(super) fn PostView(
    /// What it is.
    post: Post,
    /// Its thread.
    thread: Uuid,
    /// The reader is staff of the course.
    can_moderate: bool,
) -> impl IntoView {
    let locale = use_locale();
    let anchor = format!("post-{}", post.number);
    let class = if post.is_answer { "post answer" } else { "post" };
    let is_hidden = post.state == PostState::Hidden;
    let html = post.html.clone();
    let state = post.state;
    view! {
        <article class=class id=anchor.clone()>
            <header class="row between">
                <div class="person">
                    <Avatar name=post.author.clone() photo=post.author_photo/>
                    <div>
                        <strong>{post.author.clone()}</strong>
                        <p class="small muted">
                            {post.is_by_staff.then(|| view! { {texts::staff(locale)} " · " })} <a href=format!("#{anchor}")><Moment at=post.posted/></a>
                            {post.is_edited.then(|| view! { " · " {texts::edited(locale)} })}
                        </p>
                    </div>
                </div>
                <p class="row">
                    {post.is_new.then(|| view! { <span class="chip due"><Icon glyph=Glyph::CircleDot/>{texts::is_new(locale)}</span> })}
                    {post.is_answer.then(|| view! { <span class="chip ok"><Icon glyph=Glyph::Check/>{texts::is_answer(locale)}</span> })}
                    {is_hidden.then(|| view! { <span class="chip bad"><Icon glyph=Glyph::Ban/>{texts::hidden(locale)}</span> })}
                </p>
            </header>
            {post.hidden_reason.clone().map(|reason| view! { <Alert tone=Tone::Warn title=texts::hidden_because(locale, reason)/> })}
            {match html {
                Some(html) => view! { <MarkdownView html/> }.into_any(),
                None => view! { <p class="muted">{words(locale, None, state)}</p> }.into_any(),
            }}
            <PostActions post thread can_moderate/>
        </article>
    }
}
