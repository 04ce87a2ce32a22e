//! The kinds without options as their learner sees them: what is shown while the attempt runs, and the lines of its result.

use crate::features::quizzes::content::{Body, GapPart, Gaps};
use crate::features::quizzes::model::{AnswerValue, ResultLine};
use crate::features::quizzes::scoring;
use crate::features::quizzes::server::asked::StoredQuestion;
use crate::server::markdown::{to_html, to_inline_html};
use crate::shared::html::escape;

/// Where a gap stands while its text is rendered: no author's text holds this character of private use.
const GAP: char = '\u{e0ff}';

/// Items, what they may get, unit: nothing that tells the key.
pub(in crate::features::quizzes::server) struct Shown {
    pub items: Vec<String>,
    pub offers: Vec<Vec<String>>,
    pub unit: String,
}

/// What a running attempt shows of a question.
pub(in crate::features::quizzes::server) fn shown(question: &StoredQuestion) -> Shown {
    let owned = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>();
    let mut unit = String::new();
    let (items, offers) = match &question.body {
        Some(Body::Number(number)) => {
            unit.clone_from(&number.unit);
            (Vec::new(), Vec::new())
        }
        Some(Body::Matching(matching)) => {
            let rights = matching.rights();
            let mixed = question.shown(rights.len()).into_iter().filter_map(|index| rights.get(index)).map(|&text| text.to_owned()).collect();
            (matching.pairs.iter().map(|pair| to_inline_html(&pair.left)).collect(), vec![mixed])
        }
        Some(Body::Ordering { items }) => {
            let mixed = question.shown(items.len()).into_iter().filter_map(|index| items.get(index)).map(|text| to_inline_html(text));
            (mixed.collect(), vec![(1..=items.len()).map(|place| place.to_string()).collect()])
        }
        Some(body @ Body::Gaps(gaps)) => {
            let pieces = gap_html(gaps).split(GAP).map(str::to_owned).collect();
            (pieces, scoring::offered_words(body).iter().map(|words| owned(words)).collect())
        }
        _ => (Vec::new(), Vec::new()),
    };
    Shown { items, offers, unit }
}

/// A text with gaps, rendered, with a mark for each gap.
fn gap_html(gaps: &Gaps) -> String {
    let text: String = gaps
        .parts
        .iter()
        .map(|part| match part {
            GapPart::Text(text) => text.replace(GAP, ""),
            GapPart::Gap(_) => GAP.to_string(),
        })
        .collect();
    to_html(&text)
}

/// The text of a question with gaps for its result, the gaps numbered; nothing of the other kinds.
pub(super) fn numbered(question: &StoredQuestion) -> String {
    let Some(Body::Gaps(gaps)) = &question.body else { return String::new() };
    let html = gap_html(gaps);
    let mut pieces = html.split(GAP);
    let first = pieces.next().unwrap_or_default().to_owned();
    let rest = (1..).zip(pieces).map(|(number, piece)| format!("<b>[{number}]</b>{piece}"));
    std::iter::once(first).chain(rest).collect::<Vec<_>>().concat()
}

/// The lines of a result: what was given, and with the key what is right.
pub(in crate::features::quizzes::server) fn lines(question: &StoredQuestion, value: Option<&AnswerValue>, tells_key: bool) -> Vec<ResultLine> {
    let fields = value.map(AnswerValue::fields).unwrap_or_default();
    let given = |index: usize| fields.get(index).map(String::as_str).unwrap_or_default();
    let line = |label_html: String, given_html: String, is_right: bool, right: String, remark: &str| ResultLine {
        label_html,
        given_html,
        is_right: tells_key.then_some(is_right),
        right_html: if tells_key { right } else { String::new() },
        remark_html: if tells_key { to_inline_html(remark) } else { String::new() },
    };
    let asked = question.asked(value);
    let order = |count: usize| if asked.order.is_empty() { (0..count).collect() } else { asked.order.to_vec() };
    match asked.body {
        Some(Body::Text { accepted }) => {
            let found = scoring::accepted_text(accepted, given(0));
            let best = accepted.first().map(|answer| escape(&answer.text)).unwrap_or_default();
            vec![line(String::new(), escape(given(0)), found.is_some(), best, found.map_or("", |answer| &answer.remark))]
        }
        Some(Body::Number(number)) => {
            let found = scoring::accepted_number(number, given(0)).map(|index| &number.accepted[index]);
            let best = number.accepted.first().map(|answer| format!("{} {}", answer.value, escape(&number.unit))).unwrap_or_default();
            vec![line(String::new(), escape(given(0)), found.is_some(), best, found.map_or("", |answer| &answer.remark))]
        }
        Some(Body::Matching(matching)) => {
            let picks = match value {
                Some(AnswerValue::Picks(picks)) => picks.as_slice(),
                _ => &[],
            };
            let (rights, order) = (matching.rights(), order(matching.rights().len()));
            let word = |pick: &str| pick.parse::<usize>().ok().and_then(|shown| rights.get(*order.get(shown)?)).map(|text| escape(text));
            let pairs = matching.pairs.iter().enumerate();
            pairs
                .map(|(index, pair)| {
                    let is_right = scoring::is_right_pair(&asked, matching, index, picks);
                    line(to_inline_html(&pair.left), word(given(index)).unwrap_or_default(), is_right, escape(&pair.right), "")
                })
                .collect()
        }
        Some(Body::Ordering { items }) => {
            let shown = order(items.len()).into_iter().enumerate();
            shown
                .filter_map(|(place, index)| {
                    let given = given(place).parse::<usize>().ok();
                    let words = given.map(|place| (place + 1).to_string()).unwrap_or_default();
                    Some(line(to_inline_html(items.get(index)?), words, given == Some(index), (index + 1).to_string(), ""))
                })
                .collect()
        }
        Some(Body::Gaps(gaps)) => gaps
            .gaps()
            .enumerate()
            .map(|(index, gap)| {
                let found = scoring::accepted_text(&gap.accepted, given(index));
                let best = gap.accepted.first().map(|answer| escape(&answer.text)).unwrap_or_default();
                line((index + 1).to_string(), escape(given(index)), found.is_some(), best, found.map_or("", |answer| &answer.remark))
            })
            .collect(),
        _ => Vec::new(),
    }
}
