//! `/admin/orders/{id}`: one order with its whole story.

use super::admin_dispute::Disputes;
use super::admin_order_actions::{LookAgain, Manual, Refunds, Resolve, Stuck};
use super::order::Payments;
use super::orders::Tasks;
use super::{order_chip, order_state_name, payment_state_name, refund_state_name};
use crate::features::admin::pages::Sections;
use crate::features::legal::model::LegalKind;
use crate::features::legal::pages::kind_title;
use crate::features::payments::api::get_admin_order;
use crate::features::payments::model::{AdminOrder, CallbackLine, StoryLine};
use crate::features::payments::rules::{OrderState, PaymentState, RefundState};
use crate::shared::error::parse_id;
use crate::shared::href;
use crate::shared::i18n::{Locale, invoice, orders as texts};
use crate::shared::viewer::use_locale;
use crate::ui::{Glyph, Icon, Loaded, Moment};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

/// An order, for administrators.
#[component]
pub fn AdminOrderPage() -> impl IntoView {
    let params = use_params_map();
    let order = Resource::new_blocking(
        move || params.read().get("id").unwrap_or_default(),
        |id| async move {
            let id = parse_id(&id)?;
            get_admin_order(id).await
        },
    );
    view! { <Loaded resource=order page=|order| view! { <OrderView order/> }.into_any()/> }
}

#[component]
fn OrderView(order: AdminOrder) -> impl IntoView {
    let locale = use_locale();
    let title = texts::order_title(locale, order.order.number);
    let named = |kind: &str| LegalKind::from_code(kind).map_or("", |kind| kind_title(locale, kind));
    let consents = order.consents.iter().map(|(kind, version)| format!("{} ({version})", named(kind))).collect::<Vec<_>>().join(", ");
    view! {
        <Title text=title.clone()/>
        <Sections/>
        <main id="main" class="page wide" tabindex="-1">
            <nav class="crumbs" aria-label=texts::where_you_are(locale)>
                <a href="/admin/orders">{texts::orders(locale)}</a>
                <Icon glyph=Glyph::ChevronRight/>
                <span aria-current="page">{title.clone()}</span>
            </nav>
            <header class="head">
                <h1>{title}</h1>
                {order_chip(locale, order.order.state)}
            </header>
            <p>
                <a href=href::user(order.buyer_id)>{order.buyer}</a>
                ", "
                {order.order.email.clone()}
                " · "
                <strong class="num">{order.order.total.format(locale)}</strong>
                {(order.order.off.minor > 0).then(|| format!(" ({}: {})", texts::discount(locale), order.order.off.format(locale)))}
                " · "
                {order.order.lines.iter().map(|line| format!("{} ({})", line.course_title, line.offer_name)).collect::<Vec<_>>().join(", ")}
            </p>
            {order
                .order
                .invoice
                .map(|number| {
                    view! {
                        <p>
                            <a href=href::invoice(order.order.id) rel="external">
                                {invoice::download(locale, number)}
                            </a>
                        </p>
                    }
                })}
            <p class="small muted">{texts::accepted(locale, consents)}</p>
            <Tasks tasks=order.tasks.clone() back=href::admin_order(order.order.id)/>
            <div class="split">
                <div class="stack loose">
                    <Payments payments=order.order.payments.clone() refunds=order.order.refunds.clone()/>
                    <Resolve order=order.order.clone()/>
                    <Story lines=order.story/>
                    <Callbacks lines=order.callbacks/>
                </div>
                <aside class="stack">
                    <Stuck id=order.order.id tasks=order.tasks/>
                    <Refunds order=order.order.clone()/>
                    <Disputes order=order.order.clone()/>
                    <Manual order=order.order.clone()/>
                    <LookAgain order=order.order/>
                </aside>
            </div>
        </main>
    }
}

#[component]
fn Story(lines: Vec<StoryLine>) -> impl IntoView {
    let locale = use_locale();
    view! {
        <section>
            <h2>{texts::story(locale)}</h2>
            <ol class="rows" role="list">
                {lines
                    .into_iter()
                    .map(|line| {
                        let named = |code: Option<String>| code.and_then(|code| state_name(locale, &line.kind, &code));
                        let states = [named(line.before), named(line.after)].into_iter().flatten().collect::<Vec<_>>().join(" → ");
                        view! {
                            <li>
                                <div>
                                    {story_name(locale, &line.kind)}
                                    {(!states.is_empty()).then(|| format!(": {states}"))}
                                    <p class="small muted">
                                        {line.actor.unwrap_or_else(|| texts::by_itself(locale).to_owned())}
                                        {(!line.note.is_empty()).then(|| format!(" · {}", line.note))}
                                    </p>
                                </div>
                                <span class="small muted">
                                    <Moment at=line.at/>
                                </span>
                            </li>
                        }
                    })
                    .collect_view()}
            </ol>
        </section>
    }
}

/// What a state is called, of what has states.
fn state_name(locale: Locale, kind: &str, code: &str) -> Option<&'static str> {
    match kind {
        "order" => OrderState::from_code(code).map(|state| order_state_name(locale, state)),
        "payment" => PaymentState::from_code(code).map(|state| payment_state_name(locale, state)),
        "refund" => RefundState::from_code(code).map(|state| refund_state_name(locale, state)),
        _ => None,
    }
}

fn story_name(locale: Locale, kind: &str) -> String {
    let name = match kind {
        "order" => texts::order,
        "payment" => texts::payment,
        "refund" => texts::refund,
        "asked" => texts::story_asked,
        "access_opened" => texts::story_access_opened,
        "access_closed" => texts::story_access_closed,
        "looked_again" => texts::story_looked_again,
        other => return other.to_owned(),
    };
    name(locale).to_owned()
}

#[component]
fn Callbacks(lines: Vec<CallbackLine>) -> impl IntoView {
    let locale = use_locale();
    (!lines.is_empty()).then(|| {
        view! {
            <section>
                <h2>{texts::callbacks(locale)}</h2>
                <ul class="rows" role="list">
                    {lines
                        .into_iter()
                        .map(|line| {
                            let state = if line.is_handled { texts::callback_handled(locale) } else { texts::callback_waits(locale) };
                            view! {
                                <li>
                                    <div>
                                        {format!("{}: {}", line.provider, line.event)}
                                        <p class="small muted">{format!("× {} · {state}", line.times)}</p>
                                    </div>
                                    <span class="small muted">
                                        <Moment at=line.at/>
                                    </span>
                                </li>
                            }
                        })
                        .collect_view()}
                </ul>
            </section>
        }
    })
}
