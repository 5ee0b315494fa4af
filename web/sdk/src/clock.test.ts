import { expect, test } from "vitest";
import { clock } from "./clock.ts";

/** One tale of all that the clock stands in for, from a seed. */
async function tale(seed: number): Promise<unknown[]> {
    const told: unknown[] = [];
    clock.rewind(seed);
    const page = globalThis as unknown as { requestAnimationFrame(callback: (now: number) => void): number };
    page.requestAnimationFrame((now) => told.push(["frame", now.toFixed(2)]));
    const every = setInterval(() => told.push(["every 10", performance.now()]), 10);
    setTimeout(() => {
        told.push(["after 15", Date.now(), Math.random()]);
        void Promise.resolve().then(() => told.push(["promise", clock.now]));
    }, 15);
    setTimeout(() => clearInterval(every), 25);
    await clock.advance(50);
    told.push(crypto.randomUUID(), [...crypto.getRandomValues(new Uint8Array(3))], new Date().toISOString(), clock.now);
    return told;
}

test("time and chance go on only when they are advanced, in order, and the same from a seed", async () => {
    clock.install();
    const first = await tale(3);
    expect(first.slice(0, 6)).toMatchObject([
        ["every 10", 10],
        ["after 15", 1_577_836_800_015, expect.any(Number)],
        ["promise", 15],
        ["frame", "16.67"],
        ["every 10", 20],
        expect.any(String),
    ]);
    expect(await tale(3)).toEqual(first);
    expect(await tale(4)).not.toEqual(first);
    const before = clock.now;
    await clock.settle();
    expect([clock.now, performance.now()]).toEqual([before, before]);
});

test("a timer that is under way when time is rewound is called as long after as it would have been", async () => {
    clock.rewind(1);
    await clock.advance(30);
    let called = Number.NaN;
    setTimeout(() => {
        called = clock.now;
    }, 100);
    await clock.advance(40);
    clock.rewind(1);
    await clock.advance(100);
    expect(called).toBe(60);
});

test("an error in a timer does not stop the clock, and two advances at once are refused", async () => {
    const reported: unknown[] = [];
    (globalThis as { reportError?: unknown }).reportError = (thrown: unknown) => reported.push(thrown);
    setTimeout(() => {
        throw new Error("the game's own");
    }, 5);
    const advancing = clock.advance(20);
    await expect(clock.advance(1)).rejects.toThrow(/advancing already/);
    await advancing;
    expect(String(reported)).toMatch(/the game's own/);
});
