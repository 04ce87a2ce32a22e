//! Sessions: cookies, refresh, forged tokens, and how they end at once.

use crate::support::app::SECRET;
use crate::support::database::{change, count, list, one, warm_up};
use crate::support::school::{self, ADMIN, OTHER, PASSWORD, STUDENT};
use crate::support::{Answer, Client};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use sqlx::PgPool;
use uuid::Uuid;

const ACCESS: &str = "lectern_access";
const REFRESH: &str = "lectern_refresh";

async fn is_signed_in(client: &mut Client) -> bool {
    let answer = client.get("/account").await;
    assert!(matches!(answer.status, 200 | 303), "{}", answer.status);
    if answer.status == 303 {
        assert_eq!(answer.location(), "/login?next=/account");
    }
    answer.status == 200
}

fn cookie_line<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer.headers.get_all("set-cookie").iter().map(|line| line.to_str().unwrap()).find(|line| line.starts_with(name)).unwrap()
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn session_cookies_are_out_of_reach_of_scripts_and_of_other_sites(pool: PgPool) {
    let app = school::open(&pool).await;
    let answer = app.visitor().post("/login", &[("email", STUDENT.1), ("password", PASSWORD)]).await;
    for name in [ACCESS, REFRESH] {
        let line = cookie_line(&answer, name);
        assert!(line.contains("HttpOnly") && line.contains("SameSite=Lax") && line.contains("Path=/"), "{line}");
        assert!(!line.contains("Secure") && !line.contains("Domain"), "loopback http has no Secure: {line}");
    }
    let https = school_over_https(&pool);
    let answer = https.visitor().post("/login", &[("email", STUDENT.1), ("password", PASSWORD)]).await;
    for name in ["__Host-lectern_access=", "__Host-lectern_refresh="] {
        let line = cookie_line(&answer, name);
        assert!(line.contains("Secure") && line.contains("HttpOnly") && line.contains("Path=/"), "{line}");
    }
}

fn school_over_https(pool: &PgPool) -> crate::support::TestApp {
    crate::support::TestApp::with_settings(pool, &[("BASE_URL", "https://school.example")])
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn signing_out_ends_the_session_and_not_only_the_cookie(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let mut stolen = student.clone();
    assert!(is_signed_in(&mut student).await);
    let answer = student.post("/logout", &[]).await;
    assert_eq!((answer.status, answer.location()), (303, "/"));
    assert!(!student.cookies.contains_key(ACCESS) && !student.cookies.contains_key(REFRESH), "the browser forgets them");
    assert!(!is_signed_in(&mut stolen).await, "a replayed cookie is worth nothing");
    assert_eq!(list::<String>(&pool, "select kind from outbox_events order by 1").await, ["signed_in", "signed_out"]);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn an_expired_access_token_is_renewed_within_the_request(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let before = student.cookies.clone();
    app.pass(14 * 60);
    let answer = student.get("/account").await;
    assert_eq!((answer.status, answer.cookie(REFRESH)), (200, None), "still good");
    app.pass(2 * 60);
    let answer = student.get("/account").await;
    assert_eq!(answer.status, 200);
    for name in [ACCESS, REFRESH] {
        assert_ne!(answer.cookie(name).expect("a new token"), before[name]);
    }
    app.pass(16 * 60);
    let answer = student.post("/account", &[("full_name", "Анна Новая"), ("time_zone", "Asia/Omsk")]).await;
    assert_eq!(answer.status, 303, "a form's body outlives the renewal");
    assert!(answer.cookie(REFRESH).is_some());
    assert_eq!(one::<String>(&pool, &format!("select full_name from users where id = '{}'", STUDENT.0)).await, "Анна Новая");
    assert_eq!(count(&pool, "sessions").await, 1);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn two_tabs_get_the_same_successor_and_a_thief_ends_the_session(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut first = school::sign_in(&app, STUDENT).await;
    app.pass(16 * 60);
    let (mut second, mut thief) = (first.clone(), first.clone());
    let successor = first.get("/account").await.cookie(REFRESH).unwrap();
    app.pass(29);
    let answer = second.get("/account").await;
    assert_eq!((answer.status, answer.cookie(REFRESH)), (200, Some(successor)));
    app.pass(2);
    assert!(!is_signed_in(&mut thief).await, "31 s later it is no second tab");
    assert!(!is_signed_in(&mut first).await && !is_signed_in(&mut second).await, "and the whole session is over");
    assert_eq!(one::<String>(&pool, "select revoked_reason from sessions").await, "refresh_token_reused");
    assert_eq!(count(&pool, "outbox_events where kind = 'session_reuse_detected'").await, 1);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn two_tabs_at_the_same_moment_both_stay_signed_in(pool: PgPool) {
    let app = school::open(&pool).await;
    let student = school::sign_in(&app, STUDENT).await;
    app.pass(16 * 60);
    warm_up(&pool).await;
    let tabs = (0..6).map(|_| {
        let mut tab = student.clone();
        tokio::spawn(async move { (tab.get("/account").await.status, tab.cookies[REFRESH].clone()) })
    });
    let mut seen = Vec::new();
    for tab in tabs.collect::<Vec<_>>() {
        seen.push(tab.await.unwrap());
    }
    assert!(seen.iter().all(|answer| *answer == seen[0] && answer.0 == 200), "{seen:?}");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn sessions_end_when_idle_and_after_ninety_days_in_any_case(pool: PgPool) {
    let app = school::open(&pool).await;
    let day = 24 * 3600;
    let mut idle = school::sign_in(&app, STUDENT).await;
    app.pass(30 * day + 1);
    assert!(!is_signed_in(&mut idle).await, "30 days without a visit");
    let mut busy = school::sign_in(&app, STUDENT).await;
    for _ in 0..4 {
        app.pass(20 * day);
        assert!(is_signed_in(&mut busy).await);
    }
    app.pass(11 * day);
    assert!(!is_signed_in(&mut busy).await, "91 days after sign-in");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn forged_tokens_are_worth_nothing(pool: PgPool) {
    let app = school::open(&pool).await;
    let student = school::sign_in(&app, STUDENT).await;
    let session: Uuid = one(&pool, "select id from sessions").await;
    let now = app.now().timestamp();
    let claims = |changes: Value| {
        let mut claims = json!({ "aud": "lectern", "typ": "access", "sid": session, "gen": 0, "iat": now, "exp": now + 900 });
        claims.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        claims
    };
    let sign = |algorithm, claims: &Value, secret: &[u8]| encode(&Header::new(algorithm), claims, &EncodingKey::from_secret(secret)).unwrap();
    let good = sign(Algorithm::HS256, &claims(json!({})), SECRET);
    let parts: Vec<&str> = good.split('.').collect();
    let none = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0"; // {"alg":"none","typ":"JWT"}
    let mut key_from_header = Header::new(Algorithm::HS256);
    key_from_header.kid = Some("/dev/null".to_owned());
    key_from_header.jku = Some("https://evil.example/keys".to_owned());

    assert!(is_signed_in(&mut app.visitor().with_cookie(ACCESS, &good)).await, "the forger's own tool makes good ones");
    let forged = [
        ("unsigned", format!("{none}.{}.", parts[1])),
        ("unsigned, with the old signature", format!("{none}.{}.{}", parts[1], parts[2])),
        ("without signature", format!("{}.{}.", parts[0], parts[1])),
        ("another secret", sign(Algorithm::HS256, &claims(json!({})), b"another secret, also longer than 32 bytes")),
        ("an empty secret", sign(Algorithm::HS256, &claims(json!({})), b"")),
        ("a key named by the token", encode(&key_from_header, &claims(json!({})), &EncodingKey::from_secret(b"")).unwrap()),
        ("another algorithm", sign(Algorithm::HS512, &claims(json!({})), SECRET)),
        ("expired", sign(Algorithm::HS256, &claims(json!({ "exp": now })), SECRET)),
        ("from the future", sign(Algorithm::HS256, &claims(json!({ "iat": now + 3600, "exp": now + 7200 })), SECRET)),
        ("for somebody else", sign(Algorithm::HS256, &claims(json!({ "aud": "another" })), SECRET)),
        ("a refresh token as access", sign(Algorithm::HS256, &claims(json!({ "typ": "refresh" })), SECRET)),
        ("the real refresh token as access", student.cookies[REFRESH].clone()),
        ("no such session", sign(Algorithm::HS256, &claims(json!({ "sid": Uuid::nil() })), SECRET)),
        (
            "no end",
            encode(
                &Header::default(),
                &json!({ "aud": "lectern", "typ": "access", "sid": session, "gen": 0, "iat": now }),
                &EncodingKey::from_secret(SECRET),
            )
            .unwrap(),
        ),
        ("rubbish", "rubbish".to_owned()),
        ("nothing", String::new()),
    ];
    for (what, token) in &forged {
        assert!(!is_signed_in(&mut app.visitor().with_cookie(ACCESS, token)).await, "{what}");
    }
    let mut as_refresh = app.visitor().with_cookie(REFRESH, &student.cookies[ACCESS]);
    assert!(!is_signed_in(&mut as_refresh).await, "an access token as refresh");
    for generation in [-1, 1, i32::MAX] {
        let token = sign(Algorithm::HS256, &claims(json!({ "typ": "refresh", "gen": generation })), b"another secret, also longer than 32 bytes");
        assert!(!is_signed_in(&mut app.visitor().with_cookie(REFRESH, &token)).await);
    }
    assert!(is_signed_in(&mut student.clone()).await, "forgers end nobody's session");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn disabling_or_changing_a_role_ends_sessions_at_once(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut admin = school::sign_in(&app, ADMIN).await;
    for (person, path, fields) in [
        (STUDENT, format!("/admin/users/{}/disable", STUDENT.0), vec![]),
        (OTHER, format!("/admin/users/{}/role", OTHER.0), vec![("role", "curator")]),
    ] {
        let (mut one, mut two) = (school::sign_in(&app, person).await, school::sign_in(&app, person).await);
        let answer = admin.post(&path, &fields).await;
        assert_eq!((answer.status, answer.location()), (303, format!("/admin/users/{}", person.0).as_str()));
        assert!(!is_signed_in(&mut one).await && !is_signed_in(&mut two).await, "{path}");
        one.cookies.remove(ACCESS);
        assert!(!is_signed_in(&mut one).await, "nor does the refresh token help");
    }
    assert_eq!(app.visitor().post("/login", &[("email", STUDENT.1), ("password", PASSWORD)]).await.status, 422, "disabled");
    let mut promoted = school::sign_in(&app, OTHER).await;
    assert_eq!(promoted.get("/curate").await.status, 200, "the new role holds");
    assert_eq!(admin.post(&format!("/admin/users/{}/enable", STUDENT.0), &[]).await.status, 303);
    school::sign_in(&app, STUDENT).await;
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn ones_own_sessions_can_be_ended_and_nobody_elses(pool: PgPool) {
    let app = school::open(&pool).await;
    let (mut here, mut there, mut third) =
        (school::sign_in(&app, STUDENT).await, school::sign_in(&app, STUDENT).await, school::sign_in(&app, STUDENT).await);
    let mut other = school::sign_in(&app, OTHER).await;
    let id_of = |client: &Client| {
        let mut validation = jsonwebtoken::Validation::new(Algorithm::HS256);
        validation.set_audience(&["lectern"]);
        validation.validate_exp = false;
        let token = jsonwebtoken::decode::<Value>(&client.cookies[ACCESS], &jsonwebtoken::DecodingKey::from_secret(SECRET), &validation).unwrap();
        token.claims["sid"].as_str().unwrap().to_owned()
    };
    let theirs = id_of(&other);
    assert_eq!(here.post("/account/sessions/end", &[("session_id", &theirs)]).await.status, 404);
    assert!(is_signed_in(&mut other).await);
    assert_eq!(here.post("/account/sessions/end", &[("session_id", "rubbish")]).await.status, 404);
    assert_eq!(here.post("/account/sessions/end", &[("session_id", &id_of(&there))]).await.status, 303);
    assert!(!is_signed_in(&mut there).await && is_signed_in(&mut third).await);
    assert_eq!(here.post("/account/sessions/end", &[]).await.status, 303);
    assert!(is_signed_in(&mut here).await && !is_signed_in(&mut third).await && is_signed_in(&mut other).await);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn signing_in_again_leaves_no_second_session_behind(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let mut old = student.clone();
    assert_eq!(student.post("/login", &[("email", OTHER.1), ("password", PASSWORD)]).await.status, 303);
    assert!(!is_signed_in(&mut old).await && is_signed_in(&mut student).await);
    assert_eq!(count(&pool, "sessions where revoked_at is null").await, 1);
    change(&pool, "delete from sessions").await;
    assert!(!is_signed_in(&mut student).await, "validity is the row's, not the token's");
}
