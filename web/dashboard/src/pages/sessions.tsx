/**
 * Sessions: who is connected, what is open, how fast it goes, what went wrong.
 *
 * @module
 */
import { useEffect, useRef, useState } from "preact/hooks";
import { useTick } from "../app/frames.ts";
import { isStale, link, world } from "../app/shown.ts";
import { isObject, name, num, text } from "../events/event.ts";
import { get } from "../hub/api.ts";
import type { Failure, Session } from "../store/notices.ts";
import { bytes, clock, count, number, span } from "../ui/format.ts";
import { Doing, Name, Nothing, Num, Panel } from "../ui/parts.tsx";
import { type Column, Table } from "../ui/table.tsx";

const EVERY_MILLIS = 2000;

type Told = Readonly<Record<string, unknown>>;

/** Asks again and again while the page is open; what came last, and why nothing newer did. */
function useAsked(ask: () => Promise<unknown>): { told: readonly Told[] | undefined; failure: string; again: () => void } {
    const [told, setTold] = useState<readonly Told[] | undefined>();
    const [failure, setFailure] = useState("");
    const asking = useRef(ask);
    asking.current = ask;
    const again = () => {
        asking.current().then(
            (value) => {
                setTold(Array.isArray(value) ? value.filter(isObject) : undefined);
                setFailure("");
            },
            (failed: unknown) => setFailure(failed instanceof Error ? failed.message : String(failed)),
        );
    };
    useEffect(() => {
        again();
        const timer = setInterval(() => {
            if (document.visibilityState === "visible") {
                again();
            }
        }, EVERY_MILLIS);
        return () => clearInterval(timer);
    }, []);
    return { told, failure, again };
}

export function SessionsPage() {
    useTick(1000);
    return (
        <>
            <HubFacts />
            <AgentControls />
            <OpenSessions />
            <Clients />
            <div class="grid two">
                <Closed />
                <Failures />
            </div>
        </>
    );
}

function HubFacts() {
    const status = link.status;
    const log = isObject(status?.["log"]) ? status["log"] : {};
    const dropped = isObject(status?.["dropped"]) ? status["dropped"] : {};
    const fact = (title: string, value: string) => (
        <div>
            <dt>{title}</dt>
            <dd class="num">{value}</dd>
        </div>
    );
    if (status === undefined) {
        return <Nothing why="loading">Asking the hub …</Nothing>;
    }
    return (
        <Panel title="Hub" note={<Name>{name(status["server"])}</Name>}>
            <dl class="facts wide">
                {fact("Up for", span(num(status["uptime_seconds"])))}
                {fact("Clients", count(num(status["clients"])))}
                {fact("Events/s", number(num(status["events_per_second"])))}
                {fact("Events", count(num(status["events"])))}
                {fact("Log", `${count(num(log["first_seq"]))} … ${count(num(log["last_seq"]))}`)}
                {fact("Log size", bytes(num(log["bytes"])))}
                {fact("Refused", count(num(status["refused"])))}
                {fact("Dropped", count(num(dropped["slow_clients"]) + num(dropped["full_ring"])))}
            </dl>
        </Panel>
    );
}

function AgentControls() {
    const { told, failure, again } = useAsked(() => link.command("list_agents"));
    const agents = told ?? [];
    return (
        <Panel title="Agents" note={failure === "" ? undefined : <span class="why">{failure}</span>}>
            {told === undefined ? (
                <Nothing why={failure === "" ? "loading" : "failed"}>{failure === "" ? "Asking the hub …" : failure}</Nothing>
            ) : agents.length === 0 ? (
                <Nothing why="empty">No event has spoken of an agent.</Nothing>
            ) : (
                <div class="scroll" tabIndex={0} role="region" aria-label="Agents">
                    <table>
                        <thead>
                            <tr>
                                <th scope="col">Agent</th>
                                <th scope="col">Run by</th>
                                <th scope="col">State</th>
                                <th scope="col">Steer</th>
                            </tr>
                        </thead>
                        <tbody>
                            {agents.map((agent) => (
                                <AgentRow key={name(agent["agent_id"])} agent={agent} again={again} />
                            ))}
                        </tbody>
                    </table>
                </div>
            )}
        </Panel>
    );
}

function AgentRow({ agent, again }: { agent: Told; again: () => void }) {
    const id = name(agent["agent_id"]);
    const controls: readonly unknown[] = Array.isArray(agent["controls"]) ? agent["controls"] : [];
    const [speed, setSpeed] = useState("");
    const paused = agent["paused"];
    const steer = (command: string, params: Record<string, unknown> = {}) => async () => {
        await link.command(command, { agent_id: id, ...params });
        again();
    };
    return (
        <tr data-agent={id}>
            <td>
                <Name>{id}</Name>
            </td>
            <td>
                <Name>{name(agent["owner"])}</Name>
            </td>
            <td>
                {paused === true ? "paused" : paused === false ? "running" : <span class="unknown">not told</span>}
                {typeof agent["speed"] === "number" ? <span class="note">{`, ${agent["speed"] === 0 ? "as fast as it can" : `${number(agent["speed"])} windows/s`}`}</span> : null}
            </td>
            <td>
                {controls.length === 0 ? <span class="note">cannot be steered</span> : null}
                {controls.includes("pause") ? (
                    <>
                        <Doing label="Pause" disabled={paused === true} act={steer("pause_agent")} />
                        <Doing label="Resume" disabled={paused === false} act={steer("resume_agent")} />
                    </>
                ) : null}
                {controls.includes("speed") ? (
                    <>
                        <input class="short" type="number" min={0} step="any" aria-label={`Windows a second of ${id}; 0: as fast as it can`} placeholder="windows/s" value={speed} onInput={(change) => setSpeed(change.currentTarget.value)} />
                        <Doing label="Set speed" disabled={speed === ""} act={steer("set_speed", { speed: Number(speed) })} />
                    </>
                ) : null}
            </td>
        </tr>
    );
}

interface Open {
    readonly id: string;
    readonly environment: string;
    readonly rows: number;
    readonly client: string;
    readonly waits: boolean;
    readonly requests: number;
    readonly rate: number;
    readonly size: number;
}

const OPEN: readonly Column<Open>[] = [
    { id: "id", title: "Session", value: (row) => row.id, show: (row) => <code>{row.id}…</code> },
    { id: "environment", title: "Environment", value: (row) => row.environment, show: (row) => <Name>{row.environment}</Name> },
    { id: "client", title: "Client", value: (row) => row.client, show: (row) => (row.waits ? <span class="badge unknown">waits for its client</span> : <Name>{row.client}</Name>) },
    { id: "rows", title: "Copies", numeric: true, value: (row) => row.rows, show: (row) => <Num value={row.rows} show={count} /> },
    { id: "requests", title: "Requests", about: "resets and steps that were answered", numeric: true, value: (row) => row.requests, show: (row) => <Num value={row.requests} show={count} /> },
    { id: "rate", title: "Steps/s", about: "of all its copies, in the last seconds", numeric: true, value: (row) => row.rate, show: (row) => <Num value={row.rate} show={number} /> },
    { id: "size", title: "Memory", numeric: true, minor: true, value: (row) => row.size, show: (row) => <Num value={row.size} show={bytes} /> },
];

function OpenSessions() {
    const before = useRef(new Map<string, { at: number; requests: number; rate: number }>());
    const [noBridge, setNoBridge] = useState(false);
    const { told, failure } = useAsked(async () => {
        const answer = await get("sessions.json");
        setNoBridge(answer["sessions"] === null);
        return answer["sessions"] ?? [];
    });
    const now = performance.now();
    const rows = (told ?? []).map((session): Open => {
        const id = name(session["session"]);
        const requests = num(session["requests"]);
        const copies = num(session["rows"]);
        const last = before.current.get(id);
        let rate = last?.rate ?? Number.NaN;
        if (last === undefined || now - last.at > EVERY_MILLIS * 0.8) {
            rate = last === undefined ? Number.NaN : ((requests - last.requests) * copies * 1000) / (now - last.at);
            before.current.set(id, { at: now, requests, rate });
        }
        return {
            id,
            environment: name(session["environment"]),
            rows: copies,
            client: name(session["client"]),
            waits: session["waits"] === true,
            requests,
            rate,
            size: num(session["bytes"]),
        };
    });
    return (
        <Panel title="Open sessions" note={failure === "" || isStale() ? undefined : <span class="why">{failure}</span>}>
            {told === undefined ? (
                <Nothing why={failure === "" ? "loading" : "failed"}>{failure === "" ? "Asking the server …" : failure}</Nothing>
            ) : (
                <>
                    <Table
                        caption="Sessions of the bridge"
                        columns={OPEN}
                        rows={rows}
                        rowKey={(row) => row.id}
                        file="sessions"
                        empty={
                            <Nothing why="empty">
                                {noBridge ? "This hub runs alone, without a bridge that serves environments." : "Nobody plays now."}
                            </Nothing>
                        }
                    />
                    <Guests sessions={told} />
                </>
            )}
        </Panel>
    );
}

/** What runs the rules of the open sessions that do not run in the server itself: a process, a page, a module. */
function Guests({ sessions }: { sessions: readonly Told[] }) {
    const guests = sessions.flatMap((session) =>
        (Array.isArray(session["guests"]) ? session["guests"].filter(isObject) : []).map((guest, k) => ({ session, guest, k })),
    );
    type Row = (typeof guests)[number];
    const columns: readonly Column<Row>[] = [
        { id: "environment", title: "Environment", value: ({ session }) => name(session["environment"]), show: ({ session }) => <Name>{name(session["environment"])}</Name> },
        { id: "runs", title: "Runs in", value: ({ guest }) => name(guest["runs"]), show: ({ guest }) => <Name>{name(guest["runs"])}</Name> },
        { id: "rows", title: "Copies", numeric: true, value: ({ guest }) => num(guest["rows"]), show: ({ guest }) => <Num value={num(guest["rows"])} show={count} /> },
        { id: "losses", title: "Lost", about: "how often it died, hung or was closed, and was started anew", numeric: true, value: ({ guest }) => num(guest["losses"]), show: ({ guest }) => <Num value={num(guest["losses"])} show={count} /> },
        { id: "words", title: "Last words", about: "why it was lost last", value: ({ guest }) => text(guest["last_words"]), show: ({ guest }) => <bdi>{text(guest["last_words"])}</bdi> },
    ];
    return guests.length === 0 ? null : (
        <Table caption="Guests: rules that run elsewhere" columns={columns} rows={guests} rowKey={({ session, k }) => `${name(session["session"])} ${k}`} empty={null} />
    );
}

function Clients() {
    const { told, failure } = useAsked(() => link.command("list_clients"));
    const columns: readonly Column<Told>[] = [
        { id: "id", title: "Client", value: (row) => name(row["client_id"]), show: (row) => <Name>{name(row["client_id"])}</Name> },
        { id: "type", title: "Kind", value: (row) => name(row["client_type"]), show: (row) => <Name>{name(row["client_type"])}</Name> },
        { id: "remote", title: "From", value: (row) => name(row["remote"]), show: (row) => <Name>{name(row["remote"])}</Name> },
        { id: "since", title: "Since", value: (row) => num(row["since"]), show: (row) => <span class="num">{clock(num(row["since"]))}</span> },
        { id: "sent", title: "Sent", numeric: true, value: (row) => num(row["sent"]), show: (row) => <Num value={num(row["sent"])} show={count} /> },
        { id: "pending", title: "Waiting", numeric: true, minor: true, value: (row) => num(row["pending"]), show: (row) => <Num value={num(row["pending"])} show={count} /> },
        { id: "dropped", title: "Dropped", numeric: true, value: (row) => num(row["dropped"]), show: (row) => <Num value={num(row["dropped"])} show={count} /> },
    ];
    return (
        <Panel title="Clients of the hub">
            {told === undefined ? (
                <Nothing why={failure === "" ? "loading" : "failed"}>{failure === "" ? "Asking the hub …" : failure}</Nothing>
            ) : (
                <Table caption="Clients of the hub" columns={columns} rows={told} rowKey={(row) => num(row["number"])} empty={<Nothing why="empty">Nobody but this page.</Nothing>} />
            )}
        </Panel>
    );
}

function Closed() {
    const closed = [...world().notices.sessions.values()].filter((session) => !Number.isNaN(session.closedAt)).reverse();
    const columns: readonly Column<Session>[] = [
        { id: "id", title: "Session", value: (row) => row.id, show: (row) => <code>{row.id}…</code> },
        { id: "environment", title: "Environment", value: (row) => row.environment, show: (row) => <Name>{row.environment}</Name> },
        { id: "closed", title: "Ended", value: (row) => row.closedAt, show: (row) => <span class="num">{clock(row.closedAt)}</span> },
        { id: "lasted", title: "Lasted", numeric: true, value: (row) => row.closedAt - row.openedAt, show: (row) => <Num value={row.closedAt - row.openedAt} show={span} /> },
        { id: "reason", title: "Why", value: (row) => row.reason, show: (row) => <Name>{row.reason}</Name> },
    ];
    return (
        <Panel title="Ended sessions">
            <Table caption="Ended sessions" columns={columns} rows={closed} rowKey={(row) => row.id} most={20} empty={<Nothing why="empty">The log tells of none.</Nothing>} />
        </Panel>
    );
}

function Failures() {
    const columns: readonly Column<Failure>[] = [
        { id: "at", title: "At", value: (row) => row.at, show: (row) => <span class="num">{clock(row.at)}</span> },
        { id: "source", title: "Who", value: (row) => row.source, show: (row) => <Name>{row.source}</Name> },
        { id: "kind", title: "Error", value: (row) => row.kind, show: (row) => <Name>{row.kind}</Name> },
        { id: "message", title: "Message", value: (row) => row.message, show: (row) => <bdi>{row.message.slice(0, 400)}</bdi> },
    ];
    return (
        <Panel title="Errors">
            <Table caption="Newest errors" columns={columns} rows={world().notices.failures.some(100, () => true)} rowKey={(row) => row.seq} most={20} empty={<Nothing why="empty">None was told.</Nothing>} />
        </Panel>
    );
}
