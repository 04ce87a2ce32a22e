//! Texts that an older renderer made.

use crate::support::database::{change, count, one};
use crate::support::school::{self, LESSONS, STUDENT};
use lectern::server::jobs;
use lectern::server::markdown::RENDERER_VERSION;
use sqlx::PgPool;

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn texts_of_an_older_renderer_are_rendered_again_from_their_source(pool: PgPool) {
    let app = school::open(&pool).await;
    change(&pool, "update lesson_versions set content_md = E'## Свет\\n\\n> [!TIP]\\n> Окно\\n\\n## Тень\\n\\n## Тон', content_html = 'OLD', renderer_version = 1").await;
    change(&pool, "update question_versions set prompt_md = '**Что?**', renderer_version = 1").await;
    change(&pool, "update answers set content_md = '*Это*'").await;
    jobs::enqueue_after_start(&app.ctx()).await.unwrap();
    jobs::run_due(&app.ctx()).await.unwrap();
    assert_eq!(count(&pool, "jobs where state = 'failed'").await, 0);
    for table in ["lesson_versions", "course_versions", "assignment_versions", "test_versions", "question_versions", "announcements"] {
        assert_eq!(count(&pool, &format!("{table} where renderer_version <> {RENDERER_VERSION}")).await, 0, "{table}");
    }
    assert_eq!(one::<String>(&pool, "select distinct prompt_html from question_versions").await, "<p><strong>Что?</strong></p>\n");
    assert_eq!(one::<String>(&pool, "select distinct content_html from answers").await, "<em>Это</em>");
    let lesson = school::sign_in(&app, STUDENT).await.get(&school::lesson_path(LESSONS[0])).await;
    assert!(lesson.text().contains("<h2 id=\"h-свет\">") && lesson.text().contains("callout tip") && !lesson.text().contains("OLD"));
    assert!(lesson.text().contains("href=\"#h-тень\""), "the lesson's headings are told beside it");
    let policy = lesson.header("content-security-policy");
    assert!(
        policy.contains("frame-src 'self' https://www.youtube-nocookie.com https://player.vimeo.com https://vkvideo.ru https://rutube.ru;"),
        "{policy}"
    );
}
