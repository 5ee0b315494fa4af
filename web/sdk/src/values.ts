/**
 * Writes values into columns, exactly or not at all, and reads actions from them.
 *
 * @module
 */
import type { DType, Leaf, Space, Value } from "./spaces.ts";

const LARGEST = 2 ** 53 - 1;
const RANGES: Partial<Record<DType, [number, number]>> = {
    int8: [-(2 ** 7), 2 ** 7 - 1],
    uint8: [0, 2 ** 8 - 1],
    int16: [-(2 ** 15), 2 ** 15 - 1],
    uint16: [0, 2 ** 16 - 1],
    int32: [-(2 ** 31), 2 ** 31 - 1],
    int64: [-LARGEST, LARGEST],
};

/** A typed array over a column; of an int64 column, its 32-bit halves. */
type Column = Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Float32Array | Float64Array;

const ARRAYS = {
    int8: Int8Array,
    uint8: Uint8Array,
    int16: Int16Array,
    uint16: Uint16Array,
    int32: Int32Array,
    int64: Int32Array,
    float32: Float32Array,
    float64: Float64Array,
};

export function column(buffer: ArrayBuffer, at: number, leaf: Leaf, cells: number): Column {
    const elements = leaf.size * cells * (leaf.dtype === "int64" ? 2 : 1);
    return new ARRAYS[leaf.dtype](buffer, at, elements);
}

function put(into: Column, at: number, dtype: DType, value: unknown, name: string): void {
    const number = typeof value === "bigint" || typeof value === "boolean" ? Number(value) : value;
    if (typeof number !== "number") {
        throw new TypeError(`${name} holds ${String(value)} where it needs a number`);
    }
    const range = RANGES[dtype];
    if (range !== undefined && !(Number.isInteger(number) && number >= range[0] && number <= range[1])) {
        throw new RangeError(`${name} holds ${number} where it needs an integer of ${dtype}`);
    }
    if (dtype === "int64") {
        into[2 * at] = number | 0;
        into[2 * at + 1] = Math.floor(number / 2 ** 32);
    } else {
        into[at] = number;
    }
}

function isList(value: unknown): value is ArrayLike<unknown> {
    return Array.isArray(value) || (ArrayBuffer.isView(value) && "length" in value);
}

/** Writes the elements of a tensor, nested as its shape is or flat. */
function fill(into: Column, from: number, leaf: Leaf, value: unknown, name: string): void {
    if (!isList(value)) {
        if (leaf.size !== 1) {
            throw new TypeError(`${name} is ${typeof value} where it needs ${leaf.size} numbers of shape [${leaf.shape}]`);
        }
        put(into, from, leaf.dtype, value, name);
        return;
    }
    if (value.length === leaf.size && !isList(value[0])) {
        if (leaf.dtype !== "int64" && ArrayBuffer.isView(value) && value.constructor === into.constructor) {
            into.set(value as Column, from);
            return;
        }
        for (let k = 0; k < leaf.size; k++) {
            put(into, from + k, leaf.dtype, value[k], name);
        }
        return;
    }
    let next = from;
    const walk = (part: unknown, depth: number): void => {
        if (depth === leaf.shape.length) {
            put(into, next++, leaf.dtype, part, name);
            return;
        }
        if (!isList(part) || part.length !== leaf.shape[depth]) {
            const has = isList(part) ? `${part.length} parts` : typeof part;
            throw new TypeError(`${name} has ${has} where its shape is [${leaf.shape}]`);
        }
        for (let k = 0; k < part.length; k++) {
            walk(part[k], depth + 1);
        }
    };
    walk(value, 0);
}

/** Writes a value into its leaves' columns; each is `[cells, *leaf]`. */
export class Writer {
    readonly #space: Space;
    readonly #leaves: Leaf[];
    #columns: Column[] = [];
    #leaf = 0;

    constructor(space: Space, leaves: Leaf[]) {
        this.#space = space;
        this.#leaves = leaves;
    }

    into(buffer: ArrayBuffer, at: number[], cells: number): void {
        this.#columns = this.#leaves.map((leaf, k) => column(buffer, at[k] ?? 0, leaf, cells));
    }

    /** @throws TypeError or RangeError, which name what does not fit */
    write(cell: number, value: Value): void {
        this.#leaf = 0;
        this.#part(this.#space, cell, value, "observation");
    }

    #part(space: Space, cell: number, value: unknown, name: string): void {
        if (space.type === "dict") {
            if (typeof value !== "object" || value === null) {
                throw new TypeError(`${name} is ${String(value)} where it needs an object`);
            }
            for (const [key, part] of Object.entries(space.spaces)) {
                this.#part(part, cell, (value as Record<string, unknown>)[key], `${name}.${key}`);
            }
        } else if (space.type === "tuple") {
            if (!isList(value) || value.length !== space.spaces.length) {
                throw new TypeError(`${name} needs ${space.spaces.length} parts`);
            }
            space.spaces.forEach((part, k) => this.#part(part, cell, value[k], `${name}[${k}]`));
        } else {
            const leaf = this.#leaves[this.#leaf] as Leaf;
            const into = this.#columns[this.#leaf] as Column;
            this.#leaf++;
            const shifted = space.type === "discrete" ? within(space.n, space.start ?? 0, value, name) : value;
            fill(into, cell * leaf.size, leaf, shifted, name);
        }
    }
}

function within(n: number, start: number, value: unknown, name: string): unknown {
    if (typeof value === "number" && !(value >= start && value < start + n)) {
        throw new RangeError(`${name} is ${value} where it needs an integer from ${start} to ${start + n - 1}`);
    }
    return value;
}

/** Reads values from their leaves' columns. */
export class Reader {
    readonly #space: Space;
    readonly #leaves: Leaf[];
    #columns: Column[] = [];
    #leaf = 0;

    constructor(space: Space, leaves: Leaf[]) {
        this.#space = space;
        this.#leaves = leaves;
    }

    from(buffer: ArrayBuffer, at: number[], cells: number): void {
        this.#columns = this.#leaves.map((leaf, k) => column(buffer, at[k] ?? 0, leaf, cells));
    }

    read(cell: number): Value {
        this.#leaf = 0;
        return this.#part(this.#space, cell);
    }

    #part(space: Space, cell: number): Value {
        if (space.type === "dict") {
            return Object.fromEntries(Object.entries(space.spaces).map(([name, part]) => [name, this.#part(part, cell)]));
        }
        if (space.type === "tuple") {
            return space.spaces.map((part) => this.#part(part, cell));
        }
        const leaf = this.#leaves[this.#leaf] as Leaf;
        const from = this.#columns[this.#leaf] as Column;
        this.#leaf++;
        const first = cell * leaf.size;
        if (leaf.dtype === "int64") {
            const whole = (k: number): number => (from[2 * k + 1] as number) * 2 ** 32 + ((from[2 * k] as number) >>> 0);
            return leaf.shape.length === 0 ? whole(first) : Array.from({ length: leaf.size }, (_, k) => whole(first + k));
        }
        return leaf.shape.length === 0 ? (from[first] as number) : from.slice(first, first + leaf.size);
    }
}
