//! `/orders/{id}`: what was bought, how the payment stands, what is open.

use super::{ProviderChoice, order_chip, payment_chip, provider_name, refund_chip};
use crate::features::payments::api::get_order;
use crate::features::payments::model::{OrderLine, OrderPage as Order, PaymentLine, RefundLine};
use crate::features::payments::rules::{OrderState, PaymentState};
use crate::shared::error::parse_id;
use crate::shared::href;
use crate::shared::i18n::{Locale, invoice, orders as texts};
use crate::shared::viewer::{use_form, use_viewer};
use crate::ui::{Alert, FormAlert, Loaded, Moment, Tone};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

/// An order.
#[component]
pub fn OrderPage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let asked = move || (params.read().get("id").unwrap_or_default(), query.read().get("go").is_some());
    let order = Resource::new_blocking(asked, |(id, go)| async move {
        let id = parse_id(&id)?;
        get_order(id, go).await
    });
    view! { <Loaded resource=order page=|order| view! { <OrderView order/> }.into_any()/> }
}

#[component]
fn OrderView(order: Order) -> impl IntoView {
    let locale = use_viewer().locale;
    let title = texts::order_title(locale, order.number);
    view! {
        <Title text=title.clone()/>
        <main id="main" class="page" tabindex="-1">
            <div class="checkout">
                <header class="head">
                    <h1>{title}</h1>
                    {order_chip(locale, order.state)}
                </header>
                <Standing order=order.clone()/>
                <Bought lines=order.lines.clone()/>
                <dl class="order-facts">
                    {(order.off.minor > 0)
                        .then(|| {
                            view! {
                                <div>
                                    <dt>{texts::discount(locale)}</dt>
                                    <dd class="num">{order.off.format(locale)}</dd>
                                </div>
                            }
                        })}
                    <div>
                        <dt>{texts::total(locale)}</dt>
                        <dd class="num">{order.total.format(locale)}</dd>
                    </div>
                    <div>
                        <dt>{texts::ordered(locale)}</dt>
                        <dd>
                            <Moment at=order.created/>
                        </dd>
                    </div>
                    {order
                        .paid
                        .map(|at| {
                            view! {
                                <div>
                                    <dt>{texts::paid_at(locale)}</dt>
                                    <dd>
                                        <Moment at/>
                                    </dd>
                                </div>
                            }
                        })}
                    <div>
                        <dt>{texts::letters_to(locale)}</dt>
                        <dd>{order.email.clone()}</dd>
                    </div>
                </dl>
                <PayAgain order=order.clone()/>
                <Payments payments=order.payments refunds=order.refunds/>
            </div>
        </main>
    }
}

/// What goes on, in a sentence or two.
#[component]
fn Standing(order: Order) -> impl IntoView {
    let viewer = use_viewer();
    let locale = viewer.locale;
    let last_failed = order.payments.last().is_some_and(|payment| matches!(payment.state, PaymentState::Failed | PaymentState::Canceled));
    let (tone, title, text) = match order.state {
        OrderState::Paid if order.total.minor == 0 && order.lines.iter().all(|line| line.is_open) => {
            (Tone::Ok, texts::now_open(locale), texts::now_paid_text(locale))
        }
        OrderState::Paid if order.lines.iter().all(|line| line.is_open) => (Tone::Ok, texts::now_paid(locale), texts::now_paid_text(locale)),
        OrderState::Paid => (Tone::Warn, texts::now_opening(locale), texts::now_opening_text(locale)),
        OrderState::PartiallyRefunded => (Tone::Warn, texts::now_partially_refunded(locale), texts::now_refunded_text(locale)),
        OrderState::Refunded => (Tone::Warn, texts::now_refunded(locale), texts::now_refunded_text(locale)),
        OrderState::NeedsReview => (Tone::Warn, texts::now_review(locale), texts::now_review_text(locale)),
        OrderState::Cancelled if order.invoice.is_some() => (Tone::Warn, invoice::now_late(locale), invoice::now_late_text(locale)),
        OrderState::Cancelled => (Tone::Warn, texts::state_cancelled(locale), texts::now_cancelled_text(locale)),
        OrderState::AwaitingPayment if order.waits && order.redirect_url.is_some() => {
            (Tone::Warn, texts::now_waiting(locale), texts::now_waiting_text(locale))
        }
        OrderState::AwaitingPayment if order.waits => (Tone::Warn, texts::now_preparing(locale), texts::now_preparing_text(locale)),
        OrderState::AwaitingPayment if order.invoice.is_some() => (Tone::Warn, invoice::now_waiting(locale), invoice::now_waiting_text(locale)),
        OrderState::AwaitingPayment if last_failed => (Tone::Bad, texts::now_declined(locale), texts::now_declined_text(locale)),
        OrderState::AwaitingPayment => (Tone::Warn, texts::state_awaiting(locale), texts::now_declined_text(locale)),
    };
    let again = order.lines.first().filter(|_| order.state == OrderState::Cancelled).map(|line| href::buy(&line.course_slug));
    let needs_password = order.is_first && !order.is_own && order.paid.is_some();
    view! {
        <Alert tone=tone title=title>
            <p>{text}</p>
            {again
                .map(|href| {
                    view! {
                        <p>
                            <a href=href>{texts::buy_again(locale)}</a>
                        </p>
                    }
                })}
            {needs_password.then(|| view! { <p>{texts::password_sent(locale, order.email)}</p> })}
        </Alert>
        {order
            .invoice
            .filter(|_| order.state != OrderState::Cancelled)
            .map(|number| {
                view! {
                    <p>
                        <a class="button quiet" href=href::invoice(order.id) rel="external">
                            {invoice::download(locale, number)}
                        </a>
                    </p>
                }
            })}
        {order
            .redirect_url
            .filter(|_| order.waits)
            .map(|url| {
                view! {
                    <p>
                        <a class="button" href=url rel="external">
                            {texts::to_payment_page(locale)}
                        </a>
                    </p>
                }
            })}
    }
}

#[component]
fn Bought(lines: Vec<OrderLine>) -> impl IntoView {
    let locale = use_viewer().locale;
    view! {
        <ul class="rows" role="list">
            {lines
                .into_iter()
                .map(|line| {
                    view! {
                        <li>
                            <div>
                                <strong>{line.course_title}</strong>
                                <p class="small muted">
                                    {line.offer_name}
                                    {line
                                        .expires
                                        .map(|at| {
                                            view! {
                                                " · "
                                                {texts::access_until(locale)}
                                                " "
                                                <Moment at date_only=true/>
                                            }
                                        })}
                                </p>
                            </div>
                            {if line.is_open {
                                view! {
                                    <a class="button" href=href::outline(&line.course_slug)>
                                        {texts::to_course(locale)}
                                    </a>
                                }
                                    .into_any()
                            } else {
                                view! { <span class="num">{line.price.format(locale)}</span> }.into_any()
                            }}
                        </li>
                    }
                })
                .collect_view()}
        </ul>
    }
}

/// Another try, while nothing is paid.
#[component]
fn PayAgain(order: Order) -> impl IntoView {
    let locale = use_viewer().locale;
    let form = use_form("pay");
    (!order.providers.is_empty() && !order.waits).then(|| {
        view! {
            <FormAlert form=form.clone()/>
            <form class="form" method="post" action=format!("{}/pay", href::order(order.id))>
                <ProviderChoice form providers=order.providers/>
                <button class="button">{texts::pay(locale)}</button>
            </form>
        }
    })
}

/// Tries to pay and money that went back: also on the administrator's page.
#[component]
pub(super) fn Payments(
    /// The oldest first.
    payments: Vec<PaymentLine>,
    /// The oldest first.
    refunds: Vec<RefundLine>,
) -> impl IntoView {
    let locale = use_viewer().locale;
    (!payments.is_empty()).then(|| {
        view! {
            <section class="section">
                <h2>{texts::payments(locale)}</h2>
                <ul class="rows" role="list">
                    {payments.into_iter().map(|payment| payment_line(locale, payment)).collect_view()}
                    {refunds.into_iter().map(|refund| refund_line(locale, refund)).collect_view()}
                </ul>
            </section>
        }
    })
}

fn payment_line(locale: Locale, payment: PaymentLine) -> impl IntoView {
    view! {
        <li>
            <div>
                <span class="num">{payment.amount.format(locale)}</span>
                ", "
                {provider_name(locale, &payment.provider)}
                <p class="small muted">
                    <Moment at=payment.at/>
                    {(!payment.reason.is_empty()).then(|| format!(" · {}", payment.reason))}
                    {payment
                        .receipt
                        .map(|state| match state.as_str() {
                            "done" => texts::receipt_done(locale),
                            "failed" => texts::receipt_failed(locale),
                            _ => texts::receipt_pending(locale),
                        })
                        .map(|text| format!(" · {text}"))}
                </p>
            </div>
            {payment_chip(locale, payment.state)}
        </li>
    }
}

fn refund_line(locale: Locale, refund: RefundLine) -> impl IntoView {
    view! {
        <li>
            <div>
                {texts::refund(locale)}
                " "
                <span class="num">{refund.amount.format(locale)}</span>
                <p class="small muted">
                    <Moment at=refund.at/>
                    {(!refund.reason.is_empty()).then(|| format!(" · {}", refund.reason))}
                </p>
            </div>
            {refund_chip(locale, refund.state)}
        </li>
    }
}
