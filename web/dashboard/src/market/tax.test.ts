import { describe, expect, it } from "vitest";
import { breakEven, tax, taxDivisor } from "./tax.ts";

const BEFORE = 1_639_072_799;
const ONE = 1_639_072_800;
const TWO = 1_748_514_600;

describe("the tax", () => {
    it.each([
        [49, TWO, 0], [50, TWO, 1], [99, TWO, 1], [100, TWO, 2], [99, ONE, 0], [100, ONE, 1], [100, BEFORE, 0],
        [249_999_999, TWO, 4_999_999], [250_000_000, TWO, 5_000_000], [499_999_999, ONE, 4_999_999], [500_000_000, ONE, 5_000_000],
        [9_200_000_000, TWO, 5_000_000],
    ])("of %d gp at %d is %d", (price, time, expected) => {
        expect(tax(price, taxDivisor(4151, time))).toBe(expected);
    });

    it("spares some items, and more of them since it was doubled", () => {
        expect(tax(1_000_000, taxDivisor(13190, ONE))).toBe(0);
        expect(tax(1_000_000, taxDivisor(8013, TWO - 1))).toBe(10_000);
        expect(tax(1_000_000, taxDivisor(8013, TWO))).toBe(0);
    });
});

describe("the break-even price", () => {
    it("is the lowest that brings back what was paid", () => {
        for (const cost of [1, 49, 50, 98, 99, 100, 15_483, 1_526_000, 244_999_999, 245_000_001, 9_000_000_000]) {
            const divisor = taxDivisor(4151, TWO);
            const price = breakEven(cost, divisor);
            expect(price - tax(price, divisor)).toBeGreaterThanOrEqual(cost);
            expect(price - 1 - tax(price - 1, divisor)).toBeLessThan(cost);
        }
    });

    it("is unknown where the cost is", () => {
        expect(breakEven(Number.NaN, 50)).toBeNaN();
    });
});
