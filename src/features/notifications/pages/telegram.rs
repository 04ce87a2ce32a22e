//! The chat in Telegram: connecting it with a link that is shown once, and disconnecting it.

use crate::features::notifications::model::Chat;
use crate::shared::form::FormState;
use crate::shared::i18n::{Locale, telegram as texts};
use crate::shared::viewer::{use_form, use_locale};
use crate::ui::{Alert, FormAlert, Glyph, Icon, Moment, Tone};
use leptos::prelude::*;

/// The section of the settings.
#[component]
pub(super) fn TelegramSection(
    /// The reader's chat.
    chat: Chat,
) -> impl IntoView {
    let locale = use_locale();
    let form = use_form("telegram");
    let (state, connect) = match chat {
        Chat::Absent => (view! { <p>{texts::absent(locale)}</p> }.into_any(), texts::connect(locale)),
        Chat::Connected(since) => (
            view! {
                <p>
                    <span class="chip ok">
                        <Icon glyph=Glyph::Check/>
                        {texts::connected_since(locale)}
                    </span>
                    " "
                    <span class="small muted">
                        <Moment at=since/>
                    </span>
                </p>
            }
            .into_any(),
            texts::connect_other(locale),
        ),
        Chat::Blocked(since) => (
            view! {
                <Alert tone=Tone::Warn title=texts::blocked_since(locale)>
                    <p>{texts::blocked_text(locale)}</p>
                    <p class="small">
                        <Moment at=since/>
                    </p>
                </Alert>
            }
            .into_any(),
            texts::connect_again(locale),
        ),
    };
    view! {
        <section class="section stack" id="telegram">
            <header>
                <h2>{texts::title(locale)}</h2>
                <p class="small muted">{texts::hint(locale)}</p>
            </header>
            <FormAlert form=form.clone()/>
            {state}
            {invitation(locale, &form)}
            <div class="actions">
                <form method="post" action="/notifications/telegram/connect">
                    <button class="button quiet">{connect}</button>
                </form>
                {matches!(chat, Chat::Connected(_))
                    .then(|| {
                        view! {
                            <form method="post" action="/notifications/telegram/disconnect">
                                <button class="button quiet">{texts::disconnect(locale)}</button>
                            </form>
                        }
                    })}
            </div>
        </section>
    }
}

/// The link and its code, on the page that answers the wish for them.
fn invitation(locale: Locale, form: &FormState) -> Option<impl IntoView + use<>> {
    let (link, bot, command) = (form.value("link")?, form.value("bot")?, form.value("command")?);
    Some(view! {
        <div class="panel-box">
            <p>{texts::link_text(locale)}</p>
            <p>
                <a class="button" href=link target="_blank" rel="noopener noreferrer">
                    {texts::open_link(locale)}
                </a>
            </p>
            <p class="small">
                {texts::or_send(locale, bot)} <br/> <code class="one-time">{command}</code>
            </p>
            <p class="small muted">{texts::then_reload(locale)}</p>
        </div>
    })
}
