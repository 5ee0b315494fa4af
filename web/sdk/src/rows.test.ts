import { expect, test } from "vitest";
import type { Game, SoloGame } from "./game.ts";
import { ANSWER, answer, QUESTION, question, shape, STEP, THREW } from "./layout.ts";
import { Rows } from "./rows.ts";

const counter = (over: Partial<SoloGame> = {}): Game => ({
    name: "counter",
    observationSpace: { type: "box", shape: [1], dtype: "int32" },
    actionSpace: { type: "discrete", n: 3 },
    reset: ({ seed }) => [seed],
    step: (action) => ({ observation: [10 * (action as number)], reward: 0.5, terminated: action === 2 }),
    ...over,
}) as Game;

/** Asks about rows 0, 1, …: to reset with a seed, or to play an action. */
function ask(kinds: number[], values: number[], masked = false): ArrayBuffer {
    const of = shape(1, { type: "box", shape: [1], dtype: "int32" }, { type: "discrete", n: 3 }, masked);
    const at = question(of, kinds.length);
    const frame = new DataView(new ArrayBuffer(at.end));
    frame.setUint32(0, QUESTION, true);
    frame.setUint32(4, 77, true);
    frame.setUint32(12, kinds.length, true);
    kinds.forEach((kind, k) => {
        frame.setInt32((at.at[0] as number) + 4 * k, k, true);
        frame.setUint8((at.at[1] as number) + k, kind);
        frame.setFloat64((at.at[3] as number) + 8 * k, values[k] as number, true);
        frame.setBigInt64((at.leaves[0] as number) + 8 * k, BigInt(values[k] as number), true);
    });
    return frame.buffer as ArrayBuffer;
}

function read(view: ArrayBufferView, count: number, masked = false) {
    const of = shape(1, { type: "box", shape: [1], dtype: "int32" }, { type: "discrete", n: 3 }, masked);
    const at = answer(of, count);
    const frame = new DataView(view.buffer, 0, view.byteLength);
    const [state = 0, , reward = 0, terminated = 0, , mask = 0] = at.at;
    const json = frame.getUint32(16, true);
    expect([frame.getUint32(0, true), frame.getUint32(4, true), view.byteLength]).toEqual([ANSWER, 77, at.end + json]);
    return {
        rows: Array.from({ length: count }, (_, k) => ({
            state: frame.getUint8(state + k),
            reward: frame.getFloat64(reward + 8 * k, true),
            terminated: frame.getUint8(terminated + k),
            mask: Array.from({ length: of.flags }, (_flag, flag) => frame.getUint8(mask + of.flags * k + flag)),
            seen: frame.getInt32((at.leaves[0] as number) + 4 * k, true),
        })),
        rare: json === 0 ? {} : JSON.parse(new TextDecoder().decode(new Uint8Array(view.buffer as ArrayBuffer, at.end, json))),
    };
}

test("rows are reset and stepped in one answer, in Gymnasium's form too", async () => {
    const rows = new Rows(counter(), 3, false);
    const said = read(await rows.answer(ask([2, STEP, STEP], [42, 1, 2])), 3);
    expect(said.rows.map((row) => [row.seen, row.reward, row.terminated])).toEqual([[42, 0, 0], [10, 0.5, 0], [20, 0.5, 1]]);
    const tuples = new Rows(counter({ step: () => [[7], 1, false, true] }), 1, false);
    expect(read(await tuples.answer(ask([STEP], [0])), 1).rows[0]).toMatchObject({ seen: 7, reward: 1, terminated: 0 });
});

test("a game that takes its time is waited for, row after row", async () => {
    let playing = 0;
    const rows = new Rows(counter({
        async step(action) {
            expect(++playing).toBe(1);
            await new Promise((resolve) => setTimeout(resolve, 1));
            playing--;
            return { observation: [action as number], reward: 0 };
        },
    }), 2, false);
    expect(read(await rows.answer(ask([STEP, STEP], [1, 2])), 2).rows.map((row) => row.seen)).toEqual([1, 2]);
});

test("what one row throws is told of that row, with where it was thrown, and the others are as they were", async () => {
    const rows = new Rows(counter({
        step(action) {
            if (action === 1) {
                throw new RangeError("no such cell");
            }
            return { observation: [5], reward: 1 };
        },
    }), 2, false);
    const said = read(await rows.answer(ask([STEP, STEP], [1, 0])), 2);
    expect(said.rows.map((row) => row.state)).toEqual([THREW, 0]);
    expect(said.rows[1]?.seen).toBe(5);
    expect(said.rare["0"].error).toMatch(/^RangeError: no such cell\n.*rows\.test/s);
});

test("infos travel with what JSON loses: NaN, typed arrays, large integers; one that cannot be told says so", async () => {
    const info: Record<string, unknown> = { nan: Number.NaN, at: new Float32Array([1, 2]), large: 2n ** 60n };
    const rows = new Rows(counter({ step: () => ({ observation: [0], reward: 0, info }) }), 1, false);
    expect(read(await rows.answer(ask([STEP], [0])), 1).rare).toEqual({ 0: { info: [{ nan: "NaN", at: [1, 2], large: String(2n ** 60n) }] } });
    info["self"] = info;
    expect(read(await rows.answer(ask([STEP], [0])), 1).rare["0"].info[0].info_error).toMatch(/cannot be told/);
});

test("a mask is the game's; without one in an answer every action is allowed", async () => {
    const rows = new Rows(counter({ reset: () => ({ observation: [0], actionMask: [true, false, 1] }) }), 1, true);
    expect(read(await rows.answer(ask([2], [0], true)), 1, true).rows[0]?.mask).toEqual([1, 0, 1]);
    expect(read(await rows.answer(ask([STEP], [0], true)), 1, true).rows[0]?.mask).toEqual([1, 1, 1]);
});

test("an episode without a seed draws on from the instance's last, and the same seeds draw the same", async () => {
    const seeds = async () => {
        const seen: number[] = [];
        const rows = new Rows(counter({ reset: ({ seed }) => (seen.push(seed), [0]) }), 1, false);
        await rows.answer(ask([2], [9]));
        await rows.answer(ask([2], [-1]));
        await rows.answer(ask([2], [-1]));
        return seen;
    };
    const drawn = await seeds();
    expect(drawn[0]).toBe(9);
    expect(new Set(drawn).size).toBe(3);
    expect(await seeds()).toEqual(drawn);
});
