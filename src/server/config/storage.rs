//! Where uploaded files are kept.

use std::path::{Path, PathBuf};

/// `STORAGE_URL`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoragePlace {
    /// A folder of this machine.
    Folder(PathBuf),
    /// A bucket; keys, region and endpoint are read from `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_REGION`, `AWS_ENDPOINT` and
    /// `AWS_ALLOW_HTTP`.
    S3 {
        /// Its name.
        bucket: String,
        /// Before every key; may be empty.
        prefix: String,
    },
}

impl StoragePlace {
    pub(super) fn read(get: impl Fn(&str) -> Option<String>, data_dir: &Path, errors: &mut Vec<String>) -> Self {
        let Some(url) = get("STORAGE_URL") else { return Self::Folder(data_dir.join("files")) };
        if let Some(folder) = url.strip_prefix("file:").filter(|folder| !folder.is_empty()) {
            return Self::Folder(PathBuf::from(folder));
        }
        let place = url.strip_prefix("s3://").map(|rest| rest.split_once('/').unwrap_or((rest, "")));
        match place {
            Some((bucket, prefix)) if !bucket.is_empty() => {
                for name in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] {
                    if get(name).is_none() {
                        errors.push(format!("{name} must be given when STORAGE_URL is a bucket."));
                    }
                }
                Self::S3 { bucket: bucket.to_owned(), prefix: prefix.trim_matches('/').to_owned() }
            }
            _ => {
                errors.push(format!(
                    "STORAGE_URL is `{url}`; it must be a folder such as `file:./data/files`, or a bucket such as `s3://school/files`."
                ));
                Self::Folder(PathBuf::new())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(settings: &[(&str, &str)]) -> (StoragePlace, Vec<String>) {
        let mut errors = Vec::new();
        let get = |name: &str| settings.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        let place = StoragePlace::read(get, Path::new("data"), &mut errors);
        (place, errors)
    }

    #[test]
    fn files_are_kept_in_a_folder_or_a_bucket() {
        assert_eq!(read(&[]).0, StoragePlace::Folder("data/files".into()));
        assert_eq!(read(&[("STORAGE_URL", "file:/srv/files")]).0, StoragePlace::Folder("/srv/files".into()));
        let keys = [("AWS_ACCESS_KEY_ID", "a"), ("AWS_SECRET_ACCESS_KEY", "b")];
        let with = |url| read(&[keys[0], keys[1], ("STORAGE_URL", url)]);
        assert_eq!(with("s3://school/a/b/"), (StoragePlace::S3 { bucket: "school".into(), prefix: "a/b".into() }, vec![]));
        assert_eq!(with("s3://school"), (StoragePlace::S3 { bucket: "school".into(), prefix: String::new() }, vec![]));
        for bad in ["s3://", "s3:///a", "ftp://x", "file:"] {
            assert_eq!(with(bad).1.len(), 1, "{bad}");
        }
        assert_eq!(read(&[("STORAGE_URL", "s3://school")]).1.len(), 2, "both keys are named");
    }
}
