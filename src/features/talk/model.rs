//! What crosses the wire about conversation. Words that the reader may not see are not in it.

use crate::shared::page::Page;
use crate::shared::time::LocalTime;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Whether a post stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PostState {
    /// As written.
    Shown,
    /// Staff hid it.
    Hidden,
    /// Its author took it back.
    Withdrawn,
}

/// A thread in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThreadLine {
    /// `talk_threads.id`.
    pub id: Uuid,
    /// The question in a line; `None` where the reader may not see it.
    pub excerpt: Option<String>,
    /// Of the question.
    pub state: PostState,
    /// Who asked.
    pub author: String,
    /// When.
    pub asked: LocalTime,
    /// Replies that stand.
    pub replies: i64,
    /// Replies of others that I have not seen, where I take part.
    pub unread: i64,
    /// Staff answered.
    pub is_answered: bool,
    /// Only its author and staff see it.
    pub is_private: bool,
}

/// What the form of a new question needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskForm {
    /// Makes a double press one question.
    pub key: Uuid,
    /// The reader is a learner, who may ask the curators alone.
    pub may_be_private: bool,
}

/// The newest questions under a lesson.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LessonQuestions {
    /// How many the reader may see.
    pub total: i64,
    /// The newest first.
    pub threads: Vec<ThreadLine>,
    /// For a new one.
    pub ask: AskForm,
}

/// `/learn/{slug}/lessons/{id}/questions`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuestionList {
    /// In addresses.
    pub course_slug: String,
    /// Name of the course.
    pub course_title: String,
    /// `lessons.id`.
    pub lesson_id: Uuid,
    /// Name of the lesson.
    pub lesson_title: String,
    /// The newest first.
    pub page: Page<ThreadLine>,
    /// How many the reader may see.
    pub total: i64,
    /// For a new one.
    pub ask: AskForm,
}

/// A post of a thread.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// `talk_posts.id`.
    pub id: Uuid,
    /// Place in the thread, from 1.
    pub number: i32,
    /// Who wrote it.
    pub author: String,
    /// Their photograph, where the reader may see it.
    pub author_photo: Option<Uuid>,
    /// The author wrote as staff of the course.
    pub is_by_staff: bool,
    /// It answers the question.
    pub is_answer: bool,
    /// Mine.
    pub is_mine: bool,
    /// Not seen before by the reader, who takes part.
    pub is_new: bool,
    /// Whether it stands.
    pub state: PostState,
    /// Safe HTML; `None` where the reader may not see it.
    pub html: Option<String>,
    /// Why it is hidden, for its author and staff.
    pub hidden_reason: Option<String>,
    /// The text as written, while the reader may change it.
    pub source: Option<String>,
    /// The reader may take it back.
    pub can_withdraw: bool,
    /// When it was written.
    pub posted: LocalTime,
    /// It was changed afterwards.
    pub is_edited: bool,
}

/// `/learn/threads/{id}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThreadPage {
    /// `talk_threads.id`.
    pub id: Uuid,
    /// In addresses.
    pub course_slug: String,
    /// Name of the course.
    pub course_title: String,
    /// `lessons.id`.
    pub lesson_id: Uuid,
    /// Name of the lesson.
    pub lesson_title: String,
    /// Only its author and staff see it.
    pub is_private: bool,
    /// Staff closed it.
    pub is_closed: bool,
    /// The question.
    pub question: Post,
    /// Of the replies the latest, or those before `earlier` of the page after; in order.
    pub replies: Vec<Post>,
    /// The number before which earlier replies stand, if there are any.
    pub earlier: Option<i32>,
    /// The reader is staff of the course.
    pub can_moderate: bool,
    /// Makes a double press one reply.
    pub form_key: Uuid,
}

/// A thread of mine with replies that I have not seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnreadThread {
    /// `talk_threads.id`.
    pub id: Uuid,
    /// The question in a line; `None` where the reader may not see it.
    pub excerpt: Option<String>,
    /// Name of the course.
    pub course_title: String,
    /// Name of the lesson.
    pub lesson_title: String,
    /// How many.
    pub unread: i64,
}

/// A line of the curators' board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingQuestion {
    /// `talk_threads.id`.
    pub id: Uuid,
    /// Who asked.
    pub learner: String,
    /// The question in a line.
    pub excerpt: String,
    /// Name of the course.
    pub course_title: String,
    /// Name of the lesson.
    pub lesson_title: String,
    /// Only curators see it.
    pub is_private: bool,
    /// Since when its author waits.
    pub since: LocalTime,
    /// The same as a span.
    pub minutes: i64,
    /// Longer than the course promises for a review.
    pub is_late: bool,
}
