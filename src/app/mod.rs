//! The application's frame: document, router, header, footer, error pages. Each slice brings its own routes.

pub mod area;
pub mod errors;
mod footer;
mod header;
mod toasts;

use crate::features::accounts::AccountRoutes;
use crate::features::admin::AdminRoutes;
use crate::features::announcements::{AnnouncementRoutes, SentRoutes};
use crate::features::assignments::{AssignmentAuthoringRoutes, DeskRoutes, WorkRoutes};
use crate::features::authoring::AuthoringRoutes;
use crate::features::calendar::CalendarRoutes;
use crate::features::catalogue::CatalogueRoutes;
use crate::features::learning::{CuratedRoutes, LearningRoutes};
use crate::features::legal::LegalRoutes;
use crate::features::messages::MailRoutes;
use crate::features::notes::NoteRoutes;
use crate::features::notifications::NotificationRoutes;
use crate::features::notifications::live;
use crate::features::payments::{BuyingRoutes, OrderRoutes};
use crate::features::quizzes::{ReviewRoutes, TestAuthoringRoutes, TestRoutes};
use crate::features::search::SearchRoutes;
use crate::features::talk::{BoardRoutes, TalkRoutes};
use crate::shared::error::{AppError, ErrorKind};
use crate::shared::i18n::ui as texts;
use crate::shared::viewer::{Theme, Viewer, use_viewer};
use crate::ui::raw_text;
use errors::ErrorPage;
use footer::Footer;
use header::Header;
use leptos::config::LeptosOptions;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::{HashedStylesheet, MetaTags, Title, provide_meta_context};
use leptos_router::components::{Router, Routes};
use leptos_router::hooks::use_location;
use toasts::Toasts;

/// The document around the application, rendered on the server only.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let viewer = use_context::<Viewer>().unwrap_or_default();
    // Visitors' pages are complete without WASM; it comes when the browser is idle.
    let is_visitor = viewer.person.is_none();
    view! {
        <!DOCTYPE html>
        <html lang=viewer.locale.code() data-theme=viewer.theme.map(Theme::code)>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <link rel="preload" href="/fonts/onest-cyrillic.woff2" r#as="font" r#type="font/woff2" crossorigin="anonymous"/>
                <link rel="preload" href="/fonts/onest-latin.woff2" r#as="font" r#type="font/woff2" crossorigin="anonymous"/>
                <link rel="icon" href="/favicon.svg" r#type="image/svg+xml"/>
                <link rel="icon" href="/favicon.ico" sizes="32x32"/>
                <link rel="apple-touch-icon" href="/apple-touch-icon.png"/>
                <HashedStylesheet options=options.clone() id="lectern"/>
                {viewer.page.map(|page| view! { <script nonce=use_nonce()>{own_address(&page)}</script> })}
                <AutoReload options=options.clone()/>
                {if is_visitor {
                    view! {
                        <script type="module" nonce=use_nonce()>
                            {start_when_idle(options)}
                        </script>
                    }
                        .into_any()
                } else {
                    view! {
                        <HydrationScripts options=options/>
                        {area::preload_links()}
                    }
                        .into_any()
                }}
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// Leptos' own script that starts the application, to be run once the page is complete and the browser idle. Its links to the
/// program are left out: fetched ahead, 223 KB compete with the page's pictures.
fn start_when_idle(options: LeptosOptions) -> String {
    let html = view! { <HydrationScripts options=options defer=true/> }.to_html();
    let script = html.split_once("<script").and_then(|(_, rest)| rest.split_once('>')).and_then(|(_, rest)| rest.split_once("</script>"));
    let script = script.map_or("", |(script, _)| script);
    format!("const start = () => {{ {script} }};\ndocument.readyState === \"complete\" ? start() : addEventListener(\"load\", start);")
}

/// Puts the browser's address right after a refused form, so that the router sees the page that was rendered.
fn own_address(page: &str) -> String {
    let path: String = page.chars().filter(|c| c.is_ascii_alphanumeric() || "/-_.~%?=&".contains(*c)).collect();
    format!("history.replaceState(null,\"\",\"{path}\")")
}

/// The application. On the server the reader comes from the request; the browser takes over what the server knew.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let viewer = SharedValue::new(|| use_context::<Viewer>().unwrap_or_default()).into_inner();
    let refused = SharedValue::new(use_context::<AppError>).into_inner();
    let school = viewer.school.name.clone();
    let locale = viewer.locale;
    if let Some(person) = &viewer.person {
        area::prefetch(person.role);
        live::start(person.id, viewer.unread);
    }
    provide_context(StoredValue::new(viewer));
    view! {
        <Title formatter=move |title: String| raw_text(&if title.is_empty() { school.clone() } else { format!("{title} · {school}") })/>
        <Router>
            <ForgetOnNavigation/>
            <a class="skip" href="#main">{texts::skip(locale)}</a>
            <Header/>
            {match refused {
                Some(error) => view! { <ErrorPage error/> }.into_any(),
                None => {
                    view! {
                        <Routes fallback=|| view! { <ErrorPage error=AppError::new(ErrorKind::NotFound)/> }>
                            <CatalogueRoutes/>
                            <LegalRoutes/>
                            <AccountRoutes/>
                            <NotificationRoutes/>
                            <TestRoutes/>
                            <WorkRoutes/>
                            <TalkRoutes/>
                            <NoteRoutes/>
                            <SearchRoutes/>
                            <AnnouncementRoutes/>
                            <LearningRoutes/>
                            <ReviewRoutes/>
                            <DeskRoutes/>
                            <CuratedRoutes/>
                            <TestAuthoringRoutes/>
                            <AssignmentAuthoringRoutes/>
                            <BoardRoutes/>
                            <SentRoutes/>
                            <AdminRoutes/>
                            <CalendarRoutes/>
                            <BuyingRoutes/>
                            <OrderRoutes/>
                            <MailRoutes/>
                            <AuthoringRoutes/>
                        </Routes>
                    }
                        .into_any()
                }
            }}
            <Footer/>
            <Toasts/>
        </Router>
    }
}

/// A refused form and a message belong to the page that they came with: they are gone once the reader moves on. Open menus
/// close too.
#[component]
fn ForgetOnNavigation() -> impl IntoView {
    let location = use_location();
    Effect::new(move |before: Option<String>| {
        let path = location.pathname.get();
        if before.is_some_and(|before| before != path) {
            if let Some(viewer) = use_context::<StoredValue<Viewer>>() {
                viewer.update_value(|viewer| {
                    viewer.form = crate::shared::form::FormState::default();
                    viewer.flash = None;
                });
            }
            errors::close_menus();
        }
        path
    });
}

/// Head tags of a page that visitors find: title, description, canonical address, share data.
#[component]
pub fn ShareTags(
    /// The page's title.
    #[prop(into)]
    title: String,
    /// In a sentence or two.
    #[prop(into)]
    description: String,
    /// The page's path.
    #[prop(into)]
    path: String,
    /// Path of the share picture.
    #[prop(into)]
    picture: String,
) -> impl IntoView {
    use leptos_meta::{Link, Meta};
    let base = use_viewer().base_url;
    let address = format!("{base}{path}");
    view! {
        <Title text=title.clone()/>
        <Meta name="description" content=description.clone()/>
        <Link rel="canonical" href=address.clone()/>
        <Meta property="og:type" content="website"/>
        <Meta property="og:title" content=title/>
        <Meta property="og:description" content=description/>
        <Meta property="og:url" content=address/>
        <Meta property="og:image" content=format!("{base}{picture}")/>
        <Meta name="twitter:card" content="summary_large_image"/>
    }
}
