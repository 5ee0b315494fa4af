/**
 * The frame around every page.
 *
 * @module
 */
import { useEffect, useState } from "preact/hooks";
import { AlarmBell } from "../pages/alarm.tsx";
import { AlertsPage } from "../pages/alerts.tsx";
import { EnvironmentsPage } from "../pages/environments.tsx";
import { HistoryPage } from "../pages/history.tsx";
import { LivePage } from "../pages/live.tsx";
import { OpportunitiesPage } from "../pages/opportunities.tsx";
import { PlayPage } from "../pages/play.tsx";
import { SessionsPage } from "../pages/sessions.tsx";
import { TrainingPage } from "../pages/training.tsx";
import { Nothing } from "../ui/parts.tsx";
import { still } from "../ui/still.tsx";
import { changed, useTick } from "./frames.ts";
import { Keys } from "./keys.tsx";
import { href, PAGES, type Route, useRoute } from "./route.ts";
import { isStale, link } from "./shown.ts";
import { Banners, Status } from "./status.tsx";
import { chooseTheme, nextTheme, onTheme, theme } from "./theme.ts";

export function App() {
    const route = useRoute();
    const title = PAGES.find((page) => page.id === route.page)?.title ?? "";
    useEffect(() => {
        document.title = `${title} · HyperToken`;
        document.querySelector("nav a[aria-current=page]")?.scrollIntoView({ block: "nearest", inline: "center" });
    }, [title]);
    return (
        <>
            <a class="skip" href="#main" onClick={(event) => skip(event)}>
                To the page
            </a>
            <header class="top">
                <span class="brand">HyperToken</span>
                <nav aria-label="Pages">
                    {PAGES.map((page) => (
                        <a key={page.id} href={href(page.id)} aria-current={page.id === route.page ? "page" : undefined}>
                            {page.title}
                        </a>
                    ))}
                </nav>
                <Status />
                <span class="tools">
                    <AlarmBell />
                    <ThemeButton />
                    <Keys />
                </span>
            </header>
            <Banners />
            <main id="main" tabIndex={-1} data-page={route.page}>
                <h1 class="hidden">{title}</h1>
                <Loaded route={route} />
            </main>
        </>
    );
}

/** The address behind # is the page's, so the link only moves the focus. */
function skip(event: Event): void {
    event.preventDefault();
    document.getElementById("main")?.focus();
}

/** A page that needs the hub's present waits for it. */
function Loaded({ route }: { route: Route }) {
    useTick(500);
    useEffect(() => {
        document.documentElement.classList.toggle("stale", isStale());
    });
    const needsHub = route.page !== "environments" && route.page !== "play";
    if (needsHub && !link.loaded) {
        return link.phase === "waiting" || link.phase === "token" ? (
            <Nothing why="failed">Nothing could be loaded yet.</Nothing>
        ) : (
            <Nothing why="loading">Loading …</Nothing>
        );
    }
    return <Page route={route} />;
}

const Page = still(function Page({ route }: { route: Route }) {
    switch (route.page) {
        case "live":
            return <LivePage />;
        case "opportunities":
            return <OpportunitiesPage />;
        case "history":
            return <HistoryPage />;
        case "alerts":
            return <AlertsPage />;
        case "training":
            return <TrainingPage route={route} />;
        case "sessions":
            return <SessionsPage />;
        case "environments":
            return <EnvironmentsPage route={route} />;
        case "play":
            return <PlayPage route={route} />;
    }
});

function ThemeButton() {
    const [, setShown] = useState(theme());
    useEffect(() => onTheme(() => setShown(theme())), []);
    const next = nextTheme();
    return (
        <button
            type="button"
            class="quiet"
            aria-label={`Switch to ${next}`}
            title={`Switch to ${next} (T)`}
            onClick={() => {
                chooseTheme(next);
                setShown(next);
                changed();
            }}
        >
            {next === "dark" ? "☾" : "☀"}
        </button>
    );
}
