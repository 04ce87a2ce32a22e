//! Use cases of accounts.

use super::queries::{self, NewUser};
use super::sessions::{self, Tokens};
use super::{links, passwords, session_queries};
use crate::features::accounts::model::{Account, SessionInfo};
use crate::features::accounts::rules;
use crate::features::legal::server::service as legal;
use crate::server::authz::{self, Actor, Permit, UseOwnAccount};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::events::{self, Event};
use crate::server::limits;
use crate::shared::error::{FieldProblem, Problem};
use crate::shared::i18n::Locale;
use crate::shared::role::Role;
use crate::shared::viewer::Theme;
use anyhow::Context as _;
use serde_json::json;
use uuid::Uuid;

/// What a person fills in to register.
#[derive(Debug, Default)]
pub struct Register {
    /// As typed.
    pub full_name: String,
    /// As typed.
    pub email: String,
    /// As typed.
    pub password: String,
    /// Whether the box was ticked.
    pub consent: bool,
}

/// Makes an account, unless the address has one, whose owner is told. Answer and time are the same either way, so that nobody learns which
/// addresses are known.
pub async fn register(ctx: &Ctx, input: Register) -> Result<()> {
    let mut problems = Vec::new();
    let mut check = |field: &str, result: std::result::Result<String, Problem>| {
        result.unwrap_or_else(|problem| {
            problems.push(FieldProblem::new(field, problem));
            String::new()
        })
    };
    let full_name = check("full_name", rules::full_name(&input.full_name));
    let email = check("email", rules::email(&input.email));
    let school = legal::school_name(&mut *ctx.connection().await?).await?;
    let strength = passwords::strength(&input.password, &[&input.full_name, &input.email, &school]);
    check("password", strength.map(|()| String::new()));
    if !input.consent {
        problems.push(FieldProblem::new("consent", Problem::ConsentNeeded));
    }
    if !problems.is_empty() {
        return Err(ServiceError::Invalid(problems));
    }
    let wait = ctx.state.limits.take(limits::REGISTER_ADDRESS, &ctx.address).await;
    if wait > 0 {
        return Err(ServiceError::field("", Problem::Throttled(wait)));
    }
    let hash = passwords::hash(&ctx.state, &input.password).await?;
    let user_id = ctx.new_id();
    // A stranger can't fill somebody's mailbox. Asked before it is known whose address it is.
    let may_tell = ctx.state.limits.take(limits::KNOWN_ADDRESS, &email).await == 0;
    let mut tx = ctx.begin().await?;
    let user = NewUser {
        id: user_id,
        email: &email,
        password_hash: Some(&hash),
        full_name: &full_name,
        role: Role::Student.code(),
        locale: Some(ctx.locale().code()),
        is_demo: false,
        is_confirmed: false,
        now: ctx.now(),
    };
    if queries::insert_user(&mut tx, user).await? {
        queries::insert_consents(&mut tx, user_id, &ctx.address, ctx.now()).await?;
        events::record(&mut tx, ctx, Event::UserRegistered { user_id }).await?;
        links::ask_to_confirm(&mut tx, ctx, user_id).await?;
    } else if may_tell {
        links::tell_of_registration(&mut tx, ctx, &email).await?;
    }
    Ok(tx.commit().await?)
}

/// Checks address and password and begins a session; returns its tokens and the person's role.
pub async fn sign_in(ctx: &Ctx, email: &str, password: &str) -> Result<(Tokens, Role)> {
    let mut problems = Vec::new();
    if email.trim().is_empty() {
        problems.push(FieldProblem::new("email", Problem::Required));
    }
    if password.is_empty() {
        problems.push(FieldProblem::new("password", Problem::Required));
    }
    if !problems.is_empty() {
        return Err(ServiceError::Invalid(problems));
    }
    // What is no address can have no account, but takes as long as one that has.
    let email = rules::email(email).unwrap_or_default();
    let pair = format!("{email} {}", ctx.address);
    let throttles = [
        (limits::SIGN_IN_ACCOUNT_AND_ADDRESS, pair.as_str()),
        (limits::SIGN_IN_ACCOUNT, email.as_str()),
        (limits::SIGN_IN_ADDRESS, ctx.address.as_str()),
    ];
    // Taken before the password is looked at, and given back when it fits: many tries at once are throttled like one after another.
    let wait = ctx.state.limits.take_all(&throttles).await;
    if wait > 0 {
        tracing::warn!(request_id = ctx.request_id(), address = ctx.address, "sign-in is throttled");
        return Err(ServiceError::field("", Problem::Throttled(wait)));
    }
    let row = queries::sign_in_by_email(&mut *ctx.connection().await?, &email).await?;
    let hash = row.as_ref().and_then(|row| row.password_hash.clone());
    let fits = passwords::verify(&ctx.state, password, hash).await?;
    let known_id = row.as_ref().map(|row| row.id);
    let Some(row) = row.filter(|row| fits && row.is_active) else {
        tracing::info!(request_id = ctx.request_id(), address = ctx.address, "a sign-in failed");
        let mut tx = ctx.begin().await?;
        events::record(&mut tx, ctx, Event::SignInFailed { user_id: known_id }).await?;
        tx.commit().await?;
        return Err(ServiceError::field("", Problem::WrongCredentials));
    };
    // At once: if Redis hangs, it is waited for once.
    tokio::join!(
        ctx.state.limits.forget(limits::SIGN_IN_ACCOUNT_AND_ADDRESS, &pair),
        ctx.state.limits.give_back(limits::SIGN_IN_ACCOUNT, &email),
        ctx.state.limits.give_back(limits::SIGN_IN_ADDRESS, &ctx.address),
    );
    let role = Role::from_code(&row.role).with_context(|| format!("users.role of {} is `{}`", row.id, row.role))?;
    // From here on it is the person who acts.
    let ctx = Ctx { actor: Actor::Person { id: row.id, role }, ..ctx.clone() };
    let mut tx = ctx.begin().await?;
    // The password may have been changed, or the account disabled, while this one was being compared.
    let now = queries::share_user(&mut tx, row.id).await?;
    if !now.is_active || now.password_hash != row.password_hash {
        return Err(ServiceError::field("", Problem::WrongCredentials));
    }
    let tokens = sessions::begin(&mut tx, &ctx, row.id).await?;
    tx.commit().await?;
    Ok((tokens, role))
}

/// Who asks, about their own account.
pub(super) fn own_account(ctx: &Ctx) -> Result<(Uuid, Permit<UseOwnAccount>)> {
    let permit = authz::permit(&ctx.actor, UseOwnAccount)?;
    Ok((ctx.actor.signed_in()?, permit))
}

/// One's own account with its sessions.
pub async fn account(ctx: &Ctx) -> Result<Account> {
    let (user_id, _permit) = own_account(ctx)?;
    let mut connection = ctx.connection().await?;
    let row = queries::account_by_id(&mut connection, user_id).await?;
    let sessions = session_queries::list_sessions(&mut connection, user_id, ctx.now()).await?;
    Ok(Account {
        email: row.email,
        is_confirmed: row.email_confirmed_at.is_some(),
        full_name: row.full_name,
        time_zone: row.time_zone.unwrap_or_else(|| ctx.zone.name().to_owned()),
        time_zones: offered_zones(),
        photo: row.photo_file_id,
        sessions: sessions
            .into_iter()
            .map(|session| SessionInfo {
                is_current: ctx.session_id == Some(session.id),
                id: session.id,
                device: device_name(&session.user_agent),
                address: session.address,
                last_seen: ctx.local(session.last_seen_at),
            })
            .collect(),
    })
}

/// Places with a name of their own; technical aliases such as `Etc/GMT+3` are left out.
pub fn offered_zones() -> Vec<String> {
    let places = ["Europe/", "Asia/", "America/", "Africa/", "Australia/", "Pacific/", "Atlantic/", "Indian/"];
    let mut zones: Vec<String> =
        chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name().to_owned()).filter(|zone| places.iter().any(|place| zone.starts_with(place))).collect();
    zones.sort();
    zones
}

/// "Chrome, Linux" out of a `User-Agent` header.
fn device_name(user_agent: &str) -> String {
    let first = |names: &[(&str, &str)]| names.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| (*name).to_owned());
    let browser =
        first(&[("Edg/", "Edge"), ("YaBrowser", "Yandex"), ("OPR/", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari")]);
    let system =
        first(&[("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux")]);
    let words: Vec<String> = browser.into_iter().chain(system).collect();
    if words.is_empty() { user_agent.chars().take(40).collect() } else { words.join(", ") }
}

/// Changes one's name and time zone.
pub async fn change_profile(ctx: &Ctx, full_name: &str, time_zone: &str) -> Result<()> {
    let (user_id, _permit) = own_account(ctx)?;
    let mut problems = Vec::new();
    let full_name = rules::full_name(full_name).unwrap_or_else(|problem| {
        problems.push(FieldProblem::new("full_name", problem));
        String::new()
    });
    if !offered_zones().iter().any(|zone| zone == time_zone) {
        problems.push(FieldProblem::new("time_zone", Problem::UnknownChoice));
    }
    if !problems.is_empty() {
        return Err(ServiceError::Invalid(problems));
    }
    let mut tx = ctx.begin().await?;
    let before = queries::account_by_id(&mut tx, user_id).await?;
    queries::update_profile(&mut tx, user_id, &full_name, time_zone, ctx.now()).await?;
    let event = Event::AccountChanged {
        user_id,
        before: json!({ "full_name": before.full_name, "time_zone": before.time_zone }),
        after: json!({ "full_name": full_name, "time_zone": time_zone }),
    };
    events::record(&mut tx, ctx, event).await?;
    Ok(tx.commit().await?)
}

/// Keeps language and theme with the account of the signed-in person; visitors have them in cookies only.
pub async fn change_preferences(ctx: &Ctx, locale: Option<Locale>, theme: Option<Option<Theme>>) -> Result<()> {
    let Some(user_id) = ctx.actor.id() else { return Ok(()) };
    let _permit = authz::permit(&ctx.actor, UseOwnAccount)?;
    let mut tx = ctx.begin().await?;
    let row = queries::account_by_id(&mut tx, user_id).await?;
    let new_locale = locale.map(|locale| locale.code().to_owned()).or(row.locale);
    let new_theme = theme.map_or(row.theme, |theme| theme.map(|theme| theme.code().to_owned()));
    queries::update_preferences(&mut tx, user_id, new_locale.as_deref(), new_theme.as_deref(), ctx.now()).await?;
    Ok(tx.commit().await?)
}

/// Changes one's password, given the old one; the other sessions end and this one begins anew.
pub async fn change_password(ctx: &Ctx, current: &str, new: &str) -> Result<Tokens> {
    let (user_id, _permit) = own_account(ctx)?;
    let key = user_id.to_string();
    let wait = ctx.state.limits.take(limits::CHANGE_PASSWORD, &key).await;
    if wait > 0 {
        return Err(ServiceError::field("current_password", Problem::Throttled(wait)));
    }
    let row = queries::account_by_id(&mut *ctx.connection().await?, user_id).await?;
    if let Err(problem) = passwords::strength(new, &[&row.full_name, &row.email, &ctx.viewer.school.name]) {
        ctx.state.limits.give_back(limits::CHANGE_PASSWORD, &key).await;
        return Err(ServiceError::field("new_password", problem));
    }
    if !passwords::verify(&ctx.state, current, row.password_hash).await? {
        return Err(ServiceError::field("current_password", Problem::WrongPassword));
    }
    ctx.state.limits.give_back(limits::CHANGE_PASSWORD, &key).await;
    let hash = passwords::hash(&ctx.state, new).await?;
    let mut tx = ctx.begin().await?;
    queries::update_password(&mut tx, user_id, &hash, ctx.now()).await?;
    events::record(&mut tx, ctx, Event::PasswordChanged { user_id }).await?;
    sessions::end_all(&mut tx, ctx, user_id, None, "password_changed").await?;
    links::password_changed(&mut tx, ctx, user_id).await?;
    let tokens = sessions::begin(&mut tx, ctx, user_id).await?;
    tx.commit().await?;
    Ok(tokens)
}

/// Ends one of one's own sessions, or all but the current one.
pub async fn end_sessions(ctx: &Ctx, only: Option<Uuid>) -> Result<()> {
    let (user_id, _permit) = own_account(ctx)?;
    let mut tx = ctx.begin().await?;
    if let Some(session_id) = only {
        if !session_queries::revoke_session(&mut tx, session_id, Some(user_id), "ended_by_owner", ctx.now()).await? {
            return Err(ServiceError::NotFound);
        }
        events::record(&mut tx, ctx, Event::SessionsEnded { user_id, count: 1 }).await?;
    } else {
        sessions::end_all(&mut tx, ctx, user_id, ctx.session_id, "ended_by_owner").await?;
    }
    Ok(tx.commit().await?)
}
