//! Use cases of the school's public face.

use super::queries::{self, NewText, SettingsRow};
use crate::features::legal::model::{LegalKind, LegalText};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::markdown;
use crate::shared::href;
use crate::shared::viewer::School;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// The texts that a new school begins with, by kind and locale.
const FIRST_TEXTS: [(LegalKind, &str, &str); 6] = [
    (LegalKind::Offer, "ru", include_str!("../../../../content/legal/offer.ru.md")),
    (LegalKind::Offer, "en", include_str!("../../../../content/legal/offer.en.md")),
    (LegalKind::Privacy, "ru", include_str!("../../../../content/legal/privacy.ru.md")),
    (LegalKind::Privacy, "en", include_str!("../../../../content/legal/privacy.en.md")),
    (LegalKind::Refunds, "ru", include_str!("../../../../content/legal/refunds.ru.md")),
    (LegalKind::Refunds, "en", include_str!("../../../../content/legal/refunds.en.md")),
];

/// The school's public facts and its time zone.
pub async fn school(ctx: &Ctx) -> Result<(School, String)> {
    let read = async {
        let row = queries::settings(&mut *ctx.connection().await?).await?;
        let zone = row.time_zone.clone();
        Ok::<_, ServiceError>((school_of(row), zone))
    };
    Ok(ctx.state.cache.value(Uuid::nil(), read).await?.as_ref().clone())
}

fn school_of(row: SettingsRow) -> School {
    School {
        name: row.name,
        tagline: row.tagline,
        legal_name: row.legal_name,
        tax_number: row.tax_number,
        registration_number: row.registration_number,
        address: row.address,
        email: row.email,
        phone: row.phone,
    }
}

/// The school's name, for whoever writes in it.
pub async fn school_name(connection: &mut PgConnection) -> Result<String> {
    Ok(queries::school_name(connection).await?)
}

/// The newest version of a legal text, with the school's facts filled in.
pub async fn text(ctx: &Ctx, kind: &str) -> Result<LegalText> {
    let kind = LegalKind::from_code(kind).ok_or(ServiceError::NotFound)?;
    let mut connection = ctx.connection().await?;
    let row = queries::newest_text(&mut connection, kind.code(), ctx.locale().code()).await?.ok_or(ServiceError::NotFound)?;
    let school = school_of(queries::settings(&mut connection).await?);
    Ok(LegalText { kind, version: row.version, published_at: ctx.local(row.published_at), html: fill_in(&row.body_html, &school) })
}

fn fill_in(html: &str, school: &School) -> String {
    let facts = [
        ("{school}", &school.name),
        ("{legal_name}", &school.legal_name),
        ("{inn}", &school.tax_number),
        ("{ogrn}", &school.registration_number),
        ("{address}", &school.address),
        ("{email}", &school.email),
        ("{phone}", &school.phone),
    ];
    facts.iter().fold(html.to_owned(), |html, (mark, fact)| html.replace(mark, &escape(if fact.is_empty() { "—" } else { fact })))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Publishes the first version of every legal text that has none. Running it again changes nothing.
pub async fn publish_first_texts(connection: &mut PgConnection, ctx: &Ctx) -> Result<()> {
    for (kind, locale, markdown_text) in FIRST_TEXTS {
        let html = markdown::to_html(markdown_text);
        let text = NewText {
            id: ctx.new_id(),
            kind: kind.code(),
            locale,
            body_md: markdown_text,
            body_html: &html,
            renderer_version: markdown::RENDERER_VERSION,
            now: ctx.now(),
        };
        queries::insert_first_text(connection, text).await?;
    }
    Ok(())
}

/// Names the demo school, unless the school has a name already.
pub async fn name_demo_school(connection: &mut PgConnection, ctx: &Ctx) -> Result<()> {
    let text = str::to_owned;
    let settings = SettingsRow {
        name: text("Светотень"),
        tagline: text("Фотографируйте детей так, чтобы эти снимки хранили"),
        legal_name: text("ООО «Светотень»"),
        tax_number: text("7700000009"),
        registration_number: text("1267700000006"),
        address: text("Москва, Новая Басманная ул., 14"),
        email: text("school@example.com"),
        phone: text("+7 495 000-00-00"),
        time_zone: text("Europe/Moscow"),
        kpp: text("770001001"),
        signer: text("Крылова О. Н."),
        bank_name: text("АО «Учебный банк», Москва"),
        bank_bic: text("044599999"),
        bank_account: text("40702810600000000001"),
        bank_corr_account: text("30101810300000000999"),
    };
    Ok(queries::update_settings(connection, &settings, true, ctx.now()).await?)
}

/// Addresses of everything that search engines may find, with the time of the last change.
pub async fn site_map(ctx: &Ctx) -> Result<Vec<(String, Option<DateTime<Utc>>)>> {
    let base = &ctx.viewer.base_url;
    let courses = queries::course_pages(&mut *ctx.connection().await?).await?;
    let pages = [String::from("/")].into_iter().chain(LegalKind::ALL.iter().map(|kind| format!("/legal/{}", kind.code())));
    Ok(pages
        .map(|path| (format!("{base}{path}"), None))
        .chain(courses.into_iter().map(|row| {
            let path = row.lesson_id.map_or_else(|| href::course(&row.slug), |lesson_id| href::preview_lesson(&row.slug, lesson_id));
            (format!("{base}{path}"), Some(row.changed_at))
        }))
        .collect())
}
