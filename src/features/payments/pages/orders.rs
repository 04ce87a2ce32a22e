//! `/admin/orders`: orders by buyer, number and state, what they come to, what needs a person.

use super::{order_chip, order_state_name, provider_name};
use crate::features::admin::pages::Sections;
use crate::features::payments::api::list_orders;
use crate::features::payments::model::{OrderList, OrderRowLine, TaskLine};
use crate::features::payments::rules::OrderState;
use crate::shared::href::{self, percent_encode};
use crate::shared::i18n::{Locale, admin, orders as texts};
use crate::shared::money::Money;
use crate::shared::viewer::use_locale;
use crate::ui::{Alert, Empty, Filters, Glyph, Loaded, Moment, NextPage, Tone, options};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use uuid::Uuid;

/// Orders.
#[component]
pub fn OrdersPage() -> impl IntoView {
    let query = use_query_map();
    let filters = move || {
        let query = query.read();
        (query.get("q").unwrap_or_default(), query.get("state").unwrap_or_default(), query.get("after").and_then(|id| Uuid::try_parse(&id).ok()))
    };
    let orders = Resource::new_blocking(filters, |(search, state, after)| async move {
        list_orders(search.clone(), state.clone(), after).await.map(|list| (search, state, list))
    });
    view! { <Loaded resource=orders page=|(search, state, list)| view! { <Orders search state list/> }.into_any()/> }
}

fn sums(locale: Locale, sums: &[Money]) -> String {
    if sums.is_empty() { "—".to_owned() } else { sums.iter().map(|sum| sum.format(locale)).collect::<Vec<_>>().join(", ") }
}

#[component]
fn Orders(search: String, state: String, list: OrderList) -> impl IntoView {
    let locale = use_locale();
    let export = format!("/admin/orders/export.csv?q={}&state={}", percent_encode(&search), percent_encode(&state));
    let next = list.page.next.map(|after| format!("/admin/orders?q={}&state={}&after={after}", percent_encode(&search), percent_encode(&state)));
    let states =
        [("", texts::all_states(locale))].into_iter().chain(OrderState::ALL.iter().map(|state| (state.code(), order_state_name(locale, *state))));
    let figures = [
        (texts::orders_found(locale), list.total.to_string()),
        (texts::sum_paid(locale), sums(locale, &list.paid)),
        (texts::sum_refunded(locale), sums(locale, &list.refunded)),
        (texts::stuck(locale), list.stuck.to_string()),
    ];
    view! {
        <Title text=texts::orders(locale)/>
        <Sections/>
        <main id="main" class="page wide" tabindex="-1">
            <header class="head">
                <h1>{texts::orders(locale)}</h1>
                <p class="row">
                    <a class="button quiet compact" href="/admin/discounts">{texts::discounts(locale)}</a>
                    <a class="button quiet compact" href=export rel="external" download="">
                        {texts::export(locale)}
                    </a>
                </p>
            </header>
            {(list.stuck > 0).then(|| view! { <Alert tone=Tone::Bad title=texts::stuck_alert(locale, list.stuck)/> })}
            <dl class="kpis">
                {figures
                    .map(|(name, value)| {
                        view! {
                            <div>
                                <dt>{name}</dt>
                                <dd class="num">{value}</dd>
                            </div>
                        }
                    })
                    .collect_view()}
            </dl>
            <Tasks tasks=list.tasks back="/admin/orders"/>
            <Filters
                action="/admin/orders"
                words=(texts::buyer_or_number(locale), search)
                name="state"
                label=texts::state(locale)
                options=options(states)
                chosen=state
            />
            {if list.page.items.is_empty() {
                view! {
                    <Empty glyph=Glyph::Inbox title=texts::no_orders(locale) text=texts::no_orders_text(locale)>
                        <a class="button quiet" href="/admin/orders">{admin::show_all(locale)}</a>
                    </Empty>
                }
                    .into_any()
            } else {
                view! {
                    <table class="table">
                        <thead>
                            <tr>
                                <th scope="col">{texts::order(locale)}</th>
                                <th scope="col">{texts::course(locale)}</th>
                                <th scope="col">{texts::total(locale)}</th>
                                <th scope="col">{texts::state(locale)}</th>
                                <th scope="col">{texts::ordered(locale)}</th>
                            </tr>
                        </thead>
                        <tbody>{list.page.items.into_iter().map(|order| row(locale, order)).collect_view()}</tbody>
                    </table>
                    <nav class="pager" aria-label=admin::pages(locale)>
                        <NextPage href=next label=admin::next_page(locale)/>
                    </nav>
                }
                    .into_any()
            }}
        </main>
    }
}

fn row(locale: Locale, order: OrderRowLine) -> impl IntoView {
    view! {
        <tr>
            <td class="main">
                <a href=href::admin_order(order.id)>{format!("№\u{a0}{}, {}", order.number, order.buyer)}</a>
                <br/>
                <span class="muted small">{order.email}</span>
            </td>
            <td data-label=texts::course(locale)>
                <span>{order.courses}</span>
            </td>
            <td data-label=texts::total(locale)>
                <span class="num">{order.total.format(locale)}</span>
            </td>
            <td data-label=texts::state(locale)>{order_chip(locale, order.state)}</td>
            <td data-label=texts::ordered(locale)>
                <Moment at=order.created/>
            </td>
        </tr>
    }
}

/// What needs a person: also on an order's page.
#[component]
pub(super) fn Tasks(
    /// The oldest first.
    tasks: Vec<TaskLine>,
    /// The page to come back to.
    #[prop(into)]
    back: String,
) -> impl IntoView {
    let locale = use_locale();
    (!tasks.is_empty()).then(|| {
        view! {
            <section class="section">
                <h2>{texts::tasks(locale)}</h2>
                <ul class="rows" role="list">
                    {tasks
                        .into_iter()
                        .map(|task| {
                            let back = back.clone();
                            view! {
                                <li>
                                    <div>
                                        <strong>{task_name(locale, &task.kind)}</strong>
                                        <p class="small muted">
                                            {task
                                                .order
                                                .map(|(id, number)| {
                                                    view! {
                                                        <a href=href::admin_order(id)>{texts::order_title(locale, number)}</a>
                                                        " · "
                                                    }
                                                })}
                                            {(!task.provider.is_empty()).then(|| format!("{} · ", provider_name(locale, &task.provider)))}
                                            <Moment at=task.at/>
                                            {(!task.note.is_empty()).then(|| format!(" · {}", task.note))}
                                            <br/>
                                            {task.about}
                                        </p>
                                    </div>
                                    <form method="post" action=format!("/admin/payment-tasks/{}/settle", task.id)>
                                        <input type="hidden" name="back" value=back/>
                                        <button class="button quiet compact">{texts::task_done(locale)}</button>
                                    </form>
                                </li>
                            }
                        })
                        .collect_view()}
                </ul>
            </section>
        }
    })
}

fn task_name(locale: Locale, kind: &str) -> String {
    let name = match kind {
        "disagrees" => texts::task_disagrees,
        "paid_twice" => texts::task_paid_twice,
        "had_already" => texts::task_had_already,
        "not_opened" => texts::task_not_opened,
        "unknown_payment" => texts::task_unknown_payment,
        "missing_payment" => texts::task_missing_payment,
        "refund_failed" => texts::task_refund_failed,
        "refund_stuck" => texts::task_refund_stuck,
        "receipt_failed" => texts::task_receipt_failed,
        "disputed" => texts::task_disputed,
        "settings" => texts::task_settings,
        other => return other.to_owned(),
    };
    name(locale).to_owned()
}
