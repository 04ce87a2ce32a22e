//! Use cases of authors: ask, reply, change, withdraw.

use super::post_queries::{self as posts, Body, NewPost, NewThread, SentRow};
use super::{queries, service};
use crate::features::learning::server::access;
use crate::features::talk::rules::{BODY_MAX, may_edit};
use crate::server::authz::{self, ChangeOwnPost, ReadLesson, WriteInCourse, is_course_staff};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::events::{self, Event};
use crate::server::limits;
use crate::server::markdown::{POST_RENDERER_VERSION, excerpt, post_html};
use crate::shared::error::Problem;
use sqlx::PgConnection;
use uuid::Uuid;

/// Characters of a post shown in lists.
const EXCERPT: usize = 160;

/// A text that may be stored, or what is wrong with the field.
fn valid(field: &str, text: &str) -> Result<String> {
    let text = text.trim();
    let problem = if text.contains('\0') {
        Problem::BadCharacters
    } else if text.chars().count() > BODY_MAX as usize {
        Problem::TooLong(BODY_MAX)
    } else if excerpt(text, EXCERPT).is_empty() {
        // Also a text of marks alone, which shows nothing.
        Problem::Required
    } else {
        return Ok(text.to_owned());
    };
    Err(ServiceError::field(field, problem))
}

/// A try of the author's throttle. Taken before the transaction, since it may ask Redis, and given back when nothing was written.
#[derive(Debug, Default)]
pub struct Turn {
    /// Seconds to wait; 0 may write.
    wait: u32,
    is_used: bool,
}

impl Turn {
    async fn take(ctx: &Ctx) -> Result<Self> {
        let author_id = ctx.actor.signed_in()?;
        Ok(Self { wait: ctx.state.limits.take(limits::WRITE_POST, &author_id.to_string()).await, is_used: false })
    }

    fn spend(&mut self) -> Result<()> {
        self.is_used = true;
        if self.wait == 0 { Ok(()) } else { Err(ServiceError::field("", Problem::Throttled(self.wait))) }
    }

    async fn end(self, ctx: &Ctx) {
        if let Some(author_id) = ctx.actor.id().filter(|_| self.wait == 0 && !self.is_used) {
            ctx.state.limits.give_back(limits::WRITE_POST, &author_id.to_string()).await;
        }
    }
}

/// Who writes, with which form.
#[derive(Clone, Copy)]
struct Sender {
    author_id: Uuid,
    form_key: Uuid,
}

/// Whether this text was sent with this form before. The same form with another text, after going back, is a new sending.
async fn sent_before(connection: &mut PgConnection, ctx: &Ctx, sender: &mut Sender, text: &str) -> Result<Option<SentRow>> {
    posts::lock_author(connection, sender.author_id).await?;
    let sent = posts::post_by_form_key(connection, sender.author_id, sender.form_key).await?;
    if sent.as_ref().is_some_and(|sent| sent.body_md != text) {
        sender.form_key = ctx.new_id();
        return Ok(None);
    }
    Ok(sent)
}

struct Sending<'a> {
    thread_id: Uuid,
    sender: Sender,
    is_by_staff: bool,
    is_answer: bool,
    text: &'a str,
}

async fn insert(connection: &mut PgConnection, ctx: &Ctx, post: Sending<'_>) -> Result<(Uuid, i32)> {
    let id = ctx.new_id();
    let row = NewPost {
        id,
        thread_id: post.thread_id,
        author_id: post.sender.author_id,
        is_by_staff: post.is_by_staff,
        is_answer: post.is_answer,
        body: Body { md: post.text, html: &post_html(post.text), excerpt: &excerpt(post.text, EXCERPT), renderer_version: POST_RENDERER_VERSION },
        form_key: post.sender.form_key,
        now: ctx.now(),
    };
    let number = posts::insert_post(connection, row).await?;
    queries::refresh_waiting(connection, post.thread_id).await?;
    queries::upsert_read(connection, post.sender.author_id, post.thread_id, number, ctx.now()).await?;
    Ok((id, number))
}

/// A new question, as typed.
#[derive(Debug)]
pub struct Ask<'a> {
    /// The course's slug.
    pub slug: &'a str,
    /// Under which lesson.
    pub lesson_id: Uuid,
    /// Markdown.
    pub text: &'a str,
    /// For the curators alone.
    pub is_private: bool,
    /// The form's; a double press has the same.
    pub form_key: Option<Uuid>,
}

/// Asks a question under a lesson; gives its thread.
pub async fn ask(ctx: &Ctx, input: Ask<'_>) -> Result<Uuid> {
    let mut turn = Turn::take(ctx).await?;
    let asked = async {
        let mut tx = ctx.begin().await?;
        let thread_id = ask_in(&mut tx, ctx, &mut turn, input).await?;
        tx.commit().await?;
        Ok(thread_id)
    }
    .await;
    turn.end(ctx).await;
    asked
}

/// The same in the caller's transaction.
pub async fn ask_in(connection: &mut PgConnection, ctx: &Ctx, turn: &mut Turn, input: Ask<'_>) -> Result<Uuid> {
    let author_id = ctx.actor.signed_in()?;
    let course = access::course_by_slug(connection, ctx, input.slug).await?;
    let permit = authz::permit(&ctx.actor, WriteInCourse(course.facts.clone()))?;
    let lesson = access::lesson(connection, ctx, &course, input.lesson_id).await?;
    let _lesson_permit = authz::permit(&ctx.actor, ReadLesson(lesson.facts))?;
    let is_by_staff = is_course_staff(&ctx.actor, &permit.action().0);
    let text = valid("body", input.text)?;
    if input.is_private && is_by_staff {
        return Err(ServiceError::field("is_private", Problem::UnknownChoice));
    }
    let mut sender = Sender { author_id, form_key: input.form_key.unwrap_or_else(|| ctx.new_id()) };
    if let Some(sent) = sent_before(connection, ctx, &mut sender, &text).await? {
        return Ok(sent.thread_id);
    }
    turn.spend()?;
    let thread_id = ctx.new_id();
    let row = NewThread { id: thread_id, course_id: course.id, lesson_id: input.lesson_id, author_id, is_private: input.is_private, now: ctx.now() };
    posts::insert_thread(connection, row).await?;
    let (post_id, _) = insert(connection, ctx, Sending { thread_id, sender, is_by_staff, is_answer: false, text: &text }).await?;
    let event =
        Event::QuestionAsked { thread_id, post_id, lesson_id: input.lesson_id, course_id: course.id, author_id, is_private: input.is_private };
    events::record(connection, ctx, event).await?;
    Ok(thread_id)
}

/// Replies in a thread; gives the reply's number. What staff reply answers the question.
pub async fn reply(ctx: &Ctx, thread_id: Uuid, text: &str, form_key: Option<Uuid>) -> Result<i32> {
    let mut turn = Turn::take(ctx).await?;
    let replied = async {
        let mut tx = ctx.begin().await?;
        let number = reply_in(&mut tx, ctx, &mut turn, thread_id, text, form_key).await?;
        tx.commit().await?;
        Ok(number)
    }
    .await;
    turn.end(ctx).await;
    replied
}

/// The same in the caller's transaction.
pub async fn reply_in(connection: &mut PgConnection, ctx: &Ctx, turn: &mut Turn, thread_id: Uuid, text: &str, form_key: Option<Uuid>) -> Result<i32> {
    let (thread, course, _permit) = service::permitted(connection, ctx, thread_id).await?;
    let permit = authz::permit(&ctx.actor, WriteInCourse(course.facts.clone()))?;
    let author_id = ctx.actor.signed_in()?;
    let text = valid("body", text)?;
    let mut sender = Sender { author_id, form_key: form_key.unwrap_or_else(|| ctx.new_id()) };
    if let Some(sent) = sent_before(connection, ctx, &mut sender, &text).await?
        && sent.thread_id == thread_id
    {
        return Ok(sent.number);
    }
    if queries::lock_thread(connection, thread_id).await?.ok_or(ServiceError::NotFound)? {
        return Err(ServiceError::field("body", Problem::ThreadClosed));
    }
    turn.spend()?;
    let is_by_staff = is_course_staff(&ctx.actor, &permit.action().0);
    // Staff who go on in a thread of their own answer nobody.
    let is_answer = is_by_staff && thread.author_id != author_id;
    let (post_id, number) = insert(connection, ctx, Sending { thread_id, sender, is_by_staff, is_answer, text: &text }).await?;
    events::record(connection, ctx, Event::ReplyPosted { thread_id, post_id, author_id, course_id: course.id, is_by_staff }).await?;
    Ok(number)
}

/// Changes one's own post while that is possible.
pub async fn edit(ctx: &Ctx, thread_id: Uuid, post_id: Uuid, field: &str, text: &str) -> Result<i32> {
    let mut turn = Turn::take(ctx).await?;
    let edited = edit_with(ctx, &mut turn, thread_id, post_id, field, text).await;
    turn.end(ctx).await;
    edited
}

async fn edit_with(ctx: &Ctx, turn: &mut Turn, thread_id: Uuid, post_id: Uuid, field: &str, text: &str) -> Result<i32> {
    let mut tx = ctx.begin().await?;
    let post = own_post(&mut tx, ctx, thread_id, post_id).await?;
    let text = valid(field, text)?;
    // A hidden post stays as it was, as evidence.
    if post.is_withdrawn || post.is_hidden {
        return Err(ServiceError::Conflict);
    }
    if text != post.body_md {
        if !may_edit((ctx.now() - post.created_at).num_seconds()) {
            return Err(ServiceError::field(field, Problem::TooLateToEdit));
        }
        turn.spend()?;
        let body = Body { md: &text, html: &post_html(&text), excerpt: &excerpt(&text, EXCERPT), renderer_version: POST_RENDERER_VERSION };
        posts::update_body(&mut tx, post_id, body, ctx.now()).await?;
        events::record(&mut tx, ctx, Event::PostEdited { thread_id, post_id }).await?;
    }
    tx.commit().await?;
    Ok(post.number)
}

/// Takes one's own post back: its words are gone. A hidden post stays as evidence.
pub async fn withdraw(ctx: &Ctx, thread_id: Uuid, post_id: Uuid) -> Result<()> {
    let mut tx = ctx.begin().await?;
    let post = own_post(&mut tx, ctx, thread_id, post_id).await?;
    if post.is_hidden {
        return Err(ServiceError::Conflict);
    }
    if !post.is_withdrawn {
        posts::withdraw_post(&mut tx, post_id, ctx.now()).await?;
        queries::refresh_waiting(&mut tx, thread_id).await?;
        events::record(&mut tx, ctx, Event::PostWithdrawn { thread_id, post_id }).await?;
    }
    Ok(tx.commit().await?)
}

async fn own_post(connection: &mut PgConnection, ctx: &Ctx, thread_id: Uuid, post_id: Uuid) -> Result<posts::LockedPost> {
    let (_, course, _permit) = service::permitted(connection, ctx, thread_id).await?;
    let _permit = authz::permit(&ctx.actor, WriteInCourse(course.facts))?;
    queries::lock_thread(connection, thread_id).await?;
    let post = posts::lock_post(connection, thread_id, post_id).await?.ok_or(ServiceError::NotFound)?;
    let _permit = authz::permit(&ctx.actor, ChangeOwnPost { author_id: post.author_id })?;
    Ok(post)
}
