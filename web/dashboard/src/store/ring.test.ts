import { describe, expect, it } from "vitest";
import { Newest, Ring } from "./ring.ts";

describe("a ring", () => {
    it("keeps the newest rows, side by side wherever it begins", () => {
        const ring = new Ring(4, 2);
        for (let k = 0; k < 11; k++) {
            ring.push(k, 10 * k);
            expect([...ring.column(0)]).toEqual(Array.from({ length: Math.min(4, k + 1) }, (_, n) => k - Math.min(3, k) + n));
        }
        expect([...ring.column(1)]).toEqual([70, 80, 90, 100]);
        expect(ring.total).toBe(11);
    });

    it("takes no more memory for its columns, however much goes through it", () => {
        const ring = new Ring(8, 1);
        ring.push(1);
        const { buffer } = ring.column(0);
        for (let k = 0; k < 1000; k++) {
            ring.push(k);
        }
        expect(ring.column(0).buffer).toBe(buffer);
    });

    it("does not take what it was not given for 0", () => {
        const ring = new Ring(2, 3);
        ring.push(1);
        expect(ring.at(2, 0)).toBeNaN();
        expect(ring.at(0, 5)).toBeNaN();
    });
});

describe("the newest", () => {
    it("come newest first, as many as there is room for", () => {
        const newest = new Newest<number>(3);
        for (let k = 0; k < 7; k++) {
            newest.push(k);
        }
        expect(newest.some(10, () => true)).toEqual([6, 5, 4]);
        expect(newest.some(1, (value) => value < 6)).toEqual([5]);
        expect(newest.newest(3)).toBeUndefined();
    });
});
