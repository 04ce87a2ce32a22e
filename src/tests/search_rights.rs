//! Searching finds only what the person may open.

use crate::support::Client;
use crate::support::database::{change, count};
use crate::support::school::{self, ADMIN, CURATOR, LESSONS, OTHER, STRANGER, STUDENT, lesson_path};
use crate::support::search::{find, hrefs, snippet, with_texts};
use lectern::features::learning::server::access;
use lectern::features::learning::server::texts::open_lessons;
use lectern::features::search::server::index;
use lectern::server::authz::{self, Actor, ReadCourse};
use lectern::server::ctx::Ctx;
use lectern::shared::role::Role;
use serde_json::json;
use sqlx::PgPool;
use std::collections::BTreeSet;
use uuid::Uuid;

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn nobody_finds_what_they_may_not_open(pool: PgPool) {
    let app = with_texts(&pool, &["Диафрагма открытая", "Диафрагма средняя", "Диафрагма закрытая"]).await;
    let lessons = |ids: &[Uuid]| ids.iter().map(|id| lesson_path(*id)).collect::<BTreeSet<_>>();
    let preview = BTreeSet::from([format!("/courses/light/lessons/{}", LESSONS[0])]);
    let set = async |client: &mut Client| hrefs(&find(client, "диафрагма").await, "lesson").into_iter().collect::<BTreeSet<_>>();
    let all = lessons(&LESSONS[..3]);
    assert_eq!(set(&mut app.visitor()).await, preview, "a visitor finds free lessons");
    assert_eq!(set(&mut school::sign_in(&app, OTHER).await).await, preview, "who is not enrolled too");
    assert_eq!(set(&mut school::sign_in(&app, STRANGER).await).await, preview, "another course's curator too");
    let mut student = school::sign_in(&app, STUDENT).await;
    assert_eq!(set(&mut student).await, all);
    assert_eq!(set(&mut school::sign_in(&app, CURATOR).await).await, all);
    assert_eq!(set(&mut school::sign_in(&app, ADMIN).await).await, all);

    let enrollment = format!("where user_id = '{}'", STUDENT.0);
    for ended in
        ["expires_at = '2026-03-01Z'", "expires_at = null, state = 'paused'", "state = 'revoked'", "state = 'active', starts_at = '2026-04-01Z'"]
    {
        change(&pool, &format!("update course_enrollments set {ended} {enrollment}")).await;
        assert_eq!(set(&mut student).await, preview, "{ended}");
    }
    change(&pool, &format!("update course_enrollments set state = 'active', starts_at = '2026-02-01Z' {enrollment}")).await;
    change(&pool, "update courses set status = 'archived' where slug = 'light'").await;
    assert_eq!(set(&mut student).await, all, "an archived course stays open to its learners");
    assert_eq!(set(&mut app.visitor()).await, BTreeSet::new());
    change(&pool, "update courses set status = 'draft' where slug = 'light'").await;
    for person in [STUDENT, CURATOR, ADMIN] {
        assert_eq!(set(&mut school::sign_in(&app, person).await).await, BTreeSet::new(), "drafts are found by nobody");
    }
    assert_eq!(find(&mut student, "печать").await["groups"][0]["hits"][0]["href"], "/courses/print", "sales pages are for all");
    index::refresh(&app.ctx(), false).await.unwrap();
    assert_eq!(count(&pool, "search_documents where body like '%иафрагма%'").await, 0, "and their documents go");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn what_is_searched_is_what_the_policy_opens(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut connection = pool.acquire().await.unwrap();
    let people = [
        Actor::Visitor,
        Actor::Person { id: STUDENT.0, role: Role::Student },
        Actor::Person { id: OTHER.0, role: Role::Student },
        Actor::Person { id: CURATOR.0, role: Role::Curator },
        // The assignment outlives a change of role.
        Actor::Person { id: CURATOR.0, role: Role::Student },
        Actor::Person { id: STRANGER.0, role: Role::Curator },
        Actor::Person { id: ADMIN.0, role: Role::Admin },
    ];
    for enrollment in [
        "state = 'active'",
        "state = 'completed'",
        "state = 'paused'",
        "state = 'expired'",
        "state = 'active', expires_at = '2026-03-02 09:00Z'",
        "expires_at = null, starts_at = '2026-03-02 09:00:01Z'",
    ] {
        change(&pool, &format!("update course_enrollments set {enrollment}")).await;
        for status in ["published", "archived"] {
            change(&pool, &format!("update courses set status = '{status}'")).await;
            for actor in &people {
                let ctx = Ctx { actor: actor.clone(), ..app.ctx() };
                let open: BTreeSet<String> = open_lessons(&mut connection, &ctx)
                    .await
                    .unwrap()
                    .into_iter()
                    .filter(|lesson| !lesson.is_preview)
                    .map(|lesson| lesson.slug)
                    .collect();
                for slug in ["light", "print"] {
                    let course = access::course_by_slug(&mut connection, &ctx, slug).await.unwrap();
                    let may_read = authz::permit(&ctx.actor, ReadCourse(course.facts)).is_ok();
                    assert_eq!(open.contains(slug), may_read, "{slug}, {status}, {enrollment}, {actor:?}");
                }
            }
        }
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn notes_are_found_by_their_owner_also_after_access_has_ended(pool: PgPool) {
    let app = with_texts(&pool, &[]).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let id = Uuid::from_u128(0x0190_a000_0000_7000_8000_0000_0000_4a01);
    let quote = json!({ "text": "Свет из окна", "before": "", "after": "" });
    let note = json!({ "id": id, "version": 0, "writer": id, "step": 1, "quote": quote, "body": "Отражатель поставить слева" });
    assert_eq!(student.call("notes/save", json!({ "slug": "light", "lesson_id": LESSONS[1], "note": note })).await.status, 200);
    let found = find(&mut student, "отражателя").await;
    assert_eq!(hrefs(&found, "note"), [format!("{}#note-{id}", lesson_path(LESSONS[1]))]);
    assert_eq!(snippet(&found, "note"), "[Отражатель] поставить слева");
    assert_eq!(hrefs(&find(&mut student, "окно").await, "note").len(), 1, "the quote is found too");
    for person in [OTHER, CURATOR, ADMIN] {
        assert_eq!(hrefs(&find(&mut school::sign_in(&app, person).await, "отражателя").await, "note").len(), 0);
    }
    assert_eq!(hrefs(&find(&mut app.visitor(), "отражателя").await, "note").len(), 0);
    change(&pool, &format!("update course_enrollments set expires_at = '2026-03-01Z' where user_id = '{}'", STUDENT.0)).await;
    assert_eq!(hrefs(&find(&mut student, "отражателя").await, "note"), [format!("/learn/light/notes#note-{id}")]);
}
