//! What may be done with a post: its author changes and withdraws it; staff mark it as the answer, hide it, show it again.

use crate::features::talk::model::{Post, PostState};
use crate::shared::href;
use crate::shared::i18n::talk as texts;
use crate::shared::viewer::{use_form, use_locale};
use crate::ui::{Field, FieldError, FormAlert, TextArea};
use leptos::prelude::*;
use uuid::Uuid;

/// The actions; nothing where there are none.
#[component]
pub(super) fn PostActions(
    /// On which post.
    post: Post,
    /// Its thread.
    thread: Uuid,
    /// The reader is staff of the course.
    can_moderate: bool,
) -> impl IntoView {
    let locale = use_locale();
    let address = format!("{}/posts/{}", href::thread(thread), post.id);
    let press = |action: &str, label: &'static str| {
        view! {
            <form method="post" action=format!("{address}/{action}")>
                <button class="button plain compact">{label}</button>
            </form>
        }
    };
    let can_mark = can_moderate && post.number > 1 && post.state == PostState::Shown;
    let edit = use_form(&format!("edit-{}", post.id));
    // A refused change stands again, also when its time is over.
    let source = edit.value(&format!("body-{}", post.id)).or(post.source.clone());
    let can_hide = can_moderate && post.state == PostState::Shown;
    view! {
        <div class="actions">
            {source.map(|source| view! { <Edit id=post.id address=format!("{address}/edit") source/> })}
            {post.can_withdraw.then(|| press("withdraw", texts::withdraw(locale)))}
            {(can_mark && !post.is_answer).then(|| press("answer", texts::mark_answer(locale)))}
            {(can_mark && post.is_answer).then(|| press("unanswer", texts::unmark_answer(locale)))}
            {can_hide.then(|| view! { <Hide id=post.id address=format!("{address}/hide")/> })}
            {(can_moderate && post.state == PostState::Hidden).then(|| press("show", texts::show(locale)))}
        </div>
    }
}

#[component]
fn Edit(id: Uuid, address: String, source: String) -> impl IntoView {
    let locale = use_locale();
    let form = use_form(&format!("edit-{id}"));
    let name = format!("body-{id}");
    let (is_refused, has_problem) = (!form.problems.is_empty(), form.problem(&name).is_some());
    let described_by = if has_problem { format!("{name}-hint {name}-error") } else { format!("{name}-hint") };
    view! {
        <details class="reveal" open=is_refused>
            <summary class="button plain compact">{texts::edit(locale)}</summary>
            <form class="form" method="post" action=address novalidate>
                <FormAlert form=form.clone()/>
                <div class="field">
                    <label for=name.clone()>{texts::your_text(locale)}</label>
                    <TextArea
                        name=name.clone()
                        id=name.clone()
                        text=source
                        described_by
                        is_invalid=has_problem
                    />
                    <p class="hint" id=format!("{name}-hint")>{texts::edit_hint(locale)}</p>
                    <FieldError form name/>
                </div>
                <div>
                    <button class="button quiet">{texts::save(locale)}</button>
                </div>
            </form>
        </details>
    }
}

#[component]
fn Hide(id: Uuid, address: String) -> impl IntoView {
    let locale = use_locale();
    let form = use_form(&format!("hide-{id}"));
    let is_refused = !form.problems.is_empty();
    view! {
        <details class="reveal" open=is_refused>
            <summary class="button plain compact">{texts::hide(locale)}</summary>
            <form class="form" method="post" action=address novalidate>
                <Field form name=format!("reason-{id}") label=texts::hide_reason(locale) required=true/>
                <div>
                    <button class="button danger">{texts::hide_now(locale)}</button>
                </div>
            </form>
        </details>
    }
}
