//! `/notifications/settings`: each kind of news by each channel, quiet hours, and the chat in Telegram.

use super::telegram::TelegramSection;
use super::topic_name;
use crate::features::notifications::api::get_notification_settings;
use crate::features::notifications::model::{Choice, Settings};
use crate::features::notifications::rules::{Channel, Mode, Topic};
use crate::shared::form::FormState;
use crate::shared::i18n::{Locale, notifications as texts};
use crate::shared::viewer::{use_form, use_locale};
use crate::ui::{Field, FieldError, FormAlert, Loaded};
use leptos::prelude::*;
use leptos_meta::Title;

/// What I want to hear.
#[component]
pub fn SettingsPage() -> impl IntoView {
    let settings = Resource::new_blocking(|| (), |()| get_notification_settings());
    view! { <Loaded resource=settings page=|settings| view! { <Form settings/> }.into_any()/> }
}

#[component]
fn Form(settings: Settings) -> impl IntoView {
    let locale = use_locale();
    let form = use_form("settings");
    let Settings { choices, channels, chat, quiet_from, quiet_to, time_zone } = settings;
    let has_telegram = channels.contains(&Channel::Telegram);
    let topics: Vec<Topic> = choices.iter().map(|choice| choice.topic).fold(Vec::new(), |mut topics, topic| {
        if !topics.contains(&topic) {
            topics.push(topic);
        }
        topics
    });
    view! {
        <Title text=texts::settings(locale)/>
        <main id="main" class="page" tabindex="-1">
            <header class="head">
                <h1>{texts::settings(locale)}</h1>
                <p class="actions">
                    <a class="button quiet compact" href="/notifications">
                        {texts::back(locale)}
                    </a>
                </p>
            </header>
            <form method="post" action="/notifications/settings" class="stack section">
                <FormAlert form=form.clone()/>
                <section>
                    <h2>{texts::topics(locale)}</h2>
                    <p class="small muted">{texts::topics_hint(locale)}</p>
                    <table class="table">
                        <thead>
                            <tr>
                                <th scope="col">{texts::topic(locale)}</th>
                                {channels
                                    .iter()
                                    .map(|channel| view! { <th scope="col">{channel_name(locale, *channel)}</th> })
                                    .collect_view()}
                            </tr>
                        </thead>
                        <tbody>
                            {topics
                                .into_iter()
                                .map(|topic| {
                                    view! {
                                        <tr>
                                            <td class="main">{topic_name(locale, topic)}</td>
                                            {channels
                                                .iter()
                                                .map(|channel| {
                                                    let choice = choices.iter().find(|choice| choice.topic == topic && choice.channel == *channel);
                                                    choice.map_or_else(|| always(locale, *channel), |choice| cell(locale, &form, *choice))
                                                })
                                                .collect_view()}
                                        </tr>
                                    }
                                })
                                .collect_view()}
                        </tbody>
                    </table>
                </section>
                <section>
                    <h2>{texts::quiet(locale)}</h2>
                    <p class="small muted">{texts::quiet_hint(locale, time_zone)} " " {has_telegram.then(|| texts::quiet_hint_telegram(locale))}</p>
                    <div class="filters">
                        <Field form=form.clone() name="quiet_from" label=texts::quiet_from(locale) kind="time" value=quiet_from/>
                        <Field form=form.clone() name="quiet_to" label=texts::quiet_to(locale) kind="time" value=quiet_to/>
                    </div>
                </section>
                <p class="actions">
                    <button class="button">{texts::save(locale)}</button>
                </p>
            </form>
            {chat.map(|chat| view! { <TelegramSection chat/> })}
        </main>
    }
}

/// What is told without being asked for.
fn always(locale: Locale, channel: Channel) -> AnyView {
    view! {
        <td data-label=channel_name(locale, channel)>
            <span class="muted">{texts::always(locale)}</span>
        </td>
    }
    .into_any()
}

fn cell(locale: Locale, form: &FormState, choice: Choice) -> AnyView {
    let name = format!("{}_{}", choice.topic.code(), choice.channel.code());
    let chosen = form.value(&name).unwrap_or_else(|| choice.mode.code().to_owned());
    let label = format!("{}: {}", topic_name(locale, choice.topic), channel_name(locale, choice.channel));
    view! {
        <td data-label=channel_name(locale, choice.channel)>
            <select class="input" name=name.clone() aria-label=label>
                {choice
                    .channel
                    .modes()
                    .iter()
                    .map(|mode| {
                        view! {
                            <option value=mode.code() selected=mode.code() == chosen>
                                {mode_name(locale, *mode)}
                            </option>
                        }
                    })
                    .collect_view()}
            </select>
            <FieldError form=form.clone() name=name/>
        </td>
    }
    .into_any()
}

const fn channel_name(locale: Locale, channel: Channel) -> &'static str {
    match channel {
        Channel::App => texts::channel_app(locale),
        Channel::Email => texts::channel_email(locale),
        Channel::Telegram => texts::channel_telegram(locale),
    }
}

const fn mode_name(locale: Locale, mode: Mode) -> &'static str {
    match mode {
        Mode::Now => texts::mode_now(locale),
        Mode::Daily => texts::mode_daily(locale),
        Mode::Never => texts::mode_never(locale),
    }
}
