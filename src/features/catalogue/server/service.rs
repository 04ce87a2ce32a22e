//! Use cases of the catalogue.

use super::queries::{self, CourseRow};
use crate::features::catalogue::model::{CourseCard, CoursePage, Faq, OfferInfo, PreviewLesson, ProgrammeLesson, ProgrammeModule};
use crate::features::files::server as files;
use crate::features::learning::server::access;
use crate::server::authz::{self, EnrollmentFacts, SeeCourse};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::shared::money::{Currency, Money};
use anyhow::Context as _;
use uuid::Uuid;

/// The courses on sale.
pub async fn courses(ctx: &Ctx) -> Result<Vec<CourseCard>> {
    queries::list_courses(&mut *ctx.connection().await?, None).await?.into_iter().map(card).collect()
}

fn money(minor: i64, currency: &str) -> Result<Money> {
    let currency = Currency::from_code(currency).with_context(|| format!("the currency `{currency}` is not known"))?;
    Ok(Money { minor, currency })
}

fn card(row: CourseRow) -> Result<CourseCard> {
    Ok(CourseCard {
        price: money(row.price_minor, &row.currency)?,
        slug: row.slug,
        title: row.title,
        summary: row.summary,
        audience: row.audience,
        cover: row.cover,
        outcomes: row.outcomes,
        modules: row.modules,
        lessons: row.lessons,
        with_review: row.with_review,
    })
}

/// A course's sales page.
pub async fn course(ctx: &Ctx, slug: &str) -> Result<CoursePage> {
    let mut connection = ctx.connection().await?;
    let course = access::course_by_slug(&mut connection, ctx, slug).await?;
    let is_open = course.facts.enrollment == Some(EnrollmentFacts::Running);
    let course_id = course.id;
    let _permit = authz::permit(&ctx.actor, SeeCourse(course.facts))?;
    let card = card(queries::list_courses(&mut connection, Some(course_id)).await?.pop().ok_or(ServiceError::NotFound)?)?;
    let texts = queries::course_texts(&mut connection, course_id).await?;
    let rows = queries::programme(&mut connection, course_id).await?;
    let offers = queries::offers_of_course(&mut connection, course_id).await?;
    let minutes = rows.iter().map(|row| i64::from(row.minutes)).sum();
    let mut modules: Vec<ProgrammeModule> = Vec::new();
    for row in rows {
        if modules.last().is_none_or(|module| module.id != row.module_id) {
            modules.push(ProgrammeModule { id: row.module_id, title: row.module_title, lessons: Vec::new() });
        }
        if let Some(module) = modules.last_mut() {
            module.lessons.push(ProgrammeLesson {
                id: row.lesson_id,
                title: row.lesson_title,
                summary: row.summary,
                minutes: row.minutes,
                is_preview: row.is_preview,
                tests: row.tests,
                assignments: row.assignments,
            });
        }
    }
    let faq: Vec<Faq> = serde_json::from_value(texts.faq).context("course_versions.faq")?;
    let offers = offers
        .into_iter()
        .map(|row| {
            Ok(OfferInfo {
                id: row.id,
                name: row.name,
                price: money(row.price_minor, &row.currency)?,
                access_days: row.access_days,
                access_until: row.access_until.map(|at| ctx.local(at)),
                with_review: row.with_review,
                review_rounds: row.review_rounds,
            })
        })
        .collect::<Result<_>>()?;
    Ok(CoursePage {
        card,
        description_html: texts.description_html,
        curator_note: texts.curator_note,
        curators: texts.curators,
        review_hours: texts.review_hours,
        modules,
        offers,
        faq,
        is_open,
        sells: !ctx.state.payments.is_empty(),
        minutes,
    })
}

/// A free lesson of a course that the reader may see.
pub async fn preview_lesson(ctx: &Ctx, slug: &str, lesson_id: Uuid) -> Result<PreviewLesson> {
    let mut connection = ctx.connection().await?;
    let course = access::course_by_slug(&mut connection, ctx, slug).await?;
    let course_id = course.id;
    let _permit = authz::permit(&ctx.actor, SeeCourse(course.facts))?;
    let lesson = queries::preview_lesson(&mut connection, course_id, lesson_id).await?.ok_or(ServiceError::NotFound)?;
    let card = card(queries::list_courses(&mut connection, Some(course_id)).await?.pop().ok_or(ServiceError::NotFound)?)?;
    let (files, film) = files::service::of_lesson(&mut connection, ctx, lesson.version_id).await?;
    Ok(PreviewLesson {
        course_slug: card.slug,
        course_title: card.title,
        price: card.price,
        title: lesson.title,
        minutes: lesson.minutes,
        html: lesson.content_html,
        files,
        film,
    })
}
