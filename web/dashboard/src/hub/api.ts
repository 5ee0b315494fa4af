/**
 * The hub by plain HTTP.
 *
 * @module
 */
import { eventOf, type HubEvent, isObject, name, num } from "../events/event.ts";

const TOKEN = "hypertoken.token";
const PATIENCE_MILLIS = 20_000;

/** The hub wants a token, or another one. */
export class NeedsToken extends Error {}

/** The token that this tab shows: from the address, once, or as it was typed in. */
export function token(): string {
    const address = new URL(location.href);
    const given = address.searchParams.get("token");
    if (given !== null) {
        keepToken(given);
        address.searchParams.delete("token");
        history.replaceState(null, "", address); // nobody reads it over a shoulder, or in a bookmark
    }
    return sessionStorage.getItem(TOKEN) ?? "";
}

export function keepToken(given: string): void {
    sessionStorage.setItem(TOKEN, given);
}

/** The JSON object at a path; throws a sentence if there is none. */
export async function get(path: string, signal?: AbortSignal): Promise<Record<string, unknown>> {
    const headers: Record<string, string> = token() === "" ? {} : { authorization: `Bearer ${token()}` };
    const patience = AbortSignal.timeout(PATIENCE_MILLIS);
    const response = await fetch(new URL(path, document.baseURI), {
        headers,
        cache: "no-store",
        signal: signal === undefined ? patience : AbortSignal.any([signal, patience]),
    });
    if (response.status === 401) {
        throw new NeedsToken("the server wants a token");
    }
    if (!response.ok) {
        throw new Error(`the server answered ${response.status}: ${(await response.text()).slice(0, 300)}`);
    }
    const value: unknown = await response.json();
    if (!isObject(value)) {
        throw new Error(`the server answered ${path} with something else than an object`);
    }
    return value;
}

/** The present, and the place in the log that it stands for. */
export interface State {
    readonly epoch: string;
    readonly seq: number;
    /** Whether the hub has looked at its whole log for it yet. */
    readonly complete: boolean;
    readonly events: readonly HubEvent[];
}

export async function state(signal?: AbortSignal): Promise<State> {
    const value = await get("state", signal);
    return {
        epoch: name(value["epoch"]),
        seq: num(value["seq"]),
        complete: value["complete"] === true,
        events: events(value["events"]),
    };
}

/** A part of the log. */
export interface Page {
    readonly epoch: string;
    readonly firstSeq: number;
    /** The newest event of the log. */
    readonly seq: number;
    /** False if the place that was asked for is gone. */
    readonly recovered: boolean;
    /** Where to go on. */
    readonly next: number;
    readonly events: readonly HubEvent[];
}

export interface Asked {
    /** Behind this event, oldest first; or */
    readonly since?: number;
    /** the newest ones before this event. */
    readonly before?: number;
    readonly types?: readonly string[];
    readonly agent?: string;
    readonly item?: string;
    readonly limit: number;
}

export async function log(asked: Asked, signal?: AbortSignal): Promise<Page> {
    const query = new URLSearchParams({ limit: String(asked.limit) });
    if (asked.since !== undefined) {
        query.set("since", String(asked.since));
    }
    if (asked.before !== undefined) {
        query.set("before", String(asked.before));
    }
    for (const type of asked.types ?? []) {
        query.append("type", type);
    }
    if (asked.agent !== undefined) {
        query.set("agent", asked.agent);
    }
    if (asked.item !== undefined) {
        query.set("item", asked.item);
    }
    const value = await get(`events?${query.toString()}`, signal);
    return {
        epoch: name(value["epoch"]),
        firstSeq: num(value["first_seq"]),
        seq: num(value["seq"]),
        recovered: value["recovered"] !== false,
        next: num(value["next_since"]),
        events: events(value["events"]),
    };
}

function events(value: unknown): HubEvent[] {
    const found: HubEvent[] = [];
    for (const each of Array.isArray(value) ? value : []) {
        const event = eventOf(each);
        if (event !== undefined) {
            found.push(event);
        }
    }
    return found;
}
