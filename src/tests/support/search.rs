//! Searching, as a browser's program does.

use super::database::change;
use super::school::{self, LESSONS};
use super::{Client, TestApp};
use lectern::features::search::server::index;
use serde_json::{Value, json};
use sqlx::PgPool;

/// The school with these texts in the lessons of `light`, found.
pub async fn with_texts(pool: &PgPool, texts: &[&str]) -> TestApp {
    let app = school::open(pool).await;
    for (lesson, text) in LESSONS.iter().zip(texts) {
        let sql =
            format!("update lesson_versions set content_md = $${text}$$ where id = (select published_version_id from lessons where id = '{lesson}')");
        assert_eq!(change(pool, &sql).await, 1);
    }
    index::refresh(&app.ctx(), true).await.unwrap();
    app
}

pub async fn find(client: &mut Client, query: &str) -> Value {
    let answer = client.call("search/find", json!({ "query": query, "kind": null, "after": null })).await;
    assert_eq!(answer.status, 200, "{query}: {}", answer.text());
    answer.json()
}

/// Addresses of what is found of a kind.
pub fn hrefs(found: &Value, kind: &str) -> Vec<String> {
    let group = found["groups"].as_array().unwrap().iter().find(|group| group["kind"] == kind);
    group.map_or_else(Vec::new, |group| group["hits"].as_array().unwrap().iter().map(|hit| hit["href"].as_str().unwrap().to_owned()).collect())
}

/// The first snippet of a kind, its hits in brackets.
pub fn snippet(found: &Value, kind: &str) -> String {
    let group = found["groups"].as_array().unwrap().iter().find(|group| group["kind"] == kind).unwrap_or_else(|| panic!("{found}"));
    let pieces = group["hits"][0]["snippet"].as_array().unwrap();
    pieces
        .iter()
        .map(
            |piece| {
                if piece["is_hit"] == true { format!("[{}]", piece["text"].as_str().unwrap()) } else { piece["text"].as_str().unwrap().to_owned() }
            },
        )
        .collect()
}
