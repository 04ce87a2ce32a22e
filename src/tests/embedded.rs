//! Our own PostgreSQL: made, joined, adopted, brought back, stopped.

use lectern::server::db::embedded::Cluster;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use sqlx::{Connection as _, PgConnection};
use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// A data folder that the account `postgres` can enter, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("lectern-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).expect("a temporary folder");
        fs::set_permissions(&path, Permissions::from_mode(0o755)).expect("permissions");
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Some(pid) = postmaster(&self.0) {
            let _ = kill(pid, Signal::SIGQUIT);
        }
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn postmaster(folder: &Path) -> Option<Pid> {
    let text = fs::read_to_string(folder.join("postgres/postmaster.pid")).ok()?;
    text.lines().next()?.trim().parse().ok().map(Pid::from_raw)
}

async fn ask(cluster: &Cluster, question: &str) -> String {
    let mut connection = PgConnection::connect_with(&cluster.connect_options()).await.expect("a connection");
    sqlx::query_scalar(sqlx::AssertSqlSafe(question)).fetch_one(&mut connection).await.expect("an answer")
}

#[tokio::test]
async fn a_cluster_is_made_joined_refused_and_stopped() {
    let folder = Folder::new("made");
    let cluster = Cluster::start(&folder.0, true).await.expect("a cluster");
    assert_eq!(ask(&cluster, "show data_checksums").await, "on");
    assert_eq!(ask(&cluster, "show listen_addresses").await, "");
    assert_eq!(ask(&cluster, "select current_database()::text").await, "learning_platform");
    assert_eq!(ask(&cluster, "select rolsuper::text from pg_roles where rolname = current_user").await, "false");

    let second = Cluster::start(&folder.0, true).await.err().expect("a second keeper is refused");
    assert!(second.to_string().contains("Another `lectern` is running"), "{second}");
    let guest = Cluster::start(&folder.0, false).await.expect("a command joins");
    assert_eq!(ask(&guest, "select 'joined'::text").await, "joined");
    guest.stop().await;
    assert_eq!(ask(&cluster, "select 'still there'::text").await, "still there");

    cluster.stop().await;
    assert!(postmaster(&folder.0).is_none(), "the pid file is gone after a clean stop");
    let again = Cluster::start(&folder.0, true).await.expect("the same cluster starts again");
    again.stop().await;
}

#[tokio::test]
async fn an_orphan_is_adopted() {
    let folder = Folder::new("orphan");
    let first = Cluster::start(&folder.0, false).await.expect("a cluster");
    let pid = postmaster(&folder.0).expect("it runs");
    // As after `kill -9`: the lock is given back, PostgreSQL goes on.
    drop(first);
    let second = Cluster::start(&folder.0, true).await.expect("the orphan is adopted");
    assert_eq!(postmaster(&folder.0), Some(pid), "it is the same process");
    second.stop().await;
    assert!(postmaster(&folder.0).is_none(), "the adopted one is stopped too");
}

#[tokio::test]
async fn an_orphan_that_dies_while_it_is_adopted_is_replaced() {
    let folder = Folder::new("dying");
    let first = Cluster::start(&folder.0, false).await.expect("a cluster");
    let pid = postmaster(&folder.0).expect("it runs");
    drop(first);
    // It stands still, so it is alive and answers nobody; then it dies.
    kill(pid, Signal::SIGSTOP).expect("stopped");
    let path = folder.0.clone();
    let starting = tokio::spawn(async move { Cluster::start(&path, true).await });
    sleep(Duration::from_millis(300)).await;
    kill(pid, Signal::SIGKILL).expect("killed");
    let second = starting.await.expect("no panic").expect("another one is started");
    assert_ne!(postmaster(&folder.0), Some(pid));
    assert_eq!(ask(&second, "select 'up'::text").await, "up");
    second.stop().await;
}

#[tokio::test]
async fn a_pid_file_that_names_another_program_is_no_hindrance() {
    let folder = Folder::new("stale");
    let first = Cluster::start(&folder.0, false).await.expect("a cluster");
    kill(postmaster(&folder.0).expect("it runs"), Signal::SIGKILL).expect("killed");
    drop(first);
    let path = folder.0.join("postgres/postmaster.pid");
    // A process of the same account, as PostgreSQL takes it for its like then.
    let owner = fs::metadata(&path).expect("the pid file stays").uid();
    let mut other = std::process::Command::new("sleep").arg("60").uid(owner).spawn().expect("another program");
    let text = fs::read_to_string(&path).expect("the pid file");
    let (_, rest) = text.split_once('\n').expect("lines");
    fs::write(&path, format!("{}\n{rest}", other.id())).expect("written");
    let second = Cluster::start(&folder.0, true).await.expect("it starts all the same");
    assert_eq!(ask(&second, "select 'up'::text").await, "up");
    second.stop().await;
    other.kill().and_then(|()| other.wait()).expect("ended");
}

#[tokio::test]
async fn a_killed_database_comes_back_with_its_data() {
    let folder = Folder::new("killed");
    let cluster = Cluster::start(&folder.0, true).await.expect("a cluster");
    let mut connection = PgConnection::connect_with(&cluster.connect_options()).await.expect("a connection");
    sqlx::query("create table saved as select 'saved'::text as word").execute(&mut connection).await.expect("a table");
    let pid = postmaster(&folder.0).expect("it runs");
    kill(pid, Signal::SIGKILL).expect("killed");
    let deadline = Instant::now() + Duration::from_secs(30);
    let word: String = loop {
        assert!(Instant::now() < deadline, "the database did not come back");
        sleep(Duration::from_millis(100)).await;
        if postmaster(&folder.0).is_none_or(|now| now == pid) {
            continue;
        }
        if let Ok(mut connection) = PgConnection::connect_with(&cluster.connect_options()).await
            && let Ok(word) = sqlx::query_scalar("select word from saved").fetch_one(&mut connection).await
        {
            break word;
        }
    };
    assert_eq!(word, "saved");
    cluster.stop().await;
}
