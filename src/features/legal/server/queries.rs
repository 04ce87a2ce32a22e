//! All SQL about the school's settings and legal texts.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

pub(super) struct SettingsRow {
    pub name: String,
    pub tagline: String,
    pub legal_name: String,
    pub tax_number: String,
    pub registration_number: String,
    pub address: String,
    pub email: String,
    pub phone: String,
    pub time_zone: String,
    pub kpp: String,
    pub signer: String,
    pub bank_name: String,
    pub bank_bic: String,
    pub bank_account: String,
    pub bank_corr_account: String,
}

pub(super) async fn settings(connection: &mut PgConnection) -> Result<SettingsRow> {
    sqlx::query_as!(
        SettingsRow,
        "select name, tagline, legal_name, tax_number, registration_number, address, email, phone, time_zone, kpp, signer, bank_name, bank_bic,
                bank_account, bank_corr_account
         from school_settings"
    )
    .fetch_one(connection)
    .await
}

pub(super) async fn school_name(connection: &mut PgConnection) -> Result<String> {
    sqlx::query_scalar!("select name from school_settings").fetch_one(connection).await
}

/// Holds the facts, so that changes come one after the other.
pub(super) async fn lock_settings(connection: &mut PgConnection) -> Result<()> {
    sqlx::query_scalar!("select only_row from school_settings for no key update").fetch_one(connection).await?;
    Ok(())
}

/// Writes the school's facts; those of the demo school only if nobody has named the school yet.
pub(super) async fn update_settings(connection: &mut PgConnection, settings: &SettingsRow, is_demo: bool, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!(
        "update school_settings set name = $1, tagline = $2, legal_name = $3, tax_number = $4, registration_number = $5,
                address = $6, email = $7, phone = $8, time_zone = $9, updated_at = $10, kpp = $12, signer = $13, bank_name = $14,
                bank_bic = $15, bank_account = $16, bank_corr_account = $17
         where name = 'Lectern' or not $11",
        settings.name,
        settings.tagline,
        settings.legal_name,
        settings.tax_number,
        settings.registration_number,
        settings.address,
        settings.email,
        settings.phone,
        settings.time_zone,
        now,
        is_demo,
        settings.kpp,
        settings.signer,
        settings.bank_name,
        settings.bank_bic,
        settings.bank_account,
        settings.bank_corr_account
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) struct TextRow {
    pub version: i32,
    pub body_html: String,
    pub published_at: DateTime<Utc>,
}

pub(super) async fn newest_text(connection: &mut PgConnection, kind: &str, locale: &str) -> Result<Option<TextRow>> {
    sqlx::query_as!(
        TextRow,
        "select version, body_html, published_at from legal_documents where kind = $1 and locale = $2 order by version desc limit 1",
        kind,
        locale
    )
    .fetch_optional(connection)
    .await
}

pub(super) struct NewText<'a> {
    pub id: Uuid,
    pub kind: &'a str,
    pub locale: &'a str,
    pub body_md: &'a str,
    pub body_html: &'a str,
    pub renderer_version: i32,
    pub now: DateTime<Utc>,
}

/// Inserts the first version of a text, unless there is one.
pub(super) async fn insert_first_text(connection: &mut PgConnection, text: NewText<'_>) -> Result<()> {
    sqlx::query!(
        "insert into legal_documents (id, kind, version, locale, body_md, body_html, renderer_version, published_at)
         select $1, $2, 1, $3, $4, $5, $6, $7
         where not exists (select from legal_documents where kind = $2 and locale = $3)",
        text.id,
        text.kind,
        text.locale,
        text.body_md,
        text.body_html,
        text.renderer_version,
        text.now
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A page of a published course.
pub(super) struct CoursePageRow {
    pub slug: String,
    /// A free lesson; `None` is the sales page.
    pub lesson_id: Option<Uuid>,
    pub changed_at: DateTime<Utc>,
}

/// Sales pages and free lessons of published courses, for the site map.
pub(super) async fn course_pages(connection: &mut PgConnection) -> Result<Vec<CoursePageRow>> {
    sqlx::query_as!(
        CoursePageRow,
        r#"select c.slug, page.lesson_id, c.updated_at as changed_at
           from courses c
           cross join lateral (
               select null::uuid as lesson_id
               union all select l.lesson_id from course_version_lessons l where l.course_version_id = c.published_version_id and l.is_preview
           ) page
           where c.status = 'published' order by c.position, c.id, page.lesson_id nulls first limit 50000"#
    )
    .fetch_all(connection)
    .await
}
