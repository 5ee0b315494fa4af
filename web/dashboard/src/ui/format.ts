/**
 * Numbers and times as people read them; what is unknown says so.
 *
 * @module
 */
export const UNKNOWN = "–";

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const three = new Intl.NumberFormat("en", { maximumSignificantDigits: 4 });

/** gp or pieces in full: 1,576,684. */
export function count(value: number): string {
    return Number.isNaN(value) ? UNKNOWN : whole.format(value);
}

/** gp in short: 1.577 M. Below 100,000 in full. */
export function gp(value: number): string {
    if (Number.isNaN(value)) {
        return UNKNOWN;
    }
    const size = Math.abs(value);
    if (size < 99_999.5) {
        return whole.format(value);
    }
    const [unit, letter] = size < 999_950 ? [1e3, "k"] : size < 999_950_000 ? [1e6, "M"] : [1e9, "B"];
    return `${three.format(value / unit)} ${letter}`;
}

/** With its sign, for what is won or lost. */
export function signed(value: number, show: (value: number) => string = gp): string {
    return Number.isNaN(value) ? UNKNOWN : value > 0 ? `+${show(value)}` : show(value).replace("-", "−");
}

export function percent(fraction: number, digits = 2): string {
    return Number.isNaN(fraction) ? UNKNOWN : `${(100 * fraction).toFixed(digits).replace("-", "−")} %`;
}

/** Any number, with four digits that matter. */
export function number(value: number): string {
    if (Number.isNaN(value)) {
        return UNKNOWN;
    }
    const size = Math.abs(value);
    return size !== 0 && (size < 1e-3 || size >= 1e7) ? value.toExponential(3) : three.format(value).replace("-", "−");
}

/** A span: 1 h 12 min, 45 s. */
export function span(seconds: number): string {
    if (Number.isNaN(seconds)) {
        return UNKNOWN;
    }
    const s = Math.max(0, Math.round(seconds));
    if (s < 60) {
        return `${s} s`;
    }
    if (s < 3600) {
        return s % 60 === 0 || s >= 600 ? `${Math.floor(s / 60)} min` : `${Math.floor(s / 60)} min ${s % 60} s`;
    }
    if (s < 86_400) {
        const minutes = Math.floor((s % 3600) / 60);
        return minutes === 0 ? `${Math.floor(s / 3600)} h` : `${Math.floor(s / 3600)} h ${minutes} min`;
    }
    const hours = Math.floor((s % 86_400) / 3600);
    return hours === 0 ? `${Math.floor(s / 86_400)} d` : `${Math.floor(s / 86_400)} d ${hours} h`;
}

const clockFormat = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const marketFormat = new Intl.DateTimeFormat("en-GB", {
    day: "2-digit",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    timeZone: "UTC",
});

/** When the hub had it, on the reader's clock. */
export function clock(time: number): string {
    return isDate(time) ? clockFormat.format(time * 1000) : UNKNOWN;
}

/** When it was in the market, UTC. */
export function marketClock(time: number): string {
    return isDate(time) ? marketFormat.format(time * 1000) : UNKNOWN;
}

export function iso(time: number): string {
    return isDate(time) ? new Date(time * 1000).toISOString() : "";
}

function isDate(time: number): boolean {
    return Math.abs(time) < 8.64e12;
}

export function bytes(size: number): string {
    if (Number.isNaN(size)) {
        return UNKNOWN;
    }
    const units = ["B", "KiB", "MiB", "GiB"];
    let k = 0;
    let left = size;
    while (left >= 1024 && k < units.length - 1) {
        left /= 1024;
        k++;
    }
    return `${three.format(left)} ${units[k] ?? ""}`;
}
