//! Work that is cut off: the task is dropped at a wait of its own, and its connections are closed as a dead server's are.

use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Poll};

/// Drops work, connection and all.
#[derive(Clone, Default)]
pub struct Breaker {
    is_dead: Arc<AtomicBool>,
    cuts: Arc<AtomicUsize>,
}

impl Breaker {
    /// Another pool of the same database, whose connections die with the work that is cut off.
    pub async fn pool(&self, pool: &PgPool) -> PgPool {
        let is_dead = self.is_dead.clone();
        let options = PgPoolOptions::new().max_connections(8).after_release(move |_, _| {
            let keeps = !is_dead.load(Ordering::SeqCst);
            Box::pin(async move { Ok(keeps) })
        });
        options.connect_with((*pool.connect_options()).clone()).await.unwrap()
    }

    /// How often work was cut off.
    pub fn cuts(&self) -> usize {
        self.cuts.load(Ordering::SeqCst)
    }

    /// Does work until it waits for the so-many-th time, and drops it there. Every statement waits at least once.
    pub async fn cut<T>(&self, waits: u32, work: impl Future<Output = T>) -> Option<T> {
        let done = Cut { work: Some(Box::pin(work)), left: waits, is_dead: &self.is_dead }.await;
        if done.is_none() {
            self.cuts.fetch_add(1, Ordering::SeqCst);
            // Connections are given back by tasks of their own.
            for _ in 0..20 {
                tokio::task::yield_now().await;
            }
        }
        self.is_dead.store(false, Ordering::SeqCst);
        done
    }
}

struct Cut<'a, F> {
    work: Option<Pin<Box<F>>>,
    left: u32,
    is_dead: &'a AtomicBool,
}

impl<F: Future> Future for Cut<'_, F> {
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if self.left == 0 {
            self.is_dead.store(true, Ordering::SeqCst);
            self.work = None;
            return Poll::Ready(None);
        }
        self.left -= 1;
        match self.work.as_mut().unwrap().as_mut().poll(context) {
            Poll::Ready(done) => Poll::Ready(Some(done)),
            Poll::Pending => Poll::Pending,
        }
    }
}
