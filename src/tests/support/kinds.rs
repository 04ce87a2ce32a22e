//! A test with questions of the kinds that have no options.

use super::TestApp;
use super::school::{LIGHT, TIMED};
use lectern::features::quizzes::content::{
    AcceptedNumber, AcceptedText, Body, Decimal, Gap, GapPart, Gaps, Matching, Number, Pair, QuestionContent, WordBank,
};
use lectern::features::quizzes::server::authors::contents;
use lectern::shared::fraction::Fraction;
use sqlx::PgPool;
use uuid::Uuid;

/// Questions of [`TIMED`] after its own: short text, number, matching, ordering, typed gaps, gaps with a word bank; 2 points each.
pub struct Kinds {
    pub text: Uuid,
    pub number: Uuid,
    pub matching: Uuid,
    pub ordering: Uuid,
    pub gaps: Uuid,
    pub bank: Uuid,
}

/// Words that stand in keys alone; no page may hold them before the key is told.
pub const SECRETS: [&str; 4] = ["SECRETWORD", "SECRETREMARK", "SECRETGAP", "73.25"];

fn accepted(text: &str) -> AcceptedText {
    AcceptedText { text: text.to_owned(), credit: Fraction::ONE, remark: "SECRETREMARK".to_owned() }
}

/// The bodies in the order of [`Kinds`].
pub fn bodies() -> [Body; 6] {
    let pair = |left: &str, right: &str| Pair { left: left.to_owned(), right: right.to_owned() };
    let gap = |right: &str| GapPart::Gap(Gap { accepted: vec![accepted(right)], choices: Vec::new() });
    let text = |text: &str| GapPart::Text(text.to_owned());
    let decimal = |text: &str| Decimal::parse(text).unwrap();
    let half = AcceptedText { credit: Fraction::new(1, 2).unwrap(), ..accepted("почти") };
    [
        Body::Text { accepted: vec![accepted("SECRETWORD ёж"), half] },
        Body::Number(Number {
            accepted: vec![AcceptedNumber { value: decimal("73.25"), tolerance: decimal("0.25"), credit: Fraction::ONE, remark: String::new() }],
            unit: "кг".to_owned(),
        }),
        Body::Matching(Matching {
            pairs: vec![pair("**север**", "холодный"), pair("юг", "тёплый"), pair("запад", "вечерний")],
            distractors: vec!["никакой".to_owned()],
        }),
        Body::Ordering { items: ["окно", "стул", "камера", "снимок"].map(str::to_owned).to_vec() },
        Body::Gaps(Gaps {
            parts: vec![text("- Свет "), gap("SECRETGAP"), text("\n- и тень "), gap("SECRETGAP два"), text(".")], bank: None
        }),
        Body::Gaps(Gaps {
            parts: vec![text("Мягкость — "), gap("размер"), text(", яркость — "), gap("мощность")],
            bank: Some(WordBank { distractors: vec!["цвет".to_owned()] }),
        }),
    ]
}

/// Adds them to the test.
pub async fn add(pool: &PgPool, app: &TestApp) -> Kinds {
    let mut tx = pool.begin().await.unwrap();
    let mut ids = Vec::new();
    for (position, body) in (2_i32..).zip(bodies()) {
        let content = QuestionContent {
            name: "Имя".to_owned(),
            prompt: format!("Задание {position}"),
            explanation: "SECRETREMARK".to_owned(),
            model_answer: String::new(),
            tags: vec!["свет".to_owned()],
            body,
        };
        assert_eq!(content.problems(), []);
        let id = contents::create(&mut tx, &app.ctx(), LIGHT, &content).await.unwrap();
        sqlx::query(
            "insert into test_version_questions (test_version_id, question_id, position, weight)
             select published_version_id, $2, $3, 2 from tests where id = $1",
        )
        .bind(TIMED)
        .bind(id)
        .bind(position)
        .execute(&mut *tx)
        .await
        .unwrap();
        let version: Uuid =
            sqlx::query_scalar("select published_version_id from questions where id = $1").bind(id).fetch_one(&mut *tx).await.unwrap();
        assert_eq!(contents::read(&mut tx, version).await.unwrap(), content, "what was written is read");
        ids.push(id);
    }
    tx.commit().await.unwrap();
    let [text, number, matching, ordering, gaps, bank] = ids.try_into().unwrap();
    Kinds { text, number, matching, ordering, gaps, bank }
}

/// The author's index of each shown item of a question.
pub async fn shown_order(pool: &PgPool, attempt: Uuid, question: Uuid) -> Vec<usize> {
    let order: Vec<i32> = sqlx::query_scalar("select shown_order from test_attempt_questions where attempt_id = $1 and question_id = $2")
        .bind(attempt)
        .bind(question)
        .fetch_one(pool)
        .await
        .unwrap();
    order.into_iter().map(|index| usize::try_from(index).unwrap()).collect()
}

/// The place in the order shown of each of the author's items.
pub fn shown_at(order: &[usize], count: usize) -> Vec<usize> {
    (0..count).map(|index| order.iter().position(|shown| *shown == index).unwrap()).collect()
}
