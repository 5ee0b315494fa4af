/**
 * The Grand Exchange's tax, by the market's own date.
 *
 * @module
 * Source: https://oldschool.runescape.wiki/w/Grand_Exchange#Tax; the server's rules hold the same dates.
 */
const FIRST = 1_639_072_800; // 9 December 2021
const DOUBLED = 1_748_514_600; // 29 May 2025
const MOST = 5_000_000;

const EXEMPT = new Set([13190, 233, 952, 1733, 1735, 1755, 1785, 2347, 5325, 5329, 5331, 5341, 5343, 8794]);
const EXEMPT_SINCE_DOUBLED = new Set([
    315, 329, 347, 351, 355, 361, 365, 379, 558, 806, 807, 808, 882, 884, 886, 1891, 2140, 2142, 2309, 2327, 2552, 3008,
    3010, 3012, 3014, 3853, 8007, 8008, 8009, 8010, 8011, 8013, 28790, 28824,
]);

/** What divides a price, rounded down, into the tax of a unit sold; Infinity where there is none. */
export function taxDivisor(itemId: number, time: number): number {
    if (time < FIRST || EXEMPT.has(itemId)) {
        return Number.POSITIVE_INFINITY;
    }
    if (time < DOUBLED) {
        return 100;
    }
    return EXEMPT_SINCE_DOUBLED.has(itemId) ? Number.POSITIVE_INFINITY : 50;
}

/** gp of a unit that is sold for `price`. */
export function tax(price: number, divisor: number): number {
    return Math.min(MOST, Math.floor(price / divisor));
}

/** The lowest price whose proceeds after tax are at least `cost`. */
export function breakEven(cost: number, divisor: number): number {
    if (Number.isNaN(cost)) {
        return Number.NaN;
    }
    let price = Math.ceil(cost);
    // Each round adds the tax that is still missing; the tax of a tax is a fiftieth, so it ends in a few.
    for (let round = 0; round < 64 && price - tax(price, divisor) < cost; round++) {
        price += Math.max(1, Math.ceil(cost - (price - tax(price, divisor))));
    }
    while (price > 1 && price - 1 - tax(price - 1, divisor) >= cost) {
        price--;
    }
    return price;
}
