/**
 * Where the columns of a frame about some rows lie; the relay computes the same (RowLayout.java, which describes them).
 *
 * @module
 */
import { type Leaf, leaves, maskSize, type Space } from "./spaces.ts";

export const QUESTION = 0x31515448;
export const ANSWER = 0x31415448;
export const HEAD = 24;
export const STEP = 1;
export const RENEW = 3;
export const DRAW = 4;
/** The state of a row whose game threw. */
export const THREW = 1;

export interface Shape {
    agents: number;
    /** Flags of a mask; 0 for none. */
    flags: number;
    actions: Leaf[];
    observations: Leaf[];
}

export function shape(agents: number, observation: Space, action: Space, masked: boolean): Shape {
    return {
        agents,
        flags: masked ? maskSize(action) : 0,
        actions: leaves(action),
        observations: leaves(observation),
    };
}

function columns(sizes: number[]): [number[], number] {
    let next = HEAD;
    const at = sizes.map((bytes) => {
        const here = next;
        next = Math.ceil((next + bytes) / 8) * 8;
        return here;
    });
    return [at, next];
}

export interface Columns {
    at: number[];
    leaves: number[];
    end: number;
}

function laid(own: number[], of: Leaf[], cells: number): Columns {
    const [all, end] = columns([...own, ...of.map((each) => each.bytes * cells)]);
    return { at: all.slice(0, own.length), leaves: all.slice(own.length), end };
}

/** instance, kind, turn, seed, and the action's leaves. */
export function question(of: Shape, count: number): Columns {
    return laid([4 * count, count, 4 * count, 8 * count], of.actions, of.agents * count);
}

/** state, turn, reward, terminated, truncated, mask, and the observation's leaves. */
export function answer(of: Shape, count: number): Columns {
    const cells = of.agents * count;
    return laid([count, 4 * count, 8 * cells, cells, cells, cells * of.flags], of.observations, cells);
}
