/**
 * One WebSocket to the bridge: a request, its reply, one after the other.
 *
 * @module
 */
import { isObject, name, num, text } from "../events/event.ts";
import { get, token } from "../hub/api.ts";

const PATIENCE_MILLIS = 15_000;

export type Reply = Readonly<Record<string, unknown>>;

/** The bridge's port; undefined where the hub runs without one. */
export async function bridgePort(): Promise<number | undefined> {
    const port = num((await get("config.json"))["bridge"]);
    return Number.isNaN(port) ? undefined : port;
}

export class Bridge {
    readonly #socket: WebSocket;
    #waiting: { resolve: (reply: Reply) => void; reject: (why: Error) => void; timer: ReturnType<typeof setTimeout> } | undefined;
    #ended = "";

    private constructor(socket: WebSocket, ended: (why: string) => void) {
        this.#socket = socket;
        socket.addEventListener("message", (message) => this.#hear(String(message.data)));
        socket.addEventListener("close", (close) => {
            this.#ended = close.reason || "the connection to the bridge has ended";
            this.#settle((waiting) => waiting.reject(new Error(this.#ended)));
            ended(this.#ended);
        });
    }

    static connect(port: number, ended: (why: string) => void): Promise<Bridge> {
        const address = new URL(`ws://${location.hostname}:${port}/`);
        if (token() !== "") {
            address.searchParams.set("token", token());
        }
        return new Promise((resolve, reject) => {
            const socket = new WebSocket(address);
            socket.addEventListener("open", () => resolve(new Bridge(socket, ended)));
            socket.addEventListener("error", () => reject(new Error(`the bridge at port ${port} cannot be reached`)));
        });
    }

    /** Asks; what the bridge refuses is thrown as its sentence. One question at a time. */
    ask(command: string, fields: Reply = {}): Promise<Reply> {
        if (this.#ended !== "" || this.#waiting !== undefined) {
            return Promise.reject(new Error(this.#ended || "the last question has not been answered yet"));
        }
        return new Promise((resolve, reject) => {
            const timer = setTimeout(
                () => {
                    this.#settle((waiting) => waiting.reject(new Error("the bridge has not answered in time")));
                    this.#socket.close();
                },
                PATIENCE_MILLIS,
            );
            this.#waiting = { resolve, reject, timer };
            this.#socket.send(JSON.stringify({ cmd: command, ...fields }));
        });
    }

    close(): void {
        this.#socket.close();
    }

    #hear(message: string): void {
        let reply: unknown;
        try {
            reply = JSON.parse(message);
        } catch {
            return;
        }
        if (!isObject(reply)) {
            return;
        }
        const told = reply;
        this.#settle((waiting) => {
            if (typeof told["error"] === "string") {
                waiting.reject(new Error(text(told["error"])));
            } else {
                waiting.resolve(told);
            }
        });
    }

    #settle(how: (waiting: { resolve: (reply: Reply) => void; reject: (why: Error) => void }) => void): void {
        const waiting = this.#waiting;
        if (waiting !== undefined) {
            this.#waiting = undefined;
            clearTimeout(waiting.timer);
            how(waiting);
        }
    }
}

/** A space as the bridge describes it. */
export interface Space {
    readonly type: string;
    readonly n: number;
    readonly start: number;
    readonly nvec: readonly number[];
}

export function spaceOf(value: unknown): Space {
    const told = isObject(value) ? value : {};
    const start = num(told["start"]);
    return {
        type: name(told["type"]),
        n: num(told["n"]),
        start: Number.isNaN(start) ? 0 : start,
        nvec: Array.isArray(told["nvec"]) ? told["nvec"].map(num) : [],
    };
}
