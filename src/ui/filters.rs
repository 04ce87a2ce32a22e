//! The form that narrows a list: words to look for, and a choice.

use super::{Glyph, Icon};
use crate::shared::i18n::ui as texts;
use crate::shared::viewer::use_locale;
use leptos::prelude::*;

/// A list's filters: they stand in its address.
#[component]
pub fn Filters(
    /// The list's page.
    #[prop(into)]
    action: String,
    /// Of the field `q`, where there is one: its label, and what was looked for.
    #[prop(optional)]
    words: Option<(&'static str, String)>,
    /// Name of the choice's field.
    name: &'static str,
    /// Label of the choice.
    label: &'static str,
    /// What can be chosen: values and names.
    options: Vec<(String, String)>,
    /// What is chosen.
    chosen: String,
) -> impl IntoView {
    let locale = use_locale();
    let id = format!("filter-{name}");
    view! {
        <form class="filters" method="get" action=action role="search">
            {words
                .map(|(label, value)| {
                    view! {
                        <div class="field grow">
                            <label for="q">{label}</label>
                            <input class="input" type="search" id="q" name="q" autocomplete="off" value=value/>
                        </div>
                    }
                })}
            <div class="field">
                <label for=id.clone()>{label}</label>
                <select class="input" id=id name=name>
                    {options
                        .into_iter()
                        .map(|(code, name)| {
                            let is_chosen = code == chosen;
                            view! {
                                <option value=code selected=is_chosen>
                                    {name}
                                </option>
                            }
                        })
                        .collect_view()}
                </select>
            </div>
            <button class="button quiet">
                <Icon glyph=Glyph::Search/>
                {texts::find(locale)}
            </button>
        </form>
    }
}

/// What can be chosen, of codes and names that are known when the program is built.
pub fn options(all: impl IntoIterator<Item = (&'static str, &'static str)>) -> Vec<(String, String)> {
    all.into_iter().map(|(code, name)| (code.to_owned(), name.to_owned())).collect()
}
