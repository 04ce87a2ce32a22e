//! Events of orders, payments and the access that was bought.

use super::Record;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

/// What happened to bought access.
#[derive(Clone, Debug)]
pub enum AccessEvent {
    /// A running enrolment lasts longer.
    Extended { enrollment_id: Uuid, user_id: Uuid, course_id: Uuid },
    /// An enrolment was taken back.
    Revoked { enrollment_id: Uuid },
    /// An enrolment that was taken back runs again.
    Restored { enrollment_id: Uuid },
    /// An extension was taken back.
    Shortened { enrollment_id: Uuid },
}

/// What happened to money.
#[derive(Clone, Debug)]
pub enum PaymentEvent {
    /// Somebody ordered.
    Ordered { order_id: Uuid, buyer_id: Uuid, total_minor: i64 },
    /// An order is paid.
    OrderPaid { order_id: Uuid, buyer_id: Uuid },
    /// Another state of an order.
    OrderChanged { order_id: Uuid, before: &'static str, after: &'static str },
    /// A payment is in another state.
    Changed { payment_id: Uuid, order_id: Uuid, before: &'static str, after: &'static str },
    /// An administrator entered a payment that came another way.
    EnteredByHand { payment_id: Uuid, order_id: Uuid, amount_minor: i64, reason: String },
    /// An administrator decided about a payment that did not agree.
    Resolved { payment_id: Uuid, order_id: Uuid, after: &'static str, reason: String },
    /// An administrator gives money back.
    RefundAsked { refund_id: Uuid, order_id: Uuid, amount_minor: i64, closes_access: bool, reason: String },
    /// A refund is in another state.
    RefundChanged { refund_id: Uuid, order_id: Uuid, before: &'static str, after: &'static str },
    /// An administrator made a code of a discount.
    DiscountMade { discount_id: Uuid, code: String },
    /// An administrator switched a code of a discount.
    DiscountSwitched { discount_id: Uuid, code: String, is_active: bool },
    /// An administrator changed the school's facts.
    FactsChanged { before: Value, after: Value },
    /// An administrator set the school's taxes.
    TaxesSet { vat: String, tax_system: Option<String>, with_receipts: bool, valid_from: DateTime<Utc> },
    /// An administrator set the tax of a course.
    CourseTaxSet { course_id: Uuid, vat: Option<String> },
    /// An invoice was written.
    InvoiceMade { order_id: Uuid, number: i64 },
    /// An administrator settled a task.
    TaskSettled { task_id: Uuid, kind: String },
}

impl AccessEvent {
    pub(super) fn record(&self) -> Record {
        let (kind, id, after) = match self {
            Self::Extended { enrollment_id, user_id, course_id } => {
                ("access_extended", enrollment_id, Some(json!({ "user_id": user_id, "course_id": course_id })))
            }
            Self::Revoked { enrollment_id } => ("access_revoked", enrollment_id, None),
            Self::Restored { enrollment_id } => ("access_restored", enrollment_id, None),
            Self::Shortened { enrollment_id } => ("access_shortened", enrollment_id, None),
        };
        Record { kind, subject: ("enrollment", Some(*id)), before: None, after }
    }
}

impl PaymentEvent {
    pub(super) fn record(&self) -> Record {
        let record = |kind, subject, id: &Uuid, before, after| Record { kind, subject: (subject, Some(*id)), before, after: Some(after) };
        match self {
            Self::Ordered { order_id, buyer_id, total_minor } => {
                record("ordered", "order", order_id, None, json!({ "user_id": buyer_id, "total_minor": total_minor }))
            }
            Self::OrderPaid { order_id, buyer_id } => record("order_paid", "order", order_id, None, json!({ "user_id": buyer_id })),
            Self::OrderChanged { order_id, before, after } => {
                record("order_changed", "order", order_id, Some(json!({ "state": before })), json!({ "state": after }))
            }
            Self::Changed { payment_id, order_id, before, after } => {
                record("payment_changed", "payment", payment_id, Some(json!({ "state": before })), json!({ "order_id": order_id, "state": after }))
            }
            Self::EnteredByHand { payment_id, order_id, amount_minor, reason } => record(
                "payment_entered",
                "payment",
                payment_id,
                None,
                json!({ "order_id": order_id, "amount_minor": amount_minor, "reason": reason }),
            ),
            Self::Resolved { payment_id, order_id, after, reason } => {
                record("payment_resolved", "payment", payment_id, None, json!({ "order_id": order_id, "state": after, "reason": reason }))
            }
            Self::RefundAsked { refund_id, order_id, amount_minor, closes_access, reason } => record(
                "refund_asked",
                "refund",
                refund_id,
                None,
                json!({ "order_id": order_id, "amount_minor": amount_minor, "closes_access": closes_access, "reason": reason }),
            ),
            Self::RefundChanged { refund_id, order_id, before, after } => {
                record("refund_changed", "refund", refund_id, Some(json!({ "state": before })), json!({ "order_id": order_id, "state": after }))
            }
            Self::FactsChanged { before, after } => {
                Record { kind: "facts_changed", subject: ("school", None), before: Some(before.clone()), after: Some(after.clone()) }
            }
            Self::TaxesSet { vat, tax_system, with_receipts, valid_from } => Record {
                kind: "taxes_set",
                subject: ("school", None),
                before: None,
                after: Some(json!({ "vat": vat, "tax_system": tax_system, "with_receipts": with_receipts, "valid_from": valid_from })),
            },
            Self::CourseTaxSet { course_id, vat } => record("course_tax_set", "course", course_id, None, json!({ "vat": vat })),
            Self::InvoiceMade { order_id, number } => record("invoice_made", "order", order_id, None, json!({ "number": number })),
            Self::DiscountMade { discount_id, code } => record("discount_made", "discount", discount_id, None, json!({ "code": code })),
            Self::DiscountSwitched { discount_id, code, is_active } => {
                record("discount_switched", "discount", discount_id, None, json!({ "code": code, "is_active": is_active }))
            }
            Self::TaskSettled { task_id, kind } => record("payment_task_settled", "payment_task", task_id, None, json!({ "kind": kind })),
        }
    }
}
