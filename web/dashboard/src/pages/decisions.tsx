/**
 * What agents have decided, and why.
 *
 * @module
 */
import { useTick } from "../app/frames.ts";
import { world } from "../app/shown.ts";
import { dataOf, marketTime, name, num, text } from "../events/event.ts";
import { count, gp, marketClock } from "../ui/format.ts";
import { Name, Nothing, Panel } from "../ui/parts.tsx";
import { still } from "../ui/still.tsx";
import type { Chosen } from "./filters.tsx";

const SHOWN = 30;

export const Decisions = still(function Decisions({ chosen }: { chosen: Chosen }) {
    useTick(500);
    const events = world().decisions.some(SHOWN, (event) => {
        const data = event.data;
        return (
            (chosen.agent === "" || name(data["agent_id"]) === chosen.agent) &&
            (chosen.item === "" || name(data["item"]) === chosen.item)
        );
    });
    return (
        <Panel title="Decisions">
            {events.length === 0 ? (
                <Nothing why="empty">No decisions yet.</Nothing>
            ) : (
                <ol class="decisions" tabIndex={0} aria-label="Newest decisions">
                    {events.map((event, k) => {
                        const data = dataOf(event, "agent_decision");
                        const action = name(data.action_type);
                        return (
                            <li key={k} data-seq={event.seq}>
                                <span class="line">
                                    <span>
                                        <Name>{name(data.agent_id)}</Name>{" "}
                                        <b class={`side ${action === "buy" || action === "sell" ? action : ""}`}>
                                            <Name>{action}</Name>
                                        </b>{" "}
                                        {name(data.item) === "" ? null : <Name>{name(data.item)}</Name>}
                                    </span>
                                    <span class="num note">
                                        {Number.isNaN(num(data.quantity)) ? "" : `${count(num(data.quantity))} × ${gp(num(data.price))} `}
                                        {marketClock(marketTime(event))}
                                    </span>
                                </span>
                                {text(data.reasoning) === "" ? null : (
                                    <p class="reasoning">
                                        <bdi>{text(data.reasoning)}</bdi>
                                    </p>
                                )}
                            </li>
                        );
                    })}
                </ol>
            )}
        </Panel>
    );
});
