/**
 * What observations and actions may be, in the JSON that servers and pages describe them with.
 *
 * @module
 */

export type DType = "int8" | "uint8" | "int16" | "uint16" | "int32" | "int64" | "float32" | "float64";

/** Bounds of a Box: one for all elements, nested as the shape is, or null where there is none. */
export type Bounds = number | null | readonly Bounds[];

export type Space =
    | { type: "box"; shape: readonly number[]; low?: Bounds; high?: Bounds; dtype?: DType }
    | { type: "discrete"; n: number; start?: number }
    | { type: "multi_discrete"; nvec: readonly number[] }
    | { type: "multi_binary"; n: number }
    | { type: "dict"; spaces: Readonly<Record<string, Space>> }
    | { type: "tuple"; spaces: readonly Space[] };

/** A value of a space: numbers, arrays or typed arrays of them, or an object or array of such parts. */
export type Value =
    | number
    | bigint
    | boolean
    | ArrayLike<number>
    | ArrayLike<bigint>
    | readonly Value[]
    | { readonly [name: string]: Value };

/** One tensor of a flattened space. */
export interface Leaf {
    /** The path from the root, joined by dots; empty where the space is the tensor. */
    name: string;
    dtype: DType;
    shape: readonly number[];
    /** Elements. */
    size: number;
    /** Bytes. */
    bytes: number;
}

const BYTES: Record<DType, number> = {
    int8: 1, uint8: 1, int16: 2, uint16: 2, int32: 4, int64: 8, float32: 4, float64: 8,
};

function leaf(name: string, dtype: DType, shape: readonly number[]): Leaf {
    const size = shape.reduce((all, each) => all * each, 1);
    return { name, dtype, shape, size, bytes: size * BYTES[dtype] };
}

/** The tensors of a space, in declared order. */
export function leaves(space: Space, name = ""): Leaf[] {
    switch (space.type) {
        case "box":
            return [leaf(name, space.dtype ?? "float32", space.shape)];
        case "discrete":
            return [leaf(name, "int64", [])];
        case "multi_discrete":
            return [leaf(name, "int64", [space.nvec.length])];
        case "multi_binary":
            return [leaf(name, "int8", [space.n])];
        case "dict":
            return Object.entries(space.spaces).flatMap(([part, of]) => leaves(of, below(name, part)));
        case "tuple":
            return space.spaces.flatMap((of, part) => leaves(of, below(name, String(part))));
    }
}

function below(name: string, part: string): string {
    return name === "" ? part : `${name}.${part}`;
}

/** How many flags an action mask of the space has; 0 where it has none. */
export function maskSize(space: Space): number {
    if (space.type === "discrete") {
        return space.n;
    }
    return space.type === "multi_discrete" ? space.nvec.reduce((all, each) => all + each, 0) : 0;
}
