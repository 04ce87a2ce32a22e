//! Plain routes of authors and of staff who take an attempt back.

use super::authoring::{self, Arrange};
use super::bank_question;
use super::draws;
use super::question_authoring::{self, SaveQuestion};
use super::test_settings::read_moment;
use crate::features::quizzes::kind::QuestionKind;
use crate::features::quizzes::model::author::{QuestionText, TestSettings};
use crate::features::quizzes::server::curators::exceptions::{self, Grant};
use crate::server::ctx::Ctx;
use crate::server::error::Result;
use crate::server::http::forms::{self, Fields};
use crate::server::http::session::path_id;
use crate::shared::href;
use crate::shared::viewer::Flash;
use axum::extract::Path;
use axum::response::Response;
use uuid::Uuid;

type Ids = Path<(String, String)>;

fn ids(course: &str, test: &str) -> Result<(Uuid, Uuid)> {
    Ok((path_id(course)?, path_id(test)?))
}

async fn finish(ctx: Ctx, form: &str, fields: &Fields, ids: Result<(Uuid, Uuid)>, result: Result<()>, flash: Flash) -> Response {
    let page = ids.map_or_else(|_| "/admin/courses".to_owned(), |(course, test)| href::edit_test(course, test));
    forms::finish(ctx, form, fields, &page, result, |ctx, ()| forms::see_other_with(ctx, &page, flash)).await
}

pub(in crate::features::quizzes::server) async fn create(ctx: Ctx, Path((course, lesson)): Ids, fields: Fields) -> Response {
    let result = match ids(&course, &lesson) {
        Ok((course, lesson)) => authoring::create_test(&ctx, course, lesson, fields.get("test_title")).await.map(|id| href::edit_test(course, id)),
        Err(error) => Err(error),
    };
    let page = ids(&course, &lesson).map_or_else(|_| "/admin/courses".to_owned(), |(course, lesson)| href::edit_lesson(course, lesson));
    forms::finish(ctx, "new_test", &fields, &page, result, |ctx, page| forms::see_other_with(ctx, &page, Flash::DraftSaved)).await
}

pub(in crate::features::quizzes::server) async fn save(ctx: Ctx, Path((course, test)): Ids, fields: Fields) -> Response {
    let get = |name: &str| fields.get(name).to_owned();
    let typed = TestSettings {
        title: get("title"),
        intro: get("intro"),
        pass: get("pass"),
        attempts: get("attempts"),
        minutes: get("minutes"),
        closes: get("closes"),
        shuffle_questions: fields.get("shuffle_questions") == "yes",
        shuffle_answers: fields.get("shuffle_answers") == "yes",
        counts: get("counts"),
        shows: [get("show_score"), get("show_answers"), get("show_key"), get("show_explanations")],
    };
    let result = match ids(&course, &test) {
        Ok((course, test)) => authoring::save_settings(&ctx, course, test, &typed).await,
        Err(error) => Err(error),
    };
    finish(ctx, "test", &fields, ids(&course, &test), result, Flash::DraftSaved).await
}

pub(in crate::features::quizzes::server) async fn arrange(ctx: Ctx, Path((course, test)): Ids, fields: Fields) -> Response {
    let named = |name: &str| Uuid::try_parse(fields.get(name)).ok();
    let what = named("up").map(Arrange::Up).or_else(|| named("down").map(Arrange::Down)).or_else(|| named("remove").map(Arrange::Remove));
    let result = match ids(&course, &test) {
        Ok((course, test)) => authoring::arrange(&ctx, course, test, what).await,
        Err(error) => Err(error),
    };
    finish(ctx, "arrange", &fields, ids(&course, &test), result, Flash::DraftSaved).await
}

pub(in crate::features::quizzes::server) async fn publish(ctx: Ctx, Path((course, test)): Ids, fields: Fields) -> Response {
    let result = match ids(&course, &test) {
        Ok((course, test)) => authoring::publish(&ctx, course, test).await,
        Err(error) => Err(error),
    };
    finish(ctx, "publish", &fields, ids(&course, &test), result, Flash::Saved).await
}

pub(in crate::features::quizzes::server) async fn discard(ctx: Ctx, Path((course, test)): Ids, fields: Fields) -> Response {
    let result = match ids(&course, &test) {
        Ok((course, test)) => authoring::discard(&ctx, course, test).await,
        Err(error) => Err(error),
    };
    finish(ctx, "discard", &fields, ids(&course, &test), result, Flash::DraftDiscarded).await
}

pub(in crate::features::quizzes::server) async fn draw(ctx: Ctx, Path((course, test)): Ids, fields: Fields) -> Response {
    let result = match (ids(&course, &test), fields.get("remove")) {
        (Ok((course, test)), "") => draws::add(&ctx, course, test, (fields.get("tag"), fields.get("wanted"), fields.get("weight"))).await,
        (Ok((course, test)), tag) => draws::remove(&ctx, course, test, tag).await,
        (Err(error), _) => Err(error),
    };
    finish(ctx, "draw", &fields, ids(&course, &test), result, Flash::DraftSaved).await
}

pub(in crate::features::quizzes::server) async fn grant(ctx: Ctx, Path((course, test)): Ids, fields: Fields) -> Response {
    let input = Grant {
        email: fields.get("email"),
        minutes: fields.get("extra_minutes"),
        attempts: fields.get("extra_attempts"),
        closes: read_moment(&ctx, fields.get("closes")),
        closes_as_for_all: fields.get("closes_as_for_all") == "yes",
        reason: fields.get("reason"),
    };
    let result = match ids(&course, &test) {
        Ok((course, test)) => exceptions::grant(&ctx, course, test, input).await,
        Err(error) => Err(error),
    };
    finish(ctx, "exception", &fields, ids(&course, &test), result, Flash::Saved).await
}

/// What the form of a question holds.
fn typed_question(question: &str, fields: &Fields) -> SaveQuestion {
    let get = |name: &str| fields.get(name).to_owned();
    SaveQuestion {
        id: Uuid::try_parse(question).ok(),
        version: Uuid::try_parse(fields.get("version")).ok(),
        kind: QuestionKind::from_code(fields.get("kind")),
        weight: get("weight"),
        text: QuestionText {
            name: get("name"),
            prompt: get("prompt"),
            explanation: get("explanation"),
            model_answer: get("model_answer"),
            tags: get("tags"),
            answers: get("answers"),
            unit: get("unit"),
            all_or_nothing: fields.get("all_or_nothing") == "yes",
            has_bank: fields.get("has_bank") == "yes",
            distractors: get("distractors"),
            takes_files: fields.get("takes_files") == "yes",
        },
    }
}

/// The page of a question under a page; a new one's kind stands in the address, so that its form is shown again.
fn question_page(under: &str, question: &str, fields: &Fields) -> String {
    let is_new = Uuid::try_parse(question).is_err();
    let kind = if is_new { format!("?kind={}", href::percent_encode(fields.get("kind"))) } else { String::new() };
    format!("{under}/questions/{}{kind}", href::percent_encode(question))
}

pub(in crate::features::quizzes::server) async fn save_question(
    ctx: Ctx,
    Path((course, test, question)): Path<(String, String, String)>,
    fields: Fields,
) -> Response {
    let input = typed_question(&question, &fields);
    let (page, result) = match ids(&course, &test) {
        Ok((course, test)) => (
            question_page(&href::edit_test(course, test), &question, &fields),
            question_authoring::save_question(&ctx, course, test, input).await.map(|id| href::edit_question(course, test, id)),
        ),
        Err(error) => ("/admin/courses".to_owned(), Err(error)),
    };
    forms::finish(ctx, "question", &fields, &page, result, |ctx, page| forms::see_other_with(ctx, &page, Flash::DraftSaved)).await
}

pub(in crate::features::quizzes::server) async fn save_bank_question(ctx: Ctx, Path((course, question)): Ids, fields: Fields) -> Response {
    let input = typed_question(&question, &fields);
    let (page, result) = match path_id(&course) {
        Ok(course) => (
            question_page(&href::bank(course), &question, &fields),
            bank_question::save(&ctx, course, input).await.map(|id| href::bank_question(course, id)),
        ),
        Err(error) => ("/admin/courses".to_owned(), Err(error)),
    };
    forms::finish(ctx, "question", &fields, &page, result, |ctx, page| forms::see_other_with(ctx, &page, Flash::Saved)).await
}

pub(in crate::features::quizzes::server) async fn void(ctx: Ctx, Path(id): Path<String>, fields: Fields) -> Response {
    let result = match path_id(&id) {
        Ok(id) => exceptions::void(&ctx, id, fields.get("reason")).await,
        Err(error) => Err(error),
    };
    let page = format!("/curate/attempts/{}", href::percent_encode(&id));
    forms::finish(ctx, "void", &fields, &page, result, |ctx, ()| forms::see_other_with(ctx, &page, Flash::Saved)).await
}
