/**
 * Plays environments that a server hosts, in the bridge's protocol: at a bridge's port, or at a relay's `/play`.
 *
 * @module
 */
import { HyperTokenError } from "./errors.ts";
import type { Value } from "./spaces.ts";

export interface ClientOptions {
    /** An environment's id or alias; the server's own if left out. */
    env?: string;
    /** Its options. */
    options?: Readonly<Record<string, unknown>>;
    token?: string;
    /** Milliseconds to wait for a reply; 60,000 if left out. */
    timeout?: number;
    WebSocket?: unknown;
}

/** What an agent was told last, when it ended. */
export interface Ended {
    observation: Value;
    reward: number;
    terminated: boolean;
    truncated: boolean;
    info: Record<string, unknown>;
}

/** What is to be seen after a reset or a step. */
export interface Play extends Ended {
    /** Who acts next; null when the episode is over, and all else tells of the agent that ended last. */
    agent: string | null;
    /** Who still plays. */
    agents: string[];
    rewards: Record<string, number>;
    terminations: Record<string, boolean>;
    truncations: Record<string, boolean>;
    /** What the agents were told that have just ended. */
    final: Record<string, Ended>;
}

/** A picture: rows from the top, three bytes a pixel. */
export interface Frame {
    width: number;
    height: number;
    rgb: Uint8Array;
}

type Reply = Record<string, unknown>;

const PATIENCE_MILLIS = 60_000;

/** One environment at a server. */
export class HyperTokenClient {
    readonly #socket: WebSocket;
    readonly #patience: number;
    readonly #waiting = new Map<number, { resolve(reply: Reply): void; reject(why: Error): void; timer: unknown }>();
    readonly #closed = new Set<(why: string) => void>();
    #ids = 0;

    private constructor(socket: WebSocket, patience: number) {
        this.#socket = socket;
        this.#patience = patience;
        socket.onmessage = (event) => this.#hear(JSON.parse(event.data));
        socket.onclose = (event) => this.#end(event.reason || "the connection has ended");
    }

    /** Connects, and opens an environment if one is named. */
    static async connect(url = "ws://127.0.0.1:9999", options: ClientOptions = {}): Promise<HyperTokenClient> {
        const WebSocketClass = (options.WebSocket ?? globalThis.WebSocket) as typeof WebSocket;
        const address = new URL(url);
        if (options.token !== undefined) {
            address.searchParams.set("token", options.token);
        }
        const socket = new WebSocketClass(address);
        await new Promise<void>((resolve, reject) => {
            socket.onopen = () => resolve();
            socket.onerror = () => reject(new HyperTokenError("connection", `cannot connect to ${url}`));
        });
        socket.onerror = () => {};
        const client = new HyperTokenClient(socket, options.timeout ?? PATIENCE_MILLIS);
        if (options.env !== undefined) {
            await client.ask({ cmd: "open", env: options.env, options: options.options ?? {} });
        }
        return client;
    }

    /** Begins an episode. */
    async reset(start: { seed?: number; options?: Readonly<Record<string, unknown>> } = {}): Promise<Play> {
        return play(await this.ask({ cmd: "reset", ...start, reply: "turn" }));
    }

    /** Plays the action of whoever acts. */
    async step(action: Value): Promise<Play> {
        return play(await this.ask({ cmd: "step", action: plain(action), reply: "turn" }));
    }

    /** The environment as a picture; null where it has none. */
    async frame(): Promise<Frame | null> {
        const { frame } = (await this.ask({ cmd: "render", mode: "frame" })) as { frame?: { shape: number[]; data: string } };
        if (frame === undefined) {
            return null;
        }
        const [height = 0, width = 0] = frame.shape;
        return { width, height, rgb: Uint8Array.from(atob(frame.data), (each) => each.charCodeAt(0)) };
    }

    /** Sends any command of the protocol; the reply, or what the server says against it. */
    ask(message: Reply): Promise<Reply> {
        if (this.#socket.readyState !== 1) {
            return Promise.reject(new HyperTokenError("connection", "there is no connection any more"));
        }
        const id = ++this.#ids;
        return new Promise((resolve, reject) => {
            const timer = setTimeout(() => {
                this.#waiting.delete(id);
                reject(new HyperTokenError("connection", "the server has not answered in time"));
            }, this.#patience);
            this.#waiting.set(id, { resolve, reject, timer });
            this.#socket.send(JSON.stringify({ ...message, id }));
        });
    }

    /** @returns what ends the listening */
    on(_event: "close", listener: (why: string) => void): () => void {
        this.#closed.add(listener);
        return () => void this.#closed.delete(listener);
    }

    /** Ends the environment and the connection. */
    async close(): Promise<void> {
        if (this.#socket.readyState === 1) {
            await this.ask({ cmd: "close" }).catch(() => {});
        }
        this.#socket.close();
    }

    #hear(reply: Reply): void {
        const waiting = this.#waiting.get(reply["id"] as number);
        if (waiting === undefined) {
            return; // late
        }
        this.#waiting.delete(reply["id"] as number);
        clearTimeout(waiting.timer as number);
        if (typeof reply["error"] === "string") {
            waiting.reject(new HyperTokenError(String(reply["code"]), reply["error"]));
        } else {
            waiting.resolve(reply);
        }
    }

    #end(why: string): void {
        for (const waiting of this.#waiting.values()) {
            clearTimeout(waiting.timer as number);
            waiting.reject(new HyperTokenError("connection", why));
        }
        this.#waiting.clear();
        this.#closed.forEach((listener) => listener(why));
    }
}

function play(reply: Reply): Play {
    const final = (reply["final"] ?? {}) as Record<string, Ended>;
    const last = Object.values(final).at(-1);
    const over = reply["agent_selection"] === null && last !== undefined;
    return {
        ...(reply as unknown as Play),
        ...(over ? last : {}),
        agent: reply["agent_selection"] as string | null,
        final,
    };
}

/** Typed arrays as arrays: JSON would make objects of them. */
function plain(value: unknown): unknown {
    if (ArrayBuffer.isView(value)) {
        return Array.from(value as unknown as ArrayLike<number>);
    }
    if (Array.isArray(value)) {
        return value.map(plain);
    }
    return typeof value === "object" && value !== null
        ? Object.fromEntries(Object.entries(value).map(([name, part]) => [name, plain(part)]))
        : value;
}
