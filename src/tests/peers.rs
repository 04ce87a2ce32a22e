//! The providers' own clients against our strict servers and our door: readers and signers that we did not write. They want what
//! `scripts/peers.sh` installs, so they are ignored but there.

use crate::providers::market::{Call, Market, Till, paid_transaction};
use crate::providers::news::News;
use crate::support::TestApp;
use crate::support::database::count;
use crate::support::payments::{PRINT_PRICE, bought_at, how, work};
use serde_json::{Value, json};
use sqlx::PgPool;
use std::io::Write as _;
use std::net::SocketAddr;
use std::process::{Command, Stdio};
use tokio::net::TcpListener;

/// The address of an application that listens.
async fn listen(app: &TestApp) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let service = app.router.clone().into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    format!("http://{address}")
}

/// Runs a peer of `peers/`, which fails when it does not agree.
async fn run(program: &str, file: &str, given: Value) {
    let folder = format!("{}/peers", env!("CARGO_MANIFEST_DIR"));
    let program = program.replace("peers/", &format!("{folder}/"));
    let file = format!("{folder}/{file}");
    let done = tokio::task::spawn_blocking(move || {
        let mut peer = Command::new(&program)
            .arg(&file)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{program} does not run: {error}; scripts/peers.sh installs it"));
        peer.stdin.take().unwrap().write_all(given.to_string().as_bytes()).unwrap();
        peer.wait_with_output().unwrap()
    })
    .await
    .unwrap();
    let (said, complained) = (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    assert!(done.status.success() && said.contains(": checked"), "{said}{complained}");
    println!("{}", said.trim());
}

fn handed(call: &Call) -> Value {
    json!({ "headers": call.headers, "body": String::from_utf8(call.body.clone()).unwrap() })
}

/// A payment that is paid at the provider and not told of yet, with the callback that tells of it.
async fn paid(market: &Market, pool: &PgPool) -> (String, Call) {
    let number = bought_at(market, pool).await;
    market.pay(&number).await;
    let call = market.call(&number, News::Paid).unwrap();
    (number, call)
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
#[ignore = "wants what scripts/peers.sh installs"]
async fn stripes_client_agrees(pool: PgPool) {
    let market = Market::open(&pool, "stripe").await;
    let Till::Stripe(fake) = &market.till else { unreachable!() };
    let (number, call) = paid(&market, &pool).await;
    let session = fake.shop().sessions.last().unwrap()["id"].clone();
    let given = json!({
        "api": fake.url, "key": "sk_test_fixture", "secret": "whsec_fixture_0123456789", "door": format!("{}/webhooks/stripe", listen(&market.app).await),
        "time": market.app.now().timestamp(), "ours": handed(&call), "number": number, "session": session, "minor": PRINT_PRICE
    });
    run("node", "stripe.mjs", given).await;
    work(&market.app).await;
    assert_eq!(how(&pool, &number).await.1, 1, "what the client signed opened the course");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
#[ignore = "wants what scripts/peers.sh installs"]
async fn a_client_of_cloudpayments_agrees(pool: PgPool) {
    let market = Market::open(&pool, "cloudpayments").await;
    let Till::Cloudpayments(fake) = &market.till else { unreachable!() };
    let (number, call) = paid(&market, &pool).await;
    assert!(paid_transaction(&fake.shop(), &number).is_some());
    let given = json!({
        "api": fake.url, "public_id": "test_api_fixture", "secret": "fixture-api-secret",
        "door": format!("{}/webhooks/cloudpayments/pay", listen(&market.app).await), "ours": handed(&call), "number": number,
        "day": market.app.now().format("%Y-%m-%d").to_string()
    });
    run("node", "cloudpayments.mjs", given).await;
    work(&market.app).await;
    assert_eq!(how(&pool, &number).await.1, 1, "what the client signed opened the course");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
#[ignore = "wants what scripts/peers.sh installs"]
async fn a_client_of_the_bank_agrees(pool: PgPool) {
    let market = Market::open(&pool, "sberbank").await;
    let Till::Sberbank(fake) = &market.till else { unreachable!() };
    let (number, _) = paid(&market, &pool).await;
    run("node", "sberbank.mjs", json!({ "api": fake.url, "number": number, "minor": PRINT_PRICE })).await;
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
#[ignore = "wants what scripts/peers.sh installs"]
async fn yookassas_client_agrees(pool: PgPool) {
    let market = Market::open(&pool, "yookassa").await;
    let Till::Yookassa(fake) = &market.till else { unreachable!() };
    let (number, call) = paid(&market, &pool).await;
    market.give_back(&number, 10_000).await;
    let text = |call: &Call| String::from_utf8(call.body.clone()).unwrap();
    let others = [News::Canceled, News::Refunded(0)].map(|news| text(&market.call(&number, news).unwrap()));
    let example = include_str!("../../.env.example");
    // The published networks stand in the comment above the setting.
    let networks: Vec<&str> = example
        .lines()
        .skip_while(|line| !line.starts_with("# YooKassa."))
        .take_while(|line| line.starts_with("# "))
        .flat_map(|line| line.split([' ', ',', ')', ';']))
        .map(|word| word.trim_end_matches('.'))
        .filter(|word| word.parse::<ipnet::IpNet>().is_ok() || word.parse::<std::net::IpAddr>().is_ok())
        .collect();
    assert!(networks.len() >= 4, "{networks:?}");
    let day = |days: i64| (market.app.now() + chrono::TimeDelta::days(days)).to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
    let (payment, refund) = {
        let shop = fake.shop();
        (shop.payments.last().unwrap()["id"].clone(), shop.refunds.last().unwrap()["id"].clone())
    };
    let given = json!({
        "api": fake.url, "number": number, "payment": payment, "refund": refund, "from": day(-1), "until": day(1),
        "notifications": [text(&call), others[0], others[1]], "networks": networks
    });
    run("peers/venv/bin/python", "yookassa_client.py", given).await;
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
#[ignore = "wants what scripts/peers.sh installs"]
#[expect(clippy::disallowed_methods, reason = "the peer knows no other time than the machine's")]
async fn localstripes_signature_is_taken(pool: PgPool) {
    let market = Market::open(&pool, "stripe").await;
    // It signs with the machine's time.
    let ahead = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs() - market.app.now().timestamp().unsigned_abs();
    market.app.pass(ahead);
    let number = bought_at(&market, &pool).await;
    let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let given = json!({
        "port": port, "program": format!("{}/peers/venv/bin/localstripe", env!("CARGO_MANIFEST_DIR")), "secret": "whsec_fixture_0123456789",
        "door": format!("{}/webhooks/stripe", listen(&market.app).await), "number": number
    });
    run("peers/venv/bin/python", "localstripe_events.py", given).await;
    assert_eq!(count(&pool, "payment_callbacks where event = 'payment_intent.succeeded'").await, 1);
    work(&market.app).await;
    assert_eq!(how(&pool, &number).await, ("pending".to_owned(), 0), "our own Stripe knows nothing of that money");
}
