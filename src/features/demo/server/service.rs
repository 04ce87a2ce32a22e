//! Makes the demo school in one transaction.

use super::files::{Course, FOLDERS, Folder, Kind, Lesson, Question, Test};
use super::media::{self, Media};
use super::queries::{self, NewCourse, NewLesson, NewModule, NewOffer};
use super::talk;
use super::task_queries::{self, NewAssignment, NewTest};
use super::works;
use crate::features::accounts::server::offline::{DEMO_ACCOUNTS, NewAccount, create_account};
use crate::features::files::server::keeping;
use crate::features::learning::server::enrollment::{self, Enroll};
use crate::features::legal::server::service as legal;
use crate::features::quizzes::content::{Body, Choice, QuestionContent};
use crate::features::quizzes::server::authors::contents;
use crate::features::search::server::index;
use crate::server::config::Environment;
use crate::server::ctx::Ctx;
use crate::server::error::Result;
use crate::server::markdown::{RENDERER_VERSION, own_files, page_html, to_html};
use crate::shared::role::Role;
use anyhow::{Context as _, anyhow};
use sqlx::PgConnection;
use uuid::Uuid;

/// The curator reviews this many courses, counted from the first (data.md: courses 1 and 2, not 3).
const CURATED: usize = 2;

/// Makes what is missing of the demo school: accounts, courses, the student's enrolment, the school's name.
///
/// # Errors
/// Always in production.
pub async fn create(ctx: &Ctx) -> Result<()> {
    if ctx.state.config.environment == Environment::Production {
        return Err(anyhow!("demo accounts have passwords that everybody knows: they can't be made with LECTERN_ENV=production").into());
    }
    let mut media = media::store(ctx).await?;
    let mut tx = ctx.begin().await?;
    legal::name_demo_school(&mut tx, ctx).await?;
    let (mut new_curator, mut new_student) = (None, None);
    let mut author = None;
    for (email, password, full_name, role) in DEMO_ACCOUNTS {
        let id = create_account(&mut tx, ctx, NewAccount { email, password, full_name, role, is_demo: true }).await?;
        match role {
            Role::Curator => new_curator = id,
            Role::Student => new_student = id,
            Role::Admin => author = id,
        }
    }
    for (index, folder) in FOLDERS.iter().enumerate() {
        let course: Course = toml::from_str(folder.course).context("a course.toml")?;
        let course_id = match queries::course_id_by_slug(&mut tx, &course.slug).await? {
            Some(id) => id,
            None => create_course(&mut tx, ctx, folder, &course, index, Shown { media: &mut media, author }).await?,
        };
        if let Some(curator) = new_curator.filter(|_| index < CURATED) {
            queries::insert_curator(&mut tx, course_id, curator, ctx.now()).await?;
        }
        if let Some(user_id) = new_student.filter(|_| index == 0) {
            let input = Enroll { user_id, course_id, offer_id: None, reason: Some("demo data"), expires_at: None };
            enrollment::enroll(&mut tx, ctx, input).await?;
            if let (Some(curator), Some(lesson_id)) = (new_curator, queries::first_lesson(&mut tx, course_id).await?) {
                talk::create(&mut tx, ctx, &course.slug, course_id, lesson_id, talk::People { student: user_id, curator }).await?;
            }
        }
    }
    if let (Some(student), Some(curator)) = (new_student, new_curator) {
        works::create(&mut tx, ctx, &mut media, works::People { student, curator }).await?;
    }
    tx.commit().await?;
    keeping::let_go(ctx, media.unneeded()).await;
    Ok(())
}

/// The files of the lessons, and whose they are: without a new author there are none.
struct Shown<'a> {
    media: &'a mut Media,
    author: Option<Uuid>,
}

async fn create_course(
    connection: &mut PgConnection,
    ctx: &Ctx,
    folder: &Folder,
    course: &Course,
    index: usize,
    mut shown: Shown<'_>,
) -> Result<Uuid> {
    let (id, version_id) = (ctx.new_id(), ctx.new_id());
    let cheapest = course.offers.iter().map(|offer| offer.price_minor).min().context("a course needs an offer")?;
    let row = NewCourse {
        id,
        version_id,
        slug: &course.slug,
        title: &course.title,
        price_minor: cheapest,
        review_hours: course.review_hours,
        position: i32::try_from(index + 1).unwrap_or(i32::MAX),
        summary: &course.summary,
        audience: &course.audience,
        outcomes: &course.outcomes,
        description_md: &course.description,
        description_html: &to_html(&course.description),
        renderer_version: RENDERER_VERSION,
        curator_note: &course.curator_note,
        cover: &course.cover,
        faq: serde_json::to_value(&course.faq).context("the frequent questions")?,
        now: ctx.now(),
    };
    queries::insert_course(connection, row).await?;
    for (position, offer) in (1..).zip(&course.offers) {
        let row = NewOffer {
            id: ctx.new_id(),
            item_id: ctx.new_id(),
            course_id: id,
            name: &offer.name,
            price_minor: offer.price_minor,
            access_days: offer.access_days,
            with_review: offer.with_review,
            review_rounds: offer.review_rounds,
            position,
            now: ctx.now(),
        };
        queries::insert_offer(connection, row).await?;
    }
    let mut lessons = Vec::new();
    for (position, module) in (1..).zip(&course.modules) {
        let module_id = ctx.new_id();
        let row = NewModule {
            id: module_id,
            course_id: id,
            version_id,
            title: &module.title,
            opens: &module.opens,
            opens_after_days: module.opens_after_days,
            position,
            now: ctx.now(),
        };
        queries::insert_module(connection, row).await?;
        for (position, lesson) in (1..).zip(&module.lessons) {
            let text = folder.lessons.iter().find(|(slug, _)| *slug == lesson.slug).map(|(_, text)| *text);
            let text = text.with_context(|| format!("the text of {} is missing", lesson.slug))?;
            let place = Place { course_id: id, course_version_id: version_id, module_id, position };
            lessons.push(create_lesson(connection, ctx, lesson, text, place, &mut shown).await?);
        }
    }
    queries::publish_course(connection, id, version_id).await?;
    index::course(connection, id).await?;
    for lesson_id in lessons {
        index::lesson(connection, lesson_id).await?;
    }
    Ok(id)
}

/// Where a lesson goes.
#[derive(Clone, Copy)]
struct Place {
    course_id: Uuid,
    course_version_id: Uuid,
    module_id: Uuid,
    position: i32,
}

async fn create_lesson(connection: &mut PgConnection, ctx: &Ctx, lesson: &Lesson, text: &str, place: Place, shown: &mut Shown<'_>) -> Result<Uuid> {
    let (lesson_id, text_id) = (ctx.new_id(), ctx.new_id());
    let author = shown.author.filter(|_| lesson.slug == media::LESSON);
    let text = &shown.media.addressed(text, author.is_some());
    let row = NewLesson {
        id: lesson_id,
        version_id: text_id,
        course_version_id: place.course_version_id,
        module_id: place.module_id,
        slug: &lesson.slug,
        title: &lesson.title,
        summary: &lesson.summary,
        minutes: lesson.minutes,
        content_md: text,
        content_html: &page_html(text, &own_files),
        renderer_version: RENDERER_VERSION,
        is_required: lesson.required,
        is_preview: lesson.preview,
        position: place.position,
        now: ctx.now(),
    };
    queries::insert_lesson(connection, row).await?;
    if let Some(author) = author {
        shown.media.create(connection, ctx, text_id, author).await?;
    }
    for (position, test) in (1..).zip(&lesson.tests) {
        create_test(connection, ctx, test, lesson_id, Place { position, ..place }).await?;
    }
    for (position, assignment) in (1..).zip(&lesson.assignments) {
        let row = NewAssignment {
            id: ctx.new_id(),
            version_id: ctx.new_id(),
            course_version_id: place.course_version_id,
            lesson_id,
            title: &assignment.title,
            task_md: &assignment.task,
            task_html: &to_html(&assignment.task),
            renderer_version: RENDERER_VERSION,
            set: assignment,
            position,
            now: ctx.now(),
        };
        task_queries::insert_assignment(connection, row).await?;
    }
    Ok(lesson_id)
}

async fn create_test(connection: &mut PgConnection, ctx: &Ctx, test: &Test, lesson_id: Uuid, place: Place) -> Result<()> {
    let test_version_id = ctx.new_id();
    let row = NewTest {
        id: ctx.new_id(),
        version_id: test_version_id,
        course_version_id: place.course_version_id,
        lesson_id,
        title: &test.title,
        intro_md: &test.intro,
        intro_html: &to_html(&test.intro),
        renderer_version: RENDERER_VERSION,
        pass_percent: test.pass_percent,
        attempts_allowed: test.attempts,
        time_limit_seconds: test.minutes.map(|minutes| minutes * 60),
        must_pass: test.required,
        position: place.position,
        now: ctx.now(),
    };
    task_queries::insert_test(connection, row).await?;
    for (position, question) in (1..).zip(&test.questions) {
        create_question(connection, ctx, question, test_version_id, Place { position, ..place }).await?;
    }
    Ok(())
}

async fn create_question(connection: &mut PgConnection, ctx: &Ctx, question: &Question, test_version_id: Uuid, place: Place) -> Result<()> {
    let body = match (&question.kind, &question.body) {
        (Kind::Single | Kind::Multiple, _) => {
            Body::Choice(Choice { multiple: question.kind == Kind::Multiple, all_or_nothing: false, options: question.answers.clone() })
        }
        (Kind::Open, None) => Body::Open { keys: Vec::new(), takes_files: false },
        (Kind::Open | Kind::Other, Some(body)) => body.clone(),
        (Kind::Other, None) => return Err(anyhow!("a question of the demo data has no body").into()),
    };
    let content = QuestionContent {
        name: String::new(),
        prompt: question.prompt.clone(),
        explanation: question.explanation.clone(),
        model_answer: question.model_answer.clone(),
        tags: Vec::new(),
        body,
    };
    let problems = content.problems();
    if !problems.is_empty() {
        return Err(anyhow!("a question of the demo data, {:?}: {problems:?}", question.prompt).into());
    }
    let id = contents::create(connection, ctx, place.course_id, &content).await?;
    Ok(task_queries::insert_test_question(connection, test_version_id, id, place.position, question.weight).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_hold_what_the_source_document_says() {
        let prices: Vec<(String, i64)> = FOLDERS
            .iter()
            .map(|folder| {
                let course: Course = toml::from_str(folder.course).expect("a course");
                assert_eq!(course.modules.len(), 2);
                assert!(course.modules.iter().all(|module| (1..=2).contains(&module.lessons.len())));
                let lessons: Vec<&Lesson> = course.modules.iter().flat_map(|module| &module.lessons).collect();
                assert_eq!(lessons.len(), folder.lessons.len());
                assert!(folder.lessons.iter().all(|(_, text)| text.split_whitespace().count() > 800), "real texts, several screens");
                (course.title, course.offers.iter().map(|offer| offer.price_minor).min().expect("an offer"))
            })
            .collect();
        assert_eq!(
            prices,
            [
                ("Особенности фотографии в школах/садах".to_owned(), 1_990_000),
                ("Дизайн и создание макетов".to_owned(), 4_990_000),
                ("Администрирование, ценообразование + инструменты управления".to_owned(), 9_800_000),
            ]
        );
    }
}
