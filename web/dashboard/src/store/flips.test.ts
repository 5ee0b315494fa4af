import { describe, expect, it } from "vitest";
import { Holding } from "./flips.ts";

describe("a holding", () => {
    it("sells its oldest units first", () => {
        const holding = new Holding();
        holding.buy(10, 100, 1);
        holding.buy(10, 200, 2);

        const flip = holding.sell(15, 180, 15 * 3, 9);

        expect(flip).toEqual({
            boughtAt: 1, soldAt: 9, quantity: 15, matched: 15, buyPrice: (10 * 100 + 5 * 200) / 15, sellPrice: 180, tax: 45,
            profit: 15 * 180 - 2000 - 45,
        });
        expect(holding.quantity).toBe(5);
        expect(holding.meanPrice).toBe(200);
    });

    it("does not take units whose purchase nobody saw for free ones", () => {
        const holding = new Holding();
        holding.buy(4, 100, 1);

        const flip = holding.sell(10, 150, 30, 2);

        expect(flip.matched).toBe(4);
        expect(flip.profit).toBe(4 * 150 - 400 - 12);
        expect(holding.sell(3, 150, 9, 3).profit).toBeNaN();
        expect(holding.meanPrice).toBeNaN();
    });

    it("knows no profit where the tax is unknown", () => {
        const holding = new Holding();
        holding.buy(1, 100, 1);
        expect(holding.sell(1, 150, Number.NaN, 2).profit).toBeNaN();
    });

    it("spends and earns the same in pieces as at once", () => {
        const whole = new Holding();
        const pieces = new Holding();
        for (let k = 0; k < 5000; k++) {
            whole.buy(3, 100 + (k % 7), k);
            pieces.buy(3, 100 + (k % 7), k);
        }
        const once = whole.sell(15_000, 110, 15_000 * 2, 1).profit;
        let sum = 0;
        for (let k = 0; k < 1500; k++) {
            sum += pieces.sell(10, 110, 20, 1).profit;
        }
        expect(sum).toBeCloseTo(once, 3);
        expect(pieces.quantity).toBe(0);
        expect(pieces.cost).toBe(0);
    });
});
