/**
 * Follows an events hub: what happens is told as it happens, and after a broken connection from where it broke off.
 *
 * @module
 */

/** Something that has happened. */
export interface HubEvent {
    type: string;
    data: Record<string, unknown>;
    /** Unix seconds. */
    timestamp: number;
    source: string;
    /** Its number in the hub's log, which `epoch` names. */
    seq: number;
}

/** A place in a hub's log. */
export interface Position {
    epoch: string;
    seq: number;
}

export interface StreamOptions {
    /** Types of events; all if left out. */
    types?: readonly string[];
    /** Everything after this place first. */
    since?: Position;
    token?: string;
    WebSocket?: unknown;
    /** Events are missing: the hub left some out, or its log does not reach back as far. */
    onGap?(why: string): void;
}

const FIRST_PAUSE_MILLIS = 250;
const LONGEST_PAUSE_MILLIS = 8000;

/** Events of a hub, from now on until it is closed. */
export class EventStream {
    readonly #url: string;
    readonly #options: StreamOptions;
    readonly #heard: (event: HubEvent) => void;
    #position: Position | undefined;
    #socket: WebSocket | undefined;
    #pause = FIRST_PAUSE_MILLIS;
    #over = false;

    /** @param heard is told each event, in order */
    constructor(heard: (event: HubEvent) => void, url = "ws://127.0.0.1:5178/ws", options: StreamOptions = {}) {
        this.#url = options.token === undefined ? url : `${url}?token=${encodeURIComponent(options.token)}`;
        this.#options = options;
        this.#heard = heard;
        this.#position = options.since;
        this.#connect();
    }

    /** Behind the last event that was told. */
    get position(): Position | undefined {
        return this.#position;
    }

    #connect(): void {
        const WebSocketClass = (this.#options.WebSocket ?? globalThis.WebSocket) as typeof WebSocket;
        const socket = new WebSocketClass(this.#url);
        this.#socket = socket;
        socket.onopen = () => {
            const subscriptions = this.#options.types ?? [];
            socket.send(JSON.stringify({ action: "subscribe", subscriptions, since: this.#position, id: 1 }));
        };
        socket.onmessage = (message) => this.#hear(JSON.parse(message.data));
        socket.onerror = () => {};
        socket.onclose = () => {
            if (!this.#over) {
                setTimeout(() => this.#over || this.#connect(), this.#pause);
                this.#pause = Math.min(LONGEST_PAUSE_MILLIS, 2 * this.#pause);
            }
        };
    }

    #hear(said: Record<string, unknown>): void {
        if (said["type"] === "reply") {
            this.#pause = FIRST_PAUSE_MILLIS;
            if (said["recovered"] === false) {
                this.#options.onGap?.("the log does not reach back to where the connection broke off");
            }
            this.#position = { epoch: String(said["epoch"]), seq: Number(said["from"] ?? Number(said["seq"]) + 1) - 1 };
        } else if (said["type"] === "dropped") {
            this.#options.onGap?.("events came faster than they were read");
        } else if (typeof said["seq"] === "number" && this.#position !== undefined) {
            this.#position = { epoch: this.#position.epoch, seq: said["seq"] };
            this.#heard(said as unknown as HubEvent);
        }
    }

    close(): void {
        this.#over = true;
        this.#socket?.close();
    }
}
