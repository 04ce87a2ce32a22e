//! Questions of tests from and to the files of other systems.

use crate::support::database::{contents, count, one};
use crate::support::school;
use lectern::features::quizzes::formats::FileFormat;
use lectern::features::quizzes::formats::report::{FileProblem, Outcome, Reason};
use lectern::features::quizzes::server::authors::exchange::{Source, export, import, source_of_test};
use lectern::server::ctx::Ctx;
use sqlx::PgPool;
use uuid::Uuid;

const FILE: &str = "
::Свет:: Что мягче? { =окно ~вспышка }

::Диафрагма:: Сколько? { #5,6 }

// Without an answer it is no question.
Прочитайте сначала урок.

::Порядок:: Чего не хватает { =конца
";

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_file_goes_into_the_draft_and_comes_out_again(pool: PgPool) {
    let app = school::open(&pool).await;
    let ctx = Ctx::system(app.state.clone());
    let test: Uuid = one(&pool, "select id from tests order by position limit 1").await;
    let source = source_of_test(&ctx, test).await.unwrap();
    let before = count(&pool, "questions").await;
    let told = import(&ctx, source, FileFormat::Gift, FILE.as_bytes().to_vec()).await.unwrap().unwrap();
    let taken = i64::try_from(told.questions.len()).unwrap();
    assert_eq!(count(&pool, "questions").await, before + taken);
    assert!(taken >= 1, "{told:?}");
    let refused: Vec<(u32, &Outcome)> = told.report.iter().map(|remark| (remark.line, &remark.outcome)).collect();
    assert!(refused.iter().any(|(_, outcome)| **outcome == Outcome::NotTaken(Reason::Description)), "{refused:?}");
    assert!(refused.iter().any(|(_, outcome)| **outcome == Outcome::NotTaken(Reason::UnclosedBrace)), "{refused:?}");
    let asked = "test_version_questions q join tests t on t.published_version_id = q.test_version_id";
    let published = count(&pool, asked).await;
    let again = import(&ctx, source, FileFormat::Gift, FILE.as_bytes().to_vec()).await.unwrap().unwrap();
    assert_eq!((again.questions.len(), count(&pool, asked).await), (told.questions.len(), published), "learners see nothing of a draft");

    for format in [FileFormat::Gift, FileFormat::MoodleXml] {
        let (file, left_out) = export(&ctx, source, format).await.unwrap();
        assert!(file.contains("окно") && left_out.is_empty(), "{left_out:?} {file}");
        let back = import(&ctx, source, format, file.clone().into_bytes()).await.unwrap().unwrap();
        let soft = |import: &lectern::features::quizzes::formats::report::Import| {
            import.questions.iter().find(|question| question.content.name == "Свет").unwrap().content.clone()
        };
        assert_eq!(soft(&back), soft(&told), "{format:?}");
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn of_a_file_that_cant_be_read_nothing_is_taken(pool: PgPool) {
    let app = school::open(&pool).await;
    let ctx = Ctx::system(app.state.clone());
    let test: Uuid = one(&pool, "select id from tests order by position limit 1").await;
    let source = source_of_test(&ctx, test).await.unwrap();
    let before = contents(&pool).await;
    let bomb = "<?xml version=\"1.0\"?>\n<!DOCTYPE a [<!ENTITY b \"bbb\">]>\n<quiz>&b;</quiz>";
    assert_eq!(import(&ctx, source, FileFormat::MoodleXml, bomb.as_bytes().to_vec()).await.unwrap(), Err(FileProblem::Doctype(2)));
    assert!(matches!(import(&ctx, source, FileFormat::MoodleXml, b"<quiz><question>".to_vec()).await.unwrap(), Err(FileProblem::NotWellFormed(_))));
    assert_eq!(import(&ctx, source, FileFormat::Gift, b"\xff\xfea".to_vec()).await.unwrap(), Err(FileProblem::Encoding("UTF-16".to_owned())));
    assert!(source_of_test(&ctx, Uuid::nil()).await.is_err(), "no such test");
    let Source::Test(course, _) = source else { panic!() };
    assert!(import(&ctx, Source::Test(course, Uuid::nil()), FileFormat::Gift, FILE.as_bytes().to_vec()).await.is_err(), "nor there");
    assert_eq!(contents(&pool).await, before);
}
