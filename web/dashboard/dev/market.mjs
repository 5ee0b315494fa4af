// A market and four flippers, made up from a seed: what the dashboard is looked at and tested with.
// It makes the events that the grand-exchange environment makes, with the same fields; it claims no realism beyond that.

/** Items: id, name, price, spread and hourly deviation in percent, trades an hour, limit. */
const ITEMS = [
    [4151, "Abyssal whip", 1_576_684, 1.22, 0.61, 247, 70],
    [536, "Dragon bones", 2576, 1.11, 0.49, 157_450, 7500],
    [1333, "Rune scimitar", 15_067, 0.85, 0.84, 1127, 70],
    [561, "Nature rune", 114, 1.79, 0.86, 1_571_309, 18_000],
    [2, "Cannonball", 190, 2.09, 0.69, 1_462_571, 11_000],
    [2434, "Prayer potion(4)", 9018, 0.51, 0.32, 67_605, 2000],
    [385, "Shark", 845, 1.15, 0.86, 163_095, 10_000],
    [565, "Blood rune", 233, 1.73, 1.03, 3_339_236, 25_000],
    [11_802, "Armadyl godsword", 9_806_762, 1.08, 0.42, 87, 8],
    [12_934, "Zulrah's scales", 180, 1.53, 1.03, 2_504_228, 30_000],
    [5295, "Ranarr seed", 24_502, 1.41, 0.78, 5940, 200],
    [11_840, "Dragon boots", 156_590, 1.7, 1.54, 458, 70],
];
const AGENTS = ["agent_0", "agent_1", "agent_2", "agent_3"];
const WINDOW = 300;
const LIMIT_SECONDS = 4 * 3600;
const MOST_TAX = 5_000_000;
/** 2026-03-02 06:00 UTC: the tax is 2 %. */
const BEGIN = 1_772_431_200;
const COINS = 20_000_000;

/** mulberry32: small, and the same everywhere. */
export function random(seed) {
    let state = seed >>> 0;
    return () => {
        state = (state + 0x6d2b79f5) >>> 0;
        let t = state;
        t = Math.imul(t ^ (t >>> 15), t | 1);
        t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
        return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    };
}

export const taxOf = (price) => Math.min(MOST_TAX, Math.floor(price / 50));

export class Market {
    constructor(seed = 1) {
        this.random = random(seed);
        this.time = BEGIN;
        this.windows = 0;
        this.items = ITEMS.map(([id, name, price, spread, deviation, trades, limit]) => ({
            id, name, mid: price, spread: spread / 100, deviation: deviation / 100, trades, limit,
            low: 0, high: 0, last: price,
        }));
        this.agents = AGENTS.map((name) => ({
            name, gp: COINS, slots: new Array(8).fill(null), stock: new Map(), cost: new Map(), limits: new Map(), peak: 0, realised: 0,
            tax: 0, trades: 0,
        }));
    }

    normal() {
        return Math.sqrt(-2 * Math.log(1 - this.random())) * Math.cos(2 * Math.PI * this.random());
    }

    event(type, data) {
        this.out.push({ type, data: { ...data, market_time: this.time } });
    }

    /** One window of five minutes: all that happens in it. */
    next() {
        this.out = [];
        this.time += WINDOW;
        this.windows++;
        for (const item of this.items) {
            this.quote(item);
        }
        for (const agent of this.agents) {
            this.fill(agent);
            this.act(agent);
            this.portfolio(agent);
        }
        if (this.windows % 12 === 0) {
            for (const item of this.items) {
                this.event("market_analysis", {
                    item: item.name, item_id: item.id, analysis_type: "volume_trend",
                    data: {
                        recent_volume: item.trades, average_volume: Math.round(item.trades * 0.94), trend: "stable",
                        volatility: item.deviation,
                    },
                });
            }
        }
        return this.out;
    }

    quote(item) {
        item.mid *= Math.exp((this.normal() * item.deviation) / Math.sqrt(12));
        const half = (item.spread / 2 + 0.004) * Math.exp(0.25 * this.normal());
        const knowsLow = this.random() > 0.08;
        const knowsHigh = this.random() > 0.08;
        const low = Math.max(1, Math.round(item.mid * (1 - half)));
        const high = Math.max(low + 1, Math.round(item.mid * (1 + half)));
        item.low = knowsLow || item.low === 0 ? low : item.low;
        item.high = knowsHigh || item.high === 0 ? high : item.high;
        item.lowVolume = knowsLow ? Math.max(1, Math.round((item.trades / 12) * 0.55 * (0.6 + 0.8 * this.random()))) : 0;
        item.highVolume = knowsHigh ? Math.max(1, Math.round((item.trades / 12) * 0.45 * (0.6 + 0.8 * this.random()))) : 0;
        const price = Math.round((item.low + item.high) / 2);
        this.event("price_update", {
            item: item.name, item_id: item.id, price, change: price - item.last,
            change_percent: (price - item.last) / item.last, volume: item.lowVolume + item.highVolume,
            ...(knowsHigh ? { high: item.high, high_volume: item.highVolume } : {}),
            ...(knowsLow ? { low: item.low, low_volume: item.lowVolume } : {}),
        });
        item.last = price;
        const tax = taxOf(item.high);
        item.lowAt = knowsLow || !item.lowAt ? this.time : item.lowAt;
        item.highAt = knowsHigh || !item.highAt ? this.time : item.highAt;
        this.event("margin_update", {
            item: item.name, item_id: item.id, buy_price: item.low, sell_price: item.high, margin: item.high - item.low,
            margin_percent: (item.high - item.low) / item.low, tax, margin_after_tax: item.high - item.low - tax,
            buy_time: item.lowAt, sell_time: item.highAt,
        });
    }

    order(agent, k) {
        const slot = agent.slots[k];
        this.event("order_updated", slot === null
            ? { agent_id: agent.name, slot: k, state: "EMPTY" }
            : {
                agent_id: agent.name, slot: k, state: slot.state, item: slot.item.name, item_id: slot.item.id, side: slot.side,
                price: slot.price, quantity: slot.quantity, filled: slot.filled, age: this.time - slot.placedAt,
                competitive: slot.side === "buy" ? slot.price >= slot.item.low : slot.price <= slot.item.high,
            });
    }

    fill(agent) {
        for (const [k, slot] of agent.slots.entries()) {
            if (slot === null) {
                continue;
            }
            const { item } = slot;
            const buys = slot.side === "buy";
            const crossed = buys ? slot.price >= item.low && item.lowVolume > 0 : slot.price <= item.high && item.highVolume > 0;
            const share = Math.max(1, Math.floor(0.1 * (buys ? item.lowVolume : item.highVolume)));
            let units = crossed && this.random() < 0.7 ? Math.min(slot.quantity - slot.filled, share) : 0;
            if (buys && units > 0) {
                const limit = this.limit(agent, item);
                units = Math.min(units, item.limit - limit.used);
                if (units > 0) {
                    limit.used += units;
                    limit.resetsAt ||= this.time + LIMIT_SECONDS;
                    this.event("limit_updated", {
                        agent_id: agent.name, item: item.name, item_id: item.id, used: limit.used, limit: item.limit,
                        resets_at: limit.resetsAt,
                    });
                }
            }
            if (units > 0) {
                this.trade(agent, slot, k, units);
            }
        }
    }

    limit(agent, item) {
        let limit = agent.limits.get(item.id);
        if (limit === undefined || (limit.resetsAt !== 0 && limit.resetsAt <= this.time)) {
            limit = { used: 0, resetsAt: 0 };
            agent.limits.set(item.id, limit);
        }
        return limit;
    }

    trade(agent, slot, k, units) {
        const { item } = slot;
        const buys = slot.side === "buy";
        const held = agent.stock.get(item.id) ?? 0;
        const cost = agent.cost.get(item.id) ?? 0;
        let profit = 0;
        let tax = 0;
        if (buys) {
            agent.stock.set(item.id, held + units);
            agent.cost.set(item.id, cost + units * slot.price);
        } else {
            tax = units * taxOf(slot.price);
            const taken = slot.unitCost * units;
            profit = Math.round(units * slot.price - tax - taken);
            agent.gp += units * slot.price - tax;
        }
        agent.trades++;
        agent.realised += profit;
        agent.tax += tax;
        slot.filled += units;
        this.event("trade_executed", {
            agent_id: agent.name, action_type: slot.side, item: item.name, item_id: item.id, price: slot.price, quantity: units,
            profit, total_value: units * slot.price, tax, slot: k,
        });
        if (slot.filled === slot.quantity) {
            slot.state = buys ? "BOUGHT" : "SOLD";
        }
        this.order(agent, k);
        if (slot.filled === slot.quantity) {
            agent.slots[k] = null;
            this.order(agent, k);
        }
    }

    decide(agent, action, item, price, quantity, reasoning) {
        this.event("agent_decision", {
            agent_id: agent.name, action_type: action,
            ...(item === undefined ? {} : { item: item.name, item_id: item.id, price, quantity }), reasoning,
        });
    }

    act(agent) {
        const free = agent.slots.indexOf(null);
        const offered = new Set(agent.slots.filter((slot) => slot !== null).map((slot) => `${slot.side} ${slot.item.id}`));
        const held = [...agent.stock].find(([id, units]) => units > 0 && !offered.has(`sell ${id}`));
        if (held !== undefined && free >= 0) {
            const [id, units] = held;
            const item = this.items.find((each) => each.id === id);
            const cost = agent.cost.get(id) ?? 0;
            agent.stock.delete(id);
            agent.cost.delete(id);
            const margin = item.high - taxOf(item.high) - cost / units;
            this.decide(agent, "sell", item, item.high, units, `sells ${units} at the high quote, ${Math.round(margin)} gp each above cost after tax`);
            agent.slots[free] = {
                item, side: "sell", price: item.high, quantity: units, filled: 0, state: "SELLING", placedAt: this.time, unitCost: cost / units,
            };
            this.order(agent, free);
            return;
        }
        const old = agent.slots.findIndex((slot) => slot !== null && this.time - slot.placedAt > 3600);
        if (old >= 0 && this.random() < 0.5) {
            this.cancel(agent, old);
            return;
        }
        const item = this.items[Math.floor(this.random() * this.items.length)];
        const margin = item.high - taxOf(item.high) - item.low;
        const left = item.limit - this.limit(agent, item).used;
        const quantity = Math.min(left, Math.floor((agent.gp * 0.3) / item.low), Math.max(1, Math.floor(item.trades * 0.2)));
        if (free >= 0 && margin > 0 && quantity > 0 && !offered.has(`buy ${item.id}`) && this.random() < 0.75) {
            this.decide(agent, "buy", item, item.low, quantity, `margin ${margin} gp after tax (${((100 * margin) / item.low).toFixed(2)} %), ${quantity} within the limit of ${item.limit}`);
            agent.gp -= quantity * item.low;
            agent.slots[free] = { item, side: "buy", price: item.low, quantity, filled: 0, state: "BUYING", placedAt: this.time };
            this.order(agent, free);
        } else {
            this.decide(agent, "hold", undefined, 0, 0, "waits: nothing has a margin worth a slot");
        }
    }

    cancel(agent, k) {
        const slot = agent.slots[k];
        const left = slot.quantity - slot.filled;
        this.decide(agent, "cancel", slot.item, slot.price, left, "an hour without filling: the price has moved on");
        if (slot.side === "buy") {
            agent.gp += left * slot.price;
        } else {
            agent.stock.set(slot.item.id, (agent.stock.get(slot.item.id) ?? 0) + left);
            agent.cost.set(slot.item.id, (agent.cost.get(slot.item.id) ?? 0) + left * slot.unitCost);
        }
        slot.state = slot.side === "buy" ? "CANCELLED_BUY" : "CANCELLED_SELL";
        this.order(agent, k);
        agent.slots[k] = null;
        this.order(agent, k);
    }

    portfolio(agent) {
        let stock = 0;
        const inventory = {};
        for (const [id, units] of agent.stock) {
            const item = this.items.find((each) => each.id === id);
            if (units > 0) {
                inventory[item.name] = units;
                stock += units * (item.low - taxOf(item.low));
            }
        }
        for (const slot of agent.slots) {
            if (slot !== null) {
                const left = slot.quantity - slot.filled;
                stock += left * (slot.side === "buy" ? slot.price : slot.item.low - taxOf(slot.item.low));
            }
        }
        const worth = agent.gp + stock;
        agent.peak = Math.max(agent.peak, worth);
        agent.worth = worth;
        this.event("portfolio_update", {
            agent_id: agent.name, gp: agent.gp, inventory, total_value: worth, inventory_value: stock,
            drawdown: (agent.peak - worth) / agent.peak,
        });
    }
}

/** What a run of training tells, report by report. */
export function* training(run, seed, reports = Number.POSITIVE_INFINITY, steps = 8192) {
    const draw = random(seed);
    const noise = () => draw() + draw() + draw() - 1.5;
    for (let k = 1; k <= reports; k++) {
        const done = 1 - Math.exp(-k / 120);
        yield {
            type: "training_progress",
            data: {
                run, step: k * steps, return: -0.05 + 0.29 * done + 0.05 * noise(), length: 288,
                losses: { policy: -0.01 * (1 - done) + 0.004 * noise(), value: 0.4 * (1 - 0.8 * done) + 0.03 * Math.abs(noise()) },
                kl: 0.008 + 0.003 * Math.abs(noise()), entropy: 2.1 - 1.4 * done + 0.02 * noise(),
                explained_variance: Math.min(1, 0.9 * done + 0.05 * noise()), steps_per_second: 61_000 + 4000 * noise(),
            },
        };
    }
}
