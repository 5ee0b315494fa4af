/**
 * A virtual clock that makes an unmodified real-time game steppable: its frames, timers, time and chance go on only when
 * a step says so.
 *
 * Load it before the game. It stands in for requestAnimationFrame, setTimeout, setInterval, requestIdleCallback, Date,
 * performance.now, Math.random and crypto.getRandomValues. What stays real: fetch (await it), workers, audio, iframes,
 * event.timeStamp, and CSS animations, unless `animations` is asked for.
 *
 * @module
 */
import { Random } from "./random.ts";

export interface ClockOptions {
    /** Milliseconds from one frame to the next; 1000 / 60 if left out. */
    frameMillis?: number;
    /** What Date shows at time 0, Unix milliseconds. */
    epoch?: number;
    /** Whether CSS animations and transitions keep to the clock too. */
    animations?: boolean;
}

interface Timer {
    due: number;
    /** Milliseconds between two calls; 0 for one call. */
    every: number;
    run(): void;
}

const FRAME_MILLIS = 1000 / 60;
/** 2020-01-01. */
const EPOCH = 1_577_836_800_000;
/** Beyond what a page's own timers are counted to, so that both can be told apart. */
const FIRST_ID = 2 ** 40;

class Clock {
    #now = 0;
    #ids = FIRST_ID;
    #frame = FRAME_MILLIS;
    /** Frames drawn since time 0, so that their times add up without rounding. */
    #frames = 0;
    #epoch = EPOCH;
    #animations = false;
    #installed = false;
    #advancing = false;
    #random = new Random(0);
    readonly #timers = new Map<number, Timer>();
    #callbacks = new Map<number, FrameRequestCallback>();
    #hop: (() => Promise<void>) | undefined;

    /** Milliseconds since the last rewind. */
    get now(): number {
        return this.#now;
    }

    /** Takes over the page's time and chance, from 0 on. Further calls only change the options. */
    install(options: ClockOptions = {}): void {
        this.#frame = options.frameMillis ?? FRAME_MILLIS;
        this.#epoch = options.epoch ?? EPOCH;
        this.#animations = options.animations ?? false;
        if (!this.#installed) {
            this.#installed = true;
            this.#hop = hops();
            this.#replace();
        }
    }

    /**
     * Begins anew: time 0, and chance from a seed. What the game has asked to be called for is called as long after this as
     * it would have been.
     */
    rewind(seed: number): void {
        this.#require();
        for (const timer of this.#timers.values()) {
            timer.due = Math.max(0, timer.due - this.#now);
        }
        this.#now = 0;
        this.#frames = 0;
        this.#random = new Random(seed);
    }

    /** Lets time pass: calls whatever becomes due, each in its moment and order, promises before the next. */
    async advance(millis: number): Promise<void> {
        this.#require();
        if (this.#advancing) {
            throw new Error("the clock is advancing already; await the former advance()");
        }
        this.#advancing = true;
        try {
            const end = this.#now + millis;
            for (;;) {
                const frame = (this.#frames + 1) * this.#frame;
                const due = this.#due();
                const timer = due === undefined ? undefined : (this.#timers.get(due) as Timer);
                const at = Math.min(timer?.due ?? Number.POSITIVE_INFINITY, frame);
                if (at > end + 1e-9) {
                    break;
                }
                if (timer !== undefined && timer.due <= frame) {
                    this.#now = Math.max(this.#now, timer.due);
                    if (timer.every > 0) {
                        timer.due += timer.every;
                    } else {
                        this.#timers.delete(due as number);
                    }
                    call(timer.run);
                    await this.settle();
                } else {
                    this.#now = frame;
                    this.#frames++;
                    if (this.#draw()) {
                        await this.settle();
                    }
                }
            }
            this.#now = Math.max(this.#now, end);
        } finally {
            this.#advancing = false;
        }
    }

    /** Lets promises and messages that are under way be done with, while no time passes. */
    async settle(): Promise<void> {
        this.#require();
        await this.#hop?.();
    }

    /** Whose turn is next; of two at once, who asked first. */
    #due(): number | undefined {
        let first: number | undefined;
        let due = Number.POSITIVE_INFINITY;
        for (const [id, timer] of this.#timers) {
            if (timer.due < due) {
                first = id;
                due = timer.due;
            }
        }
        return first;
    }

    /** @returns whether anybody had asked for the frame */
    #draw(): boolean {
        if (this.#animations && typeof document !== "undefined") {
            for (const animation of document.getAnimations()) {
                animation.pause();
                animation.currentTime = Number(animation.currentTime ?? 0) + this.#frame;
            }
        }
        const callbacks = this.#callbacks;
        this.#callbacks = new Map();
        for (const callback of callbacks.values()) {
            call(() => callback(this.#now));
        }
        return callbacks.size > 0;
    }

    #require(): void {
        if (!this.#installed) {
            throw new Error("the clock is not installed; call clock.install() before the game is loaded");
        }
    }

    #start(handler: unknown, delay: unknown, args: unknown[], repeats: boolean): number {
        if (typeof handler !== "function") {
            throw new TypeError("a timer under the clock calls a function");
        }
        const millis = Math.max(1, Number(delay) || 0);
        const id = this.#ids++;
        this.#timers.set(id, { due: this.#now + millis, every: repeats ? millis : 0, run: () => handler(...args) });
        return id;
    }

    #replace(): void {
        const page = globalThis as unknown as Record<string, unknown>;
        const real = { clearTimeout: globalThis.clearTimeout.bind(globalThis), Date: globalThis.Date };
        const stop = (id: unknown): void => {
            if (!this.#timers.delete(id as number) && !(typeof id === "number" && id >= FIRST_ID)) {
                real.clearTimeout(id as number);
            }
        };
        const put = (target: object, name: string, value: unknown): void => {
            Object.defineProperty(target, name, { value, configurable: true, writable: true, enumerable: true });
        };
        put(page, "setTimeout", (handler: unknown, delay?: unknown, ...args: unknown[]) => this.#start(handler, delay, args, false));
        put(page, "setInterval", (handler: unknown, delay?: unknown, ...args: unknown[]) => this.#start(handler, delay, args, true));
        put(page, "clearTimeout", stop);
        put(page, "clearInterval", stop);
        put(page, "requestAnimationFrame", (callback: FrameRequestCallback) => {
            const id = this.#ids++;
            this.#callbacks.set(id, callback);
            return id;
        });
        put(page, "cancelAnimationFrame", (id: number) => void this.#callbacks.delete(id));
        put(page, "requestIdleCallback", (callback: IdleRequestCallback) =>
            this.#start(() => callback({ didTimeout: false, timeRemaining: () => 1 }), 1, [], false));
        put(page, "cancelIdleCallback", stop);
        put(performance, "now", () => this.#now);
        put(Math, "random", () => this.#random.next());
        const date = (): number => this.#epoch + Math.floor(this.#now);
        put(page, "Date", new Proxy(real.Date, {
            construct: (target, args, as) => Reflect.construct(target, args.length === 0 ? [date()] : args, as),
            apply: (target) => new target(date()).toString(),
            get: (target, name, as) => (name === "now" ? date : Reflect.get(target, name, as)),
        }));
        if (typeof crypto !== "undefined") {
            put(crypto, "getRandomValues", (into: ArrayBufferView) => {
                const bytes = new Uint8Array(into.buffer, into.byteOffset, into.byteLength);
                bytes.forEach((_, k) => {
                    bytes[k] = this.#random.bits();
                });
                return into;
            });
            put(crypto, "randomUUID", () => {
                const hex = Array.from({ length: 4 }, () => this.#random.bits().toString(16).padStart(8, "0")).join("");
                return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
            });
        }
    }
}

/** An error of the game is the page's to report, as one in a timer is; time goes on. */
function call(run: () => void): void {
    try {
        run();
    } catch (thrown) {
        const report = (globalThis as { reportError?: (thrown: unknown) => void }).reportError;
        report === undefined ? console.error(thrown) : report(thrown);
    }
}

/** Goes once around the page's queue of tasks, which takes 8 µs and is not held back in hidden tabs; timers take 4 ms. */
function hops(): () => Promise<void> {
    const { port1, port2 } = new MessageChannel();
    const waiting: (() => void)[] = [];
    port1.onmessage = () => waiting.shift()?.();
    (port1 as { unref?: () => void }).unref?.();
    return () => new Promise((resolve) => {
        waiting.push(resolve);
        port2.postMessage(0);
    });
}

/** The page's clock. */
export const clock = new Clock();
