import { describe, expect, it } from "vitest";
import { Curve } from "./curve.ts";

describe("a curve", () => {
    it("keeps every point while there is room", () => {
        const curve = new Curve(8);
        for (let k = 0; k < 8; k++) {
            curve.add(k, k * k);
        }
        expect([...curve.x()]).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
        expect([...curve.mean()]).toEqual([0, 1, 4, 9, 16, 25, 36, 49]);
        expect(curve.stride).toBe(1);
    });

    it("never loses an extreme, however long it gets", () => {
        const curve = new Curve(64);
        for (let k = 0; k < 100_000; k++) {
            curve.add(k, k === 12_345 ? 1e6 : k === 54_321 ? -1e6 : Math.sin(k));
        }
        expect(curve.length).toBeLessThanOrEqual(64);
        expect(curve.total).toBe(100_000);
        expect(Math.max(...curve.high())).toBe(1e6);
        expect(Math.min(...curve.low())).toBe(-1e6);
    });

    it("has in each bucket the least, the greatest and the mean of just its points", () => {
        const curve = new Curve(4);
        for (let k = 0; k < 8; k++) {
            curve.add(k, k);
        }
        expect([...curve.low()]).toEqual([0, 2, 4, 6]);
        expect([...curve.high()]).toEqual([1, 3, 5, 7]);
        expect([...curve.mean()]).toEqual([0.5, 2.5, 4.5, 6.5]);
    });

    it("leaves unknown points out, and counts late ones where it is", () => {
        const curve = new Curve(4);
        curve.add(1, Number.NaN);
        curve.add(5, 2);
        curve.add(3, 4);
        expect([...curve.x()]).toEqual([5]);
        expect([...curve.mean()]).toEqual([3]);
    });

    it("is smoothed without a bias towards its first point", () => {
        const curve = new Curve(8);
        for (const y of [7, 7, 7, 7]) {
            curve.add(curve.length, y);
        }
        expect([...curve.smooth(0.9)].map((y) => Math.round(1e9 * y) / 1e9)).toEqual([7, 7, 7, 7]);
        expect([...curve.smooth(0)]).toEqual([7, 7, 7, 7]);
    });
});
