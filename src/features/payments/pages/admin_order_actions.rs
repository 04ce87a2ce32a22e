//! What an administrator does with an order: give money back, enter a payment, look again, decide what did not agree.

use super::provider_name;
use crate::features::payments::model::{OrderPage as Order, PaymentLine, TaskLine};
use crate::features::payments::rules::PaymentState;
use crate::shared::href;
use crate::shared::i18n::orders as texts;
use crate::shared::viewer::{use_form, use_locale};
use crate::ui::{Field, FieldError, FormAlert};
use leptos::prelude::*;
use uuid::Uuid;

/// A form for each payment of which something can be given back.
#[component]
pub(super) fn Refunds(
    /// Whose payments.
    order: Order,
) -> impl IntoView {
    let id = order.id;
    order.payments.into_iter().filter(|payment| payment.refundable.minor > 0).map(|payment| view! { <GiveBack id payment/> }).collect_view()
}

#[component]
fn GiveBack(id: Uuid, payment: PaymentLine) -> impl IntoView {
    let locale = use_locale();
    let form = use_form(&format!("refund-{}", payment.id));
    let chosen = form.value("closes_access").unwrap_or_else(|| "whole".to_owned());
    // A part that is given back must not close a course by an oversight.
    let choices = [("whole", texts::closes_with_whole(locale)), ("yes", texts::closes_access(locale)), ("no", texts::stays_open(locale))];
    let field = format!("closes-{}", payment.id);
    view! {
        <section class="panel-box">
            <h2>{texts::refund_title(locale, payment.refundable.format(locale))}</h2>
            <p class="small muted">{provider_name(locale, &payment.provider)}</p>
            <FormAlert form=form.clone()/>
            <form class="form" method="post" action=format!("{}/refund", href::admin_order(id)) novalidate>
                <input type="hidden" name="payment_id" value=payment.id.to_string()/>
                <Field form=form.clone() name="amount" label=texts::amount(locale) value=payment.refundable.plain_decimal() required=true/>
                <Field form name="reason" label=texts::reason(locale) hint=texts::refund_reason_hint(locale) required=true/>
                <div class="field">
                    <label for=field.clone()>{texts::access(locale)}</label>
                    <select class="input" id=field name="closes_access">
                        {choices
                            .map(|(value, label)| {
                                view! {
                                    <option value=value selected=value == chosen>
                                        {label}
                                    </option>
                                }
                            })
                            .collect_view()}
                    </select>
                </div>
                <div>
                    <button class="button quiet">{texts::give_back(locale)}</button>
                </div>
            </form>
        </section>
    }
}

/// A refund that hangs, and whose provider can't tell what became of it.
#[component]
pub(super) fn Stuck(
    /// Of which order.
    id: Uuid,
    /// What waits for a person there.
    tasks: Vec<TaskLine>,
) -> impl IntoView {
    let locale = use_locale();
    let form = use_form("refund-resolve");
    tasks.into_iter().find(|task| task.kind == "refund_stuck").map(|task| {
        view! {
            <section class="panel-box">
                <h2>{texts::refund_stuck_title(locale)}</h2>
                <p class="small muted">{texts::refund_stuck_text(locale)}</p>
                <FormAlert form=form.clone()/>
                <form class="form" method="post" action=format!("{}/refund-resolve", href::admin_order(id)) novalidate>
                    <input type="hidden" name="refund_id" value=task.about/>
                    <fieldset class="field">
                        <legend class="label">{texts::refund_outcome(locale)}</legend>
                        <label class="choice">
                            <input type="radio" name="outcome" value="succeeded"/>
                            <span>{texts::refund_went_through(locale)}</span>
                        </label>
                        <label class="choice">
                            <input type="radio" name="outcome" value="failed"/>
                            <span>{texts::refund_did_not(locale)}</span>
                        </label>
                        <FieldError form=form.clone() name="outcome"/>
                    </fieldset>
                    <Field form name="refund_reason" label=texts::reason(locale) required=true/>
                    <div>
                        <button class="button quiet">{texts::decide(locale)}</button>
                    </div>
                </form>
            </section>
        }
    })
}

/// A payment that came another way.
#[component]
pub(super) fn Manual(
    /// For which order.
    order: Order,
) -> impl IntoView {
    let locale = use_locale();
    let form = use_form("manual");
    order.state.takes_money().then(|| {
        view! {
            <section class="panel-box">
                <h2>{texts::manual_title(locale)}</h2>
                <p class="small muted">{texts::manual_text(locale, order.total.format(locale))}</p>
                <form class="form" method="post" action=format!("{}/manual", href::admin_order(order.id)) novalidate>
                    <Field form name="manual_reason" label=texts::reason(locale) hint=texts::manual_hint(locale) required=true/>
                    <div>
                        <button class="button quiet">{texts::mark_paid(locale)}</button>
                    </div>
                </form>
            </section>
        }
    })
}

/// Whatever hangs is looked at again.
#[component]
pub(super) fn LookAgain(
    /// Which order.
    order: Order,
) -> impl IntoView {
    let locale = use_locale();
    view! {
        <section class="panel-box">
            <h2>{texts::look_title(locale)}</h2>
            <p class="small muted">{texts::look_text(locale)}</p>
            <form method="post" action=format!("{}/look", href::admin_order(order.id))>
                <button class="button quiet">{texts::look_again(locale)}</button>
            </form>
        </section>
    }
}

/// A payment whose money and order did not agree.
#[component]
pub(super) fn Resolve(
    /// Of which order.
    order: Order,
) -> impl IntoView {
    let locale = use_locale();
    let form = use_form("resolve");
    let id = order.id;
    order.payments.into_iter().find(|payment| payment.state == PaymentState::NeedsReview).map(|payment| {
        view! {
            <section class="panel-box">
                <h2>{texts::resolve_title(locale)}</h2>
                <p class="small muted">{texts::resolve_text(locale)}</p>
                <form class="form" method="post" action=format!("{}/resolve", href::admin_order(id)) novalidate>
                    <input type="hidden" name="payment_id" value=payment.id.to_string()/>
                    <fieldset class="field">
                        <legend class="label">{texts::outcome(locale)}</legend>
                        <label class="choice">
                            <input type="radio" name="outcome" value="succeeded"/>
                            <span>{texts::outcome_paid(locale)}</span>
                        </label>
                        <label class="choice">
                            <input type="radio" name="outcome" value="canceled"/>
                            <span>{texts::outcome_nothing(locale)}</span>
                        </label>
                        <FieldError form=form.clone() name="outcome"/>
                    </fieldset>
                    <Field form name="resolve_reason" label=texts::reason(locale) required=true/>
                    <div>
                        <button class="button quiet">{texts::decide(locale)}</button>
                    </div>
                </form>
            </section>
        }
    })
}
