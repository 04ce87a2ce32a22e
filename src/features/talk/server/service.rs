//! Use cases of reading: questions under a lesson, a thread, what is unread, who waits. Others of the program find here whom a
//! thread concerns.

use super::post_queries::{self as posts, PostRow};
use super::queries::{self, LineRow, Reader, ThreadRow};
use crate::features::calendar::server::service as calendar;
use crate::features::learning::server::access::{self, CourseAccess};
use crate::features::notifications::server::service as notifications;
use crate::features::talk::model::{AskForm, LessonQuestions, Post, PostState, QuestionList, ThreadLine, ThreadPage, UnreadThread, WaitingQuestion};
use crate::features::talk::rules::{may_edit, may_see_text};
use crate::server::authz::{self, Actor, Permit, ReadCourse, ReadLesson, ReadThread, SeeReviewQueue, is_course_staff};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::shared::page::Page;
use crate::shared::role::Role;
use sqlx::PgConnection;
use uuid::Uuid;

/// Questions on a lesson's own page.
const BESIDE_LESSON: i64 = 3;
/// Questions on a page of their own.
const PAGE_SIZE: i64 = 20;
/// Replies on a thread's page.
const REPLIES: i64 = 50;
/// Threads with unread replies on the learning home.
const UNREAD: i64 = 10;

const fn state_of(is_hidden: bool, is_withdrawn: bool) -> PostState {
    match (is_withdrawn, is_hidden) {
        (true, _) => PostState::Withdrawn,
        (_, true) => PostState::Hidden,
        _ => PostState::Shown,
    }
}

fn reader(ctx: &Ctx, permit: &Permit<ReadCourse>) -> Reader {
    Reader { user_id: ctx.actor.id(), is_staff: is_course_staff(&ctx.actor, &permit.action().0) }
}

fn ask_form(ctx: &Ctx, reader: Reader) -> AskForm {
    AskForm { key: ctx.new_id(), may_be_private: !reader.is_staff }
}

fn line(ctx: &Ctx, reader: Reader, row: LineRow) -> ThreadLine {
    let state = state_of(row.is_hidden, row.is_withdrawn);
    let is_mine = reader.user_id == Some(row.author_id);
    ThreadLine {
        id: row.id,
        excerpt: may_see_text(state, is_mine, reader.is_staff).then_some(row.excerpt),
        state,
        author: row.author,
        asked: ctx.local(row.created_at),
        replies: row.replies,
        unread: row.unread,
        is_answered: row.is_answered,
        is_private: row.is_private,
    }
}

/// The newest questions under a lesson, for the lesson's page.
pub async fn of_lesson(
    connection: &mut PgConnection,
    ctx: &Ctx,
    course: &CourseAccess,
    lesson_id: Uuid,
    permit: &Permit<ReadCourse>,
) -> Result<LessonQuestions> {
    let reader = reader(ctx, permit);
    let rows = queries::list_threads(connection, course.id, lesson_id, reader, None, BESIDE_LESSON).await?;
    // Of the first page the list itself knows how many there are.
    let total = rows.first().map_or(0, |row| row.total);
    Ok(LessonQuestions { total, threads: rows.into_iter().map(|row| line(ctx, reader, row)).collect(), ask: ask_form(ctx, reader) })
}

/// Questions under a lesson, one page.
pub async fn questions(ctx: &Ctx, slug: &str, lesson_id: Uuid, after: Option<Uuid>) -> Result<QuestionList> {
    let mut connection = ctx.connection().await?;
    let course = access::course_by_slug(&mut connection, ctx, slug).await?;
    let permit = authz::permit(&ctx.actor, ReadCourse(course.facts.clone()))?;
    let lesson = access::lesson(&mut connection, ctx, &course, lesson_id).await?;
    let _lesson_permit = authz::permit(&ctx.actor, ReadLesson(lesson.facts))?;
    let reader = reader(ctx, &permit);
    let rows = queries::list_threads(&mut connection, course.id, lesson_id, reader, after, PAGE_SIZE + 1).await?;
    let total = queries::count_threads(&mut connection, course.id, lesson_id, reader).await?;
    let Page { items: rows, next } = Page::cut(rows, PAGE_SIZE, |row| row.id);
    let items: Vec<ThreadLine> = rows.into_iter().map(|row| line(ctx, reader, row)).collect();
    Ok(QuestionList {
        course_title: course.title,
        course_slug: course.facts.slug,
        lesson_id,
        lesson_title: lesson.title,
        page: Page { items, next },
        total,
        ask: ask_form(ctx, reader),
    })
}

/// A thread that this person may read, with its course.
pub(super) async fn permitted(connection: &mut PgConnection, ctx: &Ctx, thread_id: Uuid) -> Result<(ThreadRow, CourseAccess, Permit<ReadThread>)> {
    // Who is not signed in learns nothing about ids here.
    ctx.actor.signed_in()?;
    let thread = queries::thread_by_id(connection, thread_id).await?.ok_or(ServiceError::NotFound)?;
    let course = access::course_by_id(connection, ctx, thread.course_id).await?;
    let action = ReadThread { course: course.facts.clone(), author_id: thread.author_id, is_private: thread.is_private };
    let permit = authz::permit(&ctx.actor, action)?;
    // A thread about a lesson that the reader's version does not hold stays readable; one under a closed lesson does not.
    if let Some(lesson) = access::open_lessons(connection, ctx, &course).await?.remove(&thread.lesson_id) {
        authz::permit(&ctx.actor, ReadLesson(lesson.facts))?;
    }
    Ok((thread, course, permit))
}

/// A thread; what it shows of its end counts as seen.
pub async fn thread(ctx: &Ctx, thread_id: Uuid, before: Option<i32>) -> Result<ThreadPage> {
    let mut connection = ctx.connection().await?;
    let (thread, course, permit) = permitted(&mut connection, ctx, thread_id).await?;
    let user_id = ctx.actor.signed_in()?;
    let is_staff = is_course_staff(&ctx.actor, &permit.action().course);
    let seen = queries::read_number(&mut connection, user_id, thread_id).await?;
    let mut rows = posts::posts_of_thread(&mut connection, thread_id, before.unwrap_or(i32::MAX), REPLIES + 1).await?;
    // The question comes last.
    let question = rows.pop().ok_or(ServiceError::NotFound)?;
    let has_earlier = rows.len() > usize::try_from(REPLIES).unwrap_or(usize::MAX);
    if has_earlier {
        rows.pop();
    }
    rows.reverse();
    let last = rows.last().map_or(question.number, |post| post.number);
    if before.is_none() {
        queries::upsert_read(&mut connection, user_id, thread_id, last, ctx.now()).await?;
        notifications::saw_thread(&mut connection, ctx, user_id, thread_id).await?;
    }
    let show = |row| post(ctx, row, user_id, is_staff, seen);
    let replies: Vec<Post> = rows.into_iter().map(show).collect();
    Ok(ThreadPage {
        id: thread_id,
        course_slug: course.facts.slug,
        course_title: thread.course_title,
        lesson_id: thread.lesson_id,
        lesson_title: thread.lesson_title,
        is_private: thread.is_private,
        is_closed: thread.is_closed,
        question: show(question),
        earlier: replies.first().filter(|_| has_earlier).map(|post| post.number),
        replies,
        can_moderate: is_staff,
        form_key: ctx.new_id(),
    })
}

/// A post as its reader may see it.
fn post(ctx: &Ctx, row: PostRow, user_id: Uuid, is_staff: bool, seen: Option<i32>) -> Post {
    let state = state_of(row.hidden_reason.is_some(), row.is_withdrawn);
    let is_mine = row.author_id == user_id;
    let may_change = is_mine && state == PostState::Shown && may_edit((ctx.now() - row.created_at).num_seconds());
    Post {
        id: row.id,
        number: row.number,
        author: row.author,
        // Photographs are readable by their owners and staff.
        author_photo: row.author_photo.filter(|_| is_mine || is_staff),
        is_by_staff: row.is_by_staff,
        is_answer: row.is_answer,
        is_mine,
        is_new: !is_mine && state == PostState::Shown && seen.is_some_and(|seen| row.number > seen),
        state,
        html: may_see_text(state, is_mine, is_staff).then_some(row.body_html),
        hidden_reason: row.hidden_reason.filter(|_| is_mine || is_staff),
        source: may_change.then_some(row.body_md),
        can_withdraw: is_mine && state == PostState::Shown,
        posted: ctx.local(row.created_at),
        is_edited: row.is_edited,
    }
}

/// Threads of mine with replies that I have not seen.
pub async fn unread(connection: &mut PgConnection, ctx: &Ctx, user_id: Uuid) -> Result<Vec<UnreadThread>> {
    let sees_all = matches!(ctx.actor, Actor::Person { role: Role::Admin, .. });
    let rows = queries::unread_threads(connection, user_id, sees_all, ctx.now(), UNREAD).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let state = state_of(row.is_hidden, row.is_withdrawn);
            UnreadThread {
                id: row.id,
                excerpt: may_see_text(state, row.author_id == user_id, false).then_some(row.excerpt),
                course_title: row.course_title,
                lesson_title: row.lesson_title,
                unread: row.unread,
            }
        })
        .collect())
}

/// Questions whose authors wait, the longest waiting first: of a curator's courses, for administrators of all.
pub async fn waiting(ctx: &Ctx) -> Result<Vec<WaitingQuestion>> {
    let _permit = authz::permit(&ctx.actor, SeeReviewQueue)?;
    let curator_id = match ctx.actor {
        Actor::Person { id, role: Role::Curator } => Some(id),
        _ => None,
    };
    let mut connection = ctx.connection().await?;
    let rows = queries::waiting_threads(&mut connection, curator_id).await?;
    // In working hours, as everything else that the school answers.
    let oldest = rows.iter().map(|row| row.waiting_since).min().unwrap_or_else(|| ctx.now());
    let hours = calendar::of_school(&mut connection, oldest).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let minutes = (ctx.now() - row.waiting_since).num_minutes().max(0);
            WaitingQuestion {
                id: row.id,
                learner: row.learner,
                excerpt: row.excerpt,
                course_title: row.course_title,
                lesson_title: row.lesson_title,
                is_private: row.is_private,
                since: ctx.local(row.waiting_since),
                minutes,
                is_late: hours.due(row.waiting_since, row.review_hours) < ctx.now(),
            }
        })
        .collect())
}

/// The title of the lesson that a thread is about; `None` when there is no such thread.
pub async fn lesson_of(connection: &mut PgConnection, thread_id: Uuid) -> Result<Option<String>> {
    Ok(queries::thread_by_id(connection, thread_id).await?.map(|thread| thread.lesson_title))
}

/// Whom a thread concerns: who wrote in it and is still enrolled, and the curators of its course. Whoever tells them something
/// leaves out the one who did it.
pub async fn audience(connection: &mut PgConnection, thread_id: Uuid) -> Result<Vec<Uuid>> {
    Ok(queries::audience(connection, thread_id).await?)
}
