/**
 * The world as it was at some event of the log.
 *
 * @module
 */
import type { HubEvent } from "../events/event.ts";
import { World } from "../store/world.ts";
import { log } from "./api.ts";
import { Past } from "./past.ts";

const NEWEST = 2000;
/** Of the rarer ones, in which what agents have is told. */
const RARER = 3000;
const RARER_TYPES = ["portfolio_update", "order_updated", "limit_updated", "market_analysis", "agent_decision"];

export class Rewound {
    readonly seq: number;
    readonly world = new World();
    readonly past: Past;
    phase: "loading" | "there" | "failed" = "loading";
    failure = "";
    readonly #changed: () => void;
    readonly #loading = new AbortController();

    constructor(seq: number, changed: () => void) {
        this.seq = seq;
        this.#changed = changed;
        this.past = new Past(this.world, log, changed);
        void this.#load();
    }

    /** Nobody wants to see it any more. */
    leave(): void {
        this.#loading.abort();
    }

    async #load(): Promise<void> {
        const signal = this.#loading.signal;
        try {
            const before = this.seq + 1;
            const newest = await log({ before, limit: NEWEST }, signal);
            const first = newest.events[0]?.seq ?? before;
            const rarer = await log({ before: first, types: RARER_TYPES, limit: RARER }, signal);
            for (const event of rarer.events) {
                this.world.applyState(event);
            }
            for (const event of newest.events) {
                this.#show(event);
            }
            this.world.seq = this.seq;
            this.phase = "there";
            this.#changed();
            await this.past.load(this.seq, signal);
        } catch (failed) {
            if (!signal.aborted) {
                this.phase = "failed";
                this.failure = failed instanceof Error ? failed.message : String(failed);
                this.#changed();
            }
        }
    }

    #show(event: HubEvent): void {
        this.world.applyState(event);
        this.world.list(event);
    }
}
