//! The form that uploads files into a lesson's draft. With scripts they go in slices, several one after another, and can be dropped on
//! it; without, one goes with the form.

use super::drop_zone::{dropped, held_over};
use super::sent_files::{Sending, SentFiles};
use crate::features::files::rules::{Role, UploadPlace};
use crate::shared::href;
use crate::shared::i18n::{Locale, files as texts};
use crate::shared::viewer::{use_form, use_locale};
use crate::ui::{FieldError, FormAlert};
use leptos::ev::{DragEvent, SubmitEvent};
use leptos::html;
use leptos::prelude::*;
use uuid::Uuid;

/// What a role is called.
pub fn role_text(locale: Locale, role: Role) -> &'static str {
    match role {
        Role::Attachment => texts::role_attachment(locale),
        Role::Picture => texts::role_picture(locale),
        Role::Video => texts::role_video(locale),
        Role::Captions => texts::role_captions(locale),
    }
}

/// The form.
#[component]
pub fn Uploader(
    /// `courses.id`.
    course: Uuid,
    /// `lessons.id`.
    lesson: Uuid,
    /// Called when a file is there.
    on_done: Callback<()>,
) -> impl IntoView {
    let locale = use_locale();
    let form = use_form("files");
    let (over, role) = (RwSignal::new(false), RwSignal::new(Role::Attachment));
    let input = NodeRef::<html::Input>::new();
    let sending = Sending::new(UploadPlace::Lesson { course_id: course, lesson_id: lesson }, on_done);
    let role_of = move |_: &str| Some(role.get_untracked());
    let on_submit = move |event: SubmitEvent| {
        if sending.take_chosen(input, role_of) {
            event.prevent_default();
        }
    };
    let on_drop = move |event: DragEvent| sending.take(dropped(&event, over), role_of);
    view! {
        <form
            class="form drop"
            class:over=over
            method="post"
            enctype="multipart/form-data"
            action=format!("{}/files", href::edit_lesson(course, lesson))
            on:submit=on_submit
            on:drop=on_drop
            on:dragover=move |event| held_over(&event, over)
            on:dragleave=move |_| over.set(false)
        >
            <FormAlert form=form.clone()/>
            <div class="field">
                <label for="role">{texts::role(locale)}</label>
                <select
                    class="input"
                    id="role"
                    name="role"
                    on:change:target=move |event| role.set(Role::from_code(&event.target().value()).unwrap_or(Role::Attachment))
                >
                    {Role::ALL.into_iter().map(|role| view! { <option value=role.code()>{role_text(locale, role)}</option> }).collect_view()}
                </select>
            </div>
            <div class="field">
                <label for="file">{texts::choose(locale)}</label>
                <input class="input" id="file" name="file" type="file" multiple node_ref=input aria-describedby="file-hint"/>
                <p class="hint" id="file-hint">{texts::limits(locale)}</p>
                <FieldError form name="file"/>
            </div>
            <div>
                <button class="button quiet">{texts::upload(locale)}</button>
            </div>
        </form>
        <SentFiles sending/>
    }
}
