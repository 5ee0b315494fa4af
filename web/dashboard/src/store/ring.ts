/**
 * A fixed number of rows, the newest ones, in typed arrays.
 *
 * @module
 */

/**
 * A ring whose columns can be read as one piece. Each value is written twice, half a buffer apart, so that the newest
 * `length` rows lie side by side wherever the ring begins: a chart takes them as they are, and nothing is copied.
 */
export class Ring {
    readonly capacity: number;
    readonly #columns: readonly Float64Array[];
    #next = 0;
    #length = 0;
    /** How many rows were ever pushed. */
    total = 0;

    constructor(capacity: number, columns: number) {
        this.capacity = capacity;
        this.#columns = Array.from({ length: columns }, () => new Float64Array(2 * capacity));
    }

    get length(): number {
        return this.#length;
    }

    /** Adds a row; columns that are not given are unknown. */
    push(a: number, b = Number.NaN, c = Number.NaN, d = Number.NaN): void {
        this.#put(0, a);
        this.#put(1, b);
        this.#put(2, c);
        this.#put(3, d);
        this.#advance();
    }

    /** Adds a row with more columns than four. */
    pushRow(row: ArrayLike<number>): void {
        for (let column = 0; column < this.#columns.length; column++) {
            this.#put(column, row[column] ?? Number.NaN);
        }
        this.#advance();
    }

    #put(column: number, value: number): void {
        const values = this.#columns[column];
        if (values !== undefined) {
            values[this.#next] = value;
            values[this.#next + this.capacity] = value;
        }
    }

    #advance(): void {
        this.#next = (this.#next + 1) % this.capacity;
        this.#length = Math.min(this.#length + 1, this.capacity);
        this.total++;
    }

    /** A column from the oldest kept row to the newest; valid until the next push. */
    column(column: number): Float64Array {
        const values = this.#columns[column];
        if (values === undefined) {
            throw new RangeError(`the ring has ${this.#columns.length} columns, no ${column}`);
        }
        const start = (this.#next - this.#length + this.capacity) % this.capacity;
        return values.subarray(start, start + this.#length);
    }

    /** A value of row `k`, 0 for the oldest kept; NaN where there is none. */
    at(column: number, k: number): number {
        if (k < 0 || k >= this.#length) {
            return Number.NaN;
        }
        const start = (this.#next - this.#length + this.capacity) % this.capacity;
        return this.#columns[column]?.[start + k] ?? Number.NaN;
    }

    clear(): void {
        this.#next = 0;
        this.#length = 0;
        this.total = 0;
    }
}

/** The newest texts and other values, as many as there is room for. */
export class Newest<T> {
    readonly capacity: number;
    readonly #values: (T | undefined)[];
    #next = 0;
    total = 0;

    constructor(capacity: number) {
        this.capacity = capacity;
        this.#values = new Array<T | undefined>(capacity).fill(undefined);
    }

    get length(): number {
        return Math.min(this.total, this.capacity);
    }

    push(value: T): void {
        this.#values[this.#next] = value;
        this.#next = (this.#next + 1) % this.capacity;
        this.total++;
    }

    /** The `k`-th newest, 0 for the very newest. */
    newest(k: number): T | undefined {
        return k < 0 || k >= this.length ? undefined : this.#values[(this.#next - 1 - k + this.capacity) % this.capacity];
    }

    /** The newest that a condition admits, newest first, `most` at most. */
    some(most: number, admits: (value: T) => boolean): T[] {
        const found: T[] = [];
        for (let k = 0; k < this.length && found.length < most; k++) {
            const value = this.newest(k);
            if (value !== undefined && admits(value)) {
                found.push(value);
            }
        }
        return found;
    }

    clear(): void {
        this.#values.fill(undefined);
        this.#next = 0;
        this.total = 0;
    }
}
