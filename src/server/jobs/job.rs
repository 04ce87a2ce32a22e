//! The kinds of jobs, and how each is run.

use crate::features::notifications::rules::Channel;
use crate::server::events;
use crate::shared::i18n::Locale;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use uuid::Uuid;

/// Everything that is done later. Its name and fields are what the queue keeps: a change of them needs the old form to be readable
/// until the queue is empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Job {
    /// Makes what people are told of an event, where it failed at first.
    React { event: events::Moved },
    /// Tells the next readers of an announcement, some at a time: there may be thousands.
    TellOfAnnouncement {
        /// The event of its publication.
        event: events::Moved,
        /// Who was told last.
        after: Option<Uuid>,
    },
    /// Writes the letter of a notification.
    MailNotification { notification_id: Uuid },
    /// Looks whose gathered news is to go out.
    StartDigests,
    /// Writes a letter of all the news gathered for a person.
    MailDigest { user_id: Uuid },
    /// Makes the message of a notification.
    TelegramNotification { notification_id: Uuid },
    /// Makes a message of all the news gathered for a person.
    TelegramDigest { user_id: Uuid },
    /// Sends a message about notifications to a person's chat.
    TellInTelegram {
        /// Whose chat.
        user_id: Uuid,
        /// In Telegram's HTML.
        text: String,
        /// What it tells of; never empty.
        notification_ids: Vec<Uuid>,
    },
    /// Sends an answer of the bot's into a chat.
    AnswerInTelegram {
        /// As Telegram names it.
        chat_id: i64,
        /// In Telegram's HTML.
        text: String,
    },
    /// Looks which promises of review came near.
    RemindOfReviews,
    /// Ends dates and holds of works, finds owners, looks which promises came near.
    TendWorks,
    /// Looks for which lessons the moment came.
    TellOfOpenedLessons,
    /// Makes a payment at its provider, if its buyer's request did not.
    OpenPayment { payment_id: Uuid },
    /// Asks a provider how a payment stands.
    CheckPayment { payment_id: Uuid },
    /// Closes a payment's page, so that nobody pays it any more.
    ClosePayment { payment_id: Uuid },
    /// Looks into what a provider brought.
    HandleCallback {
        /// `payment_callbacks.id`.
        callback_id: Uuid,
        /// The payment, where the callback says no more than to look at it: one look serves for all such callbacks.
        #[serde(default)]
        payment_id: Option<Uuid>,
    },
    /// Sends a refund, or asks how it stands.
    SendRefund { refund_id: Uuid },
    /// Looks for payments and refunds that nobody heard of for a while.
    PollPayments,
    /// Compares the payments with the providers'.
    ReconcilePayments,
    /// A payer of the sandbox who hesitated has paid.
    SandboxNotice { number: String, event: String },
    /// Renders texts of the school again that an older renderer made.
    RenderAgain,
    /// Brings what is searched in line with what is published.
    RefreshSearch,
    /// Makes the sizes of a picture.
    PreparePicture { file_id: Uuid },
    /// Measures a video and makes its sizes.
    PrepareVideo { file_id: Uuid },
    /// Deletes uploads and files that are needed nowhere.
    CollectFiles,
    /// Deletes what is kept for a while only: moved events, finished jobs, ended sessions.
    Purge,
    /// Hands a letter to the mail server.
    SendLetter {
        /// `letters.id`.
        letter_id: Uuid,
        /// `letters.is_essential`.
        #[serde(default)]
        is_essential: bool,
    },
    /// Writes the letter that lets a person choose a new password. Without a person it is the same work for nobody, so that the
    /// request that enqueues it takes the same time for addresses that are known and that are not.
    StartPasswordReset {
        /// `users.id`.
        user_id: Option<Uuid>,
        /// The request's language.
        locale: Locale,
    },
}

/// How a kind of job is run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Policy {
    /// Tries before it is given up.
    pub max_attempts: i32,
    /// A try that takes longer has failed.
    pub timeout: Duration,
    /// Smaller is sooner.
    pub priority: i16,
    /// How many of the kind run at once in one server.
    pub at_once: usize,
}

impl Job {
    /// The kind's name, as in the queue.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::React { .. } => "react",
            Self::TellOfAnnouncement { .. } => "tell_of_announcement",
            Self::MailNotification { .. } => "mail_notification",
            Self::StartDigests => "start_digests",
            Self::MailDigest { .. } => "mail_digest",
            Self::TelegramNotification { .. } => "telegram_notification",
            Self::TelegramDigest { .. } => "telegram_digest",
            Self::TellInTelegram { .. } => "tell_in_telegram",
            Self::AnswerInTelegram { .. } => "answer_in_telegram",
            Self::RemindOfReviews => "remind_of_reviews",
            Self::TendWorks => "tend_works",
            Self::TellOfOpenedLessons => "tell_of_opened_lessons",
            Self::OpenPayment { .. } => "open_payment",
            Self::CheckPayment { .. } => "check_payment",
            Self::ClosePayment { .. } => "close_payment",
            Self::HandleCallback { .. } => "handle_callback",
            Self::SendRefund { .. } => "send_refund",
            Self::PollPayments => "poll_payments",
            Self::ReconcilePayments => "reconcile_payments",
            Self::SandboxNotice { .. } => "sandbox_notice",
            Self::RenderAgain => "render_again",
            Self::RefreshSearch => "refresh_search",
            Self::PreparePicture { .. } => "prepare_picture",
            Self::PrepareVideo { .. } => "prepare_video",
            Self::CollectFiles => "collect_files",
            Self::Purge => "purge",
            Self::SendLetter { .. } => "send_letter",
            Self::StartPasswordReset { .. } => "start_password_reset",
        }
    }

    /// Whether jobs of a kind bring news by this channel, so that their failure is better not told of there.
    pub fn is_about(kind: &str, channel: Channel) -> bool {
        let own: &[&str] = match channel {
            Channel::App => return false,
            Channel::Email => &["send_letter", "mail_notification", "mail_digest"],
            Channel::Telegram => &["tell_in_telegram", "answer_in_telegram", "telegram_notification", "telegram_digest"],
        };
        own.contains(&kind) || ["start_digests", "react", "tell_of_announcement"].contains(&kind)
    }

    pub(super) const fn policy(&self) -> Policy {
        const fn policy(max_attempts: i32, timeout: Duration, priority: i16) -> Policy {
            // Work of our own has a line to the database all the while.
            Policy { max_attempts, timeout, priority, at_once: 6 }
        }
        match self {
            Self::React { .. } => policy(8, Duration::from_secs(30), 1),
            Self::TellOfAnnouncement { .. } => policy(8, Duration::from_secs(30), 4),
            Self::MailNotification { .. } | Self::TelegramNotification { .. } => policy(8, Duration::from_secs(30), 3),
            Self::MailDigest { .. } | Self::TelegramDigest { .. } => policy(8, Duration::from_mins(1), 6),
            Self::StartDigests => policy(3, Duration::from_mins(1), 6),
            Self::TellOfOpenedLessons => policy(3, Duration::from_mins(9), 6),
            Self::RemindOfReviews | Self::TendWorks => policy(3, Duration::from_mins(1), 5),
            // A provider may be away for a day. Its own time-out is 35 s; a buyer waits for what it brought. While it is asked nothing is
            // held, so places are cheap. One provider does not get all of them (`Providers::turn`): one that hangs keeps neither another's
            // callbacks nor other work waiting.
            Self::HandleCallback { .. } => Policy { at_once: 18, ..policy(32, Duration::from_secs(100), 0) },
            Self::CheckPayment { .. } => policy(12, Duration::from_secs(100), 1),
            Self::OpenPayment { .. } => Policy { at_once: 3, ..policy(12, Duration::from_secs(100), 1) },
            Self::ClosePayment { .. } => Policy { at_once: 2, ..policy(12, Duration::from_secs(150), 4) },
            Self::SendRefund { .. } => Policy { at_once: 2, ..policy(32, Duration::from_secs(100), 2) },
            Self::PollPayments => policy(3, Duration::from_mins(1), 3),
            Self::ReconcilePayments => policy(8, Duration::from_mins(30), 7),
            Self::SandboxNotice { .. } => policy(8, Duration::from_secs(30), 1),
            Self::RenderAgain => policy(5, Duration::from_mins(10), 9),
            Self::RefreshSearch => policy(5, Duration::from_mins(10), 8),
            // One at a time: it takes memory.
            Self::PreparePicture { .. } => Policy { at_once: 1, ..policy(5, Duration::from_mins(3), 6) },
            // One at a time, as long as a film takes; what is made by then is kept.
            Self::PrepareVideo { .. } => Policy { at_once: 1, ..policy(8, Duration::from_hours(1), 9) },
            Self::CollectFiles => policy(3, Duration::from_mins(20), 9),
            Self::Purge => policy(5, Duration::from_mins(5), 9),
            // The pauses add up to a day: a mail server, or Telegram, may be away that long. A try is limited by its client. One that hangs
            // must not keep other work waiting, and who waits for a link goes before who is told something.
            Self::SendLetter { is_essential, .. } => {
                let priority = if *is_essential { 0 } else { 5 };
                Policy { at_once: 3, ..policy(32, Duration::from_secs(75), priority) }
            }
            Self::TellInTelegram { .. } => Policy { at_once: 3, ..policy(32, Duration::from_secs(75), 3) },
            // Who wrote to the bot waits for it now.
            Self::AnswerInTelegram { .. } => policy(8, Duration::from_secs(30), 2),
            Self::StartPasswordReset { .. } => policy(8, Duration::from_secs(30), 2),
        }
    }

    /// Of several waiting jobs of a kind with one key only one is kept.
    pub(super) fn unique_key(&self) -> Option<String> {
        match self {
            Self::React { event } => Some(event.id.to_string()),
            Self::TellOfAnnouncement { event, after } => Some(format!("{}-{}", event.id, after.unwrap_or_default())),
            Self::MailNotification { notification_id } | Self::TelegramNotification { notification_id } => Some(notification_id.to_string()),
            Self::MailDigest { user_id } | Self::TelegramDigest { user_id } => Some(user_id.to_string()),
            // Each notification is told of in one message.
            Self::TellInTelegram { notification_ids, .. } => notification_ids.first().map(Uuid::to_string),
            Self::RemindOfReviews
            | Self::TendWorks
            | Self::TellOfOpenedLessons
            | Self::StartDigests
            | Self::RenderAgain
            | Self::RefreshSearch
            | Self::Purge
            | Self::PollPayments
            | Self::ReconcilePayments
            | Self::CollectFiles => Some(String::new()),
            Self::PreparePicture { file_id } | Self::PrepareVideo { file_id } => Some(file_id.to_string()),
            Self::OpenPayment { payment_id } | Self::CheckPayment { payment_id } | Self::ClosePayment { payment_id } => Some(payment_id.to_string()),
            Self::HandleCallback { callback_id, payment_id } => Some(payment_id.unwrap_or(*callback_id).to_string()),
            Self::SendRefund { refund_id } => Some(refund_id.to_string()),
            Self::SandboxNotice { number, event } => Some(format!("{number}-{event}")),
            Self::SendLetter { letter_id, .. } => Some(letter_id.to_string()),
            Self::AnswerInTelegram { .. } | Self::StartPasswordReset { .. } => None,
        }
    }
}
