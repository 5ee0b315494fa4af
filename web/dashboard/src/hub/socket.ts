/**
 * One WebSocket to the hub: replies find whoever asked, everything else is an event.
 *
 * @module
 */
import { isObject, num, text } from "../events/event.ts";

const PATIENCE_MILLIS = 10_000;

interface Waiting {
    readonly resolve: (reply: Record<string, unknown>) => void;
    readonly reject: (why: Error) => void;
    readonly timer: ReturnType<typeof setTimeout>;
}

export interface SocketEvents {
    readonly opened: () => void;
    readonly frame: (frame: Record<string, unknown>) => void;
    readonly ended: (why: string) => void;
}

export class Socket {
    readonly #socket: WebSocket;
    readonly #waiting = new Map<number, Waiting>();
    #id = 0;
    #over = false;
    readonly #events: SocketEvents;

    constructor(address: string, events: SocketEvents) {
        this.#events = events;
        this.#socket = new WebSocket(address);
        this.#socket.addEventListener("open", () => events.opened());
        this.#socket.addEventListener("message", (message) => this.#hear(message.data));
        this.#socket.addEventListener("close", (end) => this.#end(end.reason || "the connection has ended"));
    }

    /** Asks something; the reply, or what the hub says against it. */
    ask(message: Record<string, unknown>): Promise<Record<string, unknown>> {
        if (this.#over || this.#socket.readyState !== WebSocket.OPEN) {
            return Promise.reject(new Error("there is no connection to the hub now"));
        }
        const id = ++this.#id;
        return new Promise((resolve, reject) => {
            const timer = setTimeout(() => {
                this.#waiting.delete(id);
                reject(new Error("the hub has not answered in time"));
            }, PATIENCE_MILLIS);
            this.#waiting.set(id, { resolve, reject, timer });
            this.#socket.send(JSON.stringify({ ...message, id }));
        });
    }

    close(): void {
        this.#over = true;
        this.#socket.close();
        this.#forget("the connection was closed");
    }

    #hear(data: unknown): void {
        if (this.#over) {
            return;
        }
        let frame: unknown;
        try {
            frame = JSON.parse(String(data));
        } catch {
            return; // the hub sends JSON; whatever this is, it is no event
        }
        if (!isObject(frame)) {
            return;
        }
        const waiting = frame["type"] === "reply" ? this.#waiting.get(num(frame["id"])) : undefined;
        if (waiting === undefined) {
            this.#events.frame(frame);
            return;
        }
        this.#waiting.delete(num(frame["id"]));
        clearTimeout(waiting.timer);
        if (frame["status"] === "error") {
            waiting.reject(new Error(text(frame["message"])));
        } else {
            waiting.resolve(frame);
        }
    }

    #end(why: string): void {
        if (!this.#over) {
            this.#over = true;
            this.#forget(why);
            this.#events.ended(why);
        }
    }

    #forget(why: string): void {
        for (const waiting of this.#waiting.values()) {
            clearTimeout(waiting.timer);
            waiting.reject(new Error(why));
        }
        this.#waiting.clear();
    }
}
