/**
 * How the line to the hub is, and how much has been loaded.
 *
 * @module
 */
import { num } from "../events/event.ts";
import { keepToken } from "../hub/api.ts";
import { count, number, span } from "../ui/format.ts";
import { useTick } from "./frames.ts";
import { goneBack, link, past } from "./shown.ts";

const WORDS = {
    connecting: "Connecting",
    loading: "Loading",
    "catching-up": "Catching up",
    live: "Live",
    waiting: "No connection",
    token: "Locked",
} as const;

export function Status() {
    useTick(250);
    const history = past();
    const catching = link.phase === "catching-up" && link.target > link.from;
    const rate = num(link.status?.["events_per_second"]);
    return (
        <div class="status" role="status" aria-live="polite">
            <span class={`pill ${link.phase}`}>
                <span class="dot" aria-hidden="true" />
                {WORDS[link.phase]}
            </span>
            {link.phase === "live" && !Number.isNaN(rate) ? <span class="num note rate">{`${number(rate)} events/s`}</span> : null}
            {catching ? (
                <Loaded what="missed" n={link.seq - link.from} of={link.target - link.from} />
            ) : history.phase === "loading" && !Number.isNaN(history.of) ? (
                <Loaded what="past" n={history.read} of={history.of} />
            ) : null}
        </div>
    );
}

function Loaded({ what, n, of }: { what: string; n: number; of: number }) {
    return (
        <span class="loaded">
            <progress value={Math.min(n, of)} max={of} aria-label={`${what} events loaded`} />
            <span class="num">{`${count(n)} of ${count(of)} loaded`}</span>
        </span>
    );
}

/** What the reader must know, above every page. */
export function Banners() {
    useTick(500);
    const wait = Math.max(0, (link.retryAt - Date.now()) / 1000);
    const back = goneBack();
    return (
        <div class="banners">
            {link.phase === "token" ? <TokenForm /> : null}
            {link.phase === "waiting" ? (
                <p class="banner bad" role="alert">
                    <span>
                        {link.loaded ? "No connection to the hub: what you see is stale. " : "The hub cannot be reached. "}
                        {link.failure}. Next attempt in {span(wait)}.
                    </span>
                    <button type="button" onClick={() => link.retryNow()}>
                        Now
                    </button>
                </p>
            ) : null}
            {link.notice === "" ? null : (
                <p class="banner">
                    <span>{link.notice}</span>
                    <button
                        type="button"
                        onClick={() => {
                            link.notice = "";
                        }}
                    >
                        Understood
                    </button>
                </p>
            )}
            {link.past.phase === "failed" && back === undefined ? (
                <p class="banner bad" role="alert">
                    <span>The past could not be loaded: {link.past.failure}. Sums over it are missing a part.</span>
                    <button type="button" onClick={() => void link.loadPast()}>
                        Try again
                    </button>
                </p>
            ) : null}
        </div>
    );
}

function TokenForm() {
    const give = (event: SubmitEvent) => {
        event.preventDefault();
        const form = event.currentTarget as HTMLFormElement;
        keepToken(String(new FormData(form).get("token") ?? ""));
        link.admitted();
    };
    return (
        <form class="banner" onSubmit={give}>
            <label>
                This server wants a token:{" "}
                <input name="token" type="password" autocomplete="off" required />
            </label>
            <button type="submit">Enter</button>
            {link.failure === "" ? null : <span class="why">{link.failure}</span>}
        </form>
    );
}
