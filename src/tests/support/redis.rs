//! A Redis of a test's own, to be hurt.

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A server on a socket in a folder of its own; both go with it.
pub struct PrivateRedis {
    folder: PathBuf,
    process: Option<Child>,
}

impl PrivateRedis {
    /// A running server with nothing in it.
    pub fn start(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("lectern-redis-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let mut redis = Self { folder, process: None };
        redis.run();
        redis
    }

    /// Starts it, again or for the first time, and waits until it answers.
    pub fn run(&mut self) {
        let process = Command::new("redis-server")
            .args(["--port", "0", "--save", "", "--appendonly", "no", "--maxmemory-policy", "noeviction", "--unixsocket"])
            .arg(self.folder.join("redis.sock"))
            .current_dir(&self.folder)
            .stdout(Stdio::null())
            .spawn()
            .expect("redis-server is missing: run 'scripts/setup.sh test'");
        self.process = Some(process);
        let start = Instant::now();
        while self.connection().is_none() {
            assert!(start.elapsed() < Duration::from_secs(10), "redis-server does not start");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// What `REDIS_URL` is to be.
    pub fn url(&self) -> String {
        format!("redis+unix://{}", self.folder.join("redis.sock").display())
    }

    /// A connection past everybody else's.
    pub fn connection(&self) -> Option<redis::Connection> {
        redis::Client::open(self.url()).unwrap().get_connection().ok()
    }

    /// What a command answers that a person at its terminal gives.
    pub fn ask<T: redis::FromRedisValue>(&self, command: &str) -> T {
        let mut words = command.split(' ');
        let mut command = redis::cmd(words.next().unwrap());
        words.for_each(|word| {
            command.arg(word);
        });
        command.query(&mut self.connection().unwrap()).unwrap()
    }

    fn signal(&self, signal: Signal) {
        let id = self.process.as_ref().unwrap().id();
        kill(Pid::from_raw(i32::try_from(id).unwrap()), signal).unwrap();
    }

    /// It hangs: connections stay, nothing is answered.
    pub fn stop(&self) {
        self.signal(Signal::SIGSTOP);
    }

    /// It goes on.
    pub fn go_on(&self) {
        self.signal(Signal::SIGCONT);
    }

    /// It is gone at once.
    pub fn kill(&mut self) {
        self.signal(Signal::SIGKILL);
        self.process.take().unwrap().wait().unwrap();
    }
}

impl Drop for PrivateRedis {
    fn drop(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().ok();
            process.wait().ok();
        }
        std::fs::remove_dir_all(&self.folder).ok();
    }
}
