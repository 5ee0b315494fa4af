/**
 * The chance of one episode: sfc32 of the PractRand suite, seeded by splitmix32.
 *
 * @module
 */
export class Random {
    #a: number;
    #b: number;
    #c: number;
    #d = 1;

    /** @param seed an integer from 0 up; all of its 53 bits count */
    constructor(seed: number) {
        let state = (seed ^ Math.floor(seed / 2 ** 32)) >>> 0;
        const mixed = (): number => {
            state = (state + 0x9e3779b9) | 0;
            let z = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
            z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
            return z ^ (z >>> 15);
        };
        this.#a = mixed();
        this.#b = mixed() ^ Math.floor(seed / 2 ** 32);
        this.#c = mixed();
        for (let k = 0; k < 12; k++) {
            this.bits();
        }
    }

    /** An integer from 0 to 2^32 - 1. */
    bits(): number {
        const sum = (((this.#a + this.#b) | 0) + this.#d) | 0;
        this.#d = (this.#d + 1) | 0;
        this.#a = this.#b ^ (this.#b >>> 9);
        this.#b = (this.#c + (this.#c << 3)) | 0;
        this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum | 0;
        return sum >>> 0;
    }

    /** A number from 0 up, below 1, of 53 random bits, as Math.random() gives. */
    next(): number {
        return ((this.bits() >>> 5) * 2 ** 26 + (this.bits() >>> 6)) / 2 ** 53;
    }
}
