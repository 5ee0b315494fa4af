/**
 * Reads a world's past from the log, page by page, while the present goes on: what happens meanwhile waits, so that
 * history is told each event once and in order.
 *
 * @module
 */
import type { HubEvent } from "../events/event.ts";
import { HISTORY_TYPES } from "../store/history.ts";
import type { World } from "../store/world.ts";
import type { Asked, Page } from "./api.ts";

const PAGE = 5000;
const MOST_WAITING = 50_000;
const TYPES = new Set<string>(HISTORY_TYPES);

export type PastPhase = "loading" | "whole" | "failed";

export class Past {
    phase: PastPhase = "loading";
    failure = "";
    /** How many events of the log were looked at, of how many. */
    read = 0;
    of = Number.NaN;
    /** Events before this one are gone from the log. */
    firstSeq = Number.NaN;
    readonly #world: World;
    readonly #log: (asked: Asked, signal: AbortSignal) => Promise<Page>;
    readonly #changed: () => void;
    #waiting: HubEvent[] = [];
    /** The newest of those that waited for so long that they must be read from the log instead. */
    #givenUp = 0;
    #position = 0;

    constructor(world: World, log: (asked: Asked, signal: AbortSignal) => Promise<Page>, changed: () => void) {
        this.#world = world;
        this.#log = log;
        this.#changed = changed;
    }

    /** An event that has just happened. */
    take(event: HubEvent): void {
        if (!TYPES.has(event.type)) {
            return;
        }
        if (this.phase === "whole") {
            this.#world.applyHistory(event);
            return;
        }
        this.#waiting.push(event);
        if (this.#waiting.length > MOST_WAITING) {
            const dropped = this.#waiting.splice(0, MOST_WAITING / 2);
            this.#givenUp = dropped[dropped.length - 1]?.seq ?? this.#givenUp;
        }
    }

    /**
     * Reads the past up to an event, from where an earlier call got to.
     *
     * @param end the newest event to read
     */
    async load(end: number, signal: AbortSignal): Promise<void> {
        this.phase = "loading";
        this.failure = "";
        try {
            if (Number.isNaN(this.firstSeq)) {
                this.firstSeq = (await this.#log({ limit: 1 }, signal)).firstSeq;
                this.#position = this.firstSeq - 1;
            }
            while (this.#position < Math.max(end, this.#givenUp)) {
                await this.#page(Math.max(end, this.#givenUp), signal);
                this.#changed();
            }
            this.read = this.of;
            this.phase = "whole";
            for (const event of this.#waiting) {
                if (event.seq > this.#position) {
                    this.#world.applyHistory(event);
                }
            }
            this.#waiting = [];
        } catch (failed) {
            if (!signal.aborted) {
                this.phase = "failed";
                this.failure = failed instanceof Error ? failed.message : String(failed);
            }
        }
        this.#changed();
    }

    async #page(end: number, signal: AbortSignal): Promise<void> {
        const page = await this.#log({ since: this.#position, types: HISTORY_TYPES, limit: PAGE }, signal);
        if (!page.recovered) {
            if (!(page.firstSeq > this.#position)) {
                throw new Error("the log has begun anew");
            }
            this.firstSeq = page.firstSeq; // the log was cut while it was read
            this.#position = page.firstSeq - 1;
            return;
        }
        for (const event of page.events) {
            if (event.seq <= end && event.seq > this.#position) {
                this.#world.applyHistory(event);
            }
        }
        if (!(page.next > this.#position)) {
            throw new Error("the log does not go on");
        }
        this.#position = Math.min(page.next, end);
        this.read = this.#position - this.firstSeq + 1;
        this.of = end - this.firstSeq + 1;
    }
}
