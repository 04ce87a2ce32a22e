//! The price with the button, and the tariffs side by side.

use crate::features::catalogue::model::{CoursePage as Course, OfferInfo};
use crate::shared::href;
use crate::shared::i18n::{Locale, catalogue as texts};
use crate::shared::viewer::use_viewer;
use crate::ui::Ticks;
use leptos::prelude::*;

/// Where a visitor writes to be enrolled: a school without a payment provider enrols by hand.
fn enrol_by_mail(email: &str, subject: &str) -> String {
    format!("mailto:{email}?subject={}", href::percent_encode(subject))
}

/// Price and button, above the fold.
#[component]
pub fn Buy(course: Course) -> impl IntoView {
    let viewer = use_viewer();
    let locale = viewer.locale;
    view! {
        <div class="buy">
            {if course.is_open {
                view! {
                    <a class="button" href=href::outline(&course.card.slug)>
                        {texts::go_on_learning(locale)}
                    </a>
                }
                    .into_any()
            } else {
                let (href, label) = if course.sells {
                    (href::buy(&course.card.slug), texts::buy(locale))
                } else {
                    (enrol_by_mail(&viewer.school.email, &texts::enrol_subject(locale, &course.card.title)), texts::enrol(locale))
                };
                view! {
                    <p class="price">{course.card.price.format(locale)}</p>
                    <a class="button" href=href>
                        {label}
                    </a>
                }
                    .into_any()
            }}
        </div>
    }
}

/// The tariffs.
#[component]
pub fn Offers(course: Course) -> impl IntoView {
    let viewer = use_viewer();
    let locale = viewer.locale;
    let many = course.offers.len() > 1;
    (!course.is_open && !course.offers.is_empty()).then(|| {
        let (title, slug, sells) = (course.card.title.clone(), course.card.slug.clone(), course.sells);
        let hours = i64::from(course.review_hours);
        view! {
            <section class="section" id="offers">
                <h2>{if many { texts::offers(locale) } else { texts::offer(locale) }}</h2>
                <div class="offers">
                    {course
                        .offers
                        .into_iter()
                        .map(|offer| {
                            let (href, label) = if sells {
                                (href::buy_offer(&slug, offer.id), texts::buy(locale))
                            } else {
                                let subject = texts::enrol_subject(locale, format!("{title} ({})", offer.name));
                                (enrol_by_mail(&viewer.school.email, &subject), texts::enrol(locale))
                            };
                            view! {
                                <section class="panel-box">
                                    <h3>{offer.name.clone()}</h3>
                                    <p class="price">{offer.price.format(locale)}</p>
                                    <Ticks lines=offer_lines(locale, &offer, hours)/>
                                    <a class="button quiet" href=href>
                                        {label}
                                    </a>
                                </section>
                            }
                        })
                        .collect_view()}
                </div>
                {(!sells).then(|| view! { <p class="small muted">{texts::how_to_enrol(locale)}</p> })}
            </section>
        }
    })
}

/// What an offer holds, line by line.
pub fn offer_lines(locale: Locale, offer: &OfferInfo, review_hours: i64) -> Vec<String> {
    let mut lines = vec![texts::all_lessons(locale).to_owned()];
    if offer.with_review {
        lines.push(texts::reviewed_within(locale, review_hours));
        if let Some(rounds) = offer.review_rounds {
            lines.push(texts::rounds(locale, i64::from(rounds)));
        }
    } else {
        lines.push(texts::no_review(locale).to_owned());
    }
    lines.push(match (offer.access_days, offer.access_until) {
        (Some(days), _) => texts::access_days(locale, i64::from(days)),
        (None, Some(end)) => texts::access_until(locale, end.date(locale)),
        (None, None) => texts::access_for_ever(locale).to_owned(),
    });
    lines
}
