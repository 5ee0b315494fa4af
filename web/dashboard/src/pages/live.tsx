/**
 * Live: what each agent has, does and thinks.
 *
 * @module
 */
import { useTick } from "../app/frames.ts";
import { goneBack, world } from "../app/shown.ts";
import { Nothing } from "../ui/parts.tsx";
import { AgentCards } from "./agent-cards.tsx";
import { Decisions } from "./decisions.tsx";
import { chosenAgents, Filters, useChosen } from "./filters.tsx";
import { Limits } from "./limits.tsx";
import { PriceChart } from "./price-chart.tsx";
import { Slots } from "./slots.tsx";
import { Tape } from "./tape.tsx";
import { Timeline } from "./timeline.tsx";
import { Trades } from "./trades.tsx";
import { WorthChart } from "./worth-chart.tsx";
import { KNOWN_TYPES } from "../events/types.ts";

export function LivePage() {
    useTick(1000);
    const [chosen, choose] = useChosen();
    const shown = world();
    const agents = chosenAgents(chosen);
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
                <AgentCards chosen={chosen} />
            )}
            <div class="grid two">
                <PriceChart chosen={chosen} choose={choose} />
                <WorthChart chosen={chosen} />
            </div>
            <Slots chosen={chosen} />
            <div class="grid two">
                <Trades chosen={chosen} />
                <Decisions chosen={chosen} />
            </div>
            <div class="grid two">
                <Limits chosen={chosen} />
                <Tape chosen={chosen} />
            </div>
        </>
    );
}
