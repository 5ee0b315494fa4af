/**
 * The page's line to the hub: loads the present, follows the feed from the very place that it stands for, and comes back
 * by itself where that breaks off, with the gap filled from the log.
 *
 * @module
 */
import { eventOf, type HubEvent, isObject, num } from "../events/event.ts";
import { World } from "../store/world.ts";
import { log, NeedsToken, state, token } from "./api.ts";
import { Past } from "./past.ts";
import { Socket } from "./socket.ts";

const BEAT_MILLIS = 5_000;
const FIRST_PAUSE_MILLIS = 500;
const LONGEST_PAUSE_MILLIS = 8_000;
const LISTED_AT_FIRST = 300;
const QUEUE = 65_536;
/** The present has one event of each type, agent and item; which slot an offer is in, and how much an hour trades, needs
 * more of these. */
const OFFERS = ["order_updated"];
const RECENT_OFFERS = 2000;
const PRICES = ["price_update", "margin_update"];
const RECENT_PRICES = 2000;

export type Phase = "connecting" | "loading" | "catching-up" | "live" | "waiting" | "token";

export class Link {
    phase: Phase = "connecting";
    /** Why there is no connection. */
    failure = "";
    /** When the next attempt is made, Unix milliseconds. */
    retryAt = Number.NaN;
    world = new World();
    past: Past;
    epoch = "";
    seq = 0;
    /** While it catches up: from where, and to where. */
    from = 0;
    target = 0;
    /** Events that the hub left out because this page was too slow, and updates that newer ones replaced. */
    dropped = 0;
    conflated = 0;
    /** Something that the reader must know, such as a log that was lost. */
    notice = "";
    /** What `get_status` last told. */
    status: Record<string, unknown> | undefined;
    /** Whether the world's present was ever loaded. */
    loaded = false;

    readonly #changed: () => void;
    readonly #heard: (event: HubEvent) => void;
    #socket: Socket | undefined;
    #pause = FIRST_PAUSE_MILLIS;
    #retry: ReturnType<typeof setTimeout> | undefined;
    #beat: ReturnType<typeof setInterval> | undefined;
    #loading = new AbortController();

    /**
     * @param changed something is another than before; called often, so it may only note that
     * @param heard an event has happened, after the world knows it
     */
    constructor(changed: () => void, heard: (event: HubEvent) => void) {
        this.#changed = changed;
        this.#heard = heard;
        this.past = new Past(this.world, log, changed);
    }

    start(): void {
        addEventListener("online", () => this.retryNow());
        document.addEventListener("visibilitychange", () => {
            if (document.visibilityState === "visible") {
                this.retryNow();
            }
        });
        void this.#connect();
    }

    /** Does not wait for the next attempt. */
    retryNow(): void {
        if (this.phase === "waiting") {
            clearTimeout(this.#retry);
            void this.#connect();
        }
    }

    /** A token was given: tries again with it. */
    admitted(): void {
        if (this.phase === "token") {
            void this.#connect();
        }
    }

    /** Does a command of the hub; its result, or a sentence of why not. */
    async command(command: string, params: Record<string, unknown> = {}): Promise<unknown> {
        if (this.#socket === undefined) {
            throw new Error("there is no connection to the hub now");
        }
        return (await this.#socket.ask({ action: "command", command, params }))["result"];
    }

    /** Loads what is not there, or not whole; goes on with the past where it failed. */
    async loadPast(): Promise<void> {
        await this.past.load(this.seq, this.#loading.signal);
    }

    async #connect(): Promise<void> {
        this.phase = this.loaded ? "connecting" : "loading";
        this.#changed();
        try {
            if (!this.loaded) {
                await this.#load();
            }
            this.#open();
        } catch (failed) {
            if (failed instanceof NeedsToken) {
                this.phase = "token";
                this.failure = token() === "" ? "" : "that token is not the server's";
                this.#changed();
            } else {
                this.#waitAfter(failed instanceof Error ? failed.message : String(failed));
            }
        }
    }

    async #load(): Promise<void> {
        this.#loading.abort();
        this.#loading = new AbortController();
        const signal = this.#loading.signal;
        let present = await state(signal);
        for (let attempt = 0; !present.complete && attempt < 10; attempt++) {
            await new Promise((resolve) => setTimeout(resolve, 200));
            present = await state(signal);
        }
        const before = present.seq + 1;
        const [listed, offers, prices] = await Promise.all([
            log({ before, limit: LISTED_AT_FIRST }, signal),
            log({ before, types: OFFERS, limit: RECENT_OFFERS }, signal),
            log({ before, types: PRICES, limit: RECENT_PRICES }, signal),
        ]);
        const world = new World();
        this.world = world;
        this.past = new Past(world, log, this.#changed);
        this.epoch = present.epoch;
        this.seq = present.seq;
        for (const event of inOrder(present.events, offers.events, prices.events)) {
            world.applyState(event);
        }
        for (const event of listed.events) {
            world.list(event);
        }
        world.seq = present.seq;
        this.loaded = true;
        this.#changed();
        void this.loadPast();
    }

    #open(): void {
        const address = new URL("ws", document.baseURI);
        address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
        address.search = "";
        if (token() !== "") {
            address.searchParams.set("token", token());
        }
        const socket = new Socket(address.href, {
            opened: () => void this.#register(socket),
            frame: (frame) => this.#frame(frame),
            ended: (why) => this.#waitAfter(why),
        });
        this.#socket = socket;
    }

    async #register(socket: Socket): Promise<void> {
        this.from = this.seq;
        this.phase = "catching-up";
        this.#changed();
        try {
            const reply = await socket.ask({
                action: "register",
                client_id: "dashboard",
                client_type: "dashboard",
                subscriptions: [],
                since: { epoch: this.epoch, seq: this.seq },
                slow: "conflate",
                queue: QUEUE,
            });
            this.target = Math.max(this.target, num(reply["seq"]));
            if (reply["recovered"] === false) {
                const lost = reply["epoch"] === this.epoch;
                this.notice = lost
                    ? "The log was cut while this page was away: what happened meanwhile is missing, and everything was loaded anew."
                    : "The hub has begun another log, so everything was loaded anew.";
                this.#reload();
                return;
            }
            this.#pause = FIRST_PAUSE_MILLIS;
            this.failure = "";
            this.#caughtUp();
            clearInterval(this.#beat);
            this.#beat = setInterval(() => void this.#askStatus(socket), BEAT_MILLIS);
            await this.#askStatus(socket);
        } catch (failed) {
            this.#drop();
            this.#waitAfter(failed instanceof Error ? failed.message : String(failed));
        }
    }

    /** Tells whether the line still carries something, too. */
    async #askStatus(socket: Socket): Promise<void> {
        try {
            const reply = await socket.ask({ action: "command", command: "get_status" });
            this.status = isObject(reply["result"]) ? reply["result"] : undefined;
            this.#changed();
        } catch (failed) {
            if (this.#socket === socket) {
                this.#drop();
                this.#waitAfter(failed instanceof Error ? failed.message : String(failed));
            }
        }
    }

    #frame(frame: Record<string, unknown>): void {
        const event = eventOf(frame);
        if (event === undefined) {
            return;
        }
        if (event.seq === 0) {
            this.#ofHub(event);
            return;
        }
        if (event.seq <= this.seq) {
            return;
        }
        this.seq = event.seq;
        this.world.applyLive(event);
        this.past.take(event);
        this.#heard(event);
        this.#caughtUp();
    }

    /** What the hub says of itself. */
    #ofHub(event: HubEvent): void {
        if (event.data["status"] === "connected") {
            this.target = num(event.data["seq"]);
        } else if (event.data["status"] === "dropped") {
            this.dropped += num(event.data["dropped"]) || 0;
            this.conflated += num(event.data["conflated"]) || 0;
            if (num(event.data["dropped"]) > 0) {
                this.notice = "This page could not keep up, so the hub left events out; everything was loaded anew.";
                this.#reload();
            }
        }
        this.#changed();
    }

    #caughtUp(): void {
        if (this.phase === "catching-up" && this.seq >= this.target) {
            this.phase = "live";
        }
        this.#changed();
    }

    #reload(): void {
        this.#drop();
        this.loaded = false;
        this.target = 0;
        void this.#connect();
    }

    #drop(): void {
        clearInterval(this.#beat);
        this.#socket?.close();
        this.#socket = undefined;
    }

    #waitAfter(why: string): void {
        this.#drop();
        this.failure = why;
        this.phase = "waiting";
        this.target = 0;
        const pause = this.#pause * (0.75 + Math.random() / 2);
        this.retryAt = Date.now() + pause;
        this.#pause = Math.min(LONGEST_PAUSE_MILLIS, this.#pause * 2);
        clearTimeout(this.#retry);
        this.#retry = setTimeout(() => void this.#connect(), pause);
        this.#changed();
    }
}

/** Each event once, oldest first. */
function inOrder(...parts: readonly (readonly HubEvent[])[]): HubEvent[] {
    const bySeq = new Map<number, HubEvent>();
    for (const event of parts.flat()) {
        bySeq.set(event.seq, event);
    }
    return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}
