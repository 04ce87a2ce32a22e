//! Buying in tests, and a provider that does what a test tells it.

use super::database::{count, list, one};
use super::school::{self, PRINT};
use super::{Answer, Client, TestApp};
use crate::providers::market::Market;
use crate::providers::news::News;
use async_trait::async_trait;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use lectern::features::payments::server::providers::{
    About, Amount, Attempt, Callback, Created, Delivery, Listed, NewPayment, NewRefund, PaymentRef, PaymentSeen, PaymentState, Provider,
    ProviderError, RefundRef, RefundSeen, RefundState, Refused, Reply, Stage, Trust, Verdict,
};
use lectern::features::payments::server::registry::Providers;
use lectern::server::jobs;
use lectern::shared::money::Money;
use sqlx::PgPool;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use uuid::Uuid;

/// The offer of the course `print`.
pub const PRINT_OFFER: Uuid = Uuid::from_u128(0x0190_a000_0000_7000_8000_0000_0000_0000 + 0xaf02);
/// What `print` costs, in minor units.
pub const PRINT_PRICE: i64 = 4_990_000;

/// A form's key.
pub fn key(number: u32) -> String {
    format!("{number:064x}")
}

/// Sends the form that buys the course `print`.
pub async fn buy(client: &mut Client, provider: &str, email: &str, number: u32) -> Answer {
    let (offer, key) = (PRINT_OFFER.to_string(), key(number));
    client.post("/courses/print/buy", &[("offer_id", &offer), ("provider", provider), ("email", email), ("consent", "yes"), ("key", &key)]).await
}

/// Runs what is due until nothing is.
pub async fn work(app: &TestApp) {
    while jobs::run_due(&app.ctx()).await.unwrap() > 0 {}
}

/// The one order.
pub async fn order_of(pool: &PgPool) -> Uuid {
    one(pool, "select id from orders").await
}

/// The states of all payments, the oldest first.
pub async fn payment_state(pool: &PgPool) -> String {
    one(pool, "select string_agg(state, ' ' order by created_at, id) from payments").await
}

/// How many enrolments into `print` run for a person.
pub async fn access(pool: &PgPool, user: Uuid) -> i64 {
    count(pool, &format!("course_enrollments where user_id = '{user}' and course_id = '{PRINT}' and state = 'active'")).await
}

/// What the payer does on the sandbox's page.
pub async fn choose(client: &mut Client, page: &str, outcome: &str) -> Answer {
    client.post(page, &[("outcome", outcome)]).await
}

/// The kinds of the tasks that nobody settled.
pub async fn tasks(pool: &PgPool) -> Vec<String> {
    list(pool, "select kind from payment_tasks where settled_at is null order by kind").await
}

/// A new visitor buys `print` at a real adapter's provider; our number there.
pub async fn bought_at(market: &Market, pool: &PgPool) -> String {
    let place = count(pool, "orders").await;
    let email = format!("buyer{place}@example.com");
    let answer = buy(&mut market.app.visitor(), market.name(), &email, u32::try_from(place).unwrap() + 1).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    let id: Uuid = one(pool, &format!("select p.id from payments p join users u on u.id = p.user_id where u.email = '{email}'")).await;
    id.to_string()
}

/// A new visitor has paid for `print`, and the provider has told of it; our number.
pub async fn paid_at(market: &Market, pool: &PgPool) -> String {
    let number = bought_at(market, pool).await;
    market.pay(&number).await;
    market.call(&number, News::Paid).unwrap().send(&market.app).await;
    work(&market.app).await;
    assert_eq!(how(pool, &number).await, ("succeeded".to_owned(), 1));
    number
}

/// The order of a payment.
pub async fn order_at(pool: &PgPool, number: &str) -> Uuid {
    one(pool, &format!("select order_id from payments where id = '{number}'")).await
}

/// An administrator asks for money to be given back.
pub async fn ask_back(admin: &mut Client, pool: &PgPool, number: &str, amount: &str, closes_access: &str) -> u16 {
    let order = order_at(pool, number).await;
    let fields = [("payment_id", number), ("amount", amount), ("reason", "попросили"), ("closes_access", closes_access)];
    admin.post(&format!("/admin/orders/{order}/refund"), &fields).await.status
}

/// How a payment stands, and how much its order opened that is not closed.
pub async fn how(pool: &PgPool, number: &str) -> (String, i64) {
    let state = one(pool, &format!("select state from payments where id = '{number}'")).await;
    let grants = format!(
        "order_grants g join order_lines l on l.id = g.order_line_id join course_enrollments e on e.id = g.enrollment_id
         where g.closed_at is null and e.state = 'active' and l.order_id = (select order_id from payments where id = '{number}')"
    );
    (state, count(pool, &grants).await)
}

/// What the scripted provider keeps of a payment.
#[derive(Clone, Debug)]
pub struct Kept {
    pub id: String,
    pub state: PaymentState,
    pub amount: Amount,
    pub refunded: i64,
    pub keys: Vec<String>,
}

/// What the scripted provider holds and how it behaves.
#[derive(Default)]
pub struct Side {
    /// By our number.
    pub payments: BTreeMap<String, Kept>,
    /// By key: amount and state.
    pub refunds: BTreeMap<String, (String, i64, RefundState)>,
    /// The next calls of `create` that are answered with this, after the payment was made or not.
    pub create_fails: Vec<(bool, ProviderError)>,
    /// Whether calls of `query` get no answer.
    pub is_away: bool,
    /// How often `create` was called.
    pub creates: usize,
}

/// A provider that does what a test tells it. Its callbacks are `event number` in plain text.
#[derive(Clone, Default)]
pub struct Scripted(pub Arc<Mutex<Side>>);

impl Scripted {
    /// The application with the school and this provider under the name of a real one.
    pub async fn open(pool: &PgPool) -> (TestApp, Self) {
        drop(school::open(pool).await);
        let scripted = Self::default();
        (TestApp::with_payments(pool, Providers::of(vec![Arc::new(scripted.clone())])), scripted)
    }

    /// The one payment's number.
    pub fn number(&self) -> String {
        self.0.lock().unwrap().payments.keys().next().unwrap().clone()
    }

    /// Changes the one payment.
    pub fn change(&self, change: impl FnOnce(&mut Kept)) {
        change(self.0.lock().unwrap().payments.values_mut().next().unwrap());
    }

    fn seen(number: &str, kept: &Kept) -> PaymentSeen {
        PaymentSeen {
            provider_id: Some(kept.id.clone()),
            operation_id: None,
            number: Some(number.to_owned()),
            state: kept.state,
            amount: kept.amount.clone(),
            refunded_minor: Some(kept.refunded),
            strangeness: None,
            dispute: None,
            receipt: None,
            reason: None,
            created_at: None,
        }
    }
}

#[async_trait]
impl Provider for Scripted {
    fn name(&self) -> &'static str {
        "yookassa"
    }

    async fn create(&self, payment: &NewPayment) -> Result<Created, ProviderError> {
        let mut side = self.0.lock().unwrap();
        side.creates += 1;
        let fails = side.create_fails.pop();
        if let Some((false, error)) = fails {
            return Err(error);
        }
        let id = format!("ext-{}", payment.number);
        let kept = side.payments.entry(payment.number.clone()).or_insert_with(|| Kept {
            id: id.clone(),
            state: PaymentState::Pending,
            amount: payment.amount.into(),
            refunded: 0,
            keys: Vec::new(),
        });
        kept.keys.push(payment.attempt.key.clone());
        match fails {
            Some((_, error)) => Err(error),
            None => Ok(Created { redirect_url: Some(format!("https://pay.example/{id}")), provider_id: id }),
        }
    }

    async fn query(&self, payment: &PaymentRef) -> Result<PaymentSeen, ProviderError> {
        let side = self.0.lock().unwrap();
        if side.is_away {
            return Err(ProviderError::Again { reason: "away".to_owned(), after: None });
        }
        side.payments.get(&payment.number).map(|kept| Self::seen(&payment.number, kept)).ok_or(ProviderError::NotFound)
    }

    async fn capture(&self, _: &Attempt, payment: &PaymentRef, _: Money) -> Result<PaymentSeen, ProviderError> {
        self.0.lock().unwrap().payments.get_mut(&payment.number).ok_or(ProviderError::NotFound)?.state = PaymentState::Succeeded;
        self.query(payment).await
    }

    async fn cancel(&self, _: &Attempt, _: &PaymentRef, _: Stage) -> Result<(), ProviderError> {
        Err(ProviderError::Unsupported)
    }

    async fn refund(&self, refund: &NewRefund) -> Result<RefundSeen, ProviderError> {
        let mut side = self.0.lock().unwrap();
        let known = side.refunds.get(&refund.attempt.key).cloned();
        let (id, amount, state) = match known {
            Some(known) => known,
            None => {
                let kept = side.payments.get_mut(&refund.payment.number).ok_or(ProviderError::NotFound)?;
                if kept.refunded + refund.amount.minor > kept.amount.minor {
                    return Err(ProviderError::Final { code: "too_much".to_owned(), reason: "no".to_owned() });
                }
                kept.refunded += refund.amount.minor;
                let made = (format!("ref-{}", refund.number), refund.amount.minor, RefundState::Succeeded);
                side.refunds.insert(refund.attempt.key.clone(), made.clone());
                made
            }
        };
        Ok(RefundSeen { provider_id: id, state, amount: Some(Amount { minor: amount, currency: "RUB".to_owned() }), reason: None })
    }

    async fn query_refund(&self, refund: &RefundRef) -> Result<RefundSeen, ProviderError> {
        let side = self.0.lock().unwrap();
        let (id, amount, state) = side.refunds.values().find(|known| known.0 == refund.provider_id).ok_or(ProviderError::NotFound)?.clone();
        Ok(RefundSeen { provider_id: id, state, amount: Some(Amount { minor: amount, currency: "RUB".to_owned() }), reason: None })
    }

    async fn list(&self, _: DateTime<Utc>, _: DateTime<Utc>, _: Option<&str>) -> Result<Listed, ProviderError> {
        let side = self.0.lock().unwrap();
        Ok(Listed { payments: side.payments.iter().map(|(number, kept)| Self::seen(number, kept)).collect(), refunds: Vec::new(), next: None })
    }

    fn callback(&self, delivery: &Delivery<'_>) -> Result<Callback, Refused> {
        let refused = Reply { status: StatusCode::UNAUTHORIZED, content_type: "text/plain; charset=utf-8", body: "refused" };
        let text = std::str::from_utf8(delivery.body).unwrap_or_default();
        let Some((event, rest)) = text.split_once(' ') else { return Err(Refused { reply: refused, reason: "no event" }) };
        let (number, refund_id) = rest.split_once(' ').map_or((rest, None), |(number, refund)| (number, Some(refund.to_owned())));
        Ok(Callback {
            event_key: text.to_owned(),
            event: event.to_owned(),
            trust: if event == "hint" { Trust::Hint } else { Trust::Signed },
            about: Some(About { number: Some(number.to_owned()), refund_id, ..About::default() }),
            question: None,
        })
    }

    fn reply(&self, _: &Callback, verdict: Verdict) -> Reply {
        let status = if verdict == Verdict::Later { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK };
        Reply { status, content_type: "text/plain; charset=utf-8", body: "ok" }
    }
}

/// Brings a callback of the scripted provider to our door.
pub async fn deliver(app: &TestApp, body: &str) -> Answer {
    // From nowhere, as a provider's server does.
    let mut provider = app.visitor().with_header("sec-fetch-site", "");
    provider.send(axum::http::Method::POST, "/webhooks/yookassa", Some("text/plain"), super::client::sized(body.to_owned())).await
}
