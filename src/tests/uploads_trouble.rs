//! Storage that is full or away, and what nobody needs any more.

use crate::support::TestApp;
use crate::support::client::sized;
use crate::support::database::{change, count};
use crate::support::school::{self, ADMIN};
use crate::support::upload::{begin, edit_path, metadata, noise, offset, patch, publish, stored, tus, upload};
use async_trait::async_trait;
use axum::http::Method;
use futures_util::stream::BoxStream;
use lectern::features::files::server::collect;
use lectern::server::storage::Storage;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{
    CopyOptions, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore, PutMultipartOptions, PutOptions, PutPayload, PutResult,
    Result,
};
use sqlx::PgPool;
use std::io::ErrorKind;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

/// Storage that can be made to fail.
#[derive(Debug, Default)]
struct Moody {
    inner: InMemory,
    /// 0 well, 1 full, 2 away.
    mood: Arc<AtomicU8>,
}

impl Moody {
    fn check(&self, writes: bool) -> Result<()> {
        let kind = match (self.mood.load(Ordering::SeqCst), writes) {
            (1, true) => ErrorKind::StorageFull,
            (2, _) => ErrorKind::ConnectionRefused,
            _ => return Ok(()),
        };
        Err(object_store::Error::Generic { store: "moody", source: Box::new(std::io::Error::from(kind)) })
    }
}

impl std::fmt::Display for Moody {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("moody")
    }
}

#[async_trait]
impl ObjectStore for Moody {
    async fn put_opts(&self, location: &Path, payload: PutPayload, opts: PutOptions) -> Result<PutResult> {
        self.check(true)?;
        self.inner.put_opts(location, payload, opts).await
    }

    async fn put_multipart_opts(&self, location: &Path, opts: PutMultipartOptions) -> Result<Box<dyn MultipartUpload>> {
        self.inner.put_multipart_opts(location, opts).await
    }

    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        self.check(false)?;
        self.inner.get_opts(location, options).await
    }

    fn delete_stream(&self, locations: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        self.inner.delete_stream(locations)
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.inner.list(prefix)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.inner.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        self.inner.copy_opts(from, to, options).await
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_disk_that_fills_up_is_told_of_and_the_upload_goes_on_later(pool: PgPool) {
    drop(school::open(&pool).await);
    let mood = Arc::new(AtomicU8::new(0));
    let app = TestApp::with_storage(&pool, Storage::over(Arc::new(Moody { mood: mood.clone(), ..Moody::default() })));
    let mut admin = school::sign_in(&app, ADMIN).await;
    let bytes = noise(20 * 1024 * 1024);
    let begun = begin(&admin, &metadata(0, "attachment", "a.bin"), bytes.len()).await;
    let place = begun.location().to_owned();
    let half = 10 * 1024 * 1024;
    assert_eq!(patch(&admin, &place, 0, bytes[..half].to_vec()).await.status, 204);
    for (state, status) in [(1, 507), (2, 503)] {
        mood.store(state, Ordering::SeqCst);
        let answer = patch(&admin, &place, half, bytes[half..].to_vec()).await;
        assert_eq!(answer.status, status, "{}", answer.text());
        assert_eq!(answer.header("content-type"), "application/json");
        assert_eq!((offset(&admin, &place).await, stored(&app).await), (half.to_string(), 2), "what was kept is kept, the rest is not");
        let form = admin.upload(&format!("{}/files", edit_path(0)), "file", "text/plain", b"words").await;
        assert_eq!(form.status, status, "the form says so too");
    }
    mood.store(0, Ordering::SeqCst);
    assert_eq!(patch(&admin, &place, half, bytes[half..].to_vec()).await.status, 204);
    let id: uuid::Uuid = crate::support::database::one(&pool, "select id from files").await;
    assert!(admin.get(&format!("/files/{id}")).await.body == bytes);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn files_that_stand_nowhere_go_after_a_day(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut admin = school::sign_in(&app, ADMIN).await;
    let (kept, removed, twin) = (noise(1_000), noise(2_000), noise(3_000));
    let ids = [
        upload(&admin, 0, "attachment", "kept.bin", &kept).await,
        upload(&admin, 0, "attachment", "removed.bin", &removed).await,
        upload(&admin, 0, "attachment", "twin.bin", &twin).await,
        upload(&admin, 1, "attachment", "twin.bin", &twin).await,
    ];
    for id in [ids[1], ids[2]] {
        assert_eq!(admin.post(&format!("{}/files/{id}/remove", edit_path(0)), &[]).await.status, 303);
    }
    publish(&app, 0).await;
    // A server that died between bytes and row leaves some behind.
    app.state.storage.put("files/nobody/0", vec![1]).await.unwrap();
    collect(&app.ctx()).await.unwrap();
    assert_eq!((count(&pool, "files").await, stored(&app).await), (4, 4), "an author may still want them");
    // Objects carry the machine's time, which is not the test's.
    app.pass(400 * 24 * 3600);
    collect(&app.ctx()).await.unwrap();
    assert_eq!((count(&pool, "files").await, count(&pool, "file_blobs").await, stored(&app).await), (2, 2, 2));
    assert_eq!(change(&pool, &format!("update files set created_at = created_at where id in ('{}', '{}')", ids[0], ids[3])).await, 2);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn uploads_that_are_left_expire(pool: PgPool) {
    let app = school::open(&pool).await;
    let admin = school::sign_in(&app, ADMIN).await;
    let begun = begin(&admin, &metadata(0, "attachment", "a.bin"), 10).await;
    let place = begun.location().to_owned();
    assert_eq!(patch(&admin, &place, 0, "01234").await.status, 204);
    let ended = begin(&admin, &metadata(0, "attachment", "b.bin"), 10).await;
    assert_eq!(tus(&admin).send(Method::DELETE, ended.location(), None, sized("")).await.status, 204);
    assert_eq!(offset(&admin, ended.location()).await, "404");
    app.pass(48 * 3600 + 60);
    let admin = school::sign_in(&app, ADMIN).await;
    assert_eq!(offset(&admin, &place).await, "410");
    assert_eq!(patch(&admin, &place, 5, "56789").await.status, 410);
    app.pass(24 * 3600);
    // A row that somebody still holds is left to the next round: the refused piece's transaction may be ending just now.
    for _ in 0..50 {
        lectern::features::files::server::collect(&app.ctx()).await.unwrap();
        if count(&pool, "uploads").await == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!((count(&pool, "uploads").await, stored(&app).await), (0, 0));
}
