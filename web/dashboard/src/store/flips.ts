/**
 * Matches sales with the purchases that they end: the oldest units of an agent's item go first.
 *
 * @module
 */

interface Lot {
    quantity: number;
    price: number;
    time: number;
}

/** What became of one sale. */
export interface Flip {
    /** When the first of its units was bought, seconds; NaN where none is known to have been. */
    boughtAt: number;
    soldAt: number;
    quantity: number;
    /** Of those units, how many are known to have been bought. */
    matched: number;
    /** Mean gp a unit of the matched ones; NaN where there are none. */
    buyPrice: number;
    sellPrice: number;
    /** gp, of the whole sale; NaN if nobody has said. */
    tax: number;
    /** gp after tax, of the matched units; NaN where there are none, or the tax is unknown. */
    profit: number;
}

/** More lots than these are merged with their neighbours, at their mean price. */
const MOST_LOTS = 4096;

/** The units of one agent's item that are known to have been bought and not sold. */
export class Holding {
    #lots: Lot[] = [];
    #first = 0;
    quantity = 0;
    cost = 0;

    /** gp a unit; NaN if there are none. */
    get meanPrice(): number {
        return this.quantity > 0 ? this.cost / this.quantity : Number.NaN;
    }

    buy(quantity: number, price: number, time: number): void {
        const last = this.#lots[this.#lots.length - 1];
        if (last !== undefined && this.#first < this.#lots.length && (last.price === price || this.#isFull())) {
            last.price = (last.price * last.quantity + price * quantity) / (last.quantity + quantity);
            last.quantity += quantity;
        } else {
            this.#lots.push({ quantity, price, time });
        }
        this.quantity += quantity;
        this.cost += quantity * price;
    }

    #isFull(): boolean {
        return this.#lots.length - this.#first >= MOST_LOTS;
    }

    sell(quantity: number, price: number, tax: number, time: number): Flip {
        let left = quantity;
        let cost = 0;
        let boughtAt = Number.NaN;
        while (left > 0) {
            const lot = this.#lots[this.#first];
            if (lot === undefined) {
                break;
            }
            if (Number.isNaN(boughtAt)) {
                boughtAt = lot.time;
            }
            const taken = Math.min(left, lot.quantity);
            cost += taken * lot.price;
            lot.quantity -= taken;
            left -= taken;
            if (lot.quantity <= 0) {
                this.#first++;
            }
        }
        if (this.#first > 1024 || this.#first === this.#lots.length) {
            this.#lots.splice(0, this.#first);
            this.#first = 0;
        }
        const matched = quantity - left;
        this.quantity -= matched;
        this.cost = this.quantity <= 0 ? 0 : this.cost - cost;
        return {
            boughtAt,
            soldAt: time,
            quantity,
            matched,
            buyPrice: matched > 0 ? cost / matched : Number.NaN,
            sellPrice: price,
            tax,
            profit: matched > 0 ? matched * price - cost - (quantity > 0 ? (tax * matched) / quantity : 0) : Number.NaN,
        };
    }
}
