/**
 * Live: what each agent has, does and thinks.
 *
 * @module
 */
import { useTick } from "../app/frames.ts";
import { goneBack, past, wall, world } from "../app/shown.ts";
import { Nothing } from "../ui/parts.tsx";
import { AgentCards } from "./agent-cards.tsx";
import { Decisions } from "./decisions.tsx";
import { Filters, useChosen } from "./filters.tsx";
import { Limits } from "./limits.tsx";
import { PriceChart } from "./price-chart.tsx";
import { Slots } from "./slots.tsx";
import { Tape } from "./tape.tsx";
import { Timeline } from "./timeline.tsx";
import { Trades } from "./trades.tsx";
import { WorthChart } from "./worth-chart.tsx";
import { KNOWN_TYPES } from "../events/types.ts";

export function LivePage() {
    useTick(250);
    const [chosen, choose] = useChosen();
    const shown = world();
    const agents = shown.agents.all.filter((agent) => chosen.agent === "" || agent.name === chosen.agent);
    const types = [...new Set([...KNOWN_TYPES, ...shown.counts.keys()])].sort();
    const back = goneBack();
    return (
        <>
            <div class="bar">
                <Filters chosen={chosen} choose={choose} types={types} />
                <Timeline />
            </div>
            {agents.length === 0 ? (
                back?.phase === "loading" ? (
                    <Nothing why="loading">Loading what was then …</Nothing>
                ) : (
                    <Nothing why="empty">
                        No agent has said anything yet. Events come from <code>hypertoken flipper</code>, from environments that
                        are served, and from whoever posts them to <code>/submit_event</code>.
                    </Nothing>
                )
            ) : (
                <AgentCards agents={agents} world={shown} past={past()} now={wall()} />
            )}
            <div class="grid two">
                <PriceChart chosen={chosen} choose={choose} />
                <WorthChart chosen={chosen} />
            </div>
            <Slots agents={agents} world={shown} wall={wall()} />
            <div class="grid two">
                <Trades chosen={chosen} world={shown} past={past()} />
                <Decisions chosen={chosen} world={shown} />
            </div>
            <div class="grid two">
                <Limits agents={agents} chosen={chosen} wall={wall()} />
                <Tape chosen={chosen} world={shown} />
            </div>
        </>
    );
}
