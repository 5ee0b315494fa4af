/**
 * What has happened, told in the order of the log and each event once: trades and the flips that they make, the worth of
 * each agent, profit by item and by day.
 *
 * @module
 */
import { dataOf, type HubEvent, marketTime, name, num } from "../events/event.ts";
import { isAnotherEpisode } from "./agents.ts";
import { Curve } from "./curve.ts";
import { type Flip, Holding } from "./flips.ts";
import { Names } from "./names.ts";
import { Ring } from "./ring.ts";

/** What history is made of; nothing else need be read from the log for it. */
export const HISTORY_TYPES = [
    "trade_executed",
    "portfolio_update",
    "episode_finished",
    "training_progress",
    "session_opened",
    "session_closed",
    "guest_lost",
    "error",
    "alert",
] as const;

const MOST_TRADES = 32_768;
const MOST_FLIPS = 32_768;
const MOST_AGENTS = 256;
const MOST_GROUPS = 8192;
const DAY = 86_400;
/** An agent that was not heard of for longer was not at work. */
const LONGEST_STEP = 3600;

export const TRADE = { seq: 0, time: 1, agent: 2, item: 3, side: 4, price: 5, quantity: 6, profit: 7, tax: 8 } as const;
export const FLIP = {
    seq: 0, boughtAt: 1, soldAt: 2, agent: 3, item: 4, quantity: 5, matched: 6, buyPrice: 7, sellPrice: 8, tax: 9,
    profit: 10,
} as const;
export const BUY = 0;
export const SELL = 1;

/** The sums of one agent; unknown ones are NaN. */
export class AgentRecord {
    readonly worth = new Curve(2048);
    trades = 0;
    /** gp after tax; NaN until a sale has told, or shown, its profit. */
    realised = Number.NaN;
    /** Sales whose profit nobody knows. */
    unknownProfits = 0;
    tax = Number.NaN;
    untaxed = 0;
    firstWorth = Number.NaN;
    peak = Number.NaN;
    drawdown = Number.NaN;
    worstDrawdown = Number.NaN;
    /** Market seconds in which some of its worth was not in coins. */
    activeSeconds = 0;
    episodes = 0;
    readonly holdings = new Map<string, Holding>();
    #at = Number.NaN;
    #wasActive = false;

    /** gp an hour of work; NaN before there was some. */
    get profitPerHour(): number {
        return this.activeSeconds > 0 ? (this.realised / this.activeSeconds) * 3600 : Number.NaN;
    }

    heard(time: number): void {
        if (isAnotherEpisode(this.#at, time)) {
            this.beginAnew();
        }
        this.#at = time;
    }

    beginAnew(): void {
        this.holdings.clear();
        this.peak = Number.NaN;
        this.drawdown = Number.NaN;
        this.#at = Number.NaN;
        this.#wasActive = false;
    }

    portfolio(time: number, gp: number, worth: number): void {
        const passed = time - this.#at;
        this.heard(time);
        if (this.#wasActive && passed > 0 && passed <= LONGEST_STEP) {
            this.activeSeconds += passed;
        }
        if (Number.isNaN(worth)) {
            return;
        }
        this.#wasActive = worth > gp;
        this.worth.add(this.worth.lastX > time ? this.worth.lastX : time, worth);
        this.firstWorth = Number.isNaN(this.firstWorth) ? worth : this.firstWorth;
        this.peak = Number.isNaN(this.peak) ? worth : Math.max(this.peak, worth);
        this.drawdown = this.peak > 0 ? (this.peak - worth) / this.peak : Number.NaN;
        this.worstDrawdown = Number.isNaN(this.worstDrawdown)
            ? this.drawdown
            : Math.max(this.worstDrawdown, this.drawdown);
    }
}

/** Profit of many flips. */
export interface Group {
    readonly key: string;
    flips: number;
    quantity: number;
    cost: number;
    tax: number;
    profit: number;
    /** Sales whose purchase, or tax, nobody knows. */
    unknown: number;
}

export class History {
    readonly trades = new Ring(MOST_TRADES, 9);
    readonly flips = new Ring(MOST_FLIPS, 11);
    readonly agentNames = new Names();
    readonly itemNames = new Names();
    readonly records = new Map<string, AgentRecord>();
    readonly byItem = new Map<string, Group>();
    readonly byDay = new Map<string, Group>();
    readonly #row = new Float64Array(11);

    apply(event: HubEvent): void {
        switch (event.type) {
            case "trade_executed":
                this.#trade(event);
                break;
            case "portfolio_update": {
                const data = dataOf(event, "portfolio_update");
                this.#record(event)?.portfolio(marketTime(event), num(data.gp), num(data.total_value));
                break;
            }
            case "episode_finished": {
                const record = this.#record(event);
                if (record !== undefined) {
                    record.episodes++;
                    record.beginAnew();
                }
                break;
            }
        }
    }

    #record(event: HubEvent): AgentRecord | undefined {
        const agent = name(event.data["agent_id"]);
        let record = this.records.get(agent);
        if (record === undefined && agent !== "" && this.records.size < MOST_AGENTS) {
            record = new AgentRecord();
            this.records.set(agent, record);
        }
        return record;
    }

    #trade(event: HubEvent): void {
        const data = dataOf(event, "trade_executed");
        const action = name(data.action_type).toLowerCase();
        const record = this.#record(event);
        if (record === undefined || (action !== "buy" && action !== "sell")) {
            return;
        }
        const time = marketTime(event);
        record.heard(time);
        const item = name(data.item) === "" ? `item ${num(data.item_id)}` : name(data.item);
        const price = num(data.price);
        const quantity = num(data.quantity);
        const tax = num(data.tax);
        const agent = name(data.agent_id);
        const profit = num(data.profit);
        record.trades++;
        if (!Number.isNaN(tax)) {
            record.tax = (Number.isNaN(record.tax) ? 0 : record.tax) + tax;
        }
        const holding = holdingOf(record, item);
        let earned = Number.NaN;
        if (action === "buy") {
            holding?.buy(quantity, price, time);
        } else {
            if (Number.isNaN(tax)) {
                record.untaxed++;
            }
            const flip = holding?.sell(quantity, price, tax, time);
            if (flip !== undefined) {
                this.#flip(event.seq, agent, item, flip);
            }
            earned = Number.isNaN(profit) && flip?.matched === quantity ? flip.profit : profit;
            if (Number.isNaN(earned)) {
                record.unknownProfits++;
            } else {
                record.realised = (Number.isNaN(record.realised) ? 0 : record.realised) + earned;
            }
        }
        const row = this.#row;
        row[TRADE.seq] = event.seq;
        row[TRADE.time] = time;
        row[TRADE.agent] = this.agentNames.number(agent);
        row[TRADE.item] = this.itemNames.number(item);
        row[TRADE.side] = action === "buy" ? BUY : SELL;
        row[TRADE.price] = price;
        row[TRADE.quantity] = quantity;
        row[TRADE.profit] = earned;
        row[TRADE.tax] = tax;
        this.trades.pushRow(row);
    }

    #flip(seq: number, agent: string, item: string, flip: Flip): void {
        const row = this.#row;
        row[FLIP.seq] = seq;
        row[FLIP.boughtAt] = flip.boughtAt;
        row[FLIP.soldAt] = flip.soldAt;
        row[FLIP.agent] = this.agentNames.number(agent);
        row[FLIP.item] = this.itemNames.number(item);
        row[FLIP.quantity] = flip.quantity;
        row[FLIP.matched] = flip.matched;
        row[FLIP.buyPrice] = flip.buyPrice;
        row[FLIP.sellPrice] = flip.sellPrice;
        row[FLIP.tax] = flip.tax;
        row[FLIP.profit] = flip.profit;
        this.flips.pushRow(row);
        count(this.byItem, item, flip);
        count(this.byDay, day(flip.soldAt), flip);
    }
}

function holdingOf(record: AgentRecord, item: string): Holding | undefined {
    let holding = record.holdings.get(item);
    if (holding === undefined && record.holdings.size < MOST_GROUPS) {
        holding = new Holding();
        record.holdings.set(item, holding);
    }
    return holding;
}

function count(groups: Map<string, Group>, key: string, flip: Flip): void {
    let group = groups.get(key);
    if (group === undefined) {
        if (groups.size >= MOST_GROUPS) {
            return;
        }
        group = { key, flips: 0, quantity: 0, cost: 0, tax: 0, profit: 0, unknown: 0 };
        groups.set(key, group);
    }
    group.flips++;
    group.quantity += flip.quantity;
    group.tax += Number.isNaN(flip.tax) ? 0 : flip.tax;
    if (Number.isNaN(flip.profit)) {
        group.unknown++;
    } else {
        group.profit += flip.profit;
        group.cost += flip.matched * flip.buyPrice;
    }
}

/** A day of the market, UTC. */
function day(time: number): string {
    const start = Math.floor(time / DAY) * DAY;
    return start > -1e11 && start < 1e11 ? new Date(start * 1000).toISOString().slice(0, 10) : "unknown day";
}
