import { describe, expect, it } from "vitest";
import { eventOf, type HubEvent } from "../events/event.ts";
import { World } from "../store/world.ts";
import type { Asked, Page } from "./api.ts";
import { Past } from "./past.ts";

function trade(seq: number): HubEvent {
    return eventOf({
        type: "trade_executed", seq, epoch: "e", timestamp: seq,
        data: { agent_id: "a", action_type: "buy", item: "Shark", price: 1, quantity: 1 },
    }) as HubEvent;
}

/** A log of trades, `first` to `last`, read in pages of three. */
class Log {
    first = 1;
    asked = 0;
    constructor(public last: number) {}

    readonly read = async (asked: Asked): Promise<Page> => {
        this.asked++;
        const since = asked.since ?? 0;
        const recovered = since >= this.first - 1 && since <= this.last;
        const events: HubEvent[] = [];
        for (let seq = since + 1; recovered && seq <= this.last && events.length < 3; seq++) {
            events.push(trade(seq));
        }
        return { epoch: "e", firstSeq: this.first, seq: this.last, recovered, next: since + events.length, events };
    };
}

function trades(world: World): number {
    return world.history.trades.total;
}

const never = new AbortController().signal;

describe("the past", () => {
    it("is told each event once and in order, those too that happen while it is read", async () => {
        const world = new World();
        const log = new Log(10);
        const past = new Past(world, async (asked) => {
            log.last++;
            past.take(trade(log.last)); // something happens before each page
            return log.read(asked);
        }, () => {});
        await past.load(10, never);
        past.take(trade(log.last + 1));

        const seqs = [...world.history.trades.column(0)];
        expect(past.phase).toBe("whole");
        expect(seqs).toEqual(Array.from({ length: log.last + 1 }, (_, k) => k + 1));
    });

    it("begins where the log does, also when that is cut meanwhile", async () => {
        const world = new World();
        const log = new Log(20);
        log.first = 5;
        const past = new Past(world, async (asked) => {
            if (log.asked === 2) {
                log.first = 12;
            }
            return log.read(asked);
        }, () => {});
        await past.load(20, never);
        expect(past.phase).toBe("whole");
        expect([...world.history.trades.column(0)].slice(-9)).toEqual([12, 13, 14, 15, 16, 17, 18, 19, 20]);
        expect(past.firstSeq).toBe(12);
    });

    it("says how far it is", async () => {
        const seen: number[] = [];
        const past: Past = new Past(new World(), new Log(9).read, () => seen.push(past.read));
        await past.load(9, never);
        expect(past.of).toBe(9);
        expect(seen).toEqual([3, 6, 9, 9]);
    });

    it("says why it failed, and goes on from there when it is asked again", async () => {
        const world = new World();
        const log = new Log(9);
        let broken = true;
        const past = new Past(world, async (asked) => {
            if (log.asked === 2 && broken) {
                throw new Error("the hub is away");
            }
            return log.read(asked);
        }, () => {});
        await past.load(9, never);
        expect([past.phase, past.failure]).toEqual(["failed", "the hub is away"]);
        broken = false;
        await past.load(9, never);
        expect(past.phase).toBe("whole");
        expect(trades(world)).toBe(9);
    });

    it("does not wait for ever with what happens: what is too much is read from the log", async () => {
        const world = new World();
        const log = new Log(3);
        const past = new Past(world, async (asked) => {
            if (log.asked === 1) {
                for (let k = 0; k < 60_000; k++) {
                    log.last++;
                    past.take(trade(log.last));
                }
            }
            const page = await log.read({ ...asked });
            return page;
        }, () => {});
        await past.load(3, never);
        expect(trades(world)).toBe(log.last);
    }, 20_000);
});
