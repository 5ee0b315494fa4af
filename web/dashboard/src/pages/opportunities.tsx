/**
 * Opportunities: the flipper's table.
 *
 * @module
 */
import { useState } from "preact/hooks";
import { useTick } from "../app/frames.ts";
import { useKept } from "../app/kept.ts";
import { wall, world } from "../app/shown.ts";
import { type Opportunity, opportunity } from "../market/opportunities.ts";
import { clock } from "../store/world.ts";
import { count, gp, percent, span, UNKNOWN } from "../ui/format.ts";
import { Choice, Gain, Name, Nothing, Num, Panel } from "../ui/parts.tsx";
import { type Column, Table } from "../ui/table.tsx";
import { agentOptions } from "./filters.tsx";

/** An older quote may not be there any more. */
const OLD_SECONDS = 1800;

function Age({ seconds }: { seconds: number }) {
    return <span class={Number.isNaN(seconds) ? "num unknown" : seconds > OLD_SECONDS ? "num old" : "num"}>{span(seconds)}</span>;
}

const COLUMNS: readonly Column<Opportunity>[] = [
    { id: "item", title: "Item", value: (row) => row.item.label, show: (row) => <Name>{row.item.label}</Name> },
    { id: "low", title: "Buy at", about: "the low quote, what instant sellers get", numeric: true, value: (row) => row.low, show: (row) => <Num value={row.low} show={gp} /> },
    { id: "high", title: "Sell at", about: "the high quote, what instant buyers pay", numeric: true, value: (row) => row.high, show: (row) => <Num value={row.high} show={gp} /> },
    { id: "tax", title: "Tax", about: "gp a unit sold", numeric: true, minor: true, value: (row) => row.tax, show: (row) => <Num value={row.tax} show={gp} /> },
    { id: "margin", title: "Margin", about: "gp a unit, after tax", numeric: true, value: (row) => row.margin, show: (row) => <Gain value={row.margin} /> },
    { id: "roi", title: "ROI", about: "margin after tax / buy price", numeric: true, value: (row) => row.roi, show: (row) => <Gain value={row.roi} show={percent} /> },
    { id: "lowAge", title: "Low age", about: "since the low quote was made, market time", numeric: true, minor: true, value: (row) => row.lowAge, show: (row) => <Age seconds={row.lowAge} /> },
    { id: "highAge", title: "High age", about: "since the high quote was made, market time", numeric: true, minor: true, value: (row) => row.highAge, show: (row) => <Age seconds={row.highAge} /> },
    {
        id: "thin",
        title: "Thin vol/h",
        about: "pieces an hour on the thinner side; ≈: half of both sides, as the sides are not told apart",
        numeric: true,
        value: (row) => row.thinVolume,
        show: (row) => <Num value={row.thinVolume} show={(value) => (Number.isNaN(value) ? UNKNOWN : `${row.guessed ? "≈ " : ""}${count(value)}`)} />,
    },
    { id: "limit", title: "Limit left", numeric: true, minor: true, value: (row) => row.limitLeft, show: (row) => <Num value={row.limitLeft} show={count} /> },
    {
        id: "quantity",
        title: "Quantity",
        about: "the least of the limit left, 10 % of the thinner side's volume in four hours, and the cash",
        numeric: true,
        value: (row) => row.quantity,
        show: (row) => <Num value={row.quantity} show={count} title={row.boundBy === "" ? "unknown" : `bound by ${row.boundBy}`} />,
    },
    { id: "profit", title: "Potential", about: "quantity × margin after tax", numeric: true, value: (row) => row.profit, show: (row) => <Gain value={row.profit} /> },
    {
        id: "fill",
        title: "Fill time",
        about: "until both sides have filled at 10 % of the thinner side's volume",
        numeric: true,
        value: (row) => row.fillHours,
        show: (row) => <Num value={row.fillHours} show={(hours) => span(hours * 3600)} />,
    },
];

export function OpportunitiesPage() {
    useTick(1000);
    const [search, setSearch] = useState("");
    const [whose, setWhose] = useKept("opportunities.agent", "");
    const [gainful, setGainful] = useKept("opportunities.gainful", false);
    const shown = world();
    const agent = shown.agents.named(whose);
    const now = clock(shown.items.newest, wall());
    const wanted = search.trim().toLowerCase();
    const all = shown.items.all.filter((item) => !Number.isNaN(item.low) || !Number.isNaN(item.high));
    const rows = all
        .filter((item) => item.label.toLowerCase().includes(wanted))
        .map((item) => opportunity(item, agent, now))
        .filter((row) => !gainful || row.margin > 0);
    return (
        <>
            <div class="bar">
                <div class="filters" role="search">
                    <label class="choice">
                        <span>Search</span>
                        <input type="search" value={search} placeholder="item" onInput={(change) => setSearch(change.currentTarget.value)} />
                    </label>
                    <Choice label="Cash and limits of" value={agent === undefined ? "" : whose} options={agentOptions("Nobody")} choose={setWhose} />
                    <label class="check">
                        <input type="checkbox" checked={gainful} onChange={(change) => setGainful(change.currentTarget.checked)} />
                        Only with a margin
                    </label>
                </div>
            </div>
            <Panel
                title="Opportunities"
                note={`${count(rows.length)} of ${count(all.length)} items${agent === undefined ? "" : `, ${gp(agent.gp)} in coins`}`}
            >
                <Table
                    caption="What each item offers now"
                    columns={COLUMNS}
                    rows={rows}
                    rowKey={(row) => row.item.index}
                    sorted={{ column: "profit", down: true }}
                    file="opportunities"
                    empty={
                        all.length === 0 ? (
                            <Nothing why="empty">No market has told its quotes yet.</Nothing>
                        ) : (
                            <Nothing why="empty">No item is like that; {count(all.length)} are.</Nothing>
                        )
                    }
                />
            </Panel>
        </>
    );
}
