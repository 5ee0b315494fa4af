import { describe, expect, test } from "vitest";
import { leaves, type Space, type Value } from "./spaces.ts";
import { Reader, Writer } from "./values.ts";

const box = (shape: number[], dtype: "float32" | "int32" | "uint8" | "int64" = "float32"): Space => ({ type: "box", shape, dtype });

/** Writes a value into the second of two cells, and reads both back. */
function through(space: Space, value: Value): [Value, Value] {
    const tensors = leaves(space);
    let end = 0;
    const at = tensors.map((leaf) => {
        const here = end;
        end += 2 * Math.ceil(leaf.bytes / 8) * 8;
        return here;
    });
    const buffer = new ArrayBuffer(end);
    const writer = new Writer(space, tensors);
    writer.into(buffer, at, 2);
    writer.write(1, value);
    const reader = new Reader(space, tensors);
    reader.from(buffer, at, 2);
    return [reader.read(0), reader.read(1)];
}

test("values of every kind of space come back as they were, in their own cell", () => {
    const space: Space = {
        type: "dict",
        spaces: {
            at: box([2, 2]),
            which: { type: "discrete", n: 5, start: -2 },
            parts: { type: "tuple", spaces: [{ type: "multi_discrete", nvec: [3, 4] }, { type: "multi_binary", n: 3 }] },
            large: box([], "int64"),
        },
    };
    const value = { at: [[1, 2], [3, 0.5]], which: -1, parts: [[2, 3], [1, 0, 1]], large: -(2 ** 40) - 7 } as const;
    const [other, back] = through(space, value);
    expect(back).toEqual({
        at: new Float32Array([1, 2, 3, 0.5]),
        which: -1,
        parts: [[2, 3], new Int8Array([1, 0, 1])],
        large: -(2 ** 40) - 7,
    });
    expect(other).toEqual({ at: new Float32Array(4), which: 0, parts: [[0, 0], new Int8Array(3)], large: 0 });
});

test("a typed array is written as it is, flat or of another type", () => {
    expect(through(box([2, 2]), new Float32Array([1, 2, 3, 4]))[1]).toEqual(new Float32Array([1, 2, 3, 4]));
    expect(through(box([3]), new Float64Array([1, 2, 3]))[1]).toEqual(new Float32Array([1, 2, 3]));
    expect(through(box([2], "uint8"), new Uint8ClampedArray([7, 255]))[1]).toEqual(new Uint8Array([7, 255]));
    expect(through(box([2], "int64"), new BigInt64Array([5n, -5n]))[1]).toEqual([5, -5]);
});

test("NaN is a float like another, where JSON would make it null", () => {
    expect(through(box([2]), [Number.NaN, Number.POSITIVE_INFINITY])[1]).toEqual(new Float32Array([Number.NaN, Number.POSITIVE_INFINITY]));
});

describe("what does not fit is refused by name", () => {
    const refusals: [string, Space, unknown, RegExp][] = [
        ["NaN as an integer", box([1], "int32"), [Number.NaN], /observation holds NaN where it needs an integer of int32/],
        ["a fraction as an integer", box([], "int32"), 1.5, /holds 1.5/],
        ["beyond the type", box([], "uint8"), 256, /holds 256 where it needs an integer of uint8/],
        ["too few numbers", box([2, 2]), [1, 2, 3], /has 3 parts where its shape is \[2,2\]/],
        ["one number for four", box([2, 2]), 1, /is number where it needs 4 numbers/],
        ["a word", box([1]), ["a"], /holds a where it needs a number/],
        ["nothing", box([]), undefined, /holds undefined/],
        ["a missing part", { type: "dict", spaces: { x: box([2]) } }, {}, /observation.x is undefined/],
        ["outside a discrete space", { type: "discrete", n: 3 }, 3, /observation is 3 where it needs an integer from 0 to 2/],
    ];
    test.each(refusals)("%s", (_what, space, value, why) => {
        expect(() => through(space, value as Value)).toThrow(why);
    });
});
