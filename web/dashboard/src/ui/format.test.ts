import { describe, expect, it } from "vitest";
import { csv } from "./csv.ts";
import { count, gp, percent, signed, span, UNKNOWN } from "./format.ts";
import { limitText } from "../market/limit.ts";

describe("numbers", () => {
    it.each([
        [0, "0"], [190, "190"], [99_999, "99,999"], [156_590, "156.6 k"], [999_960, "1 M"], [1_576_684, "1.577 M"], [1_441_412_934, "1.441 B"],
        [-85_057, "-85,057"], [Number.NaN, UNKNOWN],
    ])("%d gp is shown as %s", (value, shown) => {
        expect(gp(value)).toBe(shown);
    });

    it("have signs where they are won or lost, and unknown ones have none", () => {
        expect([signed(5), signed(-5), signed(0), signed(Number.NaN)]).toEqual(["+5", "−5", "0", UNKNOWN]);
        expect(percent(Number.NaN)).toBe(UNKNOWN);
        expect(count(Number.NaN)).toBe(UNKNOWN);
    });
});

describe("times", () => {
    it.each([
        [4, "4 s"], [65, "1 min 5 s"], [4320, "1 h 12 min"], [3600, "1 h"], [90_000, "1 d 1 h"], [-3, "0 s"], [Number.NaN, UNKNOWN],
    ])("%d seconds are %s", (seconds, shown) => {
        expect(span(seconds)).toBe(shown);
    });

    it("stand with a limit as the issue of it says", () => {
        expect(limitText({ used: 8240, limit: 11_000 }, 4320)).toBe("8,240 of 11,000, 2,760 left, resets in 1 h 12 min");
    });
});

describe("a file", () => {
    it("keeps what a cell holds, whatever that is", () => {
        expect(csv(["a", "b"], [["x,\"y\"\n", 1.5], ["", Number.NaN]])).toBe('a,b\r\n"x,""y""\n",1.5\r\n,\r\n');
    });

    it("is no program for a spreadsheet", () => {
        expect(csv(["a"], [["=HYPERLINK(1)"], ["@x"]])).toBe("a\r\n'=HYPERLINK(1)\r\n'@x\r\n");
    });
});
