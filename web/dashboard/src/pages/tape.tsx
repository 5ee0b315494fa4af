/**
 * Every event, as it came.
 *
 * @module
 */
import { useState } from "preact/hooks";
import { useTick } from "../app/frames.ts";
import { world } from "../app/shown.ts";
import { type HubEvent, name } from "../events/event.ts";
import { clock, count } from "../ui/format.ts";
import { Name, Nothing, Panel } from "../ui/parts.tsx";
import { still } from "../ui/still.tsx";
import type { Chosen } from "./filters.tsx";

const SHOWN = 40;
const LONGEST_LINE = 160;
const LONGEST_WHOLE = 20_000;

export const Tape = still(function Tape({ chosen }: { chosen: Chosen }) {
    useTick(400);
    const [open, setOpen] = useState<HubEvent | undefined>();
    const events = world().newest.some(
        SHOWN,
        (event) =>
            (chosen.type === "" || event.type === chosen.type) &&
            (chosen.agent === "" || name(event.data["agent_id"]) === chosen.agent) &&
            (chosen.item === "" || name(event.data["item"]) === chosen.item),
    );
    return (
        <Panel
            title="Events"
            note={chosen.type === "" ? undefined : chosen.type.replaceAll("_", " ")}
            actions={
                open === undefined ? null : (
                    <button type="button" onClick={() => setOpen(undefined)}>
                        Close event
                    </button>
                )
            }
        >
            {open === undefined ? null : (
                <pre class="whole" tabIndex={0}>
                    {JSON.stringify(open, null, 2).slice(0, LONGEST_WHOLE)}
                </pre>
            )}
            {events.length === 0 ? (
                <Nothing why="empty">No events of this kind yet.</Nothing>
            ) : (
                <ol class="tape" tabIndex={0} aria-label="Newest events">
                    {events.map((event, k) => (
                        // Lines are filled anew, not made anew: at thousands of events a second that is the difference.
                        <li key={k} data-seq={event.seq}>
                            <button type="button" class="link num" title="The whole event" onClick={() => setOpen(event)}>
                                {count(event.seq)}
                            </button>
                            <span class="num note">{clock(event.timestamp)}</span>
                            <Name>{event.type.replaceAll("_", " ")}</Name>
                            <bdi class="data">{line(event)}</bdi>
                        </li>
                    ))}
                </ol>
            )}
        </Panel>
    );
});

/** The data on one line. */
function line(event: HubEvent): string {
    let told = "";
    for (const [field, value] of Object.entries(event.data)) {
        if (told.length > LONGEST_LINE) {
            break;
        }
        if (field !== "market_time" && value !== null && typeof value !== "object") {
            told += `${field.slice(0, 40)} ${String(value).slice(0, LONGEST_LINE)}  `;
        }
    }
    return told.slice(0, LONGEST_LINE);
}
