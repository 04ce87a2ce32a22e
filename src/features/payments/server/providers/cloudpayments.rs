//! CloudPayments, with its hosted pages.

mod callback;
mod transformers;

use super::line::Line;
use super::{
    Attempt, Callback, Created, Delivery, Listed, ListedDisputes, ListedRefund, NewPayment, NewRefund, PaymentRef, PaymentSeen, PaymentState,
    Provider, ProviderError, RefundRef, RefundSeen, RefundState, Refused, Reply, Stage, Verdict, search,
};
use crate::server::config::payments::CloudpaymentsSettings;
use crate::shared::money::Money;
use async_trait::async_trait;
use chrono::{DateTime, Days, NaiveDate, SecondsFormat, TimeDelta, Utc};
use reqwest::Method;
use secrecy::ExposeSecret as _;
use serde::Serialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::json;
use transformers::{Chargeback, CreateOrder, Envelope, Movement, Order, OwnData, Refunded, Transaction, kassa};

/// So long an answer is remembered by its `X-Request-ID`; after that the call would be made again.
const KEY_LIFE: TimeDelta = TimeDelta::hours(1);
/// So many days are looked through for a refund whose answer was lost.
const LOOKED_THROUGH: usize = 40;

/// The adapter.
pub struct Cloudpayments {
    settings: CloudpaymentsSettings,
    line: Line,
}

impl Cloudpayments {
    /// The adapter with these settings.
    pub fn new(settings: CloudpaymentsSettings) -> anyhow::Result<Self> {
        let secrets = settings.older_secrets.iter().chain([&settings.api_secret]).cloned().collect();
        let line = Line::new("CloudPayments", &settings.api_url, settings.timeout, secrets, &[])?;
        Ok(Self { settings, line })
    }

    /// A call that changes something.
    async fn change<T: DeserializeOwned>(&self, path: &str, attempt: &Attempt, body: &impl Serialize) -> Result<Option<T>, ProviderError> {
        if !attempt.is_remembered(KEY_LIFE) {
            return Err(ProviderError::KeyForgotten);
        }
        let told: Envelope<T> = self.call(path, Some(&attempt.key), body).await?;
        if told.success { Ok(told.model) } else { Err(self.refused(told.message)) }
    }

    /// A transaction. The envelope of a declined one says no success, and no word either.
    async fn transaction(&self, path: &str, body: &impl Serialize) -> Result<Transaction, ProviderError> {
        let told: Envelope<Transaction> = self.call(path, None, body).await?;
        match told.model {
            Some(found) => Ok(found),
            None if told.success => Err(self.line.again("the answer holds no transaction")),
            None => Err(self.refused(told.message)),
        }
    }

    async fn call<T: DeserializeOwned>(&self, path: &str, key: Option<&str>, body: &impl Serialize) -> Result<Envelope<T>, ProviderError> {
        let mut request = self.line.request(Method::POST, path).json(body);
        request = request.basic_auth(&self.settings.public_id, Some(self.settings.api_secret.expose_secret()));
        if let Some(key) = key {
            request = request.header("X-Request-ID", key);
        }
        let answer = self.line.exchange(request).await?;
        if answer.status == 200 { self.line.read(&answer) } else { Err(self.line.trouble(&answer, "", "")) }
    }

    fn refused(&self, message: Option<String>) -> ProviderError {
        let message = message.unwrap_or_else(|| "refused without a word".to_owned());
        if message.eq_ignore_ascii_case("not found") {
            return ProviderError::NotFound;
        }
        ProviderError::Final { code: "refused".to_owned(), reason: self.line.words(&message) }
    }

    async fn by_id(&self, id: &str) -> Result<Transaction, ProviderError> {
        let id: u64 = id.parse().map_err(|_| ProviderError::NotFound)?;
        self.transaction("/payments/get", &json!({ "TransactionId": id })).await
    }

    /// The last operation with our number, which may be a refund.
    async fn last(&self, number: &str) -> Result<Transaction, ProviderError> {
        self.transaction("/v2/payments/find", &json!({ "InvoiceId": number })).await
    }

    /// The payment that the last operation with our number is about.
    async fn by_number(&self, number: &str) -> Result<Transaction, ProviderError> {
        let found = self.last(number).await?;
        match found.original_transaction_id {
            Some(payment) => self.by_id(&payment.to_string()).await,
            None => Ok(found),
        }
    }

    /// All transactions of a day.
    async fn of_day(&self, day: NaiveDate) -> Result<Vec<Transaction>, ProviderError> {
        let found: Envelope<Vec<Transaction>> = self.call("/payments/list", None, &json!({ "Date": day, "TimeZone": "UTC" })).await?;
        if found.success { Ok(found.model.unwrap_or_default()) } else { Err(self.refused(found.message)) }
    }

    /// The refunds of a transaction that were made between two moments.
    async fn refunds_since(&self, id: u64, from: DateTime<Utc>, until: DateTime<Utc>) -> Result<Vec<Transaction>, ProviderError> {
        let mut made = Vec::new();
        // A refund waits for days at most; beyond that nobody looks.
        for day in from.date_naive().iter_days().take(LOOKED_THROUGH).take_while(|day| *day <= until.date_naive()) {
            made.extend(self.of_day(day).await?.into_iter().filter(|found| found.original_transaction_id == Some(id)));
        }
        Ok(made)
    }

    /// A link that nobody tried yet: there is no transaction.
    fn untried(payment: &PaymentRef) -> PaymentSeen {
        PaymentSeen {
            provider_id: payment.provider_id.clone(),
            operation_id: None,
            number: Some(payment.number.clone()),
            state: PaymentState::Pending,
            amount: payment.amount.into(),
            refunded_minor: None,
            strangeness: None,
            dispute: None,
            receipt: None,
            reason: None,
            created_at: None,
        }
    }

    /// The number of the transaction that moved the money.
    async fn operation(&self, payment: &PaymentRef) -> Result<u64, ProviderError> {
        let id = match &payment.operation_id {
            Some(id) => Some(id.clone()),
            None => self.query(payment).await?.operation_id,
        };
        id.and_then(|id| id.parse().ok()).ok_or(ProviderError::NotFound)
    }
}

#[async_trait]
impl Provider for Cloudpayments {
    fn name(&self) -> &'static str {
        "cloudpayments"
    }

    async fn create(&self, payment: &NewPayment) -> Result<Created, ProviderError> {
        super::check_receipt(payment.receipt.as_ref(), payment.amount)?;
        let made: Option<Order> = self.change("/orders/create", &payment.attempt, &CreateOrder::new(payment)).await?;
        let made = made.ok_or_else(|| self.line.again("the answer holds no order"))?;
        Ok(Created { provider_id: self.line.id(made.id)?, redirect_url: Some(made.url).filter(|page| self.line.is_page(page)) })
    }

    /// Asks for the known transaction, and for the last one with our number where the known one took no money: a declined second try
    /// hides a paid first one from a search by number, and a paid second one is not found by the number of a declined first.
    async fn query(&self, payment: &PaymentRef) -> Result<PaymentSeen, ProviderError> {
        let known = match &payment.operation_id {
            Some(id) => match self.by_id(id).await {
                Ok(found) => Some(found.seen(&self.settings)),
                Err(ProviderError::NotFound) => None,
                Err(error) => return Err(error),
            },
            None => None,
        };
        if let Some(known) = known.clone().filter(|known| known.state == PaymentState::Succeeded) {
            return Ok(PaymentSeen { provider_id: payment.provider_id.clone(), ..known }.compared(payment));
        }
        let last = match self.by_number(&payment.number).await {
            Ok(found) => Some(found.seen(&self.settings)),
            Err(ProviderError::NotFound) => None,
            Err(error) => return Err(error),
        };
        let best = known.into_iter().chain(last).max_by_key(|seen| search::weight(seen.state));
        match best {
            Some(seen) => Ok(PaymentSeen { provider_id: payment.provider_id.clone(), ..seen }.compared(payment)),
            None if payment.provider_id.is_some() => Ok(Self::untried(payment)),
            None => Err(ProviderError::NotFound),
        }
    }

    async fn capture(&self, attempt: &Attempt, payment: &PaymentRef, amount: Money) -> Result<PaymentSeen, ProviderError> {
        let id = self.operation(payment).await?;
        let body = Movement::new(id, amount, None);
        self.change::<IgnoredAny>("/payments/confirm", attempt, &body).await?;
        self.query(&PaymentRef { operation_id: Some(id.to_string()), ..payment.clone() }).await
    }

    async fn cancel(&self, attempt: &Attempt, payment: &PaymentRef, stage: Stage) -> Result<(), ProviderError> {
        let done = match stage {
            Stage::Held => {
                let id = self.operation(payment).await?;
                self.change::<IgnoredAny>("/payments/void", attempt, &json!({ "TransactionId": id })).await
            }
            Stage::Unpaid => {
                let id = payment.provider_id.as_ref().ok_or(ProviderError::NotFound)?;
                self.change::<IgnoredAny>("/orders/cancel", attempt, &json!({ "Id": id })).await
            }
        };
        done.map(drop)
    }

    async fn refund(&self, refund: &NewRefund) -> Result<RefundSeen, ProviderError> {
        super::check_receipt(refund.receipt.as_ref(), refund.amount)?;
        let id = self.operation(&refund.payment).await?;
        let mut attempt = refund.attempt.clone();
        if !attempt.is_remembered(KEY_LIFE) {
            // The key serves no more: what was made since is looked through.
            let mut made = self.refunds_since(id, attempt.first_sent, attempt.now).await?;
            if let Some(own) = made.iter().position(|found| found.is_refund_of(&refund.number)) {
                return Ok(made.swap_remove(own).refund());
            }
            // Whose the others are nobody can tell. Without any, the first call never arrived, and this is the first.
            if !made.is_empty() {
                return Err(ProviderError::KeyForgotten);
            }
            attempt.first_sent = attempt.now;
        }
        let data = OwnData { refund_number: Some(refund.number.clone()), kassa: refund.receipt.as_ref().map(kassa) };
        let made: Option<Refunded> = self.change("/payments/refund", &attempt, &Movement::new(id, refund.amount, Some(data))).await?;
        let made = made.ok_or_else(|| self.line.again("the answer holds no refund"))?;
        let provider_id = made.transaction_id.to_string();
        Ok(RefundSeen { provider_id, state: RefundState::Succeeded, amount: Some(refund.amount.into()), reason: None })
    }

    async fn query_refund(&self, refund: &RefundRef) -> Result<RefundSeen, ProviderError> {
        let found = self.by_id(&refund.provider_id).await?;
        let of = found.original_transaction_id.map(|id| id.to_string());
        if of.is_none() || refund.payment.operation_id.as_ref().is_some_and(|id| Some(id) != of.as_ref()) {
            return Err(ProviderError::NotFound);
        }
        Ok(found.refund())
    }

    /// A day at a time; each try of a payment is an entry of its own.
    async fn list(&self, from: DateTime<Utc>, until: DateTime<Utc>, page: Option<&str>) -> Result<Listed, ProviderError> {
        let day = page.and_then(|page| page.parse::<NaiveDate>().ok()).unwrap_or_else(|| from.date_naive());
        let found = self.of_day(day).await?.into_iter().filter(|found| found.created_at().is_none_or(|moment| (from..until).contains(&moment)));
        let (refunds, payments): (Vec<_>, Vec<_>) = found.partition(Transaction::is_refund);
        let refunds = refunds.into_iter().filter_map(|found| {
            let operation_id = found.original_transaction_id?.to_string();
            Some(ListedRefund { operation_id, refund_id: found.transaction_id.to_string() })
        });
        let next = day.checked_add_days(Days::new(1)).filter(|next| next.and_time(chrono::NaiveTime::MIN).and_utc() < until);
        let payments = payments.into_iter().map(|found| found.seen(&self.settings)).collect();
        Ok(Listed { payments, refunds: refunds.collect(), next: next.map(|day| day.to_string()) })
    }

    /// Money that payers' banks took back, or returned. Fees are no disputes.
    async fn disputes(&self, from: DateTime<Utc>, until: DateTime<Utc>, page: Option<&str>) -> Result<ListedDisputes, ProviderError> {
        let moment = |moment: DateTime<Utc>| moment.to_rfc3339_opts(SecondsFormat::Secs, true);
        let number = page.and_then(|page| page.parse::<u32>().ok()).unwrap_or(1);
        let body = json!({ "PageNumber": number, "CreatedDateGte": moment(from), "CreatedDateLte": moment(until) });
        let found: Envelope<Vec<Chargeback>> = self.call("/chargebacks/list", None, &body).await?;
        if !found.success {
            return Err(self.refused(found.message));
        }
        let found = found.model.unwrap_or_default();
        let next = (!found.is_empty()).then(|| (number + 1).to_string());
        Ok(ListedDisputes { disputes: found.into_iter().filter_map(Chargeback::dispute).collect(), next })
    }

    fn callback(&self, delivery: &Delivery<'_>) -> Result<Callback, Refused> {
        callback::read(delivery, &self.settings)
    }

    fn reply(&self, callback: &Callback, verdict: Verdict) -> Reply {
        callback::reply(callback.question.is_some(), verdict)
    }
}
