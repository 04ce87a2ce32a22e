//! `robots.txt` and `sitemap.xml`.

use super::service;
use crate::server::ctx::Ctx;
use crate::server::http::forms::{self, Fields};
use crate::server::state::AppState;
use axum::Router;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use std::fmt::Write as _;

/// What search engines ask for.
pub fn routes() -> Router<AppState> {
    Router::new().route("/robots.txt", get(robots)).route("/sitemap.xml", get(site_map))
}

async fn robots(ctx: Ctx) -> Response {
    let base = &ctx.viewer.base_url;
    let text = format!(
        "User-agent: *\nDisallow: /learn\nDisallow: /curate\nDisallow: /admin\nDisallow: /account\nDisallow: /api/\nSitemap: {base}/sitemap.xml\n"
    );
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}

async fn site_map(ctx: Ctx) -> Response {
    match service::site_map(&ctx).await {
        Ok(addresses) => {
            let mut xml =
                String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
            for (address, changed) in addresses {
                let changed = changed.map(|changed| format!("<lastmod>{}</lastmod>", changed.format("%Y-%m-%d"))).unwrap_or_default();
                let _ = writeln!(xml, "<url><loc>{address}</loc>{changed}</url>");
            }
            xml.push_str("</urlset>\n");
            ([(header::CONTENT_TYPE, "application/xml; charset=utf-8")], xml).into_response()
        }
        Err(error) => forms::refuse(ctx, "", &Fields::default(), "/", error).await,
    }
}
