/**
 * What agents have decided, and why.
 *
 * @module
 */
import { dataOf, marketTime, name, num, text } from "../events/event.ts";
import type { World } from "../store/world.ts";
import { count, gp, marketClock } from "../ui/format.ts";
import { Name, Nothing, Panel } from "../ui/parts.tsx";
import type { Chosen } from "./filters.tsx";

const SHOWN = 30;

export function Decisions({ chosen, world }: { chosen: Chosen; world: World }) {
    const events = world.decisions.some(SHOWN, (event) => {
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
                    {events.map((event) => {
                        const data = dataOf(event, "agent_decision");
                        const action = name(data.action_type);
                        return (
                            <li key={event.seq} data-seq={event.seq}>
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
}
