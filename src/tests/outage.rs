//! A database that is away, is not migrated, or comes back.

use crate::support::TestApp;
use crate::support::school::{self, STUDENT};
use lectern::shared::i18n::{Locale, plain_page};
use serde_json::json;
use sqlx::PgPool;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::net::{TcpStream, UnixListener, UnixStream};
use tokio::task::JoinSet;

/// A socket in front of the real database, which can be pulled and plugged in again.
struct Plug {
    folder: PathBuf,
    socket: PathBuf,
    target: PgConnectOptions,
    connections: JoinSet<()>,
}

impl Plug {
    fn new(target: &PgConnectOptions, name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("lectern-plug-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let socket = folder.join(format!(".s.PGSQL.{}", target.get_port()));
        let mut plug = Self { folder, socket, target: target.clone(), connections: JoinSet::new() };
        plug.plug_in();
        plug
    }

    /// A pool that reaches the database through this socket.
    fn pool(&self) -> PgPool {
        PgPoolOptions::new().max_connections(4).acquire_timeout(Duration::from_secs(3)).connect_lazy_with(self.target.clone().socket(&self.folder))
    }

    fn plug_in(&mut self) {
        let listener = UnixListener::bind(&self.socket).unwrap();
        let (target, folder) = (self.target.clone(), self.target.get_socket().cloned());
        self.connections.spawn(async move {
            // Dropped with this task, and so all cut at once.
            let mut lines = JoinSet::new();
            while let Ok((mut client, _)) = listener.accept().await {
                let (folder, host, port) = (folder.clone(), target.get_host().to_owned(), target.get_port());
                lines.spawn(async move {
                    if let Some(folder) = folder {
                        let mut server = UnixStream::connect(folder.join(format!(".s.PGSQL.{port}"))).await.unwrap();
                        tokio::io::copy_bidirectional(&mut client, &mut server).await.ok();
                    } else {
                        let mut server = TcpStream::connect((host, port)).await.unwrap();
                        tokio::io::copy_bidirectional(&mut client, &mut server).await.ok();
                    }
                });
            }
        });
    }

    async fn pull(&mut self) {
        self.connections.shutdown().await;
        std::fs::remove_file(&self.socket).unwrap();
    }
}

impl Drop for Plug {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.folder).ok();
    }
}

fn nowhere() -> PgPool {
    let options = PgConnectOptions::new_without_pgpass().socket(Path::new("/nowhere/at/all")).database("x").username("x");
    PgPoolOptions::new().acquire_timeout(Duration::from_secs(3)).connect_lazy_with(options)
}

#[tokio::test]
async fn without_a_database_pages_are_calm_and_say_503() {
    let app = TestApp::new(&nowhere());
    for (language, locale) in [("ru", Locale::Ru), ("en", Locale::En)] {
        let mut visitor = app.visitor().with_header("accept-language", language);
        for path in ["/", "/courses/light", "/login", "/no/such/page", "/sitemap.xml"] {
            let answer = visitor.get(path).await;
            assert_eq!((answer.status, answer.header("retry-after")), (503, "5"), "{path}");
            assert!(answer.says(plain_page::unavailable_title(locale)) && answer.text().contains(answer.header("x-request-id")), "{path}");
            assert!(!answer.text().contains("nowhere"), "where the database is, is nobody's business");
        }
        assert_eq!(visitor.post("/login", &[("email", "a@x.test"), ("password", "x")]).await.status, 503);
    }
    let call = app.visitor().call("catalogue/courses", json!({})).await;
    assert_eq!((call.status, &call.json()["kind"]), (503, &json!("Unavailable")), "a call learns it in its own language, and tries again");
}

#[tokio::test]
async fn monitoring_tells_living_from_ready() {
    let app = TestApp::new(&nowhere());
    let alive = app.visitor().get("/healthz").await;
    assert_eq!((alive.status, alive.text().as_str()), (200, "ok\n"));
    let ready = app.visitor().get("/readyz").await;
    assert_eq!(ready.status, 503);
    assert!(ready.text().contains("database"), "with the reason: {}", ready.text());
}

#[sqlx::test(migrations = false)]
async fn a_database_without_our_tables_is_not_ready(pool: PgPool) {
    let app = TestApp::new(&pool);
    let ready = app.visitor().get("/readyz").await;
    assert_eq!(ready.status, 503);
    assert!(ready.text().contains("lectern migrate up"), "{}", ready.text());
    lectern::server::db::migrate::up(&pool).await.unwrap();
    assert_eq!(app.visitor().get("/readyz").await.status, 200);
    lectern::server::db::migrate::down(&pool, 1).await.unwrap();
    assert_eq!(app.visitor().get("/readyz").await.status, 503, "half migrated is not ready either");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn the_server_recovers_when_the_database_is_back(pool: PgPool) {
    school::open(&pool).await;
    let mut plug = Plug::new(&pool.connect_options(), "recovers");
    let through = plug.pool();
    let app = TestApp::new(&through);
    let mut student = school::sign_in(&app, STUDENT).await;
    let attempt = crate::support::quiz::start(&mut student, school::TIMED).await;
    let save = async |client: &mut crate::support::Client, sequence: i64| {
        let value = crate::support::quiz::choice(school::TIMED_SINGLE.right);
        crate::support::quiz::try_save(client, attempt, school::TIMED_SINGLE.id, sequence, value).await
    };
    assert_eq!(save(&mut student, 1).await.status, 200);
    for _ in 0..2 {
        plug.pull().await;
        assert_eq!(student.get("/learn").await.status, 503);
        assert_eq!(app.visitor().get("/readyz").await.status, 503);
        let call = save(&mut student, 2).await;
        assert_eq!((call.status, &call.json()["kind"]), (503, &json!("Unavailable")));
        plug.plug_in();
        assert_eq!(student.get("/learn").await.status, 200, "still signed in");
        assert_eq!(app.visitor().get("/readyz").await.status, 200);
    }
    assert_eq!(save(&mut student, 2).await.status, 200);
    assert_eq!(crate::support::quiz::attempt(&mut student, attempt).await.1["questions"][0]["sequence"], json!(2));
    through.close().await;
}
