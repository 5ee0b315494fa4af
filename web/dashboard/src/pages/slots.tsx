/**
 * Each agent's offers: how far they are, and how they stand.
 *
 * @module
 */
import { useTick } from "../app/frames.ts";
import { wall, world } from "../app/shown.ts";
import { slotBreakEven, standing } from "../market/slot.ts";
import type { Slot } from "../store/agents.ts";
import type { AgentRecord } from "../store/history.ts";
import { clock } from "../store/world.ts";
import { count, gp, span, UNKNOWN } from "../ui/format.ts";
import { Name, Nothing, Num, Panel } from "../ui/parts.tsx";
import { still } from "../ui/still.tsx";
import { type Chosen, chosenAgents } from "./filters.tsx";

const STANDING = { competitive: "competitive", undercut: "undercut", unknown: "no quote", over: "" } as const;
const STATES: Record<string, string> = {
    BUYING: "Buying",
    BOUGHT: "Bought",
    SELLING: "Selling",
    SOLD: "Sold",
    CANCELLED_BUY: "Buy cancelled",
    CANCELLED_SELL: "Sale cancelled",
};

export const Slots = still(function Slots({ chosen }: { chosen: Chosen }) {
    useTick(400);
    const agents = chosenAgents(chosen);
    const { history } = world();
    return (
        <Panel title="Offers">
            {agents.length === 0 ? <Nothing why="empty">No agent, no offers.</Nothing> : null}
            {agents.map((agent) => (
                <div key={agent.name} class="slots-of" data-agent={agent.name}>
                    <h3>
                        <Name>{agent.name}</Name>
                    </h3>
                    <ol class="slots">
                        {agent.slots.map((slot, k) => (
                            <SlotCard key={k} index={k} slot={slot} record={history.records.get(agent.name)} now={clock(agent.at, wall())} />
                        ))}
                    </ol>
                </div>
            ))}
        </Panel>
    );
});

function SlotCard({ index, slot, record, now }: { index: number; slot: Slot | undefined; record: AgentRecord | undefined; now: number }) {
    if (slot === undefined || slot.state === "EMPTY") {
        return (
            <li class={`slot ${slot === undefined ? "unknown" : "empty"}`} data-slot={index}>
                <span class="note">{slot === undefined ? `${index + 1}: unknown` : `${index + 1}: empty`}</span>
            </li>
        );
    }
    const share = slot.quantity > 0 ? slot.filled / slot.quantity : Number.NaN;
    const stands = standing(slot);
    const even = slotBreakEven(slot, record);
    return (
        <li class={`slot ${slot.side} ${slot.state.toLowerCase()}`} data-slot={index}>
            <div class="line">
                <b>
                    <Name>{slot.item?.label ?? ""}</Name>
                </b>
                {STANDING[stands] === "" ? null : <span class={`badge ${stands}`}>{STANDING[stands]}</span>}
            </div>
            <div class="line">
                <span class={`side ${slot.side}`}>{STATES[slot.state] ?? slot.state}</span>
                <span class="num">
                    {count(slot.quantity)} × {gp(slot.price)}
                </span>
            </div>
            <progress
                class={slot.side}
                max={1}
                {...(Number.isNaN(share) ? {} : { value: share })}
                aria-label={`slot ${index + 1} filled`}
            />
            <div class="line note">
                <span class="num" data-fact="filled">
                    {`${count(slot.filled)} of ${count(slot.quantity)}`}
                </span>
                <span class="num" title="Since the last fill">
                    {Number.isNaN(slot.filledAt) ? (slot.filled > 0 ? `fill ${UNKNOWN}` : "no fill yet") : `fill ${span(now - slot.filledAt)} ago`}
                </span>
            </div>
            <div class="line note">
                <span>break-even</span>
                <Num value={even} show={gp} />
            </div>
        </li>
    );
}
