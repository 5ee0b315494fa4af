/**
 * Numbers for names, so that columns can hold them.
 *
 * @module
 */
export class Names {
    readonly #numbers = new Map<string, number>();
    readonly #names: string[] = [];
    readonly #most: number;

    /** @param most how many names are told apart; all further ones share the last number */
    constructor(most = 65_536) {
        this.#most = most;
    }

    number(name: string): number {
        const known = this.#numbers.get(name);
        if (known !== undefined) {
            return known;
        }
        if (this.#names.length >= this.#most) {
            return this.#most - 1;
        }
        const number = this.#names.length;
        this.#names.push(this.#names.length === this.#most - 1 ? "(others)" : name);
        this.#numbers.set(name, number);
        return number;
    }

    name(number: number): string {
        return this.#names[number] ?? "";
    }
}
