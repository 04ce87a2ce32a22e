//! The latest lines of a person's log.

use crate::features::admin::model::LogLine;
use crate::shared::i18n::{Locale, log as texts};
use crate::shared::viewer::use_locale;
use crate::ui::Moment;
use leptos::prelude::*;

/// What an event is called.
pub(super) fn action_name(locale: Locale, action: &str) -> String {
    let name = match action {
        "user_registered" => texts::user_registered,
        "signed_in" => texts::signed_in,
        "sign_in_failed" => texts::sign_in_failed,
        "signed_out" => texts::signed_out,
        "session_reuse_detected" => texts::session_reuse_detected,
        "sessions_ended" => texts::sessions_ended,
        "password_changed" => texts::password_changed,
        "password_reset_requested" => texts::password_reset_requested,
        "password_reset" => texts::password_reset,
        "address_confirmed" => texts::address_confirmed,
        "confirmation_requested" => texts::confirmation_requested,
        "account_changed" => texts::account_changed,
        "role_changed" => texts::role_changed,
        "user_disabled" => texts::user_disabled,
        "user_enabled" => texts::user_enabled,
        "enrolled" => texts::enrolled,
        "lesson_completed" => texts::lesson_completed,
        "course_completed" => texts::course_completed,
        "lesson_opened" => texts::lesson_opened,
        "lesson_opening_taken_back" => texts::lesson_opening_taken_back,
        "lesson_reset" => texts::lesson_reset,
        "lessons_came_open" => texts::lessons_came_open,
        "draft_begun" => texts::draft_begun,
        "course_published" => texts::course_published,
        "version_accepted" => texts::version_accepted,
        "version_declined" => texts::version_declined,
        "learners_moved" => texts::learners_moved,
        "attempt_started" => texts::attempt_started,
        "attempt_submitted" => texts::attempt_submitted,
        "attempt_expired" => texts::attempt_expired,
        "attempt_voided" => texts::attempt_voided,
        "answer_scored" => texts::answer_scored,
        "attempt_graded" => texts::attempt_graded,
        "attempt_regraded" => texts::attempt_regraded,
        "score_changed" => texts::score_changed,
        "key_corrected" => texts::key_corrected,
        "review_reminder" => texts::review_reminder,
        "work_begun" => texts::work_begun,
        "work_submitted" => texts::work_submitted,
        "work_withdrawn" => texts::work_withdrawn,
        "work_extended" => texts::work_extended,
        "work_taken" => texts::work_taken,
        "work_given_back" => texts::work_given_back,
        "work_accepted" => texts::work_accepted,
        "work_returned" => texts::work_returned,
        "work_rejected" => texts::work_rejected,
        "work_reopened" => texts::work_reopened,
        "work_expired" => texts::work_expired,
        "work_handed_over" => texts::work_handed_over,
        "work_reminder" => texts::work_reminder,
        "queue_handed_over" => texts::queue_handed_over,
        "attempt_handed_over" => texts::attempt_handed_over,
        "curator_came_back" => texts::curator_came_back,
        "calendar_changed" => texts::calendar_changed,
        "calendar_link_renewed" => texts::calendar_link_renewed,
        "job_failed" => texts::job_failed,
        "question_asked" => texts::question_asked,
        "reply_posted" => texts::reply_posted,
        "post_edited" => texts::post_edited,
        "post_withdrawn" => texts::post_withdrawn,
        "post_hidden" => texts::post_hidden,
        "post_shown" => texts::post_shown,
        "answer_marked" => texts::answer_marked,
        "answer_unmarked" => texts::answer_unmarked,
        "thread_closed" => texts::thread_closed,
        "thread_opened" => texts::thread_opened,
        "announcement_published" => texts::announcement_published,
        "announcement_withdrawn" => texts::announcement_withdrawn,
        "telegram_link_requested" => texts::telegram_link_requested,
        "telegram_linked" => texts::telegram_linked,
        "telegram_unlinked" => texts::telegram_unlinked,
        "ordered" => texts::ordered,
        "order_paid" => texts::order_paid,
        "order_changed" => texts::order_changed,
        "facts_changed" => texts::facts_changed,
        "taxes_set" => texts::taxes_set,
        "course_tax_set" => texts::course_tax_set,
        "invoice_made" => texts::invoice_made,
        "discount_made" => texts::discount_made,
        "discount_switched" => texts::discount_switched,
        "payment_changed" => texts::payment_changed,
        "payment_entered" => texts::payment_entered,
        "payment_resolved" => texts::payment_resolved,
        "refund_asked" => texts::refund_asked,
        "refund_changed" => texts::refund_changed,
        "payment_task_settled" => texts::payment_task_settled,
        "access_extended" => texts::access_extended,
        "access_revoked" => texts::access_revoked,
        "access_restored" => texts::access_restored,
        "access_shortened" => texts::access_shortened,
        other => return other.to_owned(),
    };
    name(locale).to_owned()
}

/// The list.
#[component]
pub(super) fn Log(
    /// The newest first.
    lines: Vec<LogLine>,
) -> impl IntoView {
    let locale = use_locale();
    (!lines.is_empty()).then(|| {
        view! {
            <section>
                <h2>{texts::title(locale)}</h2>
                <ul class="rows" role="list">
                    {lines
                        .into_iter()
                        .map(|line| {
                            view! {
                                <li>
                                    <div>
                                        {action_name(locale, &line.action)}
                                        <p class="small muted">{line.actor.unwrap_or_else(|| texts::nobody(locale).to_owned())}</p>
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
