import { expect, test } from "vitest";
import { Random } from "./random.ts";

test("a seed gives the same numbers everywhere, and every bit of it counts", () => {
    const first = (seed: number) => Array.from({ length: 3 }, ((random) => () => random.bits())(new Random(seed)));
    expect(first(1)).toEqual(first(1));
    expect(first(1)).toMatchInlineSnapshot(`
      [
        2420951833,
        2513034076,
        3847892949,
      ]
    `);
    const seeds = [0, 1, 2, 2 ** 31, 2 ** 32, 2 ** 32 + 1, 2 ** 52, 2 ** 53 - 1];
    expect(new Set(seeds.map((seed) => first(seed).join())).size).toBe(seeds.length);
});

test("numbers lie from 0 up, below 1, and even out", () => {
    const random = new Random(7);
    const numbers = Array.from({ length: 20_000 }, () => random.next());
    expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...numbers)).toBeLessThan(1);
    expect(numbers.reduce((sum, each) => sum + each) / numbers.length).toBeCloseTo(0.5, 2);
});
