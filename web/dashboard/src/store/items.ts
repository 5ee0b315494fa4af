/**
 * What is known of each item's market: its two quotes with their ages, its volumes and its limit.
 *
 * @module
 */
import { dataOf, type HubEvent, isObject, marketTime, name, num } from "../events/event.ts";
import { tax, taxDivisor } from "../market/tax.ts";
import { Ring } from "./ring.ts";

const MOST_ITEMS = 8192;
/** Items whose prices are kept for a chart; of the others only the newest is. */
const MOST_SERIES = 64;
const POINTS = 2048;
const HOUR = 3600;
const WINDOW = 300;
const WINDOWS = HOUR / WINDOW;

/** Columns of an item's price ring. */
export const PRICE = { time: 0, low: 1, high: 2, price: 3 } as const;

/** Pieces traded in the last hour, by windows of five minutes. */
class HourVolume {
    readonly #windows = new Float64Array(WINDOWS);
    #last = Number.NaN;
    #first = Number.NaN;

    add(time: number, pieces: number): void {
        const window = Math.floor(time / WINDOW);
        if (Number.isNaN(this.#last) || window < this.#last - WINDOWS) {
            this.#windows.fill(0);
            this.#first = window;
            this.#last = window;
        }
        for (let k = Math.max(this.#last + 1, window - WINDOWS + 1); k <= window; k++) {
            this.#windows[k % WINDOWS] = 0;
        }
        this.#last = Math.max(this.#last, window);
        this.#windows[window % WINDOWS] = (this.#windows[window % WINDOWS] ?? 0) + pieces;
    }

    /** Pieces an hour, from as much of the last hour as was seen; NaN if none was. */
    get perHour(): number {
        const seen = Math.min(WINDOWS, this.#last - this.#first + 1);
        return (this.#windows.reduce((sum, pieces) => sum + pieces, 0) * WINDOWS) / seen;
    }
}

/** One item; unknown numbers are NaN. */
export class Item {
    readonly index: number;
    id = Number.NaN;
    name = "";
    price = Number.NaN;
    change = Number.NaN;
    /** What instant sellers get: the price to place a purchase at. */
    low = Number.NaN;
    lowAt = Number.NaN;
    /** What instant buyers pay: the price to place a sale at. */
    high = Number.NaN;
    highAt = Number.NaN;
    limit = Number.NaN;
    /** Both sides, pieces in the last hour, as an analysis says. */
    analysedVolume = Number.NaN;
    trend = "";
    volatility = Number.NaN;
    readonly highVolume = new HourVolume();
    readonly lowVolume = new HourVolume();
    readonly bothVolume = new HourVolume();
    /** When its market was last heard of, seconds. */
    at = Number.NaN;
    series: Ring | undefined;

    constructor(index: number) {
        this.index = index;
    }

    get label(): string {
        return this.name === "" ? `item ${this.id}` : this.name;
    }

    get divisor(): number {
        return taxDivisor(this.id, Number.isNaN(this.at) ? Number.POSITIVE_INFINITY : this.at);
    }

    /** gp a piece, bought at the low and sold at the high quote. */
    get margin(): number {
        return this.high - tax(this.high, this.divisor) - this.low;
    }

    /** gp that a piece brings if it is sold at once. */
    get instantValue(): number {
        return this.low - tax(this.low, this.divisor);
    }

    /** The thinner side's pieces an hour, and whether that is only half of both sides'. */
    get thinVolume(): { readonly pieces: number; readonly guessed: boolean } {
        const thin = Math.min(this.highVolume.perHour, this.lowVolume.perHour);
        if (!Number.isNaN(thin)) {
            return { pieces: thin, guessed: false };
        }
        const both = Number.isNaN(this.analysedVolume) ? this.bothVolume.perHour : this.analysedVolume;
        return { pieces: both / 2, guessed: true };
    }
}

/** All items, found by number where an event has one, else by name. */
export class Items {
    readonly all: Item[] = [];
    readonly #byId = new Map<number, Item>();
    readonly #byName = new Map<string, Item>();
    #series = 0;
    /** The newest market time of any item. */
    newest = Number.NaN;

    /** The item that an event is about; undefined if it is about none, or there are too many. */
    of(data: Readonly<Record<string, unknown>>): Item | undefined {
        const id = num(data["item_id"]);
        const called = name(data["item"]);
        if (Number.isNaN(id) && called === "") {
            return undefined;
        }
        let item = Number.isNaN(id) ? this.#byName.get(called) : (this.#byId.get(id) ?? this.#nameless(called));
        if (item === undefined) {
            if (this.all.length >= MOST_ITEMS) {
                return undefined;
            }
            item = new Item(this.all.length);
            this.all.push(item);
        }
        if (!Number.isNaN(id) && Number.isNaN(item.id)) {
            item.id = id;
            this.#byId.set(id, item);
        }
        if (called !== "" && item.name !== called) {
            item.name = called;
            this.#byName.set(called, item);
        }
        return item;
    }

    /** An item that has only been named so far. */
    #nameless(called: string): Item | undefined {
        const item = this.#byName.get(called);
        return item !== undefined && Number.isNaN(item.id) ? item : undefined;
    }

    named(called: string): Item | undefined {
        return this.#byName.get(called);
    }

    apply(event: HubEvent): void {
        switch (event.type) {
            case "price_update":
                this.#price(event);
                break;
            case "margin_update":
                this.#margin(event);
                break;
            case "market_analysis":
                this.#analysis(event);
                break;
        }
    }

    #price(event: HubEvent): void {
        const data = dataOf(event, "price_update");
        const item = this.of(data);
        if (item === undefined) {
            return;
        }
        const time = this.#heard(item, event);
        item.price = num(data.price);
        item.change = num(data.change_percent);
        this.#quotes(item, num(data["low"]), num(data["high"]), time);
        add(item.highVolume, time, num(data["high_volume"]));
        add(item.lowVolume, time, num(data["low_volume"]));
        add(item.bothVolume, time, num(data.volume));
        this.#keep(item, time);
    }

    #margin(event: HubEvent): void {
        const data = dataOf(event, "margin_update");
        const item = this.of(data);
        if (item === undefined) {
            return;
        }
        const time = this.#heard(item, event);
        const low = num(data.buy_price);
        const high = num(data.sell_price);
        this.#quotes(item, low, high, time);
        // A quote that has not changed may be old: its own time is told, or it is as old as when it came up.
        const lowAt = num(data.buy_time);
        const highAt = num(data.sell_time);
        item.lowAt = Number.isNaN(lowAt) ? item.lowAt : lowAt;
        item.highAt = Number.isNaN(highAt) ? item.highAt : highAt;
        this.#keep(item, time);
    }

    #quotes(item: Item, low: number, high: number, time: number): void {
        if (!Number.isNaN(low)) {
            item.low = low;
            item.lowAt = time;
        }
        if (!Number.isNaN(high)) {
            item.high = high;
            item.highAt = time;
        }
    }

    #analysis(event: HubEvent): void {
        const data = dataOf(event, "market_analysis");
        const item = this.of(data);
        const numbers = data.data;
        if (item === undefined || !isObject(numbers)) {
            return;
        }
        this.#heard(item, event);
        item.analysedVolume = num(numbers["recent_volume"]);
        item.volatility = num(numbers["volatility"]);
        item.trend = name(numbers["trend"]);
    }

    #heard(item: Item, event: HubEvent): number {
        const time = marketTime(event);
        item.at = time;
        this.newest = Number.isNaN(this.newest) ? time : Math.max(this.newest, time);
        return time;
    }

    #keep(item: Item, time: number): void {
        if (item.series === undefined && this.#series < MOST_SERIES) {
            this.#series++;
            item.series = new Ring(POINTS, 4);
        }
        const series = item.series;
        if (series === undefined) {
            return;
        }
        if (time < series.at(PRICE.time, series.length - 1)) {
            series.clear(); // the market has begun anew
        }
        series.push(time, item.low, item.high, item.price);
    }

    /** Prices of the past that were read from the log, for an item whose curve has only begun. */
    restore(item: Item, events: readonly HubEvent[]): void {
        const past = new Items();
        for (const event of events) {
            past.apply(event);
        }
        const before = past.all[0]?.series;
        const now = item.series;
        if (before === undefined || before.length === 0) {
            return;
        }
        const whole = new Ring(POINTS, 4);
        const first = now === undefined || now.length === 0 ? Number.POSITIVE_INFINITY : now.at(PRICE.time, 0);
        for (const ring of [before, now]) {
            for (let k = 0; ring !== undefined && k < ring.length; k++) {
                if (ring === now || ring.at(PRICE.time, k) < first) {
                    whole.push(ring.at(0, k), ring.at(1, k), ring.at(2, k), ring.at(3, k));
                }
            }
        }
        if (now === undefined) {
            this.#series++;
        }
        item.series = whole;
    }
}

function add(volume: HourVolume, time: number, pieces: number): void {
    if (!Number.isNaN(pieces)) {
        volume.add(time, pieces);
    }
}
