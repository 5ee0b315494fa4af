/**
 * What each agent has now: its coins and stock, its slots and its buy limits.
 *
 * @module
 */
import { dataOf, type HubEvent, isObject, marketTime, name, num, text } from "../events/event.ts";
import type { Item, Items } from "./items.ts";

const MOST_AGENTS = 256;
const MOST_SLOTS = 64;
const MOST_KINDS = 512;
const SLOTS = 8;
const ORDER = new Intl.Collator("en", { numeric: true });

export type Side = "buy" | "sell" | "";

export interface Slot {
    readonly index: number;
    state: string;
    item: Item | undefined;
    side: Side;
    price: number;
    quantity: number;
    filled: number;
    /** Market time: when it was placed, last filled, last heard of. */
    placedAt: number;
    filledAt: number;
    at: number;
}

export interface Limit {
    readonly item: Item;
    used: number;
    limit: number;
    resetsAt: number;
}

export class Agent {
    readonly name: string;
    /** Coins; NaN until they are told. */
    gp = Number.NaN;
    worth = Number.NaN;
    readonly inventory = new Map<string, number>();
    /** By its number; undefined where nothing was said of it. */
    readonly slots: (Slot | undefined)[] = new Array<Slot | undefined>(SLOTS).fill(undefined);
    readonly limits = new Map<Item, Limit>();
    decision: { action: string; item: string; reasoning: string; at: number } | undefined;
    /** The newest market time that it was heard of, seconds. */
    at = Number.NaN;
    /** When the hub last heard of it, Unix seconds. */
    heardAt = Number.NaN;

    constructor(called: string) {
        this.name = called;
    }

    /** Nothing of the episode before holds any more. */
    beginAnew(): void {
        this.slots.fill(undefined);
        this.limits.clear();
        this.inventory.clear();
    }
}

export class Agents {
    readonly #byName = new Map<string, Agent>();
    #sorted: readonly Agent[] = [];
    /** Agents that there was no room for. */
    left = 0;

    /** By name, agent_2 before agent_10. */
    get all(): readonly Agent[] {
        return this.#sorted;
    }

    named(called: string): Agent | undefined {
        return this.#byName.get(called);
    }

    #of(event: HubEvent): Agent | undefined {
        const called = name(event.data["agent_id"]);
        if (called === "") {
            return undefined;
        }
        let agent = this.#byName.get(called);
        if (agent === undefined) {
            if (this.#byName.size >= MOST_AGENTS) {
                this.left++;
                return undefined;
            }
            agent = new Agent(called);
            this.#byName.set(called, agent);
            this.#sorted = [...this.#byName.values()].sort((a, b) => ORDER.compare(a.name, b.name));
        }
        const time = marketTime(event);
        if (isAnotherEpisode(agent.at, time)) {
            agent.beginAnew();
        }
        agent.at = time;
        agent.heardAt = event.timestamp;
        return agent;
    }

    apply(event: HubEvent, items: Items): void {
        switch (event.type) {
            case "portfolio_update":
                portfolio(event, this.#of(event));
                break;
            case "order_updated":
                order(event, this.#of(event), items);
                break;
            case "limit_updated":
                limit(event, this.#of(event), items);
                break;
            case "agent_decision":
                decision(event, this.#of(event));
                break;
            case "trade_executed":
                this.#of(event);
                break;
            case "episode_finished":
                this.#of(event)?.beginAnew();
                break;
        }
    }
}

/** Time in a market only goes on, but for a little disorder; where it goes back, another episode has begun. */
export function isAnotherEpisode(before: number, time: number): boolean {
    return time < before - 3600;
}

function portfolio(event: HubEvent, agent: Agent | undefined): void {
    if (agent === undefined) {
        return;
    }
    const data = dataOf(event, "portfolio_update");
    agent.gp = num(data.gp);
    agent.worth = num(data.total_value);
    if (isObject(data.inventory)) {
        agent.inventory.clear();
        for (const [item, pieces] of Object.entries(data.inventory).slice(0, MOST_KINDS)) {
            const quantity = num(pieces);
            if (quantity > 0) {
                agent.inventory.set(name(item), quantity);
            }
        }
    }
}

function order(event: HubEvent, agent: Agent | undefined, items: Items): void {
    const data = dataOf(event, "order_updated");
    const index = num(data.slot);
    if (agent === undefined || !(index >= 0 && index < MOST_SLOTS)) {
        return;
    }
    const before = agent.slots[index];
    const time = marketTime(event);
    const filled = num(data.filled);
    const state = name(data.state);
    const item = items.of(data);
    const price = num(data.price);
    const age = num(data.age);
    const same =
        before !== undefined && before.item === item && before.price === price && !(filled < before.filled) &&
        before.side === sideOf(data.side, state);
    let filledAt = same ? before.filledAt : Number.NaN;
    if (same ? filled > before.filled : filled > 0 && age === 0) {
        filledAt = time;
    }
    agent.slots[index] = {
        index,
        state,
        item,
        side: sideOf(data.side, state),
        price,
        quantity: num(data.quantity),
        filled,
        placedAt: Number.isNaN(age) ? (same ? before.placedAt : Number.NaN) : time - age,
        filledAt,
        at: time,
    };
}

function sideOf(told: unknown, state: string): Side {
    if (told === "buy" || told === "sell") {
        return told;
    }
    if (/^(BUYING|BOUGHT|CANCELLED_BUY)$/.test(state)) {
        return "buy";
    }
    return /^(SELLING|SOLD|CANCELLED_SELL)$/.test(state) ? "sell" : "";
}

function limit(event: HubEvent, agent: Agent | undefined, items: Items): void {
    const data = dataOf(event, "limit_updated");
    const item = items.of(data);
    if (agent === undefined || item === undefined) {
        return;
    }
    item.limit = num(data.limit);
    agent.limits.set(item, { item, used: num(data.used), limit: item.limit, resetsAt: num(data.resets_at) });
}

function decision(event: HubEvent, agent: Agent | undefined): void {
    if (agent !== undefined) {
        const data = dataOf(event, "agent_decision");
        agent.decision = {
            action: name(data.action_type),
            item: name(data.item),
            reasoning: text(data.reasoning),
            at: marketTime(event),
        };
    }
}
