//! Where PostgreSQL's programs are on this machine.

use anyhow::bail;
use std::path::{Path, PathBuf};

/// The oldest version that the schema runs on.
const OLDEST: u32 = 15;

/// The folder with `initdb` and `postgres`: on the PATH, or the newest in Debian's and Homebrew's folders.
///
/// # Errors
/// A sentence with the one command that installs them.
pub fn find() -> anyhow::Result<PathBuf> {
    let on_path = std::env::var_os("PATH").into_iter().flat_map(|path| std::env::split_paths(&path).collect::<Vec<_>>());
    if let Some(folder) = on_path.into_iter().find(|folder| has_programs(folder)) {
        return Ok(folder);
    }
    let mut found: Vec<(u32, PathBuf)> = ["/usr/lib/postgresql", "/usr/pgsql", "/opt/homebrew/opt", "/usr/local/opt"]
        .iter()
        .flat_map(|root| std::fs::read_dir(root).into_iter().flatten().flatten())
        .filter_map(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            let version = name.trim_start_matches("postgresql@").parse().ok()?;
            let folder = entry.path().join("bin");
            (version >= OLDEST && has_programs(&folder)).then_some((version, folder))
        })
        .collect();
    found.sort();
    match found.pop() {
        Some((_, folder)) => Ok(folder),
        None => bail!(
            "PostgreSQL {OLDEST} or newer is not installed, and DATABASE_URL is not set. Install it with `{}`, or set DATABASE_URL.",
            if cfg!(target_os = "macos") { "brew install postgresql@17" } else { "sudo apt-get install postgresql" }
        ),
    }
}

fn has_programs(folder: &Path) -> bool {
    ["initdb", "postgres"].iter().all(|program| folder.join(program).is_file())
}
