//! The form of a new remark on the desk: where it is was chosen on a photograph, or is chosen here.

use super::canvas::Spot;
use super::keys::press;
use super::{kind_text, refused};
use crate::features::assignments::api::add_remark;
use crate::features::assignments::model::{NewRemark, Photo, Remark};
use crate::features::assignments::rules::passages::Passage;
use crate::features::assignments::rules::{Place, RemarkKind};
use crate::features::quizzes::model::scoring::Phrase;
use crate::features::quizzes::pages::{KeepPhrase, Phrases};
use crate::shared::form::FormState;
use crate::shared::href;
use crate::shared::i18n::{desk as texts, works};
use crate::shared::viewer::use_locale;
use crate::ui::{FieldError, FormAlert, TextArea};
use leptos::ev::{KeyboardEvent, SubmitEvent};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::HtmlTextAreaElement;
use uuid::Uuid;

/// The text of the new remark.
fn area() -> Option<HtmlTextAreaElement> {
    document().get_element_by_id("remark").map(JsCast::unchecked_into)
}

/// The form of a new remark. Without scripts it names a photograph as a whole.
#[component]
pub(super) fn NewRemarkForm(
    id: Uuid,
    form: RwSignal<FormState>,
    spot: RwSignal<Option<Spot>>,
    passage: RwSignal<Option<Passage>>,
    remarks: RwSignal<Vec<Remark>>,
    photos: StoredValue<Vec<Photo>>,
    phrases: Vec<Phrase>,
) -> impl IntoView {
    let locale = use_locale();
    let first = form.get_untracked();
    let on = RwSignal::new(first.value("on").unwrap_or_else(|| "work".to_owned()));
    let kind = RwSignal::new(first.value("kind").and_then(|code| RemarkKind::from_code(&code)).unwrap_or(RemarkKind::MustFix));
    let is_sending = RwSignal::new(false);
    let send = move |event: SubmitEvent| {
        // Buttons of phrases go their own way.
        let is_own = event.submitter().is_none_or(|button| button.id() == "remark-add");
        let (true, Some(area)) = (is_own, area()) else { return };
        event.prevent_default();
        if is_sending.get_untracked() {
            return;
        }
        is_sending.set(true);
        let (chosen, words) = (spot.get_untracked(), passage.get_untracked());
        let whole = Uuid::try_parse(&on.get_untracked()).ok();
        let is_on_text = words.is_some() || on.get_untracked() == "text";
        let (place, file_id, points) = match (chosen, whole) {
            (Some(Spot { file_id, place, points }), _) => (place, Some(file_id), points),
            (None, _) if is_on_text => (Place::Text, None, Vec::new()),
            (None, Some(file_id)) => (Place::File, Some(file_id), Vec::new()),
            (None, None) => (Place::Work, None, Vec::new()),
        };
        let passage_chosen = words.filter(|_| place == Place::Text);
        let remark = NewRemark { kind: kind.get_untracked(), place, file_id, points, passage: passage_chosen, body: area.value() };
        spawn_local(async move {
            let outcome = add_remark(id, remark).await;
            let _ = is_sending.try_set(false);
            match outcome {
                Ok(remark) => {
                    let _ = remarks.try_update(|remarks| remarks.push(remark));
                    let _ = spot.try_set(None);
                    let _ = passage.try_set(None);
                    let _ = form.try_set(FormState::default());
                    if let Some(area) = self::area() {
                        area.set_value("");
                    }
                }
                // What was typed stays.
                Err(error) => {
                    let _ = form.try_set(refused("remark", error));
                }
            }
        });
    };
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
            press(&event, "remark-add");
        }
    };
    let places: Vec<(String, String)> = photos.with_value(|photos| {
        let of_photos = photos.iter().zip(1_i64..).map(|(photo, number)| (photo.file_id.to_string(), works::on_photo(locale, number)));
        [("work".to_owned(), works::on_work(locale).to_owned()), ("text".to_owned(), works::on_text(locale).to_owned())]
            .into_iter()
            .chain(of_photos)
            .collect()
    });
    let chosen_place = move || {
        spot.get().map(|chosen| {
            let number = photos
                .with_value(|photos| photos.iter().zip(1_i64..).find(|(photo, _)| photo.file_id == chosen.file_id).map_or(1, |(_, number)| number));
            let place = match chosen.place {
                Place::Box => texts::place_box(locale),
                Place::Line => texts::place_line(locale),
                _ => texts::place_point(locale),
            };
            view! {
                <p class="row small">
                    {works::on_photo(locale, number)}
                    ", "
                    {place}
                    <button type="button" class="button plain compact" on:click=move |_| spot.set(None)>
                        {texts::no_place(locale)}
                    </button>
                </p>
            }
        })
    };
    let chosen_passage = move || {
        passage.get().map(|passage_now| {
            view! {
                <div class="row small">
                    <q class="quoted">{passage_now.quote}</q>
                    <button type="button" class="button plain compact" on:click=move |_| passage.set(None)>
                        {texts::no_place(locale)}
                    </button>
                </div>
            }
        })
    };
    view! {
        <form class="form" method="post" action=format!("{}/remarks", href::desk(id)) novalidate on:submit=send>
            {move || view! { <FormAlert form=form.get()/> }}
            {chosen_place}
            {chosen_passage}
            <div class="field" hidden=move || spot.with(Option::is_some) || passage.with(Option::is_some)>
                <label for="on">{texts::about(locale)}</label>
                <select class="input" id="on" name="on" on:change:target=move |event| on.set(event.target().value())>
                    {places
                        .into_iter()
                        .map(|(value, label)| {
                            let is_chosen = on.get_untracked() == value;
                            view! {
                                <option value=value selected=is_chosen>
                                    {label}
                                </option>
                            }
                        })
                        .collect_view()}
                </select>
            </div>
            <div class="field">
                <label for="kind">{texts::kind(locale)}</label>
                <select
                    class="input"
                    id="kind"
                    name="kind"
                    on:change:target=move |event| kind.set(RemarkKind::from_code(&event.target().value()).unwrap_or(RemarkKind::MustFix))
                >
                    {RemarkKind::ALL
                        .into_iter()
                        .map(|choice| {
                            view! {
                                <option value=choice.code() selected=choice == kind.get_untracked()>
                                    {kind_text(locale, choice)}
                                </option>
                            }
                        })
                        .collect_view()}
                </select>
            </div>
            <div class="field">
                <label for="remark">{texts::remark(locale)}</label>
                <TextArea name="remark" id="remark" text=first.value("remark").unwrap_or_default() rows=3 on:keydown=on_key/>
                {move || view! { <FieldError form=form.get() name="remark"/> }}
            </div>
            <p class="actions">
                <button class="button quiet" id="remark-add" disabled=move || is_sending.get()>
                    {texts::add_remark(locale)}
                </button>
                <KeepPhrase/>
            </p>
            <Phrases phrases/>
        </form>
    }
}
