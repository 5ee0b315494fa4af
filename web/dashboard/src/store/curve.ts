/**
 * A curve of any length in a fixed amount of memory, none of whose extremes is ever lost.
 *
 * @module
 */

/**
 * Points in buckets, each with the least, the greatest and the mean of what it stands for. While there is room a bucket
 * is one point; when there is none left, each two neighbours become one. So every point is kept or lies between the
 * least and the greatest of its bucket: nothing is sampled away.
 */
export class Curve {
    readonly capacity: number;
    readonly #x: Float64Array;
    readonly #low: Float64Array;
    readonly #high: Float64Array;
    readonly #mean: Float64Array;
    readonly #count: Float64Array;
    #length = 0;
    /** Points that a full bucket stands for. */
    stride = 1;
    /** How many points were ever added. */
    total = 0;

    constructor(capacity = 4096) {
        this.capacity = capacity + (capacity % 2);
        this.#x = new Float64Array(this.capacity);
        this.#low = new Float64Array(this.capacity);
        this.#high = new Float64Array(this.capacity);
        this.#mean = new Float64Array(this.capacity);
        this.#count = new Float64Array(this.capacity);
    }

    get length(): number {
        return this.#length;
    }

    get lastX(): number {
        return this.#length === 0 ? Number.NaN : (this.#x[this.#length - 1] ?? Number.NaN);
    }

    /** Adds a point; unknown ones are left out. x must not fall: a point that comes late is counted at the last x. */
    add(x: number, y: number): void {
        if (Number.isNaN(x) || Number.isNaN(y)) {
            return;
        }
        this.total++;
        const last = this.#length - 1;
        const lastCount = this.#count[last] ?? 0;
        const lastX = this.#x[last] ?? Number.NEGATIVE_INFINITY;
        if (last >= 0 && (lastCount < this.stride || x <= lastX)) {
            this.#low[last] = Math.min(this.#low[last] ?? y, y);
            this.#high[last] = Math.max(this.#high[last] ?? y, y);
            this.#mean[last] = ((this.#mean[last] ?? 0) * lastCount + y) / (lastCount + 1);
            this.#count[last] = lastCount + 1;
            this.#x[last] = Math.max(lastX, x);
            return;
        }
        if (this.#length === this.capacity) {
            this.#halve();
            this.total--;
            this.add(x, y);
            return;
        }
        const k = this.#length++;
        this.#x[k] = x;
        this.#low[k] = y;
        this.#high[k] = y;
        this.#mean[k] = y;
        this.#count[k] = 1;
    }

    #halve(): void {
        const half = this.#length / 2;
        for (let k = 0; k < half; k++) {
            const a = 2 * k;
            const b = a + 1;
            const countA = this.#count[a] ?? 0;
            const countB = this.#count[b] ?? 0;
            this.#x[k] = this.#x[b] ?? 0;
            this.#low[k] = Math.min(this.#low[a] ?? 0, this.#low[b] ?? 0);
            this.#high[k] = Math.max(this.#high[a] ?? 0, this.#high[b] ?? 0);
            this.#mean[k] = ((this.#mean[a] ?? 0) * countA + (this.#mean[b] ?? 0) * countB) / (countA + countB);
            this.#count[k] = countA + countB;
        }
        this.#length = half;
        this.stride *= 2;
    }

    x(): Float64Array {
        return this.#x.subarray(0, this.#length);
    }

    low(): Float64Array {
        return this.#low.subarray(0, this.#length);
    }

    high(): Float64Array {
        return this.#high.subarray(0, this.#length);
    }

    mean(): Float64Array {
        return this.#mean.subarray(0, this.#length);
    }

    /**
     * The means, smoothed exponentially and without the bias towards the first.
     *
     * @param weight of what was before, 0 for none, below 1
     */
    smooth(weight: number): Float64Array {
        const mean = this.mean();
        const smoothed = new Float64Array(mean.length);
        let sum = 0;
        let weights = 0;
        for (let k = 0; k < mean.length; k++) {
            sum = sum * weight + (mean[k] ?? 0);
            weights = weights * weight + 1;
            smoothed[k] = sum / weights;
        }
        return smoothed;
    }
}
