/**
 * A small mark in the page's corner: whether it hosts, whether somebody plays, and how fast.
 *
 * @module
 */
import type { Status } from "./host.ts";

const COLOURS: Record<Status, string> = {
    connecting: "#b58900", connected: "#268bd2", driven: "#2aa198", refused: "#dc322f", closed: "#888",
};
const EACH_MILLIS = 500;

export class Badge {
    readonly #element: HTMLElement;
    readonly #name: string;
    #status: Status = "connecting";
    #why = "";
    #steps = 0;
    #since = 0;

    constructor(name: string) {
        this.#name = name;
        this.#element = document.createElement("div");
        this.#element.setAttribute("role", "status");
        this.#element.style.cssText =
            "position:fixed;right:6px;bottom:6px;z-index:2147483647;font:11px/1.4 system-ui,sans-serif;color:#fff;" +
            "padding:1px 7px;border-radius:9px;pointer-events:none;opacity:.85";
        document.body?.append(this.#element);
        this.#show(0);
    }

    status(status: Status, why = ""): void {
        this.#status = status;
        this.#why = why;
        this.#show(0);
    }

    /** So many rows were stepped; seldom costs more than an addition, and never inside a hidden page's timers. */
    stepped(rows: number, now: number): void {
        this.#steps += rows;
        if (now - this.#since > EACH_MILLIS) {
            const rate = this.#since === 0 ? 0 : (this.#steps * 1000) / (now - this.#since);
            this.#steps = 0;
            this.#since = now;
            this.#show(rate);
        }
    }

    #show(rate: number): void {
        const speed = rate > 0 ? ` · ${rate < 1000 ? Math.round(rate) : `${(rate / 1000).toFixed(1)}k`} steps/s` : "";
        this.#element.textContent = `${this.#name}: ${this.#status}${speed}`;
        this.#element.title = this.#why;
        this.#element.style.background = COLOURS[this.#status];
    }

    remove(): void {
        this.#element.remove();
    }
}
