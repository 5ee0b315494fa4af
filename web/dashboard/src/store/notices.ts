/**
 * Alerts, errors and sessions: what is told by the newest of each.
 *
 * @module
 */
import { dataOf, type HubEvent, name, num, text } from "../events/event.ts";
import { Newest } from "./ring.ts";

const MOST_SESSIONS = 1024;

export interface Alert {
    readonly seq: number;
    readonly at: number;
    readonly rule: string;
    readonly message: string;
    readonly agent: string;
    readonly item: string;
    readonly eventType: string;
}

export interface Failure {
    readonly seq: number;
    readonly at: number;
    readonly kind: string;
    readonly message: string;
    readonly source: string;
}

export interface Session {
    readonly id: string;
    readonly environment: string;
    readonly rows: number;
    readonly client: string;
    openedAt: number;
    closedAt: number;
    reason: string;
}

export class Notices {
    readonly alerts = new Newest<Alert>(500);
    readonly failures = new Newest<Failure>(500);
    readonly sessions = new Map<string, Session>();

    apply(event: HubEvent): void {
        switch (event.type) {
            case "alert": {
                const data = dataOf(event, "alert");
                this.alerts.push({
                    seq: event.seq,
                    at: event.timestamp,
                    rule: name(data.rule),
                    message: text(data.message),
                    agent: name(data.agent_id),
                    item: name(data.item),
                    eventType: name(data.event_type),
                });
                break;
            }
            case "error": {
                const data = dataOf(event, "error");
                this.#failed(event, name(data.error_type), text(data.message));
                break;
            }
            case "guest_lost": {
                const data = dataOf(event, "guest_lost");
                this.#failed(event, `guest lost: ${name(data.environment)}`, text(data.reason));
                break;
            }
            case "session_opened":
            case "session_closed":
                this.#session(event);
                break;
        }
    }

    #failed(event: HubEvent, kind: string, message: string): void {
        const source = name(event.data["agent_id"]) || event.source;
        this.failures.push({ seq: event.seq, at: event.timestamp, kind, message, source });
    }

    #session(event: HubEvent): void {
        const data = dataOf(event, "session_closed");
        const id = name(data.session);
        const known = this.sessions.get(id);
        const closed = event.type === "session_closed";
        this.sessions.delete(id);
        this.sessions.set(id, {
            id,
            environment: name(data.environment) || (known?.environment ?? ""),
            rows: Number.isNaN(num(data.rows)) ? (known?.rows ?? Number.NaN) : num(data.rows),
            client: name(data.client) || (known?.client ?? ""),
            openedAt: closed ? (known?.openedAt ?? Number.NaN) : event.timestamp,
            closedAt: closed ? event.timestamp : Number.NaN,
            reason: name(data.reason),
        });
        if (this.sessions.size > MOST_SESSIONS) {
            for (const oldest of this.sessions.keys()) {
                this.sessions.delete(oldest);
                break;
            }
        }
    }
}
