// A made-up market has its own books; the world must come to the same sums from its events alone.
import { describe, expect, it } from "vitest";
// @ts-expect-error it is JavaScript, for scripts
import { Market } from "../../dev/market.mjs";
import { eventOf, type HubEvent } from "../events/event.ts";
import { unrealised } from "../market/profit.ts";
import { standing } from "../market/slot.ts";
import { BUY, FLIP, TRADE } from "./history.ts";
import { World } from "./world.ts";

function numbered(events: readonly Record<string, unknown>[], first = 1): HubEvent[] {
    return events.map((event, k) => eventOf({ ...event, seq: first + k, epoch: "e", timestamp: 1000 + k }) as HubEvent);
}

function play(windows: number) {
    const market = new Market(7);
    const events: Record<string, unknown>[] = [];
    for (let k = 0; k < windows; k++) {
        events.push(...market.next());
    }
    const world = new World();
    for (const event of numbered(events)) {
        world.applyLive(event);
        world.applyHistory(event);
    }
    return { market, world, events };
}

describe("a world", () => {
    it("comes to the same worth, profit, tax and trades as the market's own books", () => {
        const { market, world } = play(300);
        for (const agent of market.agents) {
            const record = world.history.records.get(agent.name);
            expect(world.agents.named(agent.name)?.worth).toBe(agent.worth);
            expect(world.agents.named(agent.name)?.gp).toBe(agent.gp);
            expect(record?.realised).toBeCloseTo(agent.realised, 6);
            expect(record?.tax).toBe(agent.tax);
            expect(record?.trades).toBe(agent.trades);
            expect(record?.drawdown).toBeCloseTo((agent.peak - agent.worth) / agent.peak, 12);
        }
    });

    it("knows each slot and each limit as the market does", () => {
        const { market, world } = play(200);
        for (const agent of market.agents) {
            const known = world.agents.named(agent.name);
            for (const [k, slot] of agent.slots.entries()) {
                const shown = known?.slots[k];
                expect(shown === undefined || shown.state === "EMPTY" ? null : [shown.item?.id, shown.filled, shown.quantity, shown.price]).toEqual(
                    slot === null ? null : [slot.item.id, slot.filled, slot.quantity, slot.price],
                );
            }
            for (const [id, limit] of agent.limits) {
                const shown = [...(known?.limits.values() ?? [])].find((each) => each.item.id === id);
                if (limit.used > 0) {
                    expect([shown?.used, shown?.resetsAt]).toEqual([limit.used, limit.resetsAt]);
                }
            }
        }
    });

    it("finds for all that was sold when it was bought, and no unit twice", () => {
        const { world, events } = play(300);
        const { flips, trades } = world.history;
        let sold = 0;
        let matched = 0;
        for (let k = 0; k < flips.length; k++) {
            sold += flips.at(FLIP.quantity, k);
            matched += flips.at(FLIP.matched, k);
            expect(flips.at(FLIP.boughtAt, k)).toBeLessThan(flips.at(FLIP.soldAt, k));
        }
        expect(matched).toBe(sold);
        let bought = 0;
        for (let k = 0; k < trades.length; k++) {
            bought += trades.at(TRADE.side, k) === BUY ? trades.at(TRADE.quantity, k) : 0;
        }
        let held = 0;
        for (const record of world.history.records.values()) {
            for (const holding of record.holdings.values()) {
                held += holding.quantity;
            }
        }
        expect(bought).toBe(sold + held);
        expect(trades.total).toBe(events.filter((event) => event["type"] === "trade_executed").length);
    });

    it("judges an offer by the quote of its own side", () => {
        const { market, world } = play(120);
        for (const agent of market.agents) {
            for (const slot of world.agents.named(agent.name)?.slots ?? []) {
                if (slot?.state === "BUYING") {
                    expect(standing(slot)).toBe(slot.price >= (slot.item?.low ?? 0) ? "competitive" : "undercut");
                }
                if (slot?.state === "SELLING") {
                    expect(standing(slot)).toBe(slot.price <= (slot.item?.high ?? 0) ? "competitive" : "undercut");
                }
            }
        }
    });

    it("says of what it was not told that it is unknown, never 0", () => {
        const world = new World();
        const [event] = numbered([{ type: "agent_decision", data: { agent_id: "a", action_type: "hold" } }]);
        world.applyLive(event as HubEvent);
        const agent = world.agents.named("a");
        expect(agent?.worth).toBeNaN();
        expect(agent?.slots.every((slot) => slot === undefined)).toBe(true);
        expect(world.history.records.get("a")?.realised ?? Number.NaN).toBeNaN();
    });

    it("forgets the former episode's offers and stock where time goes back", () => {
        const world = new World();
        const events = numbered([
            { type: "trade_executed", data: { agent_id: "a", action_type: "buy", item: "Shark", price: 100, quantity: 5, market_time: 2e9 } },
            { type: "order_updated", data: { agent_id: "a", slot: 0, state: "BUYING", item: "Shark", market_time: 2e9 } },
            { type: "portfolio_update", data: { agent_id: "a", gp: 10, total_value: 10, market_time: 1e9 } },
        ]);
        for (const event of events) {
            world.applyLive(event);
            world.applyHistory(event);
        }
        expect(world.agents.named("a")?.slots[0]).toBeUndefined();
        expect(world.history.records.get("a")?.holdings.size).toBe(0);
    });

    it("survives data of any kind in every field", () => {
        const nasty: unknown[] = [null, "", "x".repeat(100_000), -1, 1e308, {}, [], [null], true, "\u202E<img src=x onerror=alert(1)>", { __proto__: null }];
        const types = ["trade_executed", "price_update", "margin_update", "agent_decision", "portfolio_update", "market_analysis", "order_updated", "limit_updated", "training_progress", "session_closed", "alert", "error", "__proto__", "constructor"];
        const fields = ["agent_id", "item", "item_id", "price", "quantity", "slot", "state", "inventory", "losses", "run", "step", "data", "market_time", "session", "toString", "__proto__"];
        const world = new World();
        let seq = 1;
        for (const type of types) {
            for (const value of nasty) {
                for (const field of fields) {
                    const base = { agent_id: "a", item: "i", action_type: "sell", slot: 1, run: "r", step: 1, session: "s", data: {} };
                    const [event] = numbered([{ type, data: { ...base, [field]: value } }], seq++);
                    world.applyLive(event as HubEvent);
                    world.applyHistory(event as HubEvent);
                }
            }
        }
        expect(world.seq).toBe(seq - 1);
        expect(unrealised(world.history.records.get("a"), world.agents.named("a"), world.items)).toBeDefined();
    });
});
