/**
 * Runs of training: every number that a run has told, as a curve over its steps.
 *
 * @module
 */
import { dataOf, type HubEvent, isObject, name, num } from "../events/event.ts";
import { Curve } from "./curve.ts";

const MOST_RUNS = 64;
const MOST_CURVES = 32;

export const PLAIN_CURVES = ["return", "length", "kl", "entropy", "explained_variance", "steps_per_second"] as const;

export class Run {
    readonly name: string;
    /** By what they show: a plain one's name, or `losses.` and a loss's. */
    readonly curves = new Map<string, Curve>();
    step = Number.NaN;
    /** When the hub first and last heard of it, Unix seconds. */
    readonly began: number;
    at: number;
    points = 0;

    constructor(called: string, began: number) {
        this.name = called;
        this.began = began;
        this.at = began;
    }

    add(curve: string, step: number, value: number): void {
        if (Number.isNaN(value)) {
            return;
        }
        let found = this.curves.get(curve);
        if (found === undefined) {
            if (this.curves.size >= MOST_CURVES) {
                return;
            }
            found = new Curve();
            this.curves.set(curve, found);
        }
        found.add(step, value);
    }
}

export class Training {
    readonly #runs = new Map<string, Run>();

    /** Newest first. */
    get runs(): readonly Run[] {
        return [...this.#runs.values()].sort((a, b) => b.at - a.at);
    }

    named(called: string): Run | undefined {
        return this.#runs.get(called);
    }

    apply(event: HubEvent): void {
        if (event.type !== "training_progress") {
            return;
        }
        const data = dataOf(event, "training_progress");
        const called = name(data.run);
        const step = num(data.step);
        let run = this.#runs.get(called);
        if (run !== undefined && step < run.step) {
            this.#runs.delete(called); // the run has begun anew
            run = undefined;
        }
        if (run === undefined) {
            run = new Run(called, event.timestamp);
            this.#runs.set(called, run);
            this.#forget();
        }
        run.step = step;
        run.at = event.timestamp;
        run.points++;
        for (const plain of PLAIN_CURVES) {
            run.add(plain, step, num(data[plain]));
        }
        if (isObject(data.losses)) {
            for (const [loss, value] of Object.entries(data.losses).slice(0, MOST_CURVES)) {
                run.add(`losses.${name(loss)}`, step, num(value));
            }
        }
    }

    #forget(): void {
        if (this.#runs.size > MOST_RUNS) {
            const oldest = this.runs[this.#runs.size - 1];
            if (oldest !== undefined) {
                this.#runs.delete(oldest.name);
            }
        }
    }
}
