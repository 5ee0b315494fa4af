/**
 * All that a page shows, made from events alone: the present, the past, and the newest events as they came.
 *
 * @module
 */
import type { HubEvent } from "../events/event.ts";
import { Agents } from "./agents.ts";
import { History } from "./history.ts";
import { Items } from "./items.ts";
import { Notices } from "./notices.ts";
import { Newest } from "./ring.ts";
import { Training } from "./training.ts";

const MOST_NEWEST = 2000;
const MOST_DECISIONS = 500;
const MOST_TYPES = 256;

export class World {
    readonly items = new Items();
    readonly agents = new Agents();
    readonly history = new History();
    readonly training = new Training();
    readonly notices = new Notices();
    /** The newest events of any type. */
    readonly newest = new Newest<HubEvent>(MOST_NEWEST);
    readonly decisions = new Newest<HubEvent>(MOST_DECISIONS);
    /** How many of each type came in while the page was open. */
    readonly counts = new Map<string, number>();
    /** Changes with every event. */
    version = 0;
    /** The newest event, and when the hub had it. */
    seq = 0;
    at = Number.NaN;

    /** The present: what was newest of its kind when the page was loaded. */
    applyState(event: HubEvent): void {
        this.version++;
        this.items.apply(event);
        this.agents.apply(event, this.items);
    }

    /** The past, in order: an event of one of the history's types. */
    applyHistory(event: HubEvent): void {
        this.version++;
        this.history.apply(event);
        this.training.apply(event);
        this.notices.apply(event);
    }

    /** An event as it happens, except for what it means to the past. */
    applyLive(event: HubEvent): void {
        this.applyState(event);
        this.list(event);
        const count = this.counts.get(event.type);
        if (count !== undefined || this.counts.size < MOST_TYPES) {
            this.counts.set(event.type, (count ?? 0) + 1);
        }
    }

    /** Lists an event among the newest. */
    list(event: HubEvent): void {
        this.version++;
        this.seq = Math.max(this.seq, event.seq);
        this.at = event.timestamp;
        this.newest.push(event);
        if (event.type === "agent_decision") {
            this.decisions.push(event);
        }
    }

    /**
     * What time it is in the markets, seconds: where they run with the clock, that goes on between two events.
     *
     * @param wall Unix seconds
     */
    marketNow(wall: number): number {
        return clock(this.items.newest, wall);
    }
}

/** A market's time now, from the newest that it told. */
export function clock(newest: number, wall: number): number {
    return Number.isNaN(newest) || Math.abs(wall - newest) < 600 ? wall : newest;
}
