//! What stands where on an invoice.

use super::sheet::{HEIGHT, Op, Typeface, WIDTH};
use super::{Content, words};
use crate::features::payments::rules::invoice::{amount, payment_code, tax_within};
use crate::shared::i18n::{Locale, invoice as texts};
use crate::shared::time::LocalTime;
use qrcode::{Color, QrCode};
use std::collections::BTreeMap;

const MARGIN: f32 = 42.0;
const TEXT: f32 = 9.5;
const LEADING: f32 = 13.5;
const QR_SIDE: f32 = 108.0;
/// Right edges of the columns of numbers: quantity, tax, sum. The name stands before them.
const COLUMNS: [f32; 3] = [372.0, 452.0, WIDTH - MARGIN];
const NAME: (f32, f32) = (MARGIN + 24.0, 330.0);

struct Pen<'a> {
    typeface: &'a Typeface,
    pages: Vec<Vec<Op>>,
    y: f32,
}

impl Pen<'_> {
    fn put(&mut self, op: Op) {
        if let Some(page) = self.pages.last_mut() {
            page.push(op);
        }
    }

    /// On to the next page, where there is no room.
    fn need(&mut self, height: f32) {
        if self.y + height > HEIGHT - MARGIN {
            self.pages.push(Vec::new());
            self.y = MARGIN + LEADING;
        }
    }

    fn text(&mut self, x: f32, is_bold: bool, text: &str) {
        self.put(Op::Text { x, y: self.y, size: TEXT, is_bold, text: text.to_owned() });
    }

    fn right(&mut self, x: f32, is_bold: bool, text: &str) {
        let width = self.typeface.width(text, TEXT, is_bold);
        self.text(x - width, is_bold, text);
    }

    /// A text in as many lines as it takes.
    fn lines(&mut self, x: f32, until: f32, is_bold: bool, text: &str) {
        for line in self.typeface.wrap(text, TEXT, is_bold, until - x) {
            self.need(LEADING);
            self.text(x, is_bold, &line);
            self.y += LEADING;
        }
    }

    /// A name and its value beside it; nothing without a value.
    fn fact(&mut self, name: &str, value: &str, until: f32) {
        if value.is_empty() {
            return;
        }
        self.need(LEADING);
        self.text(MARGIN, false, name);
        self.lines(MARGIN + 118.0, until, true, value);
    }

    fn rule(&mut self) {
        let y = self.y - TEXT;
        self.put(Op::Line { from: (MARGIN, y), to: (WIDTH - MARGIN, y) });
        self.y += 4.0;
    }
}

/// A rate in words, and its percents if it has any.
fn rate(locale: Locale, code: &str) -> (String, Option<i64>) {
    let percent = code.split('/').next().and_then(|percent| percent.parse().ok());
    match percent {
        None => (texts::no_vat(locale).to_owned(), None),
        Some(percent) => (texts::vat(locale, code), Some(percent)),
    }
}

/// The pages of an invoice.
pub(super) fn pages(typeface: &Typeface, content: &Content, number: i64, issued: LocalTime, until: LocalTime) -> Vec<Vec<Op>> {
    let locale = content.locale;
    let (school, buyer) = (&content.seller, &content.buyer);
    let mut pen = Pen { typeface, pages: vec![Vec::new()], y: MARGIN + 14.0 };
    let title = texts::title(locale, number, issued.date(locale));
    pen.put(Op::Text { x: MARGIN, y: pen.y, size: 15.0, is_bold: true, text: title.clone() });
    pen.y += 30.0;

    let top = pen.y;
    let beside = WIDTH - MARGIN - QR_SIDE - 16.0;
    for (name, value) in [
        (texts::bank(locale), &school.bank_name),
        (texts::bic(locale), &school.bank_bic),
        (texts::corr_account(locale), &school.bank_corr_account),
        (texts::payee(locale), &school.legal_name),
        (texts::inn(locale), &school.tax_number),
        (texts::kpp(locale), &school.kpp),
        (texts::account(locale), &school.bank_account),
        (texts::purpose(locale), &texts::purpose_text(locale, number, content.order_number)),
    ] {
        pen.fact(name, value, beside);
    }
    let code = payment_code(&[
        ("Name", school.legal_name.as_str()),
        ("PersonalAcc", school.bank_account.as_str()),
        ("BankName", school.bank_name.as_str()),
        ("BIC", school.bank_bic.as_str()),
        ("CorrespAcc", if school.bank_corr_account.is_empty() { "0" } else { school.bank_corr_account.as_str() }),
        ("PayeeINN", school.tax_number.as_str()),
        ("KPP", school.kpp.as_str()),
        ("Sum", content.total_minor.to_string().as_str()),
        ("Purpose", texts::purpose_text(locale, number, content.order_number).as_str()),
    ]);
    square_code(&mut pen, &code, top - TEXT);
    pen.y = pen.y.max(top + QR_SIDE) + 10.0;

    let full = WIDTH - MARGIN;
    let seller = party(locale, &[&school.legal_name], &school.tax_number, &school.kpp, &[&school.address, &school.phone]);
    pen.rule();
    pen.y += 4.0;
    pen.fact(texts::seller(locale), &seller, full);
    pen.fact(texts::buyer(locale), &party(locale, &[&buyer.name], &buyer.inn, &buyer.kpp, &[]), full);
    pen.fact(texts::ground(locale), &texts::order(locale, content.order_number), full);
    pen.y += 12.0;

    table(&mut pen, content);

    let words = words::roubles(locale, content.total_minor);
    let count = i64::try_from(content.lines.len()).unwrap_or(0);
    pen.y += 6.0;
    pen.lines(MARGIN, full, false, &texts::in_all(locale, count, amount(content.total_minor)));
    pen.lines(MARGIN, full, true, &words);
    pen.y += 6.0;
    pen.lines(MARGIN, full, false, &texts::valid_until(locale, until.date(locale)));
    pen.y += 26.0;
    pen.need(LEADING);
    pen.text(MARGIN, false, texts::signed(locale));
    let y = pen.y + 2.0;
    pen.put(Op::Line { from: (MARGIN + 118.0, y), to: (MARGIN + 260.0, y) });
    pen.text(MARGIN + 270.0, false, &school.signer);
    pen.pages
}

fn party(locale: Locale, before: &[&str], inn: &str, kpp: &str, after: &[&str]) -> String {
    let numbers = [(texts::inn(locale), inn), (texts::kpp(locale), kpp)];
    let numbers = numbers.iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| format!("{name}\u{a0}{value}"));
    let words = |texts: &[&str]| texts.iter().filter(|text| !text.is_empty()).map(|text| (*text).to_owned()).collect::<Vec<_>>();
    words(before).into_iter().chain(numbers).chain(words(after)).collect::<Vec<_>>().join(", ")
}

fn table(pen: &mut Pen<'_>, content: &Content) {
    let locale = content.locale;
    let [quantity, tax, sum] = COLUMNS;
    pen.rule();
    pen.y += 2.0;
    pen.text(MARGIN, true, "№");
    pen.text(NAME.0, true, texts::item(locale));
    pen.right(quantity, true, texts::quantity(locale));
    pen.right(tax, true, texts::tax(locale));
    pen.right(sum, true, texts::sum(locale));
    pen.y += LEADING;
    pen.rule();
    let mut taxes: BTreeMap<&str, i64> = BTreeMap::new();
    for (place, line) in content.lines.iter().enumerate() {
        pen.y += 2.0;
        pen.need(LEADING * 2.0);
        pen.text(MARGIN, false, &(place + 1).to_string());
        pen.right(quantity, false, texts::one(locale));
        pen.right(tax, false, &rate(locale, &line.vat).0);
        pen.right(sum, false, &amount(line.price_minor));
        pen.lines(NAME.0, NAME.1, false, &texts::access(locale, &line.name));
        pen.rule();
        *taxes.entry(&line.vat).or_default() += line.price_minor;
    }
    pen.y += 4.0;
    let totals = std::iter::once((texts::total(locale).to_owned(), amount(content.total_minor)))
        .chain(taxes.into_iter().map(|(code, price)| match rate(locale, code) {
            (name, None) => (name, "—".to_owned()),
            (name, Some(percent)) => (texts::tax_within(locale, name), amount(tax_within(price, percent))),
        }))
        .chain(std::iter::once((texts::to_pay(locale).to_owned(), amount(content.total_minor))));
    for (name, value) in totals {
        pen.need(LEADING);
        pen.right(tax, true, &name);
        pen.right(sum, true, &value);
        pen.y += LEADING;
    }
}

/// The square code that banks' applications read. What is too long for one is left out.
fn square_code(pen: &mut Pen<'_>, text: &str, top: f32) {
    let Ok(code) = QrCode::new(text) else { return };
    let Ok(width) = u16::try_from(code.width()) else { return };
    let side = QR_SIDE / f32::from(width.max(1));
    let left = WIDTH - MARGIN - QR_SIDE;
    let colors = code.to_colors();
    for (row, line) in (0..width).zip(colors.chunks(usize::from(width.max(1)))) {
        for (column, color) in (0..width).zip(line) {
            if *color == Color::Dark {
                // A little larger, so that no hairlines show between them.
                pen.put(Op::Square { x: left + f32::from(column) * side, y: top + f32::from(row) * side, side: side * 1.02 });
            }
        }
    }
}
