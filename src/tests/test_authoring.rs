//! Authors of tests: questions of all kinds in a draft, settings, publishing, what running attempts keep.

use crate::support::database::{contents, count, list, one};
use crate::support::kinds;
use crate::support::quiz::{attempt, choice, save, start, submit};
use crate::support::school::{self, ADMIN, LESSONS, LIGHT, SINGLE, STUDENT, TEST, TIMED, TIMED_SINGLE};
use crate::support::{Answer, Client};
use lectern::features::quizzes::notation;
use lectern::shared::i18n::{Locale, problem};
use sqlx::PgPool;
use uuid::Uuid;

fn page(test: Uuid) -> String {
    format!("/admin/courses/{LIGHT}/tests/{test}")
}

const SETTINGS: [(&str, &str); 10] = [
    ("title", "Проверка на время"),
    ("pass", "75.5"),
    ("attempts", "3"),
    ("minutes", "20"),
    ("counts", "average"),
    ("shuffle_answers", "yes"),
    ("show_score", "at_once"),
    ("show_answers", "at_once"),
    ("show_key", "never"),
    ("show_explanations", "after_closing"),
];

async fn publish(admin: &mut Client, test: Uuid) -> Answer {
    admin.post(&format!("{}/publish", page(test)), &[]).await
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn settings_reach_learners_when_they_are_published(pool: PgPool) {
    let app = school::open(&pool).await;
    let (mut admin, mut student) = (school::sign_in(&app, ADMIN).await, school::sign_in(&app, STUDENT).await);
    let running = start(&mut student, TIMED).await;
    let answer = admin.post(&page(TIMED), &SETTINGS).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    assert_eq!(count(&pool, "test_versions where published_at is null").await, 1);
    let html = admin.get(&page(TIMED)).await.text();
    assert!(html.contains("value=\"75.5\"") && html.contains("Опубликовать тест"));
    let front = student.get(&format!("/learn/tests/{TIMED}")).await.text();
    assert!(front.contains("10 минут") && !front.contains("20 минут"), "not before");
    assert_eq!(publish(&mut admin, TIMED).await.status, 303);
    assert!(student.get(&format!("/learn/tests/{TIMED}")).await.text().contains("20 минут"));
    assert_eq!(attempt(&mut student, running).await.1["seconds_left"], serde_json::json!(600), "a running attempt keeps its limit");
    let before = contents(&pool).await;
    assert_eq!(publish(&mut admin, TIMED).await.status, 303, "nothing to publish");
    assert_eq!(admin.post(&page(TIMED), &SETTINGS).await.status, 303, "nothing changed");
    assert_eq!(contents(&pool).await, before);
    assert_eq!(
        list::<String>(&pool, "select kind from outbox_events where kind like 'test\\_%' order by kind").await,
        ["test_edited", "test_published"]
    );
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn bad_settings_are_refused_beside_their_fields(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut admin = school::sign_in(&app, ADMIN).await;
    let before = contents(&pool).await;
    for (field, value) in [
        ("title", ""),
        ("title", "\0"),
        ("pass", "101"),
        ("pass", "-1"),
        ("attempts", "0"),
        ("minutes", "1e3"),
        ("counts", "worst"),
        ("show_key", "tomorrow"),
        ("closes", "2026-02-30T10:00"),
    ] {
        let mut fields: Vec<(&str, &str)> = SETTINGS.iter().copied().filter(|(name, _)| *name != field).collect();
        fields.push((field, value));
        assert_eq!(admin.post(&page(TIMED), &fields).await.status, 422, "{field} {value}");
    }
    assert_eq!(contents(&pool).await, before);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn questions_of_all_kinds_are_made_changed_and_asked(pool: PgPool) {
    let app = school::open(&pool).await;
    let (mut admin, mut student) = (school::sign_in(&app, ADMIN).await, school::sign_in(&app, STUDENT).await);
    let mut made = Vec::new();
    for body in kinds::bodies() {
        let typed = notation::write(&body);
        let kind = body.kind().code();
        assert_eq!(admin.get(&format!("{}/questions/new?kind={kind}", page(TIMED))).await.status, 200, "{kind}");
        let mut fields = vec![
            ("kind", kind),
            ("prompt", "Новое *задание*"),
            ("weight", "2"),
            ("answers", &typed.answers),
            ("unit", &typed.unit),
            ("tags", "свет, тень"),
        ];
        if typed.has_bank {
            fields.extend([("has_bank", "yes"), ("distractors", typed.distractors.as_str())]);
        }
        let answer = admin.post(&format!("{}/questions/new", page(TIMED)), &fields).await;
        assert_eq!(answer.status, 303, "{kind}: {}", answer.text());
        let id = answer.location().rsplit('/').next().unwrap().to_owned();
        let html = admin.get(answer.location()).await;
        assert_eq!(html.status, 200);
        assert!(html.text().contains("Новое <em>задание</em>"), "the preview of {kind}");
        made.push(Uuid::try_parse(&id).unwrap());
    }
    let id = start(&mut student, TIMED).await;
    assert_eq!(attempt(&mut student, id).await.1["questions"].as_array().unwrap().len(), 1, "not before the test is published");
    submit(&mut student, id).await;
    assert_eq!(publish(&mut admin, TIMED).await.status, 303);
    let id = start(&mut student, TIMED).await;
    let (_, running) = attempt(&mut student, id).await;
    assert_eq!(running["questions"].as_array().unwrap().len(), 7);
    // The first is removed, the last goes up, in a draft again.
    let arrange = format!("{}/arrange", page(TIMED));
    assert_eq!(admin.post(&arrange, &[("remove", &TIMED_SINGLE.id.to_string())]).await.status, 303);
    assert_eq!(admin.post(&arrange, &[("up", &made[5].to_string())]).await.status, 303);
    assert_eq!(admin.post(&arrange, &[("up", &Uuid::nil().to_string())]).await.status, 404);
    assert_eq!(publish(&mut admin, TIMED).await.status, 303);
    save(&mut student, id, &TIMED_SINGLE, 1, choice(TIMED_SINGLE.right)).await;
    submit(&mut student, id).await;
    assert_eq!(one::<i32>(&pool, "select max_points from test_attempts order by number desc limit 1").await, 13, "it keeps its questions");
    let next = start(&mut student, TIMED).await;
    let (_, running) = attempt(&mut student, next).await;
    let ids: Vec<String> = running["questions"].as_array().unwrap().iter().map(|question| question["id"].as_str().unwrap().to_owned()).collect();
    let expected: Vec<String> = [0, 1, 2, 3, 5, 4].map(|index: usize| made[index].to_string()).to_vec();
    assert_eq!(ids, expected);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_changed_question_is_asked_anew_only_after_publishing_and_two_authors_do_not_clash(pool: PgPool) {
    let app = school::open(&pool).await;
    let (mut admin, mut student) = (school::sign_in(&app, ADMIN).await, school::sign_in(&app, STUDENT).await);
    let id = start(&mut student, TEST).await;
    let address = format!("{}/questions/{}", page(TEST), SINGLE.id);
    let version: Uuid = one(&pool, &format!("select published_version_id from questions where id = '{}'", SINGLE.id)).await;
    let version = version.to_string();
    let fields = |prompt: &'static str| vec![("version", version.as_str()), ("prompt", prompt), ("weight", "4"), ("answers", "- раз // мимо\n+ два")];
    assert_eq!(admin.post(&address, &fields("Другой вопрос")).await.status, 303);
    let late = admin.post(&address, &fields("Третий вопрос")).await;
    assert_eq!(late.status, 422, "somebody saved another since");
    assert!(late.says(problem::edited_elsewhere(Locale::Ru)) && late.text().contains("Третий вопрос"), "what was typed stands");
    assert_eq!(publish(&mut admin, TEST).await.status, 303);
    assert!(!student.get(&format!("/learn/attempts/{id}")).await.text().contains("Другой вопрос"));
    save(&mut student, id, &SINGLE, 1, choice(SINGLE.right)).await;
    submit(&mut student, id).await;
    assert_eq!(one::<i32>(&pool, "select max_points from test_attempts").await, 6);
    let next = start(&mut student, TEST).await;
    let html = student.get(&format!("/learn/attempts/{next}")).await.text();
    assert!(html.contains("Другой вопрос") && !html.contains("мимо"));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn bad_questions_are_refused_and_a_draft_can_be_thrown_away(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut admin = school::sign_in(&app, ADMIN).await;
    let address = format!("{}/questions/new", page(TIMED));
    let before = contents(&pool).await;
    let ru = Locale::Ru;
    for (kind, prompt, weight, answers, sentence) in [
        ("single_choice", "?", "1", "+ да\nнет", problem::bad_line(ru, 2)),
        ("single_choice", "?", "1", "- да\n- нет", problem::nothing_right(ru).to_owned()),
        ("single_choice", "?", "1", "+ да\n+ нет", problem::several_right(ru).to_owned()),
        ("single_choice", "", "1", "+ да\n- нет", problem::required(ru).to_owned()),
        ("short_text", "?", "1", "50% да", problem::bad_credit(ru).to_owned()),
        ("number", "?", "1", "три", problem::bad_line(ru, 1)),
        ("ordering", "?", "1", "раз", problem::too_few(ru, 2)),
        ("gaps", "?", "1", "Текст [[", problem::bad_line(ru, 1)),
        ("open", "?", "0", "", problem::points_out_of_range(ru, 1000)),
    ] {
        let answer = admin.post(&address, &[("kind", kind), ("prompt", prompt), ("weight", weight), ("answers", answers)]).await;
        assert_eq!(answer.status, 422, "{kind} {answers}");
        assert!(answer.says(&sentence), "{kind} {answers}: {sentence}");
    }
    assert_eq!(admin.post(&address, &[("kind", "riddle"), ("prompt", "?")]).await.status, 404);
    assert_eq!(contents(&pool).await, before);
    assert_eq!(admin.post(&address, &[("kind", "open"), ("prompt", "?"), ("weight", "1"), ("answers", "")]).await.status, 303);
    assert_eq!(count(&pool, "questions where published_version_id is null").await, 1);
    assert_eq!(admin.post(&format!("{}/discard", page(TIMED)), &[]).await.status, 303);
    let without_log =
        |lines: Vec<String>| lines.into_iter().filter(|line| line.starts_with("test_") || line.starts_with("question")).collect::<Vec<_>>();
    assert_eq!(without_log(contents(&pool).await), without_log(before), "nothing is left of it");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_new_test_has_its_place_in_the_courses_draft(pool: PgPool) {
    let app = school::open(&pool).await;
    let (mut admin, mut student) = (school::sign_in(&app, ADMIN).await, school::sign_in(&app, STUDENT).await);
    let address = format!("/admin/courses/{LIGHT}/lessons/{}/tests", LESSONS[0]);
    assert_eq!(admin.post(&address, &[("test_title", " ")]).await.status, 422);
    let answer = admin.post(&address, &[("test_title", "Новая проверка")]).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    let here = answer.location().to_owned();
    assert_eq!(admin.get(&here).await.status, 200);
    assert!(admin.get(&format!("/admin/courses/{LIGHT}/lessons/{}", LESSONS[0])).await.text().contains(&here), "the lesson leads to it");
    assert_eq!(admin.post(&format!("{here}/publish"), &[]).await.status, 422, "it asks nothing yet");
    let fields = [("kind", "short_text"), ("prompt", "Новый вопрос"), ("weight", "1"), ("answers", "свет")];
    assert_eq!(admin.post(&format!("{here}/questions/new"), &fields).await.status, 303);
    assert_eq!(admin.post(&format!("{here}/publish"), &[]).await.status, 303);
    assert!(!student.get(&school::lesson_path(LESSONS[0])).await.text().contains("Новая проверка"), "the course is not published");
    assert_eq!(admin.post(&format!("/admin/courses/{LIGHT}/publish"), &[]).await.status, 303);
    assert!(student.get(&school::lesson_path(LESSONS[0])).await.text().contains("Новая проверка"));
}
