/**
 * What a flipper could earn on each item now.
 *
 * @module
 */
import type { Agent } from "../store/agents.ts";
import type { Item } from "../store/items.ts";
import { tax } from "./tax.ts";

/** Of the thinner side's volume, what one trader may hope for. */
const SHARE = 0.1;
/** Buy limits hold for four hours. */
const LIMIT_HOURS = 4;

/** Unknown numbers are NaN. */
export interface Opportunity {
    readonly item: Item;
    readonly low: number;
    readonly high: number;
    /** gp a unit sold. */
    readonly tax: number;
    readonly margin: number;
    readonly roi: number;
    /** Seconds since each quote was made. */
    readonly lowAge: number;
    readonly highAge: number;
    /** Pieces an hour of the thinner side, and whether that is half of both for want of better. */
    readonly thinVolume: number;
    readonly guessed: boolean;
    readonly limitLeft: number;
    readonly quantity: number;
    /** What keeps the quantity from being larger. */
    readonly boundBy: "limit" | "volume" | "cash" | "";
    /** gp. */
    readonly profit: number;
    /** Hours until both sides have filled. */
    readonly fillHours: number;
}

/**
 * @param agent whose coins and limits count; undefined: as if nothing had been bought, with any amount of coins
 * @param now the market's time, seconds
 */
export function opportunity(item: Item, agent: Agent | undefined, now: number): Opportunity {
    const thin = item.thinVolume;
    const cash = agent === undefined ? Number.NaN : Math.floor(agent.gp / item.low);
    const left = limitLeft(item, agent, now);
    // What fills in the hours of a limit; unknown bounds do not bind, but an unknown volume leaves the quantity unknown.
    const volume = Math.floor(SHARE * thin.pieces * LIMIT_HOURS);
    const bounds: readonly (readonly [Opportunity["boundBy"], number])[] = [
        ["limit", left],
        ["volume", volume],
        ["cash", cash],
    ];
    let quantity = Number.NaN;
    let boundBy: Opportunity["boundBy"] = "";
    for (const [which, most] of bounds) {
        if (!Number.isNaN(most) && !(most >= quantity)) {
            quantity = Math.max(0, most);
            boundBy = which;
        }
    }
    if (Number.isNaN(volume)) {
        quantity = Number.NaN;
        boundBy = "";
    }
    return {
        item,
        low: item.low,
        high: item.high,
        tax: tax(item.high, item.divisor),
        margin: item.margin,
        roi: item.margin / item.low,
        lowAge: now - item.lowAt,
        highAge: now - item.highAt,
        thinVolume: thin.pieces,
        guessed: thin.guessed,
        limitLeft: left,
        quantity,
        boundBy,
        profit: quantity * item.margin,
        fillHours: (2 * quantity) / (SHARE * thin.pieces),
    };
}

function limitLeft(item: Item, agent: Agent | undefined, now: number): number {
    const limit = agent?.limits.get(item);
    if (limit === undefined) {
        return item.limit;
    }
    return limit.resetsAt <= now ? limit.limit : limit.limit - limit.used;
}
