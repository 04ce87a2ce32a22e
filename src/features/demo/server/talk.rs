//! The demo school's conversation: a question with its answer under the first lesson, and an announcement.

use crate::features::announcements::server::service::{self as announcements, Publish};
use crate::features::talk::server::writing::{self, Ask, Turn};
use crate::server::authz::Actor;
use crate::server::ctx::Ctx;
use crate::server::error::Result;
use crate::shared::role::Role;
use sqlx::PgConnection;
use uuid::Uuid;

const QUESTION: &str = "В нашем классе окна выходят на юг, и к полудню на лицах жёсткие пятна. Что лучше: **переждать**, отойти вглубь или \
чем-то закрыть окно?";

const ANSWER: &str = "Закройте окно. Порядок такой:\n\n1. белая ткань или калька на всю створку;\n2. ребёнок в метре-полутора, корпус вполоборота;\n\
3. проверочный кадр: если тень от носа без резкого края, можно снимать.\n\nВглубь отходить не спешите: свет станет ровнее, но его будет мало, и \
вырастет ISO.";

const TITLE: &str = "Разбор снимков в субботу";

const BODY: &str = "В субботу в 12:00 разбираем снимки, которые вы прислали за неделю.\n\nПринесите **один кадр**, который не получился: на нём и \
поучимся. Запись появится в уроке в тот же день.";

/// Makes them in the caller's transaction.
pub(super) async fn create(connection: &mut PgConnection, ctx: &Ctx, slug: &str, course_id: Uuid, lesson_id: Uuid, people: People) -> Result<()> {
    let as_person = |id, role| Ctx { actor: Actor::Person { id, role }, ..ctx.clone() };
    let (student, curator) = (as_person(people.student, Role::Student), as_person(people.curator, Role::Curator));
    let thread =
        writing::ask_in(connection, &student, &mut Turn::default(), Ask { slug, lesson_id, text: QUESTION, is_private: false, form_key: None })
            .await?;
    writing::reply_in(connection, &curator, &mut Turn::default(), thread, ANSWER, None).await?;
    let input = Publish { target: &course_id.to_string(), title: TITLE, body: BODY, form_key: None };
    announcements::publish_in(connection, &curator, 0, input).await
}

/// Who talks.
#[derive(Clone, Copy)]
pub(super) struct People {
    pub student: Uuid,
    pub curator: Uuid,
}
