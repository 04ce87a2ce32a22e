//! Registration and sign-in: what is refused, what is said, and what is not.

use crate::support::database::{contents, count, list, one};
use crate::support::school::{self, PASSWORD, STUDENT};
use lectern::shared::i18n::{Locale, problem};
use sqlx::PgPool;

const GOOD: [(&str, &str); 4] = [("full_name", "Вера Новая"), ("email", "vera@example.com"), ("password", "тихое окно в классе"), ("consent", "yes")];

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_newcomer_registers_and_signs_in(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut newcomer = app.visitor().with_header("accept-language", "en-GB,en;q=0.9,ru;q=0.1");
    let answer = newcomer.post("/register", &[&GOOD[..], &[("next", "/courses/light")]].concat()).await;
    assert_eq!((answer.status, answer.location()), (303, "/login?next=/courses/light"), "{}", answer.text());
    let user: String = one(&pool, "select full_name || ' ' || role || ' ' || locale from users where email = 'vera@example.com'").await;
    assert_eq!(user, "Вера Новая student en");
    let consents: Vec<String> =
        list(&pool, "select kind || ' ' || version || ' ' || c.address from legal_consents c join users u on u.id = user_id where email = 'vera@example.com' order by 1").await;
    assert_eq!(consents, ["offer 1 203.0.113.1", "privacy 1 203.0.113.1"]);
    app.sign_in("Vera@Example.com ", "тихое окно в классе").await;
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn consent_names_the_newest_version_of_each_text(pool: PgPool) {
    let app = school::open(&pool).await;
    sqlx::raw_sql(
        "insert into legal_documents (id, kind, version, locale, body_md, body_html, renderer_version, published_at)
         values (gen_random_uuid(), 'privacy', 2, 'ru', '', '', 1, '2026-02-02')",
    )
    .execute(&pool)
    .await
    .unwrap();
    assert_eq!(app.visitor().post("/register", &GOOD).await.status, 303);
    let consents: Vec<String> = list(&pool, "select kind || version from legal_consents order by 1").await;
    assert_eq!(consents, ["offer1", "privacy2"]);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_refused_registration_keeps_what_was_typed_but_no_password(pool: PgPool) {
    let app = school::open(&pool).await;
    let before = contents(&pool).await;
    let mut newcomer = app.visitor();
    let fields = [("full_name", "Вера <Новая>"), ("email", "vera@@example"), ("password", "short7!"), ("next", "/courses/light")];
    let answer = newcomer.post("/register", &fields).await;
    assert_eq!(answer.status, 422);
    let ru = Locale::Ru;
    for sentence in [problem::not_an_email(ru).to_owned(), problem::too_short(ru, 8), problem::consent_needed(ru).to_owned()] {
        assert!(answer.says(&sentence), "{sentence}");
    }
    let html = answer.text();
    assert!(html.contains("Вера &lt;Новая&gt;") && html.contains("vera@@example") && html.contains("/courses/light"), "typed values stand again");
    assert!(!html.contains("<Новая>"), "escaped");
    assert!(!html.contains("short7!"), "a password is never sent back");
    for (field, value, sentence) in [
        ("password", "password1234", problem::common_password(ru).to_owned()),
        ("password", "veranovaya", problem::common_password(ru).to_owned()),
        ("password", "", problem::required(ru).to_owned()),
        ("password", &"я".repeat(257), problem::too_long(ru, 256)),
        ("full_name", " ", problem::required(ru).to_owned()),
        ("full_name", &"я".repeat(201), problem::too_long(ru, 200)),
        ("full_name", "Вера\0", problem::bad_characters(ru).to_owned()),
        ("email", "", problem::required(ru).to_owned()),
        ("email", "a\0@example.com", problem::not_an_email(ru).to_owned()),
        ("consent", "no", problem::consent_needed(ru).to_owned()),
    ] {
        let fields = GOOD.map(|(name, good)| {
            (
                name,
                if name == field {
                    value
                } else if name == "full_name" {
                    "Vera Novaya"
                } else {
                    good
                },
            )
        });
        let answer = newcomer.post("/register", &fields).await;
        assert_eq!(answer.status, 422, "{field} = {value:?}");
        assert!(answer.says(&sentence), "{field} = {value:?} does not say: {sentence}");
    }
    assert_eq!(contents(&pool).await, before, "nothing is written");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn long_passwords_count_whole(pool: PgPool) {
    let app = school::open(&pool).await;
    let long = format!("{} 🔑 и пробелы ", "окно ".repeat(14));
    assert!(long.len() > 72);
    let fields = GOOD.map(|(name, good)| (name, if name == "password" { long.as_str() } else { good }));
    assert_eq!(app.visitor().post("/register", &fields).await.status, 303);
    app.sign_in("vera@example.com", &long).await;
    for other in [long.trim_end().to_owned(), long.to_uppercase(), long.chars().take(40).collect()] {
        assert_eq!(app.visitor().post("/login", &[("email", "vera@example.com"), ("password", &other)]).await.status, 422, "{other:?}");
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn registering_a_known_address_answers_the_same_and_changes_nothing(pool: PgPool) {
    let app = school::open(&pool).await;
    let new = app.visitor().post("/register", &GOOD).await;
    // What is written in their stead is a letter to the owner, with its job.
    let unchanged =
        async || contents(&pool).await.into_iter().filter(|line| !line.starts_with("letters ") && !line.starts_with("jobs ")).collect::<Vec<_>>();
    let before = unchanged().await;
    let known = app.visitor().post("/register", &GOOD.map(|(name, good)| (name, if name == "email" { STUDENT.1 } else { good }))).await;
    assert_eq!((known.status, known.location(), known.text()), (new.status, new.location(), new.text()));
    assert_eq!(known.cookie("flash"), new.cookie("flash"));
    assert_eq!(unchanged().await, before);
    let letters: Vec<String> = list(&pool, "select to_address || ' ' || template from letters order by template desc").await;
    assert_eq!(letters, ["vera@example.com confirm_address", "student@school.test address_already_registered"]);
    app.sign_in(STUDENT.1, PASSWORD).await;
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn sign_in_says_the_same_to_unknown_wrong_and_disabled(pool: PgPool) {
    let app = school::open(&pool).await;
    sqlx::raw_sql("update users set is_active = false where email = 'other@school.test'").execute(&pool).await.unwrap();
    let mut seen = Vec::new();
    for (email, password) in
        [(STUDENT.1, "wrong password"), ("nobody@school.test", "wrong password"), ("other@school.test", PASSWORD), ("not an address", PASSWORD)]
    {
        let mut visitor = app.visitor();
        let answer = visitor.post("/login", &[("email", email), ("password", password), ("next", "/learn/light")]).await;
        assert!(answer.says(problem::wrong_credentials(Locale::Ru)), "{}", answer.text());
        assert!(answer.text().contains(email) && !answer.text().contains(password), "the address stands again, the password does not");
        assert!(visitor.cookies.keys().all(|name| !name.contains("lectern_")), "no session for {email}");
        // The number of the request and the nonce differ from answer to answer.
        let id = answer.header("x-request-id").to_owned();
        let nonce = answer.header("content-security-policy").split("'nonce-").nth(1).unwrap().split('\'').next().unwrap().to_owned();
        seen.push((answer.status, answer.text().replace(email, "ADDRESS").replace(&id, "").replace(&nonce, "")));
    }
    assert_eq!(seen[0].0, 422);
    assert!(seen.iter().all(|answer| *answer == seen[0]), "the answers can be told apart");
    assert_eq!(count(&pool, "sessions").await, 0);
    assert_eq!(count(&pool, "outbox_events where kind = 'sign_in_failed'").await, 4, "and each is on record");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn everybody_begins_where_their_work_is(pool: PgPool) {
    let app = school::open(&pool).await;
    for (person, start) in [(STUDENT, "/learn"), (school::CURATOR, "/curate"), (school::ADMIN, "/admin")] {
        assert_eq!(app.visitor().post("/login", &[("email", person.1), ("password", PASSWORD)]).await.location(), start);
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn empty_sign_in_fields_are_named(pool: PgPool) {
    let app = school::open(&pool).await;
    let answer = app.visitor().post("/login", &[("email", " ")]).await;
    assert_eq!(answer.status, 422);
    assert_eq!(answer.text().matches(problem::required(Locale::Ru)).count(), 2);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn guessing_is_throttled_where_it_comes_from_only(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut guesser = app.visitor();
    for _ in 0..8 {
        assert_eq!(guesser.post("/login", &[("email", STUDENT.1), ("password", "wrong")]).await.status, 422);
    }
    for password in ["wrong", PASSWORD] {
        let answer = guesser.post("/login", &[("email", STUDENT.1), ("password", password)]).await;
        assert_eq!(answer.status, 429, "even the right password waits now");
        let wait: u64 = answer.header("retry-after").parse().unwrap();
        assert!((1..=60).contains(&wait), "{wait}");
    }
    let mut owner = app.visitor().at([198, 51, 100, 7]);
    assert_eq!(owner.post("/login", &[("email", STUDENT.1), ("password", PASSWORD)]).await.status, 303, "the owner is not locked out");
    app.pass(61);
    assert_eq!(guesser.post("/login", &[("email", STUDENT.1), ("password", PASSWORD)]).await.status, 303, "and time heals");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn guesses_at_once_are_throttled_like_one_after_another(pool: PgPool) {
    let app = school::open(&pool).await;
    let guesses: Vec<_> = (0..16)
        .map(|_| {
            let mut guesser = app.visitor();
            tokio::spawn(async move { guesser.post("/login", &[("email", STUDENT.1), ("password", "wrong")]).await.status })
        })
        .collect();
    let mut statuses = Vec::new();
    for guess in guesses {
        statuses.push(guess.await.unwrap());
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [vec![422; 8], vec![429; 8]].concat());
    // What fits takes nothing: somebody who signs in often is not locked out by it.
    for _ in 0..40 {
        let mut owner = app.visitor().at([198, 51, 100, 7]);
        assert_eq!(owner.post("/login", &[("email", STUDENT.1), ("password", PASSWORD)]).await.status, 303);
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn one_address_cannot_try_many_accounts(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut guesser = app.visitor();
    let mut statuses = Vec::new();
    for number in 0..32 {
        statuses.push(guesser.post("/login", &[("email", &format!("person{number}@school.test")), ("password", "wrong")]).await.status);
    }
    assert_eq!((statuses[29], statuses[30], statuses[31]), (422, 429, 429));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_forwarded_address_counts_from_a_trusted_proxy_only(pool: PgPool) {
    let trusting = school::open_with(&pool, &[("TRUSTED_PROXIES", "203.0.113.1, 203.0.113.2")]).await;
    for (header, app, address) in [
        ("198.51.100.7", &trusting, "198.51.100.7"),
        ("198.51.100.7, 203.0.113.2", &trusting, "198.51.100.7"),
        ("6.6.6.6, 198.51.100.7", &trusting, "198.51.100.7"),
        ("rubbish", &trusting, "203.0.113.1"),
        ("198.51.100.7", &crate::support::TestApp::new(&pool), "203.0.113.1"),
    ] {
        let mut client = app.visitor().with_header("x-forwarded-for", header);
        assert_eq!(client.post("/login", &[("email", STUDENT.1), ("password", PASSWORD)]).await.status, 303);
        assert_eq!(one::<String>(&pool, "select address from sessions order by created_at desc, id desc limit 1").await, address, "{header}");
        sqlx::raw_sql("delete from sessions").execute(&pool).await.unwrap();
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn registrations_from_one_address_are_throttled(pool: PgPool) {
    let app = school::open(&pool).await;
    for number in 0..10 {
        let email = format!("vera{number}@example.com");
        assert_eq!(app.visitor().post("/register", &GOOD.map(|(name, good)| (name, if name == "email" { &email } else { good }))).await.status, 303);
    }
    let answer = app.visitor().post("/register", &GOOD).await;
    assert_eq!(answer.status, 429);
    assert!(answer.header("retry-after").parse::<u32>().unwrap() > 0);
    assert_eq!(app.visitor().at([198, 51, 100, 7]).post("/register", &GOOD).await.status, 303);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn sign_in_leads_only_inside_the_site(pool: PgPool) {
    let app = school::open(&pool).await;
    for (next, location) in [
        ("/learn/light?x=1", "/learn/light?x=1"),
        ("//evil.example", "/learn"),
        ("/\\evil.example", "/learn"),
        ("https:evil.example", "/learn"),
        ("https://evil.example/", "/learn"),
        ("/\t/evil.example", "/learn"),
        ("/\r\nSet-Cookie: a=b", "/learn"),
        ("javascript:alert(1)", "/learn"),
        ("", "/learn"),
    ] {
        let answer = app.visitor().post("/login", &[("email", STUDENT.1), ("password", PASSWORD), ("next", next)]).await;
        assert_eq!((answer.status, answer.location()), (303, location), "{next:?}");
        let query = form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish();
        let page = app.visitor().get(&format!("/login?{query}")).await.text();
        let hidden = format!("name=\"next\" value=\"{location}\"");
        assert!(page.contains(&hidden) || location == "/learn", "{next:?}: {}", crate::support::around(&page, "name=\"next\""));
        for bad in ["value=\"//", "value=\"/\\", "href=\"//", "value=\"http", "javascript:"] {
            assert!(!page.contains(bad), "{next:?} stands on the page: {}", crate::support::around(&page, bad));
        }
    }
}
