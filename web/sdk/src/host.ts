/**
 * Hosts a game: connects to the relay, announces the game, and answers whoever plays it.
 *
 * @module
 */
import { Badge } from "./badge.ts";
import { type Game, observationSpace } from "./game.ts";
import { Rows } from "./rows.ts";

export type Status = "connecting" | "connected" | "driven" | "refused" | "closed";

export interface HostOptions {
    /** The relay's; `ws://127.0.0.1:8765` or where the page comes from, if that is a relay. */
    url?: string;
    token?: string;
    /** Whether to connect again when the connection is lost; true if left out. */
    reconnect?: boolean;
    /** Whether the page shows a small mark; true if left out. */
    badge?: boolean;
    /** Where no WebSocket is built in, as in Node before version 22: that of the package `ws`. */
    WebSocket?: unknown;
    onStatus?(status: Status, why?: string): void;
}

/** A game that is hosted. */
export interface Hosted {
    readonly status: Status;
    /** Steps and resets played so far. */
    readonly played: number;
    /** Stops hosting. */
    close(): void;
}

const PROTOCOL = 1;
const FIRST_PAUSE_MILLIS = 100;
const LONGEST_PAUSE_MILLIS = 2000;
const SIGN_OF_LIFE_MILLIS = 2000;
const POLICY = 1008;
/** Timers as the page has them, whatever the SDK's clock does to them later. */
const real = {
    setTimeout: globalThis.setTimeout.bind(globalThis),
    clearTimeout: globalThis.clearTimeout.bind(globalThis),
    now: performance.now.bind(performance),
};

/**
 * Hosts a game until the page is closed.
 *
 * Steps run inside the message that asks for them, so a hidden tab is as quick as a visible one.
 */
export function hostGame(game: Game, options: HostOptions = {}): Hosted {
    return new Host(game, options);
}

class Host implements Hosted {
    status: Status = "connecting";
    played = 0;
    readonly #game: Game;
    readonly #options: HostOptions;
    readonly #instances: number;
    readonly #tab = Array.from({ length: 3 }, () => Math.random().toString(36).slice(2)).join("");
    readonly #badge: Badge | undefined;
    readonly #listeners: [EventTarget, string][] = [];
    #rows: Rows | undefined;
    #masked = false;
    #socket: WebSocket | undefined;
    #pause = FIRST_PAUSE_MILLIS;
    #retry: ReturnType<typeof setTimeout> | undefined;
    #doubt: ReturnType<typeof setTimeout> | undefined;
    /** Whether a game that takes its time is playing; further questions wait. */
    #playing = false;
    readonly #waiting: (() => void)[] = [];
    #over = false;

    constructor(game: Game, options: HostOptions) {
        this.#game = game;
        this.#options = options;
        this.#instances = game.instances ?? 1;
        const shows = options.badge !== false && typeof document !== "undefined";
        this.#badge = shows ? new Badge(game.name) : undefined;
        if (typeof document !== "undefined") {
            this.#listen(document, "visibilitychange");
            this.#listen(document, "resume");
            this.#listen(globalThis, "pageshow");
            this.#listen(globalThis, "online");
        }
        void this.#begin();
    }

    async #begin(): Promise<void> {
        try {
            this.#masked = this.#game.masked ?? (await this.#givesMasks());
            this.#rows = new Rows(this.#game, this.#instances, this.#masked);
        } catch (thrown) {
            this.#over = true;
            this.#say("refused", String(thrown));
            return;
        }
        this.#connect();
    }

    /** A first reset shows whether the game has masks. */
    async #givesMasks(): Promise<boolean> {
        if (!/discrete/.test(this.#game.actionSpace.type)) {
            return false;
        }
        const begun = await this.#game.reset({ instance: 0, seed: 0, options: { ...this.#game.options }, random: () => 0.5 });
        if (typeof begun !== "object") {
            return false;
        }
        const seen = this.#game.agents === undefined ? [begun] : Object.values((begun as { agents: object }).agents);
        return seen.some((each) => each?.actionMask !== undefined);
    }

    /** A tab that was frozen, or comes back from the cache, may hold a socket that is dead without having closed. */
    #listen(target: EventTarget, event: string): void {
        target.addEventListener(event, this.#doubtLine);
        this.#listeners.push([target, event]);
    }

    readonly #doubtLine = (): void => {
        const socket = this.#socket;
        if (this.#over || (typeof document !== "undefined" && document.visibilityState === "hidden")) {
            return;
        }
        if (socket?.readyState !== 1) {
            if (socket === undefined && this.#retry !== undefined) {
                real.clearTimeout(this.#retry);
                this.#connect();
            }
            return;
        }
        socket.send('{"type":"ping"}');
        real.clearTimeout(this.#doubt);
        this.#doubt = real.setTimeout(() => this.#lost(socket, "the connection was dead"), SIGN_OF_LIFE_MILLIS);
    };

    #connect(): void {
        this.#retry = undefined;
        this.#say("connecting");
        const WebSocketClass = (this.#options.WebSocket ?? globalThis.WebSocket) as typeof WebSocket | undefined;
        if (WebSocketClass === undefined) {
            this.#over = true;
            this.#say("refused", "there is no WebSocket here; pass that of the package ws: hostGame(game, { WebSocket })");
            return;
        }
        const socket = new WebSocketClass(address(this.#options));
        this.#socket = socket;
        socket.binaryType = "arraybuffer"; // a blob is three times slower
        socket.onopen = () => socket.send(JSON.stringify(this.#announcement()));
        socket.onmessage = (event) => this.#hear(socket, event.data);
        socket.onerror = () => {}; // the close that follows tells; without this, ws in Node would end the process
        socket.onclose = (event) => this.#lost(socket, event.reason, event.code);
    }

    #announcement(): Record<string, unknown> {
        const game = this.#game;
        return {
            type: "host",
            protocol: PROTOCOL,
            name: game.name,
            tab: this.#tab,
            instances: this.#instances,
            agents: game.agents,
            turns: game.turns,
            observation_space: observationSpace(game),
            action_space: game.actionSpace,
            action_names: game.actionNames,
            masked: this.#masked,
            max_episode_steps: game.maxEpisodeSteps,
            about: game.about,
            options: game.options,
            frame: game.frame && [game.frame.width, game.frame.height],
        };
    }

    #hear(socket: WebSocket, data: unknown): void {
        if (typeof data === "string") {
            this.#heard(JSON.parse(data));
        } else if (this.#playing) {
            this.#waiting.push(() => this.#answer(socket, data as ArrayBuffer));
        } else {
            this.#answer(socket, data as ArrayBuffer);
        }
    }

    #heard(said: { type: string; instances?: number; why?: string }): void {
        switch (said.type) {
            case "welcome":
                this.#pause = FIRST_PAUSE_MILLIS;
                this.#say("connected");
                break;
            case "driven":
                this.#say(said.instances === 0 ? "connected" : "driven");
                break;
            case "refused":
                this.#over = this.status === "connecting"; // it would be refused again
                this.#say("refused", said.why);
                break;
            case "pong":
                real.clearTimeout(this.#doubt);
        }
    }

    #answer(socket: WebSocket, asked: ArrayBuffer): void {
        const answered = (this.#rows as Rows).answer(asked);
        const count = new DataView(asked).getUint32(12, true);
        const send = (answer: ArrayBufferView<ArrayBuffer>): void => {
            this.played += count;
            if (socket.readyState === 1) {
                socket.send(answer);
            }
            this.#badge?.stepped(count, real.now());
        };
        if ("then" in answered) {
            this.#playing = true;
            void answered.then((answer) => {
                send(answer);
                this.#playing = false;
                this.#waiting.shift()?.();
            });
        } else {
            send(answered);
        }
    }

    #lost(socket: WebSocket, why: string, code = 0): void {
        if (this.#socket !== socket) {
            return;
        }
        real.clearTimeout(this.#doubt);
        socket.onclose = null;
        socket.onmessage = null; // not onerror: a socket may fail again
        socket.close();
        this.#socket = undefined;
        if (this.#over || this.#options.reconnect === false) {
            this.#over = true;
            this.#say(this.status === "refused" ? "refused" : "closed", why);
            return;
        }
        this.#say("connecting", code === POLICY ? `the relay gave this page up: ${why}` : why || "there is no relay");
        this.#retry = real.setTimeout(() => this.#connect(), this.#pause);
        this.#pause = Math.min(LONGEST_PAUSE_MILLIS, 2 * this.#pause);
    }

    #say(status: Status, why?: string): void {
        if (this.status === "refused" && why === undefined && this.#over) {
            return;
        }
        this.status = status;
        this.#badge?.status(status, why);
        this.#options.onStatus?.(status, why);
    }

    close(): void {
        if (this.#over && this.#socket === undefined) {
            return;
        }
        this.#over = true;
        this.#listeners.forEach(([target, event]) => target.removeEventListener(event, this.#doubtLine));
        real.clearTimeout(this.#retry);
        real.clearTimeout(this.#doubt);
        const socket = this.#socket;
        this.#socket = undefined;
        socket?.close(1000);
        for (let instance = 0; instance < this.#instances; instance++) {
            this.#game.close?.(instance);
        }
        this.#say("closed");
        this.#badge?.remove();
    }
}

function address({ url, token }: HostOptions): string {
    const base = (url ?? usual()).replace(/\/$/, "");
    return `${base}/host${token === undefined ? "" : `?token=${encodeURIComponent(token)}`}`;
}

/** A page that a relay has served finds it where it came from. */
function usual(): string {
    const here = (globalThis as { HYPERTOKEN_RELAY?: string }).HYPERTOKEN_RELAY;
    return here ?? "ws://127.0.0.1:8765";
}
