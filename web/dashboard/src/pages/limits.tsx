/**
 * How much of each buy limit is left, and when it begins anew.
 *
 * @module
 */
import { useTick } from "../app/frames.ts";
import { wall } from "../app/shown.ts";
import { clock } from "../store/world.ts";
import { limitText } from "../market/limit.ts";
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
