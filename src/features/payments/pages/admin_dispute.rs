//! A dispute of a payer's bank, which not every provider tells of: that it began, how it ended.

use crate::features::payments::model::OrderPage as Order;
use crate::features::payments::rules::PaymentState;
use crate::shared::href;
use crate::shared::i18n::orders as texts;
use crate::shared::viewer::{use_form, use_locale};
use crate::ui::{Field, FieldError, FormAlert};
use leptos::prelude::*;

/// What an administrator says of a dispute.
#[component]
pub(super) fn Disputes(
    /// Of which order.
    order: Order,
) -> impl IntoView {
    let locale = use_locale();
    let form = use_form("resolve");
    let id = order.id;
    let is_disputed = |state| state == PaymentState::Disputed;
    let can_be = |state| matches!(state, PaymentState::Succeeded | PaymentState::PartiallyRefunded);
    // What does not agree is decided first.
    let is_doubtful = order.payments.iter().any(|payment| payment.state == PaymentState::NeedsReview);
    let payments = order.payments.iter().filter(|payment| payment.provider != "manual" && !is_doubtful);
    let found = payments.clone().find(|payment| is_disputed(payment.state)).or_else(|| payments.clone().find(|payment| can_be(payment.state)));
    found.map(|payment| {
        let choices = if is_disputed(payment.state) {
            vec![("dispute_won", texts::dispute_won(locale)), ("dispute_lost", texts::dispute_lost(locale))]
        } else {
            vec![("disputed", texts::dispute_began(locale))]
        };
        view! {
            <section class="panel-box">
                <h2>{texts::dispute_title(locale)}</h2>
                <p class="small muted">{texts::dispute_text(locale)}</p>
                <FormAlert form=form.clone()/>
                <form class="form" method="post" action=format!("{}/resolve", href::admin_order(id)) novalidate>
                    <input type="hidden" name="payment_id" value=payment.id.to_string()/>
                    <fieldset class="field">
                        <legend class="label">{texts::dispute_outcome(locale)}</legend>
                        {choices
                            .into_iter()
                            .map(|(value, words)| {
                                view! {
                                    <label class="choice">
                                        <input type="radio" name="outcome" value=value/>
                                        <span>{words}</span>
                                    </label>
                                }
                            })
                            .collect_view()}
                        <FieldError form=form.clone() name="outcome"/>
                    </fieldset>
                    <Field form=form.clone() name="resolve_reason" label=texts::reason(locale) required=true/>
                    <div>
                        <button class="button quiet">{texts::decide(locale)}</button>
                    </div>
                </form>
            </section>
        }
    })
}
