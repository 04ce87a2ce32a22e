//! Pages of payments.

mod admin_dispute;
mod admin_order;
mod admin_order_actions;
mod buy;
mod discounts;
mod order;
mod orders;
mod sandbox;
mod settings;

pub use admin_order::AdminOrderPage;
pub use buy::BuyPage;
pub use discounts::DiscountsPage;
pub use order::OrderPage;
pub use orders::OrdersPage;
pub use sandbox::SandboxPage;
pub use settings::SettingsPage;

use super::rules::{OrderState, PaymentState, RefundState};
use crate::shared::form::FormState;
use crate::shared::i18n::{Locale, orders as texts};
use crate::shared::viewer::use_locale;
use crate::ui::{FieldError, Glyph, Icon};
use leptos::prelude::*;

/// The name of a provider.
pub(super) fn provider_name(locale: Locale, provider: &str) -> String {
    let name = match provider {
        "yookassa" => texts::provider_yookassa,
        "sberbank" => texts::provider_sberbank,
        "cloudpayments" => texts::provider_cloudpayments,
        "stripe" => texts::provider_stripe,
        "sandbox" => texts::provider_sandbox,
        "manual" => texts::provider_manual,
        other => return other.to_owned(),
    };
    name(locale).to_owned()
}

/// With whom one pays: a choice where there is one.
#[component]
fn ProviderChoice(
    /// The form's state.
    form: FormState,
    /// Their names.
    providers: Vec<String>,
) -> impl IntoView {
    let locale = use_locale();
    let chosen = form.value("provider").filter(|chosen| providers.contains(chosen)).or_else(|| providers.first().cloned()).unwrap_or_default();
    if providers.len() < 2 {
        return view! {
            <input type="hidden" name="provider" value=chosen/>
            <FieldError form name="provider"/>
        }
        .into_any();
    }
    view! {
        <fieldset class="field">
            <legend class="label">{texts::pay_with(locale)}</legend>
            {providers
                .into_iter()
                .map(|provider| {
                    let name = provider_name(locale, &provider);
                    let is_chosen = provider == chosen;
                    view! {
                        <label class="choice">
                            <input type="radio" name="provider" value=provider checked=is_chosen/>
                            <span>{name}</span>
                        </label>
                    }
                })
                .collect_view()}
            <FieldError form name="provider"/>
        </fieldset>
    }
    .into_any()
}

fn chip(class: &'static str, glyph: Glyph, word: &'static str) -> impl IntoView {
    view! {
        <span class=class>
            <Icon glyph=glyph/>
            {word}
        </span>
    }
}

/// The name of an order's state.
const fn order_state_name(locale: Locale, state: OrderState) -> &'static str {
    match state {
        OrderState::AwaitingPayment => texts::state_awaiting(locale),
        OrderState::Paid => texts::state_paid(locale),
        OrderState::PartiallyRefunded => texts::state_partially_refunded(locale),
        OrderState::Refunded => texts::state_refunded(locale),
        OrderState::Cancelled => texts::state_cancelled(locale),
        OrderState::NeedsReview => texts::state_needs_review(locale),
    }
}

/// An order's state as a chip.
fn order_chip(locale: Locale, state: OrderState) -> impl IntoView {
    let (class, glyph) = match state {
        OrderState::Paid => ("chip ok", Glyph::Check),
        OrderState::AwaitingPayment => ("chip", Glyph::Clock),
        OrderState::PartiallyRefunded | OrderState::Refunded => ("chip warn", Glyph::Info),
        OrderState::Cancelled => ("chip", Glyph::Ban),
        OrderState::NeedsReview => ("chip bad", Glyph::AlertTriangle),
    };
    chip(class, glyph, order_state_name(locale, state))
}

/// The name of a payment's state.
const fn payment_state_name(locale: Locale, state: PaymentState) -> &'static str {
    match state {
        PaymentState::Created => texts::payment_created(locale),
        PaymentState::Pending => texts::payment_pending(locale),
        PaymentState::WaitingForCapture => texts::payment_held(locale),
        PaymentState::Succeeded => texts::payment_succeeded(locale),
        PaymentState::PartiallyRefunded => texts::state_partially_refunded(locale),
        PaymentState::Refunded => texts::state_refunded(locale),
        PaymentState::Canceled => texts::payment_canceled(locale),
        PaymentState::Failed => texts::payment_failed(locale),
        PaymentState::NeedsReview => texts::state_needs_review(locale),
        PaymentState::Disputed => texts::payment_disputed(locale),
    }
}

/// A payment's state as a chip.
fn payment_chip(locale: Locale, state: PaymentState) -> impl IntoView {
    let (class, glyph) = match state {
        PaymentState::Created | PaymentState::Pending | PaymentState::WaitingForCapture => ("chip", Glyph::Clock),
        PaymentState::Succeeded => ("chip ok", Glyph::Check),
        PaymentState::PartiallyRefunded | PaymentState::Refunded => ("chip warn", Glyph::Info),
        PaymentState::Canceled => ("chip", Glyph::Ban),
        PaymentState::Failed => ("chip bad", Glyph::Ban),
        PaymentState::NeedsReview | PaymentState::Disputed => ("chip bad", Glyph::AlertTriangle),
    };
    chip(class, glyph, payment_state_name(locale, state))
}

/// The name of a refund's state.
const fn refund_state_name(locale: Locale, state: RefundState) -> &'static str {
    match state {
        RefundState::Created | RefundState::Pending => texts::refund_pending(locale),
        RefundState::Succeeded => texts::refund_succeeded(locale),
        RefundState::Failed => texts::refund_failed(locale),
    }
}

/// A refund's state as a chip.
fn refund_chip(locale: Locale, state: RefundState) -> impl IntoView {
    let (class, glyph) = match state {
        RefundState::Created | RefundState::Pending => ("chip", Glyph::Clock),
        RefundState::Succeeded => ("chip ok", Glyph::Check),
        RefundState::Failed => ("chip bad", Glyph::Ban),
    };
    chip(class, glyph, refund_state_name(locale, state))
}
