//! Random histories of payments with the real adapters: each callback comes 0, 1, 2 or 50 times in any order, lines fail, work is
//! cut off after any statement. In the end there is one payment, one enrolment, one receipt, the right sum that went back, and no
//! money that nobody knows of.
//!
//! `LECTERN_HISTORIES` and `LECTERN_SEED` make them many and new (`scripts/histories.sh`).

use crate::providers::fake::Mood;
use crate::providers::market::{Drawer, Market};
use crate::providers::news::News;
use crate::support::database::{change, count, list, one};
use crate::support::failpoint::Breaker;
use crate::support::payments::{PRINT_PRICE, buy, work};
use crate::support::school::{ADMIN, PRINT};
use lectern::features::payments::server::refunds::{self, Ask};
use lectern::features::payments::server::{callbacks, opening, reconciling, settling};
use lectern::server::authz::Actor;
use lectern::server::ctx::Ctx;
use lectern::shared::role::Role;
use rand::rngs::StdRng;
use rand::seq::SliceRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use sqlx::PgPool;
use uuid::Uuid;

/// How often a callback comes: fifty times are dear, so they are rarer than the rest.
const TIMES: [usize; 12] = [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 50];
const NEWS: [News; 7] = [News::Held, News::Paid, News::Declined, News::Canceled, News::Refunded(0), News::Refunded(1), News::Refunded(2)];

struct Story<'a> {
    market: &'a Market,
    breaker: &'a Breaker,
    random: StdRng,
    /// Of whom and of which run, for a failure's message.
    about: String,
    email: String,
    number: String,
    order: Uuid,
}

impl Story<'_> {
    fn pool(&self) -> &PgPool {
        &self.market.app.pool
    }

    fn payment(&self) -> Uuid {
        self.number.parse().unwrap()
    }

    /// Does a piece of work, and half of the time drops it after some statement.
    async fn perhaps<T>(&mut self, piece: impl Future<Output = T>) -> Option<T> {
        let waits = if self.random.random_bool(0.5) { self.random.random_range(1..60) } else { u32::MAX };
        self.breaker.cut(waits, piece).await
    }

    /// Clicks until the provider has the payment, each time with the same form.
    async fn buy(&mut self, place: u32) {
        let [_, a, b, c] = place.to_be_bytes();
        let mut browser = self.market.app.visitor().at([10, a, b, c]);
        let (ctx, name) = (self.market.app.ctx(), self.market.name());
        for _ in 0..self.random.random_range(0..3) {
            let mood = [Mood::Loses, Mood::Says(500, None, String::new()), Mood::Says(200, None, "<html>".to_owned())]
                [self.random.random_range(0..3)]
            .clone();
            self.market.be(mood);
        }
        let email = self.email.clone();
        for _ in 0..40 {
            self.perhaps(buy(&mut browser, name, &email, place + 1)).await;
            let payments: Vec<(Uuid, Uuid)> = {
                let sql =
                    format!("select p.id::text || ' ' || p.order_id from payments p join users u on u.id = p.user_id where u.email = '{email}'");
                let rows: Vec<String> = list(self.pool(), &sql).await;
                rows.iter().map(|row| row.split_once(' ').map(|(id, order)| (id.parse().unwrap(), order.parse().unwrap())).unwrap()).collect()
            };
            if let [(payment, order)] = payments[..] {
                (self.number, self.order) = (payment.to_string(), order);
                if self.market.drawer(&self.number).await.objects > 0 {
                    return;
                }
                self.market.app.pass(70);
                self.perhaps(opening::open(&ctx, payment)).await;
                work(&self.market.app).await;
            } else {
                assert_eq!(payments.len(), 0, "{}: a form made several payments", self.about);
            }
        }
        panic!("{}: the payment is not made", self.about);
    }

    async fn some_work(&mut self) {
        let (ctx, payment) = (self.market.app.ctx(), self.payment());
        match self.random.random_range(0..8) {
            0 => drop(self.perhaps(settling::check(&ctx, payment)).await),
            1 => {
                let ids: Vec<Uuid> = list(self.pool(), &format!("select id from refunds where payment_id = '{payment}'")).await;
                for id in ids {
                    self.perhaps(refunds::send(&ctx, id)).await;
                }
            }
            2 => drop(self.perhaps(reconciling::reconcile(&ctx, 1)).await),
            3 => self.market.app.pass(self.random.random_range(1..400)),
            4 | 5 => {
                let ids: Vec<Uuid> = list(self.pool(), &format!("select id from payment_callbacks where payment_id = '{payment}'")).await;
                for id in ids {
                    self.perhaps(callbacks::handle(&ctx, id)).await;
                }
            }
            6 => {
                self.market.be(Mood::Loses);
                drop(self.perhaps(settling::check(&ctx, payment)).await);
            }
            _ => {
                let app = &self.market.app;
                let waits = if self.random.random_bool(0.5) { self.random.random_range(1..200) } else { u32::MAX };
                self.breaker.cut(waits, work(app)).await;
            }
        }
    }

    /// An administrator gives something back; now and then two do at once.
    async fn ask(&mut self) {
        let admin = Ctx { actor: Actor::Person { id: ADMIN.0, role: Role::Admin }, ..self.market.app.ctx() };
        let most = [PRINT_PRICE, PRINT_PRICE / 3, 100_000][self.random.random_range(0..3)];
        let amounts = [(); 2].map(|()| self.random.random_range(1..=most));
        let amounts = amounts.map(|minor| format!("{}.{:02}", minor / 100, minor % 100));
        let closes_access = self.random.random_bool(0.3);
        let (payment_id, order) = (self.payment(), self.order);
        let ask = |amount| refunds::ask(&admin, order, Ask { payment_id, amount, closes_access: Some(closes_access), reason: "asked for" });
        if self.random.random_bool(0.3) {
            Box::pin(self.perhaps(futures_util::future::join(ask(&amounts[0]), ask(&amounts[1])))).await;
        } else {
            self.perhaps(ask(&amounts[0])).await;
        }
    }

    async fn deliver(&mut self, news: News) {
        let Some(call) = self.market.call(&self.number, news) else { return };
        if self.random.random_bool(0.1) {
            // Beside each other, and beside whoever asks.
            let (app, ctx, payment) = (&self.market.app, self.market.app.ctx(), self.payment());
            let asked = async { (settling::check(&ctx, payment).await.ok(), settling::check(&ctx, payment).await.ok()) };
            futures_util::future::join(futures_util::future::join_all((0..4).map(|_| call.send(app))), asked).await;
            return;
        }
        let status = call.send(&self.market.app).await.status;
        assert_eq!(status, 200, "{}: {call:?}", self.about);
    }

    async fn live(&mut self) {
        let mut told: Vec<News> = Vec::new();
        for news in NEWS {
            told.extend(std::iter::repeat_n(news, TIMES[self.random.random_range(0..TIMES.len())]));
        }
        told.shuffle(&mut self.random);
        let end = told.len();
        let (declines, pays) = (self.random.random_bool(0.3), self.random.random_bool(0.9));
        let declines_at = self.random.random_range(0..=end);
        let pays_at = self.random.random_range(declines_at..=end);
        let asks: Vec<usize> = (0..self.random.random_range(0..4)).map(|_| self.random.random_range(pays_at..=end)).collect();
        let desks: Vec<usize> = (0..self.random.random_range(0..3)).map(|_| self.random.random_range(pays_at..=end)).collect();
        for step in 0..=end {
            if declines && step == declines_at {
                self.market.decline(&self.number).await;
            }
            if pays && step == pays_at {
                self.market.pay(&self.number).await;
            }
            for _ in asks.iter().filter(|at| **at == step) {
                Box::pin(self.ask()).await;
            }
            for _ in desks.iter().filter(|at| pays && **at == step) {
                let Drawer { paid, back, .. } = self.market.drawer(&self.number).await;
                if paid > back {
                    let most = if self.random.random_bool(0.3) { paid - back } else { (paid - back).min(200_000) };
                    self.market.give_back(&self.number, self.random.random_range(1..=most)).await;
                }
            }
            if let Some(news) = told.get(step) {
                self.deliver(*news).await;
            }
            if self.random.random_bool(if end > 40 { 0.1 } else { 0.3 }) {
                Box::pin(self.some_work()).await;
            }
        }
        // Then the lines hold: what hangs comes back by itself.
        self.market.calm();
        for seconds in [20, 60, 120, 300, 600, 1_200, 4_000, 20_000] {
            self.market.app.pass(seconds);
            work(&self.market.app).await;
        }
        reconciling::reconcile(&self.market.app.ctx(), 1).await.unwrap();
        work(&self.market.app).await;
    }

    async fn check(&self) {
        let (pool, number, order, email, about) = (self.pool(), &self.number, self.order, &self.email, &self.about);
        let drawer = self.market.drawer(number).await;
        let state: String = one(pool, &format!("select string_agg(state, ' ') from payments where order_id = '{order}'")).await;
        let back: i64 =
            one(pool, &format!("select coalesce(sum(amount_minor), 0)::bigint from refunds where payment_id = '{number}' and state = 'succeeded'"))
                .await;
        let story: Vec<String> =
            list(pool, &format!("select concat_ws(' ', kind, before, after, note) from payment_history where order_id = '{order}' order by place"))
                .await;
        let about = format!("{about}: {drawer:?} {story:#?}");
        assert_eq!(drawer.objects, 1, "{about}");
        assert_eq!((drawer.back, hanging(pool, number).await), (back, 0), "{about}");
        let closing = count(pool, &format!("refunds where payment_id = '{number}' and state = 'succeeded' and closes_access")).await > 0;
        let expected = match (drawer.paid, drawer.back) {
            (0, _) => ["pending", "failed", "canceled"].into_iter().find(|expected| *expected == state).unwrap_or("not paid"),
            (_, 0) => "succeeded",
            (paid, back) if back < paid => "partially_refunded",
            _ => "refunded",
        };
        assert_eq!(state, expected, "{about}");
        let paid = i64::from(drawer.paid > 0);
        let enrolled = format!("course_enrollments e join users u on u.id = e.user_id where u.email = '{email}' and e.course_id = '{PRINT}'");
        let open = count(pool, &format!("{enrolled} and e.state = 'active'")).await;
        let grants = count(pool, &format!("order_grants g join order_lines l on l.id = g.order_line_id where l.order_id = '{order}'")).await;
        let letters = "letters l join users u on u.id = l.user_id where u.email";
        let told = count(pool, &format!("{letters} = '{email}' and l.template = 'notification'")).await;
        let invited = count(pool, &format!("{letters} = '{email}' and l.template = 'first_password'")).await;
        // Once for the payment, once for each time that access came back.
        let opened = i64::try_from(story.iter().filter(|line| line.starts_with("access_opened")).count()).unwrap();
        assert_eq!(told, opened, "{about}");
        let events = count(pool, &format!("outbox_events where kind = 'order_paid' and subject_id = '{order}'")).await;
        assert_eq!([count(pool, &enrolled).await, grants, invited, events], [paid; 4], "{about}");
        assert_eq!(open, paid * i64::from(!closing), "{about}");
        assert_eq!(count(pool, &format!("payments where id = '{number}' and receipt is not null")).await, 1, "{about}");
        // Only a refund that the provider refused may want a person.
        let tasks: Vec<String> =
            list(pool, &format!("select distinct kind from payment_tasks where order_id = '{order}' and kind <> 'refund_failed'")).await;
        assert_eq!(tasks, Vec::<String>::new(), "{about}");
    }
}

/// Refunds that nobody knows the end of.
async fn hanging(pool: &PgPool, number: &str) -> i64 {
    count(pool, &format!("refunds where payment_id = '{number}' and state in ('created', 'pending')")).await
}

#[expect(clippy::disallowed_methods, reason = "how many they are is told from outside")]
async fn histories(pool: &PgPool, name: &str) {
    let setting = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let (many, seed) = (setting("LECTERN_HISTORIES").unwrap_or(6), setting("LECTERN_SEED").unwrap_or(20_261_127));
    let breaker = Breaker::default();
    let market = Market::open(&breaker.pool(pool).await, name).await;
    let pool = &market.app.pool;
    work(&market.app).await;
    change(pool, "update job_schedules set next_run_at = '2100-01-01' where name not in ('poll_payments', 'reconcile_payments')").await;
    for place in 0..many {
        let mut story = Story {
            market: &market,
            breaker: &breaker,
            random: StdRng::seed_from_u64(seed.wrapping_mul(1_000_003).wrapping_add(place)),
            about: format!("{name}, LECTERN_SEED={seed}, history {place}"),
            email: format!("history{place}@example.com"),
            number: String::new(),
            order: Uuid::nil(),
        };
        Box::pin(story.buy(u32::try_from(place).unwrap())).await;
        Box::pin(story.live()).await;
        story.check().await;
        if place % 50 == 49 {
            change(pool, "delete from jobs where state = 'done'").await;
        }
    }
    assert_eq!(count(pool, "payment_tasks where kind not in ('refund_failed')").await, 0, "{name}, LECTERN_SEED={seed}");
    assert_eq!(count(pool, "jobs where state = 'dead'").await, 0, "{name}, LECTERN_SEED={seed}");
    println!("histories {many} of {name}, seed {seed}, cut off {} times", breaker.cuts());
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn random_histories_end_right_with_yookassa(pool: PgPool) {
    Box::pin(histories(&pool, "yookassa")).await;
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn random_histories_end_right_with_the_banks_old_gateway(pool: PgPool) {
    Box::pin(histories(&pool, "sberbank")).await;
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn random_histories_end_right_with_the_banks_new_gateway(pool: PgPool) {
    Box::pin(histories(&pool, "sberbank-new")).await;
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn random_histories_end_right_with_cloudpayments(pool: PgPool) {
    Box::pin(histories(&pool, "cloudpayments")).await;
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn random_histories_end_right_with_stripe(pool: PgPool) {
    Box::pin(histories(&pool, "stripe")).await;
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn random_histories_end_right_with_the_sandbox(pool: PgPool) {
    Box::pin(histories(&pool, "sandbox")).await;
}
