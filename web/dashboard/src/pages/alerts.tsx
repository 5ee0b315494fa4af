/**
 * Alerts: what the hub's rules have found, and the rules themselves.
 *
 * @module
 */
import { useEffect, useState } from "preact/hooks";
import { useTick } from "../app/frames.ts";
import { link, past, world } from "../app/shown.ts";
import { isObject, name, num, text } from "../events/event.ts";
import { KNOWN_TYPES } from "../events/types.ts";
import { clock, number, span } from "../ui/format.ts";
import { Doing, Name, Nothing, Panel } from "../ui/parts.tsx";
import { type Column, Table } from "../ui/table.tsx";
import type { Alert } from "../store/notices.ts";
import { beep, tell, telling } from "./alarm.tsx";

/** A rule as the hub keeps it. */
type Rule = Readonly<Record<string, unknown>>;

/** What people want to hear of, as rules that they can change. */
const TEMPLATES: readonly (readonly [string, Rule])[] = [
    ["Limit reset", { name: "limit reset", type: "limit_updated", field: "used", op: "==", value: 0, cooldown: 0, message: "A buy limit has begun anew" }],
    ["Bought", { name: "bought", type: "order_updated", field: "state", op: "==", value: "BOUGHT", cooldown: 0, message: "A purchase has filled" }],
    ["Sold", { name: "sold", type: "order_updated", field: "state", op: "==", value: "SOLD", cooldown: 0, message: "A sale has filled" }],
    ["Undercut", { name: "undercut", type: "order_updated", field: "competitive", op: "==", value: false, cooldown: 300, message: "Somebody offers better" }],
    ["Margin gone", { name: "margin gone", type: "margin_update", field: "margin_after_tax", op: "<=", value: 0, cooldown: 900, message: "The margin after tax is gone" }],
    ["Dump", { name: "dump", type: "price_update", field: "change_percent", op: "<=", value: -0.05, cooldown: 900, message: "The price has fallen by 5 % at once" }],
    ["Drawdown", { name: "drawdown", type: "portfolio_update", field: "drawdown", op: ">=", value: 0.1, cooldown: 3600, message: "10 % below the highest worth" }],
    ["Agent error", { name: "agent error", type: "error", cooldown: 60 }],
];
const SIGNS = ["<", "<=", ">", ">=", "==", "!="];
const COMMON_TYPES = KNOWN_TYPES.filter((type) => type !== "alert");

const COLUMNS: readonly Column<Alert>[] = [
    { id: "at", title: "At", value: (row) => row.at, show: (row) => <span class="num">{clock(row.at)}</span> },
    { id: "rule", title: "Rule", value: (row) => row.rule, show: (row) => <Name>{row.rule}</Name> },
    { id: "message", title: "Message", value: (row) => row.message, show: (row) => <bdi>{row.message}</bdi> },
    { id: "agent", title: "Agent", value: (row) => row.agent, show: (row) => <Name>{row.agent}</Name> },
    { id: "item", title: "Item", value: (row) => row.item, show: (row) => <Name>{row.item}</Name> },
];

export function AlertsPage() {
    useTick(500);
    const { alerts } = world().notices;
    return (
        <>
            <Panel title="Alerts" actions={<Tellings />}>
                <Table
                    caption="Newest alerts"
                    columns={COLUMNS}
                    rows={alerts.some(200, () => true)}
                    rowKey={(row) => row.seq}
                    file="alerts"
                    empty={
                        past().phase === "loading" ? (
                            <Nothing why="loading">Loading the alerts so far …</Nothing>
                        ) : (
                            <Nothing why="empty">No rule has found anything yet.</Nothing>
                        )
                    }
                />
            </Panel>
            <Rules />
        </>
    );
}

/** How alerts are told on this machine. */
function Tellings() {
    const [how, setHow] = useState(telling());
    const [why, setWhy] = useState("");
    const set = (change: Partial<typeof how>) => {
        tell(change);
        setHow({ ...how, ...change });
    };
    const notify = async (on: boolean) => {
        if (on && (!("Notification" in window) || (await Notification.requestPermission()) !== "granted")) {
            setWhy("this browser does not allow notifications here");
            return;
        }
        setWhy("");
        set({ notification: on });
    };
    return (
        <>
            <label class="check">
                <input type="checkbox" checked={how.notification} onChange={(change) => void notify(change.currentTarget.checked)} />
                Notify
            </label>
            <label class="check">
                <input
                    type="checkbox"
                    checked={how.sound}
                    onChange={(change) => {
                        set({ sound: change.currentTarget.checked });
                        if (change.currentTarget.checked) {
                            beep();
                        }
                    }}
                />
                Sound
            </label>
            {why === "" ? null : <span class="why">{why}</span>}
        </>
    );
}

function Rules() {
    const [rules, setRules] = useState<readonly Rule[] | undefined>();
    const [failure, setFailure] = useState("");
    const [edited, setEdited] = useState<Rule | undefined>();
    const live = link.phase === "live" || link.phase === "catching-up";
    const load = async () => {
        try {
            const told = await link.command("list_alerts");
            setRules(Array.isArray(told) ? told.filter(isObject) : []);
            setFailure("");
        } catch (failed) {
            setFailure(failed instanceof Error ? failed.message : String(failed));
        }
    };
    useEffect(() => {
        if (live) {
            void load();
        }
    }, [live]);
    return (
        <Panel
            title="Rules"
            note="kept by the hub: they fire without an open page"
            actions={
                <button type="button" onClick={() => setEdited({ name: "", cooldown: 60 })}>
                    New rule
                </button>
            }
        >
            <p class="templates">
                <span class="note">Begin with </span>
                {TEMPLATES.map(([title, rule]) => (
                    <button key={title} type="button" onClick={() => setEdited(rule)}>
                        {title}
                    </button>
                ))}
            </p>
            {edited === undefined ? null : (
                <RuleForm
                    key={name(edited["name"])}
                    rule={edited}
                    done={() => {
                        setEdited(undefined);
                        void load();
                    }}
                />
            )}
            {failure !== "" ? (
                <Nothing why="failed">{failure}</Nothing>
            ) : rules === undefined ? (
                <Nothing why="loading">Asking the hub …</Nothing>
            ) : rules.length === 0 ? (
                <Nothing why="empty">The hub has no rules.</Nothing>
            ) : (
                <ul class="rules">
                    {rules.map((rule) => (
                        <li key={name(rule["name"])}>
                            <b>
                                <Name>{name(rule["name"])}</Name>
                            </b>
                            <span class="note">
                                <bdi>{inWords(rule)}</bdi>
                            </span>
                            <span class="actions">
                                <button type="button" onClick={() => setEdited(rule)}>
                                    Edit
                                </button>
                                <Doing
                                    label="Remove"
                                    act={async () => {
                                        await link.command("remove_alert", { name: rule["name"] });
                                        await load();
                                    }}
                                />
                            </span>
                        </li>
                    ))}
                </ul>
            )}
        </Panel>
    );
}

function inWords(rule: Rule): string {
    const parts = [name(rule["type"]) || "any event"];
    for (const who of ["agent", "item"]) {
        if (name(rule[who]) !== "") {
            parts.push(`of ${name(rule[who])}`);
        }
    }
    if (name(rule["field"]) !== "") {
        parts.push(`with ${name(rule["field"])} ${name(rule["op"])} ${shown(rule["value"])}`);
    }
    parts.push(`, at most every ${span(num(rule["cooldown"]))}`);
    if (name(rule["webhook"]) !== "") {
        parts.push(`, posted to ${name(rule["webhook"])}`);
    }
    return parts.join(" ").replaceAll(" ,", ",");
}

function shown(value: unknown): string {
    return typeof value === "number" ? number(value) : typeof value === "string" ? name(value) : String(value);
}

function RuleForm({ rule, done }: { rule: Rule; done: () => void }) {
    const [fields, setFields] = useState<Record<string, string>>(() =>
        Object.fromEntries(
            ["name", "type", "agent", "item", "field", "op", "value", "cooldown", "message", "webhook"].map((field) => [
                field,
                rule[field] === undefined || rule[field] === null ? "" : String(rule[field]),
            ]),
        ),
    );
    const set = (field: string, value: string) => setFields({ ...fields, [field]: value });
    const input = (field: string, title: string, more: Record<string, unknown> = {}) => (
        <label class="field">
            <span>{title}</span>
            <input value={fields[field] ?? ""} onInput={(change) => set(field, change.currentTarget.value)} {...more} />
        </label>
    );
    return (
        <form class="rule" aria-label="Rule" onSubmit={(event) => event.preventDefault()}>
            {input("name", "Name", { required: true })}
            <label class="field">
                <span>Event</span>
                <select value={fields["type"]} onChange={(change) => set("type", change.currentTarget.value)}>
                    <option value="">any</option>
                    {[...new Set([...COMMON_TYPES, ...(fields["type"] === "" ? [] : [fields["type"] ?? ""])])].map((type) => (
                        <option key={type} value={type}>
                            {type}
                        </option>
                    ))}
                </select>
            </label>
            {input("agent", "Agent", { placeholder: "any" })}
            {input("item", "Item", { placeholder: "any" })}
            {input("field", "Field", { placeholder: "none" })}
            <label class="field short">
                <span>is</span>
                <select value={fields["op"]} onChange={(change) => set("op", change.currentTarget.value)}>
                    <option value="" />
                    {SIGNS.map((sign) => (
                        <option key={sign} value={sign}>
                            {sign}
                        </option>
                    ))}
                </select>
            </label>
            {input("value", "Value")}
            {input("cooldown", "Pause, s", { inputMode: "decimal" })}
            {input("message", "Message")}
            {input("webhook", "Webhook", { placeholder: "none", type: "url" })}
            <span class="actions">
                <Doing
                    label="Keep rule"
                    act={async () => {
                        await link.command("set_alert", toRule(fields, rule));
                        done();
                    }}
                />
                <button type="button" onClick={done}>
                    Cancel
                </button>
            </span>
        </form>
    );
}

/** Only what was filled in; a number, true and false are such. What the form does not show stays. */
function toRule(fields: Readonly<Record<string, string>>, before: Rule): Rule {
    const rule: Record<string, unknown> = {};
    for (const kept of ["item_id", "event", "command"]) {
        if (before[kept] !== undefined) {
            rule[kept] = before[kept];
        }
    }
    for (const [field, value] of Object.entries(fields)) {
        if (value.trim() === "") {
            continue;
        }
        if (field === "cooldown") {
            rule[field] = Number(value);
        } else if (field === "value") {
            rule[field] = asValue(value.trim());
        } else {
            rule[field] = text(value.trim());
        }
    }
    return rule;
}

function asValue(value: string): unknown {
    if (value === "true" || value === "false") {
        return value === "true";
    }
    return Number.isNaN(Number(value)) ? value : Number(value);
}
