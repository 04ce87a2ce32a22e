//! The cluster's folders and its processes: `initdb`, the server program, its pid file, the account they run as.

use super::{DATABASE, ROLE, programs};
use anyhow::{Context as _, bail};
use nix::sys::signal::kill;
use nix::unistd::{Pid, User, chown, geteuid};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{Connection as _, Executor as _};
use std::fs::{self, File, Permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::process::Command;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

/// How long the server program may take to come up, recovery after a crash included.
const START_TIMEOUT: Duration = Duration::from_mins(1);
/// For how long one that ends at once is started again.
const RESTART_FOR: Duration = Duration::from_secs(15);

/// Where things lie, and as whom PostgreSQL runs.
#[derive(Clone, Debug)]
pub(super) struct Places {
    programs: PathBuf,
    cluster: PathBuf,
    pub(super) socket: PathBuf,
    log: PathBuf,
    /// uid and gid to drop to, when we are root.
    account: Option<(u32, u32)>,
}

impl Places {
    pub(super) fn prepare(data_dir: &Path) -> anyhow::Result<Self> {
        fs::create_dir_all(data_dir).with_context(|| format!("the folder {} can't be made", data_dir.display()))?;
        let data_dir = data_dir.canonicalize()?;
        let account = account_to_drop_to(&data_dir)?;
        let socket = socket_folder(&data_dir);
        fs::create_dir_all(&socket)?;
        fs::set_permissions(&socket, Permissions::from_mode(0o700))?;
        let places = Self { programs: programs::find()?, cluster: data_dir.join("postgres"), socket, log: data_dir.join("postgres.log"), account };
        File::options().create(true).append(true).open(&places.log)?;
        if let Some((uid, gid)) = account {
            for path in [&places.socket, &places.log] {
                chown(path, Some(uid.into()), Some(gid.into()))?;
            }
        }
        Ok(places)
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.programs.join(program));
        // A group of its own: Ctrl-C must reach us first, so that running requests are answered.
        command.process_group(0).stdin(Stdio::null()).env_remove("PGDATA").env_remove("PGHOST").env_remove("PGPORT");
        command.current_dir("/");
        if let Some((uid, gid)) = self.account {
            command.uid(uid).gid(gid);
        }
        command
    }

    /// `initdb` into a folder beside the real one, renamed when it is whole: a crash in the middle leaves nothing half-made.
    pub(super) async fn initialise(&self) -> anyhow::Result<()> {
        if self.cluster.join("PG_VERSION").exists() {
            return Ok(());
        }
        tracing::info!(folder = %self.cluster.display(), "making a PostgreSQL cluster");
        let making = self.cluster.with_extension("making");
        if making.exists() {
            fs::remove_dir_all(&making)?;
        }
        fs::create_dir(&making)?;
        fs::set_permissions(&making, Permissions::from_mode(0o700))?;
        if let Some((uid, gid)) = self.account {
            chown(&making, Some(uid.into()), Some(gid.into()))?;
        }
        let output = self
            .command("initdb")
            .args(["--username=postgres", "--encoding=UTF8", "--no-locale", "--data-checksums", "--auth-local=trust", "--auth-host=reject"])
            .arg("--pgdata")
            .arg(&making)
            .output()
            .await
            .context("initdb can't be started")?;
        if !output.status.success() {
            bail!("initdb failed: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        fs::rename(&making, &self.cluster)?;
        Ok(())
    }

    /// Waits until a PostgreSQL that an earlier run left answers. `false` when there is none, or when it was only dying.
    pub(super) async fn adopt(&self) -> anyhow::Result<bool> {
        if self.running_pid().is_none() {
            return Ok(false);
        }
        let gone = async {
            while self.running_pid().is_some() {
                sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::select! {
            ready = self.wait_until_ready() => {
                ready?;
                tracing::info!("adopted the PostgreSQL that an earlier run left");
                Ok(true)
            }
            () = gone => Ok(false),
        }
    }

    /// Starts PostgreSQL and waits until it answers. One that ends at once is started again: after `kill -9` the processes of its
    /// predecessor may need a moment to go, and until then it refuses.
    pub(super) async fn run(&self) -> anyhow::Result<()> {
        let deadline = Instant::now() + RESTART_FOR;
        loop {
            let ended = self.spawn()?;
            tokio::select! {
                ready = self.wait_until_ready() => return ready,
                _ = ended => {}
            }
            if Instant::now() > deadline {
                bail!("PostgreSQL does not start; its log is {}", self.log.display());
            }
            sleep(Duration::from_millis(200)).await;
        }
    }

    /// Its end is the end of the task; its state is read from its pid file, adopted or not.
    fn spawn(&self) -> anyhow::Result<JoinHandle<()>> {
        self.disown_stale_pid()?;
        let log = File::options().create(true).append(true).open(&self.log)?;
        let mut child = self
            .command("postgres")
            .arg("-D")
            .arg(&self.cluster)
            .arg("-k")
            .arg(&self.socket)
            .args(["-c", "listen_addresses=", "-c", "unix_socket_permissions=0700", "-c", "max_connections=50"])
            .args(["-c", "shared_buffers=64MB", "-c", "log_timezone=UTC", "-c", "timezone=UTC"])
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .context("postgres can't be started")?;
        Ok(tokio::spawn(async move {
            let _ = child.wait().await;
        }))
    }

    /// A pid file left by a crash may name a process that is another program by now, or one that nobody has buried (a container
    /// without an init). PostgreSQL would take it for a living server. With our own pid in its place, which it knows for its
    /// parent's, it goes on to its real check: whether memory of the old server is still in use.
    fn disown_stale_pid(&self) -> anyhow::Result<()> {
        let path = self.cluster.join("postmaster.pid");
        if self.running_pid().is_none()
            && let Ok(text) = fs::read_to_string(&path)
            && let Some((_, rest)) = text.split_once('\n')
        {
            fs::write(&path, format!("{}\n{rest}", std::process::id())).with_context(|| format!("{} can't be written", path.display()))?;
        }
        Ok(())
    }

    /// The postmaster's pid, if the pid file names a living PostgreSQL.
    pub(super) fn running_pid(&self) -> Option<Pid> {
        let text = fs::read_to_string(self.cluster.join("postmaster.pid")).ok()?;
        let pid: i32 = text.lines().next()?.trim().parse().ok()?;
        let status = fs::read_to_string(format!("/proc/{pid}/stat"));
        let is_postgres = status.map_or_else(
            // No /proc (macOS): a living process is all that can be told.
            |_| !Path::new("/proc/self").exists() && kill(Pid::from_raw(pid), None).is_ok(),
            |status| status.contains("(postgres)") && !status.contains(") Z "),
        );
        is_postgres.then(|| Pid::from_raw(pid))
    }

    pub(super) fn connect_options(&self) -> PgConnectOptions {
        PgConnectOptions::new_without_pgpass().socket(&self.socket).port(5432)
    }

    fn superuser_options(&self) -> PgConnectOptions {
        self.connect_options().username("postgres").database("postgres")
    }

    pub(super) async fn wait_until_ready(&self) -> anyhow::Result<()> {
        let deadline = Instant::now() + START_TIMEOUT;
        loop {
            match PgConnection::connect_with(&self.superuser_options()).await {
                Ok(connection) => return Ok(connection.close().await?),
                Err(error) if Instant::now() > deadline => {
                    return Err(error).with_context(|| format!("PostgreSQL did not come up; its log is {}", self.log.display()));
                }
                Err(_) => sleep(Duration::from_millis(25)).await,
            }
        }
    }

    /// The application's role and database, unless they are there. The role may make databases, for tests.
    pub(super) async fn create_database(&self) -> anyhow::Result<()> {
        let mut connection = PgConnection::connect_with(&self.superuser_options()).await?;
        let role: bool = sqlx::query_scalar("select exists (select from pg_roles where rolname = $1)").bind(ROLE).fetch_one(&mut connection).await?;
        if !role {
            connection.execute("create role lectern login createdb").await?;
        }
        let database: bool =
            sqlx::query_scalar("select exists (select from pg_database where datname = $1)").bind(DATABASE).fetch_one(&mut connection).await?;
        if !database {
            connection.execute("create database learning_platform owner lectern").await?;
        }
        Ok(connection.close().await?)
    }
}

/// Sockets have short paths (107 bytes with the name); a deep data folder gets a private one in the system's temporary folder.
fn socket_folder(data_dir: &Path) -> PathBuf {
    let beside = data_dir.join("run");
    if beside.as_os_str().len() <= 85 {
        return beside;
    }
    let id = fs::metadata(data_dir).map(|meta| format!("{:x}-{:x}", meta.dev(), meta.ino())).unwrap_or_default();
    std::env::temp_dir().join(format!("lectern-{id}"))
}

/// As root: the account `postgres`, which must be able to reach the data folder.
fn account_to_drop_to(data_dir: &Path) -> anyhow::Result<Option<(u32, u32)>> {
    if !geteuid().is_root() {
        return Ok(None);
    }
    let user = User::from_name("postgres")
        .ok()
        .flatten()
        .context("PostgreSQL does not run as root, and there is no account `postgres` to run it as. Start lectern as another user.")?;
    for folder in data_dir.ancestors() {
        let meta = fs::metadata(folder)?;
        let bit = if meta.uid() == user.uid.as_raw() {
            0o100
        } else if meta.gid() == user.gid.as_raw() {
            0o010
        } else {
            0o001
        };
        if meta.mode() & bit == 0 {
            bail!(
                "PostgreSQL does not run as root, and the account `postgres` may not enter {}. \
                 Start lectern as another user, or set LECTERN_DATA_DIR to a folder outside it.",
                folder.display()
            );
        }
    }
    Ok(Some((user.uid.as_raw(), user.gid.as_raw())))
}
