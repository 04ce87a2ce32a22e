//! The program itself: commands, their refusals in a sentence, serving and stopping.

use crate::support::database::{change, contents, count, list, one};
use lectern::server::db::migrate;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, PgPool};
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::Command;
use tokio::time::{Instant, sleep, timeout};

/// A folder to run in, with nothing of the project's around it.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("lectern-cli-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn command(&self, options: &PgConnectOptions, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lectern"));
        command.args(arguments).current_dir(&self.0).env_clear().stdin(Stdio::null()).kill_on_drop(true);
        command.env("DATABASE_URL", options.to_url_lossy().as_str()).env("LECTERN_ADMIN_PASSWORD", "three quiet windows");
        command
    }

    /// Runs a command; gives its success and everything it said.
    async fn run(&self, pool: &PgPool, arguments: &[&str], settings: &[(&str, &str)]) -> (bool, String) {
        let output = self.command(&pool.connect_options(), arguments).envs(settings.iter().copied()).output().await.unwrap();
        (output.status.success(), format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr)))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

const PRODUCTION: [(&str, &str); 4] = [
    ("LECTERN_ENV", "production"),
    ("BASE_URL", "https://school.example"),
    ("JWT_SECRET", "not the one of the sample, and long enough"),
    ("LISTEN_ADDR", "127.0.0.1:0"),
];

#[sqlx::test(migrations = false)]
async fn init_makes_the_demo_school_once_and_migrate_walks_the_steps(pool: PgPool) {
    let folder = Folder::new("init");
    let (is_ok, said) = folder.run(&pool, &["init", "--demo"], &[]).await;
    assert!(is_ok && said.contains("student@example.com / student123"), "{said}");
    let before = contents(&pool).await;
    assert!(folder.run(&pool, &["init", "--demo"], &[]).await.0);
    assert_eq!(contents(&pool).await, before, "twice changes nothing");

    let (is_ok, said) = folder.run(&pool, &["migrate", "status"], &[]).await;
    assert!(is_ok && said.contains("foundation") && !said.contains("missing"), "{said}");
    let steps = migrate::status(&pool).await.unwrap().len();
    let (is_ok, said) = folder.run(&pool, &["migrate", "down", &steps.to_string()], &[]).await;
    assert!(is_ok && said.matches("missing").count() == steps, "{said}");
    assert!(folder.run(&pool, &["migrate", "up"], &[]).await.0);
    assert!(migrate::is_current(&pool).await.unwrap());
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn accounts_are_made_and_changed_without_the_web(pool: PgPool) {
    let folder = Folder::new("user");
    let weak = [("LECTERN_ADMIN_PASSWORD", "password1234")];
    let row = "select role || ' ' || is_active from users where email = 'vera@example.com'";
    let (is_ok, said) = folder.run(&pool, &["init", "--admin-email", "root@example.com"], &weak).await;
    assert!(!is_ok && said.contains("easy to guess") && count(&pool, "users").await == 0, "{said}");
    assert!(folder.run(&pool, &["init", "--admin-email", "root@example.com"], &[]).await.0);
    let create = ["user", "create", "Vera@Example.com", "--name", "Вера", "--role", "curator"];
    assert!(!folder.run(&pool, &create, &weak).await.0);
    assert!(folder.run(&pool, &create, &[]).await.0);
    assert_eq!(one::<String>(&pool, row).await, "curator true");
    let (is_ok, said) = folder.run(&pool, &create, &[]).await;
    assert!(!is_ok && said.contains("has an account already"), "{said}");
    assert!(folder.run(&pool, &["user", "set-role", "vera@example.com", "student"], &[]).await.0);
    assert!(folder.run(&pool, &["user", "disable", "vera@example.com"], &[]).await.0);
    assert_eq!(one::<String>(&pool, row).await, "student false");
    for bad in [
        &["user", "set-role", "vera@example.com", "owner"][..],
        &["user", "set-role", "nobody@example.com", "admin"],
        &["user", "disable", "root@example.com"],
        &["user", "set-role", "root@example.com", "student"],
    ] {
        let (is_ok, said) = folder.run(&pool, bad, &[]).await;
        assert!(!is_ok && !said.contains("panicked"), "{bad:?}: {said}");
    }
    assert!(folder.run(&pool, &["user", "set-password", "vera@example.com"], &[("LECTERN_ADMIN_PASSWORD", "четыре тихих окна")]).await.0);
    assert_eq!(list::<String>(&pool, "select kind from outbox_events where kind = 'password_changed'").await.len(), 1);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn production_refuses_what_everybody_knows(pool: PgPool) {
    let folder = Folder::new("production");
    let (is_ok, said) = folder.run(&pool, &["init", "--demo"], &PRODUCTION).await;
    assert!(!is_ok && count(&pool, "users").await == 0, "{said}");
    assert!(folder.run(&pool, &["init", "--demo"], &[]).await.0);
    let (is_ok, said) = folder.run(&pool, &["serve"], &PRODUCTION).await;
    assert!(!is_ok && said.contains("default password"), "{said}");
    for email in ["admin@example.com", "curator@example.com", "student@example.com"] {
        assert!(said.contains(email), "{email} is not named: {said}");
    }
    assert!(!said.contains("student123"), "the password itself is not said");
}

#[sqlx::test(migrations = false)]
async fn wrong_settings_stop_the_start_with_a_sentence(pool: PgPool) {
    let folder = Folder::new("settings");
    for (name, value) in [
        ("DATABASE_URL", "mysql://x"),
        ("DATABASE_URL", "postgres://127.0.0.1:1/none"),
        ("REDIS_URL", "127.0.0.1:6379"),
        ("LISTEN_ADDR", "nowhere"),
        ("LISTEN_ADDR", "192.0.2.1:80"),
        ("BASE_URL", "school.example"),
        ("LECTERN_ENV", "staging"),
        ("JWT_SECRET", "short"),
        ("TRUSTED_PROXIES", "proxy"),
        ("STORAGE_URL", "s4://x"),
        ("LECTERN_LOG", "a=b=c"),
    ] {
        let (is_ok, said) = timeout(Duration::from_secs(20), folder.run(&pool, &["serve"], &[(name, value)])).await.expect("it does not hang");
        assert!(!is_ok, "{name}={value} was accepted");
        assert!(said.contains(name) || value.contains("none") && said.contains("database"), "{name}={value} says only: {said}");
        assert!(!said.contains("panicked"), "{said}");
    }
}

#[sqlx::test(migrations = false)]
async fn the_doctor_says_what_is_wrong_and_no_secret(pool: PgPool) {
    let folder = Folder::new("doctor");
    let (is_ok, said) = folder.run(&pool, &["doctor"], &[]).await;
    assert!(!is_ok && said.contains("!! База данных: миграции не применены"), "{said}");
    assert!(folder.run(&pool, &["migrate", "up"], &[]).await.0);
    let (is_ok, said) = folder.run(&pool, &["doctor"], &[]).await;
    assert!(is_ok && said.contains("Всё в порядке"), "{said}");
    for line in [
        "ok Настройки",
        "ok База данных",
        "-- Redis",
        "-- Почтовый сервер",
        "ok Хранилище файлов",
        "ok Платежи (sandbox)",
        "ok Часы",
        "ok Место на диске",
    ] {
        assert!(said.contains(line), "{line} is not in {said}");
    }
    let broken = [
        ("REDIS_URL", "redis://:hush-redis@127.0.0.1:1"),
        ("SMTP_URL", "smtp://127.0.0.1:1?timeout=2"),
        ("MAIL_FROM", "post@school.example"),
        ("LANG", "en_US.UTF-8"),
    ];
    let (is_ok, said) = folder.run(&pool, &["doctor"], &broken).await;
    assert!(
        !is_ok && said.contains("!! Redis: does not answer") && said.contains("!! Mail server") && said.contains("2 parts are not in order"),
        "{said}"
    );
    assert!(!said.contains("hush") && !said.contains("panicked"), "{said}");
    let (is_ok, said) = folder.run(&pool, &["doctor"], &[("REDIS_URL", "127.0.0.1"), ("JWT_SECRET", "short-hush")]).await;
    assert!(!is_ok && said.contains("!! Настройки: REDIS_URL") && said.contains("!! Настройки: JWT_SECRET") && !said.contains("hush"), "{said}");
}

async fn request(port: u16, head: &str) -> (TcpStream, Vec<u8>) {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    (stream, Vec::new())
}

async fn response((mut stream, mut bytes): (TcpStream, Vec<u8>)) -> String {
    timeout(Duration::from_secs(10), stream.read_to_end(&mut bytes)).await.expect("an answer in time").unwrap();
    String::from_utf8_lossy(&bytes).into_owned()
}

#[sqlx::test(migrations = false)]
async fn a_server_starts_serves_and_finishes_what_runs_before_it_stops(pool: PgPool) {
    let folder = Folder::new("serve");
    assert!(folder.run(&pool, &["init", "--demo"], &[]).await.0);
    change(&pool, "delete from outbox_events").await;
    let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let address = format!("127.0.0.1:{port}");
    let mut command = folder.command(&pool.connect_options(), &["serve"]);
    // Redis, that is not there, is missed by nobody.
    command.env("LISTEN_ADDR", &address).env("REDIS_URL", "redis://127.0.0.1:1");
    let mut server = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let deadline = Instant::now() + Duration::from_secs(20);
    while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
        assert!(Instant::now() < deadline && server.try_wait().unwrap().is_none(), "it does not start");
        sleep(Duration::from_millis(50)).await;
    }
    let front = response(request(port, &format!("GET / HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")).await).await;
    assert!(front.starts_with("HTTP/1.1 200") && front.contains("/courses/school-photography"), "{front:.300}");

    // A sign-in whose last bytes come after the signal.
    let body = "email=student%40example.com&password=student123";
    let head = format!(
        "POST /login HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    let mut running = request(port, &format!("{head}{}", &body[..10])).await;
    sleep(Duration::from_millis(300)).await;
    let stopping = Instant::now();
    kill(Pid::from_raw(i32::try_from(server.id().unwrap()).unwrap()), Signal::SIGTERM).unwrap();
    sleep(Duration::from_millis(300)).await;
    assert!(TcpStream::connect(("127.0.0.1", port)).await.is_err(), "nobody new is let in");
    running.0.write_all(&body.as_bytes()[10..]).await.unwrap();
    let answer = response(running).await;
    assert!(answer.starts_with("HTTP/1.1 303") && answer.contains("lectern_access="), "{answer:.300}");
    let status = timeout(Duration::from_secs(10), server.wait()).await.expect("it stops within 10 s").unwrap();
    assert!(status.success() && stopping.elapsed() < Duration::from_secs(10));
    assert_eq!(count(&pool, "sessions").await, 1);
}
