//! Announcements on the learning home, unread first.

use crate::features::announcements::model::AnnouncementLine;
use crate::shared::href;
use crate::shared::i18n::announcements as texts;
use crate::shared::viewer::use_locale;
use crate::ui::{Glyph, Icon, Moment};
use leptos::prelude::*;

/// The list; nothing where nothing came.
#[component]
pub fn MyAnnouncements(
    /// Unread first.
    lines: Vec<AnnouncementLine>,
) -> impl IntoView {
    let locale = use_locale();
    (!lines.is_empty()).then(|| {
        view! {
            <section class="section">
                <h2>{texts::title(locale)}</h2>
                <ul class="steps" role="list">
                    {lines
                        .into_iter()
                        .map(|line| {
                            view! {
                                <li class=line.is_read.then_some("done")>
                                    <Icon glyph=if line.is_read { Glyph::Check } else { Glyph::Inbox }/>
                                    <div>
                                        <h3 class="title">
                                            <a href=href::announcement(line.id)>{line.title}</a>
                                        </h3>
                                        <p class="small muted">{line.course_title} " · " <Moment at=line.published/></p>
                                    </div>
                                    {(!line.is_read)
                                        .then(|| {
                                            view! {
                                                <span class="chip due">
                                                    <Icon glyph=Glyph::CircleDot/>
                                                    {texts::unread(locale)}
                                                </span>
                                            }
                                        })}
                                </li>
                            }
                        })
                        .collect_view()}
                </ul>
            </section>
        }
    })
}
