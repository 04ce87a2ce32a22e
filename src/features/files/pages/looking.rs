//! What was uploaded is made ready on the server: pages look again meanwhile.

use leptos::prelude::*;
use std::time::Duration;

/// The pause while a photograph is made small.
pub const PHOTOGRAPH: Duration = Duration::from_secs(2);
/// The pause while a video is worked on.
pub const VIDEO: Duration = Duration::from_secs(3);

/// Looks again after a pause, as long as something `waits`; at most so often where what can't be made ready is not waited for.
pub fn look_again(pause: Duration, most: Option<u32>, waits: impl Fn() -> bool + 'static, look: Callback<()>) {
    Effect::new(move |looks: Option<u32>| {
        let looks = looks.unwrap_or(0);
        if !waits() || most.is_some_and(|most| looks >= most) {
            return looks;
        }
        // The page may be gone by then.
        set_timeout(move || look.try_run(()).unwrap_or_default(), pause);
        looks.saturating_add(1)
    });
}
