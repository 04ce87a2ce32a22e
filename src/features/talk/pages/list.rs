//! Threads as lines, under a lesson and on a page of their own.

use crate::features::talk::model::{PostState, ThreadLine};
use crate::shared::href;
use crate::shared::i18n::{Locale, talk as texts};
use crate::shared::viewer::use_locale;
use crate::ui::{Glyph, Icon, Moment};
use leptos::prelude::*;

/// The question in a line, or why it is not there.
pub(super) fn words(locale: Locale, excerpt: Option<String>, state: PostState) -> String {
    excerpt.unwrap_or_else(|| match state {
        PostState::Withdrawn => texts::withdrawn(locale).to_owned(),
        PostState::Hidden | PostState::Shown => texts::hidden(locale).to_owned(),
    })
}

/// The list.
#[component]
pub(super) fn Threads(
    /// The newest first.
    threads: Vec<ThreadLine>,
) -> impl IntoView {
    let locale = use_locale();
    view! { <ul class="steps threads" role="list">{threads.into_iter().map(|thread| line(locale, thread)).collect_view()}</ul> }
}

fn line(locale: Locale, thread: ThreadLine) -> impl IntoView {
    view! {
        <li class=thread.is_answered.then_some("done")>
            <Icon glyph=if thread.is_answered { Glyph::Check } else { Glyph::MessageSquare }/>
            <div>
                <h3 class="title">
                    <a href=href::thread(thread.id)>{words(locale, thread.excerpt, thread.state)}</a>
                </h3>
                <p class="small muted">
                    {thread.author} " · " <Moment at=thread.asked/> " · " {texts::replies_count(locale, thread.replies)}
                </p>
                <p class="row">
                    {thread.is_answered.then(|| view! { <span class="chip ok"><Icon glyph=Glyph::Check/>{texts::answered(locale)}</span> })}
                    {thread.is_private.then(|| view! { <span class="chip"><Icon glyph=Glyph::User/>{texts::private(locale)}</span> })}
                    {(thread.unread > 0)
                        .then(|| {
                            view! {
                                <span class="chip due">
                                    <Icon glyph=Glyph::CircleDot/>
                                    {texts::unread(locale, thread.unread)}
                                </span>
                            }
                        })}
                </p>
            </div>
        </li>
    }
}
