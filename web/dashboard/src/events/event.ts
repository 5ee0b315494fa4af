/**
 * An event as the hub sends it. Who sent it is not to be trusted: a field is read as what it should be, or is unknown.
 *
 * @module
 */
import type { EventData } from "./types.ts";

/** Longer names and sentences are cut: one event must not fill the page. */
export const LONGEST_NAME = 200;
export const LONGEST_TEXT = 4000;

export interface HubEvent {
    readonly type: string;
    readonly data: Readonly<Record<string, unknown>>;
    /** Unix seconds, when the hub had it. */
    readonly timestamp: number;
    /** Its number in the log; 0 for what the hub says of itself. */
    readonly seq: number;
    readonly epoch: string;
    readonly source: string;
}

/** Data of a known type whose fields may hold anything. */
export type Loose<T extends keyof EventData> = { readonly [K in keyof EventData[T]]?: unknown } & Readonly<
    Record<string, unknown>
>;

/** The data of an event whose type was looked at; `type` only tells the compiler. */
export function dataOf<T extends keyof EventData>(event: HubEvent, _type: T): Loose<T> {
    return event.data as Loose<T>;
}

/** A frame's event; undefined for anything else. */
export function eventOf(value: unknown): HubEvent | undefined {
    if (!isObject(value) || typeof value["type"] !== "string") {
        return undefined;
    }
    const seq = num(value["seq"]);
    return {
        type: name(value["type"]),
        data: isObject(value["data"]) ? value["data"] : {},
        timestamp: num(value["timestamp"]),
        seq: Number.isNaN(seq) ? 0 : seq,
        epoch: name(value["epoch"]),
        source: name(value["source"]),
    };
}

export function isObject(value: unknown): value is Record<string, unknown> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A finite number; NaN for whatever else, which is how unknown numbers are kept everywhere. */
export function num(value: unknown): number {
    return typeof value === "number" && Number.isFinite(value) ? value : Number.NaN;
}

/** A short text; empty for whatever else. */
export function name(value: unknown): string {
    return typeof value === "string" ? cut(value, LONGEST_NAME) : "";
}

/** A long text; empty for whatever else. */
export function text(value: unknown): string {
    return typeof value === "string" ? cut(value, LONGEST_TEXT) : "";
}

function cut(value: string, most: number): string {
    return value.length <= most ? value : `${value.slice(0, most)}…`;
}

/** When it happened in its market, Unix seconds; where nothing is said of that, when the hub had it. */
export function marketTime(event: HubEvent): number {
    const told = num(event.data["market_time"]);
    return Number.isNaN(told) ? event.timestamp : told;
}
