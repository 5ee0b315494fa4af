/**
 * What each agent is worth, has earned and has paid.
 *
 * @module
 */
import { useTick } from "../app/frames.ts";
import { past, wall, world } from "../app/shown.ts";
import type { Past } from "../hub/past.ts";
import { unrealised } from "../market/profit.ts";
import type { Agent } from "../store/agents.ts";
import type { World } from "../store/world.ts";
import { count, gp, percent, span } from "../ui/format.ts";
import { Gain, Name, Num } from "../ui/parts.tsx";
import { still } from "../ui/still.tsx";
import { type Chosen, chosenAgents } from "./filters.tsx";

export const AgentCards = still(function AgentCards({ chosen }: { chosen: Chosen }) {
    useTick(250);
    const agents = chosenAgents(chosen);
    const shown = world();
    return (
        <div class="cards">
            {agents.map((agent) => (
                <Card key={agent.name} agent={agent} world={shown} past={past()} now={wall()} />
            ))}
            {shown.agents.left > 0 ? <p class="note">Only the first {agents.length} agents are shown.</p> : null}
        </div>
    );
});

function Card({ agent, world, past, now }: { agent: Agent; world: World; past: Past; now: number }) {
    const record = world.history.records.get(agent.name);
    const open = unrealised(record, agent, world.items);
    const quiet = now - agent.heardAt;
    const part = past.phase === "whole" ? "" : past.phase === "loading" ? " loading" : " partly";
    return (
        <article class="card" data-agent={agent.name} aria-label={agent.name}>
            <header>
                <h2>
                    <Name>{agent.name}</Name>
                </h2>
                <span class={quiet > 30 ? "note old" : "note"}>{quiet > 5 ? `quiet for ${span(quiet)}` : "active"}</span>
            </header>
            <dl class={`facts${part}`}>
                <div class="main">
                    <dt>Net worth</dt>
                    <dd data-fact="worth">
                        <Num value={agent.worth} show={gp} />
                    </dd>
                </div>
                <div>
                    <dt>Coins</dt>
                    <dd data-fact="gp">
                        <Num value={agent.gp} show={gp} />
                    </dd>
                </div>
                <div>
                    <dt>Realised</dt>
                    <dd data-fact="realised" title={unknownSales(record?.unknownProfits ?? 0)}>
                        <Gain value={record?.realised ?? Number.NaN} />
                        {(record?.unknownProfits ?? 0) > 0 ? <sup class="note">*</sup> : null}
                    </dd>
                </div>
                <div>
                    <dt>Unrealised</dt>
                    <dd data-fact="unrealised" title={open.uncounted > 0 ? `${open.uncounted} items not counted: their cost or price is unknown` : undefined}>
                        <Gain value={open.gp} />
                        {open.uncounted > 0 ? <sup class="note">*</sup> : null}
                    </dd>
                </div>
                <div title="Realised profit an hour of market time in which some of its worth was at work">
                    <dt>gp/h</dt>
                    <dd data-fact="rate">
                        <Gain value={record?.profitPerHour ?? Number.NaN} />
                    </dd>
                </div>
                <div>
                    <dt>Tax paid</dt>
                    <dd data-fact="tax">
                        <Num value={record?.tax ?? Number.NaN} show={gp} />
                    </dd>
                </div>
                <div title="Below the highest worth: now, and at worst">
                    <dt>Drawdown</dt>
                    <dd data-fact="drawdown">
                        <Num value={record?.drawdown ?? Number.NaN} show={(value) => percent(value, 1)} />
                        <span class="note">
                            {" max "}
                            <Num value={record?.worstDrawdown ?? Number.NaN} show={(value) => percent(value, 1)} />
                        </span>
                    </dd>
                </div>
                <div>
                    <dt>Trades</dt>
                    <dd data-fact="trades">
                        <Num value={record?.trades ?? (past.phase === "whole" ? 0 : Number.NaN)} show={count} />
                    </dd>
                </div>
            </dl>
            {part === " loading" ? <span class="note">loading the past …</span> : null}
        </article>
    );
}

function unknownSales(sales: number): string | undefined {
    return sales > 0 ? `${sales} sales not counted: what they cost is unknown` : undefined;
}
