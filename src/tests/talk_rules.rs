//! Conversation: hidden, changed and withdrawn words, closed threads, throttles, and what Markdown may do.

use crate::support::database::count;
use crate::support::school::{self, CURATOR, LESSONS, OTHER, STUDENT, lesson_path};
use crate::support::talk::{act, ask, enroll_other, list, post_id, questions_path, reply, thread, waiting};
use serde_json::json;
use sqlx::PgPool;

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_hidden_post_leaks_its_words_nowhere(pool: PgPool) {
    let app = school::open(&pool).await;
    enroll_other(&app).await;
    let (mut student, mut other, mut curator) =
        (school::sign_in(&app, STUDENT).await, school::sign_in(&app, OTHER).await, school::sign_in(&app, CURATOR).await);
    let id = ask(&mut student, "Грубость раз", false).await;
    reply(&mut other, id, "Спокойный ответ").await;
    reply(&mut student, id, "Грубость два").await;
    let posts = [post_id(&pool, id, 1).await, post_id(&pool, id, 3).await];
    assert_eq!(act(&mut other, id, posts[0], "hide", "reason", "не нравится").await.status, 403, "learners moderate nothing");
    let refused = act(&mut curator, id, posts[0], "hide", "reason", " ").await;
    assert!(refused.status == 422 && refused.says("Заполните это поле"));
    for post in posts {
        assert_eq!(act(&mut curator, id, post, "hide", "reason", "Без оскорблений").await.status, 303);
    }
    app.pass(60);
    let path = format!("/learn/threads/{id}");
    let seen = [
        other.get(&path).await,
        thread(&mut other, id).await,
        other.get(&questions_path()).await,
        other.get(&lesson_path(LESSONS[0])).await,
        other.call("learning/lesson", json!({ "slug": "light", "lesson_id": LESSONS[0] })).await,
        other.call("talk/questions", json!({ "slug": "light", "lesson_id": LESSONS[0], "after": null })).await,
        other.call("learning/home", json!({})).await,
        other.get("/learn").await,
    ];
    for (index, answer) in seen.iter().enumerate() {
        assert_eq!(answer.status, 200, "{index}");
        assert!(!answer.text().contains("Грубость") && !answer.text().contains("оскорблений"), "{index}: {}", answer.text());
    }
    assert!(seen[0].says("Скрыто куратором") && seen[0].says("Спокойный ответ"));
    assert!(student.get(&path).await.says("Без оскорблений"), "the author sees why");
    assert!(student.get(&path).await.says("Грубость два"));
    assert_eq!(act(&mut student, id, posts[0], "withdraw", "", "").await.status, 409, "what is hidden stays as evidence");
    assert_eq!(waiting(&mut curator).await.len(), 0, "a hidden question waits for nobody");
    assert_eq!(act(&mut curator, id, posts[0], "show", "", "").await.status, 303);
    assert!(other.get(&path).await.says("Грубость раз"));
    assert_eq!(waiting(&mut curator).await.len(), 1);
    assert_eq!(
        (count(&pool, "outbox_events where kind = 'post_hidden'").await, count(&pool, "outbox_events where kind = 'post_shown'").await),
        (2, 1)
    );
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn own_words_can_be_changed_for_a_while_and_withdrawn(pool: PgPool) {
    let app = school::open(&pool).await;
    let (mut student, mut curator) = (school::sign_in(&app, STUDENT).await, school::sign_in(&app, CURATOR).await);
    let id = ask(&mut student, "Перывй вопрос", false).await;
    let post = post_id(&pool, id, 1).await;
    app.pass(14 * 60);
    assert_eq!(act(&mut student, id, post, "edit", "body", "Первый вопрос").await.status, 303);
    assert_eq!(act(&mut curator, id, post, "edit", "body", "Чужое").await.status, 403, "not even staff change another's words");
    assert!(student.get(&format!("/learn/threads/{id}")).await.says("Первый вопрос"));
    assert_eq!(thread(&mut student, id).await.json()["question"]["is_edited"], json!(true));
    assert_eq!(thread(&mut curator, id).await.json()["question"]["source"], json!(null));
    app.pass(61);
    let late = act(&mut student, id, post, "edit", "body", "Совсем другой вопрос").await;
    assert_eq!(late.status, 422);
    assert!(late.says("Совсем другой вопрос") && late.says("исправить сообщение можно 15 минут"), "what was typed stays");
    assert_eq!(thread(&mut student, id).await.json()["question"]["source"], json!(null));

    reply(&mut curator, id, "Ответ").await;
    assert_eq!(act(&mut student, id, post, "withdraw", "", "").await.status, 303);
    assert_eq!(act(&mut student, id, post, "withdraw", "", "").await.status, 303, "twice is once");
    let opened = student.get(&format!("/learn/threads/{id}/posts/{post}/withdraw")).await;
    assert_eq!((opened.status, opened.location()), (303, format!("/learn/threads/{id}").as_str()), "a form's address leads to its page");
    let page = curator.get(&format!("/learn/threads/{id}")).await;
    assert!(page.says("Автор отозвал сообщение") && page.says("Ответ") && !page.says("Первый вопрос"));
    assert_eq!(count(&pool, "talk_posts where body_md like '%вопрос%'").await, 0, "the words are gone");
    assert_eq!(count(&pool, "outbox_events where kind = 'post_withdrawn'").await, 1);
    app.pass(60);
    let alone = ask(&mut student, "Никто не ответит", false).await;
    let only = post_id(&pool, alone, 1).await;
    act(&mut student, alone, only, "withdraw", "", "").await;
    assert_eq!(list(&mut student).await["total"], json!(1), "withdrawn and unanswered is gone from the list");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn nobody_floods_a_lesson(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let mut throttled = None;
    for number in 0..30 {
        let answer = student.post(&questions_path(), &[("body", &format!("Вопрос {number}"))]).await;
        if answer.status != 303 {
            throttled = Some((number, answer));
            break;
        }
    }
    let (number, answer) = throttled.expect("a throttle");
    assert_eq!((number, answer.status), (10, 429));
    assert!(!answer.header("retry-after").is_empty() && answer.says("Вопрос 10"), "what was typed stays");
    app.pass(21);
    assert_eq!(student.post(&questions_path(), &[("body", "Вопрос позже")]).await.status, 303);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn markdown_of_a_post_runs_nothing_and_fetches_nothing(pool: PgPool) {
    let app = school::open(&pool).await;
    let (mut student, mut curator) = (school::sign_in(&app, STUDENT).await, school::sign_in(&app, CURATOR).await);
    let attack = "</textarea></script><script>alert(1)</script>\n\n<img src=x onerror=alert(1)> ![x](https://evil.example/pixel.png)\n\n\
                  [x](javascript:alert(1)) [y](https://spam.example) <svg/onload=alert(1)> # \"'>";
    let id = ask(&mut student, attack, false).await;
    let post = post_id(&pool, id, 1).await;
    let refused = act(&mut curator, id, post, "hide", "reason", &format!("{attack}{}", "x".repeat(600))).await;
    assert_eq!(refused.status, 422);
    let pages = [
        student.get(&format!("/learn/threads/{id}")).await,
        student.get(&questions_path()).await,
        student.get(&lesson_path(LESSONS[0])).await,
        curator.get("/curate/questions").await,
        refused,
        student.post(&format!("/learn/threads/{id}/reply"), &[("body", &format!("{attack}{}", "x".repeat(5_000)))]).await,
    ];
    for (index, page) in pages.iter().enumerate() {
        for live in ["<script>alert", "<img src=x", "href=\"javascript:", "<svg/", "</textarea></script>", "src=\"https://evil.example"] {
            assert!(!page.text().contains(live), "page {index}: {}", crate::support::around(&page.text(), live));
        }
    }
    assert!(pages[0].text().contains("rel=\"noopener noreferrer nofollow ugc\""));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_closed_thread_takes_no_replies(pool: PgPool) {
    let app = school::open(&pool).await;
    let (mut student, mut curator) = (school::sign_in(&app, STUDENT).await, school::sign_in(&app, CURATOR).await);
    let id = ask(&mut student, "Вопрос", false).await;
    assert_eq!(student.post(&format!("/learn/threads/{id}/close"), &[]).await.status, 403);
    for _ in 0..2 {
        assert_eq!(curator.post(&format!("/learn/threads/{id}/close"), &[]).await.status, 303);
    }
    assert_eq!(count(&pool, "outbox_events where kind = 'thread_closed'").await, 1);
    let refused = reply(&mut student, id, "Поздний ответ").await;
    assert!(refused.status == 422 && refused.says("Поздний ответ") && refused.says("куратор закрыл это обсуждение"));
    assert_eq!(waiting(&mut curator).await.len(), 0);
    assert_eq!(curator.post(&format!("/learn/threads/{id}/open"), &[]).await.status, 303);
    assert_eq!(reply(&mut student, id, "Поздний ответ").await.status, 303);
}
