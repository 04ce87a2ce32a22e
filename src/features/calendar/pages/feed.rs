//! One's own dates for a calendar program, on `/learn`.

use crate::shared::i18n::calendar as texts;
use crate::shared::viewer::use_locale;
use crate::ui::{Glyph, Icon};
use leptos::prelude::*;

/// The address, or the way to one.
#[component]
pub fn DatesFeed(
    /// The address, where there is one.
    address: Option<String>,
) -> impl IntoView {
    let locale = use_locale();
    let step = |step: &'static str, label: &'static str| {
        view! {
            <form method="post" action="/account/calendar">
                <button class="button quiet compact" name="step" value=step>
                    {label}
                </button>
            </form>
        }
    };
    view! {
        <section class="section" aria-labelledby="feed-title">
            <details class="reveal">
                <summary id="feed-title" class="button plain compact">
                    <Icon glyph=Glyph::Clock/>
                    {texts::feed_title(locale)}
                </summary>
                <div class="stack">
                    <p class="hint">{texts::feed_hint(locale)}</p>
                    {match address {
                        Some(address) => {
                            view! {
                                <div class="field">
                                    <label for="feed-address">{texts::feed_address(locale)}</label>
                                    <input class="input" id="feed-address" type="text" readonly value=address/>
                                </div>
                                <div class="actions">
                                    {step("make", texts::feed_renew(locale))} {step("remove", texts::feed_remove(locale))}
                                </div>
                            }
                                .into_any()
                        }
                        None => step("make", texts::feed_make(locale)).into_any(),
                    }}
                </div>
            </details>
        </section>
    }
}
