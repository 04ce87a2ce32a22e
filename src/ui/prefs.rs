//! Language and theme: a form that works everywhere, with scripts and without.

use super::{Glyph, Icon};
use crate::shared::i18n::{Locale, ui as texts};
use crate::shared::viewer::{Theme, use_viewer};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// The two switches. The page comes back where it was.
#[component]
pub fn Preferences() -> impl IntoView {
    let viewer = use_viewer();
    let locale = viewer.locale;
    let location = use_location();
    let back = move || {
        let query = location.search.get();
        if query.is_empty() { location.pathname.get() } else { format!("{}?{query}", location.pathname.get()) }
    };
    let pressed = |is: bool| if is { "true" } else { "false" };
    let themes = [
        ("system", None, Glyph::Monitor, texts::theme_system(locale)),
        ("light", Some(Theme::Light), Glyph::Sun, texts::theme_light(locale)),
        ("dark", Some(Theme::Dark), Glyph::Moon, texts::theme_dark(locale)),
    ];
    view! {
        <form class="prefs" method="post" action="/preferences">
            <input type="hidden" name="back" value=back/>
            <fieldset class="segment">
                <legend>{texts::language(locale)}</legend>
                <div>
                    {Locale::ALL
                        .map(|offered| {
                            view! {
                                <button name="language" value=offered.code() lang=offered.code() aria-pressed=pressed(offered == locale)>
                                    {offered.own_name()}
                                </button>
                            }
                        })
                        .collect_view()}
                </div>
            </fieldset>
            <fieldset class="segment">
                <legend>{texts::theme(locale)}</legend>
                <div>
                    {themes
                        .map(|(value, theme, glyph, label)| {
                            view! {
                                <button name="theme" value=value aria-pressed=pressed(theme == viewer.theme)>
                                    <Icon glyph=glyph/>
                                    " "
                                    {label}
                                </button>
                            }
                        })
                        .collect_view()}
                </div>
            </fieldset>
        </form>
    }
}
