//! Numbers as bars, drawn on the server, with a table behind them for who does not see.

use leptos::prelude::*;

/// A number of the picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    /// Under the bar.
    pub label: String,
    /// How high it is.
    pub value: i64,
    /// Above the bar.
    pub text: String,
    /// In the colour of what is late.
    pub is_bad: bool,
}

const HEIGHT: i64 = 96;
const STEP: usize = 72;

/// The picture. Heights are whole units of the drawing.
#[component]
pub fn Bars(
    /// What is counted.
    #[prop(into)]
    title: String,
    /// From left to right.
    bars: Vec<Bar>,
) -> impl IntoView {
    let most = bars.iter().map(|bar| bar.value).max().unwrap_or(0).max(1);
    let width = bars.len().max(1) * STEP;
    let rows: Vec<_> = bars
        .iter()
        .map(|bar| {
            view! {
                <tr>
                    <th scope="row">{bar.label.clone()}</th>
                    <td>{bar.text.clone()}</td>
                </tr>
            }
        })
        .collect();
    let columns: Vec<_> = bars
        .into_iter()
        .enumerate()
        .map(|(index, bar)| {
            let middle = index * STEP + STEP / 2;
            // What is there is seen, however little it is.
            let height = if bar.value > 0 { (bar.value.saturating_mul(HEIGHT) / most).max(2) } else { 0 };
            let top = 24 + HEIGHT - height;
            let (left, above, below) = (middle - 20, top - 8, HEIGHT + 42);
            view! {
                <rect class=if bar.is_bad { "bar bad" } else { "bar" } x=left y=top width="40" height=height rx="3"></rect>
                <text class="value" x=middle y=above>
                    {bar.text}
                </text>
                <text class="name" x=middle y=below>
                    {bar.label}
                </text>
            }
        })
        .collect();
    view! {
        <figure class="bars">
            <figcaption>{title}</figcaption>
            <svg viewBox=format!("0 0 {width} {}", HEIGHT + 52) width=width aria-hidden="true">
                {columns}
            </svg>
            <table class="hush">
                <tbody>{rows}</tbody>
            </table>
        </figure>
    }
}
