/**
 * How much of each buy limit is left, and when it begins anew.
 *
 * @module
 */
import { useTick } from "../app/frames.ts";
import { wall } from "../app/shown.ts";
import type { Limit } from "../store/agents.ts";
import { clock } from "../store/world.ts";
import { count, span } from "../ui/format.ts";
import { Name, Nothing, Panel } from "../ui/parts.tsx";
import { still } from "../ui/still.tsx";
import { type Chosen, chosenAgents } from "./filters.tsx";

export const Limits = still(function Limits({ chosen }: { chosen: Chosen }) {
    useTick(1000);
    const limits = chosenAgents(chosen).flatMap((agent) =>
        [...agent.limits.values()]
            .filter((limit) => (limit.used > 0 || Number.isNaN(limit.used)) && (chosen.item === "" || limit.item.label === chosen.item))
            .map((limit) => ({ agent, limit, left: limit.resetsAt - clock(agent.at, wall()) })),
    );
    const current = limits.filter((each) => !(each.left <= 0));
    current.sort((a, b) => a.left - b.left);
    return (
        <Panel title="Buy limits">
            {current.length === 0 ? (
                <Nothing why="empty">No buy limit is in use.</Nothing>
            ) : (
                <ul class="limits" tabIndex={0} aria-label="Buy limits in use">
                    {current.slice(0, 40).map(({ agent, limit, left }) => (
                        <li key={`${agent.name}/${limit.item.index}`}>
                            <span class="line">
                                <Name>{limit.item.label}</Name>
                                <span class="note">
                                    <Name>{agent.name}</Name>
                                </span>
                            </span>
                            <progress
                                max={limit.limit > 0 ? limit.limit : 1}
                                {...(Number.isNaN(limit.limit) ? {} : { value: limit.used })}
                                aria-label={`limit of ${limit.item.label}`}
                            />
                            <span class="num note">{limitText(limit, left)}</span>
                        </li>
                    ))}
                </ul>
            )}
        </Panel>
    );
});

/** As in: 8,240 of 11,000, 2,760 left, resets in 1 h 12 min. */
export function limitText(limit: Pick<Limit, "used" | "limit">, left: number): string {
    const reset = left <= 0 ? "has been reset" : Number.isNaN(left) ? "reset unknown" : `resets in ${span(left)}`;
    return Number.isNaN(limit.limit)
        ? `${count(limit.used)} bought, limit unknown, ${reset}`
        : `${count(limit.used)} of ${count(limit.limit)}, ${count(Math.max(0, limit.limit - limit.used))} left, ${reset}`;
}
