/**
 * History: flips matched buy to sell, and profit by item and day.
 *
 * @module
 */
import { useState } from "preact/hooks";
import { useTick } from "../app/frames.ts";
import { past, world } from "../app/shown.ts";
import { FLIP, type Group } from "../store/history.ts";
import { Chart } from "../ui/chart.tsx";
import { count, gp, iso, marketClock, percent, span } from "../ui/format.ts";
import { Gain, Name, Nothing, Num, Panel } from "../ui/parts.tsx";
import { type Column, Table } from "../ui/table.tsx";
import { Filters, useChosen } from "./filters.tsx";

interface FlipRow {
    readonly seq: number;
    readonly agent: string;
    readonly item: string;
    readonly boughtAt: number;
    readonly soldAt: number;
    readonly quantity: number;
    readonly matched: number;
    readonly buyPrice: number;
    readonly sellPrice: number;
    readonly tax: number;
    readonly profit: number;
}

const FLIPS: readonly Column<FlipRow>[] = [
    { id: "sold", title: "Sold", about: "market time, UTC", value: (row) => iso(row.soldAt), show: (row) => <span class="num">{marketClock(row.soldAt)}</span> },
    { id: "bought", title: "Bought", about: "the first of its units", minor: true, value: (row) => iso(row.boughtAt), show: (row) => <Num value={row.boughtAt} show={marketClock} title={iso(row.boughtAt)} /> },
    { id: "agent", title: "Agent", value: (row) => row.agent, show: (row) => <Name>{row.agent}</Name> },
    { id: "item", title: "Item", value: (row) => row.item, show: (row) => <Name>{row.item}</Name> },
    {
        id: "quantity",
        title: "Pieces",
        numeric: true,
        value: (row) => row.quantity,
        show: (row) => (
            <span>
                <Num value={row.quantity} show={count} />
                {row.matched < row.quantity ? <span class="badge unknown" title="The purchase of the others is not in the log">{`${count(row.matched)} matched`}</span> : null}
            </span>
        ),
    },
    { id: "buy", title: "Bought at", numeric: true, value: (row) => row.buyPrice, show: (row) => <Num value={row.buyPrice} show={gp} /> },
    { id: "sell", title: "Sold at", numeric: true, value: (row) => row.sellPrice, show: (row) => <Num value={row.sellPrice} show={gp} /> },
    { id: "tax", title: "Tax", numeric: true, minor: true, value: (row) => row.tax, show: (row) => <Num value={row.tax} show={gp} /> },
    { id: "profit", title: "Profit", about: "after tax, of the matched pieces", numeric: true, value: (row) => row.profit, show: (row) => <Gain value={row.profit} /> },
    {
        id: "roi",
        title: "ROI",
        numeric: true,
        minor: true,
        value: (row) => row.profit / (row.matched * row.buyPrice),
        show: (row) => <Gain value={row.profit / (row.matched * row.buyPrice)} show={percent} />,
    },
    { id: "held", title: "Held", numeric: true, minor: true, value: (row) => row.soldAt - row.boughtAt, show: (row) => <Num value={row.soldAt - row.boughtAt} show={span} /> },
];

function groupColumns(title: string, isItem: boolean): readonly Column<Group>[] {
    return [
        { id: "key", title, value: (row) => row.key, show: (row) => (isItem ? <Name>{row.key}</Name> : <span class="num">{row.key}</span>) },
        { id: "flips", title: "Sales", numeric: true, value: (row) => row.flips, show: (row) => <Num value={row.flips} show={count} /> },
        { id: "quantity", title: "Pieces", numeric: true, minor: true, value: (row) => row.quantity, show: (row) => <Num value={row.quantity} show={count} /> },
        { id: "tax", title: "Tax", numeric: true, value: (row) => row.tax, show: (row) => <Num value={row.tax} show={gp} /> },
        { id: "roi", title: "ROI", numeric: true, value: (row) => row.profit / row.cost, show: (row) => <Gain value={row.profit / row.cost} show={percent} /> },
        {
            id: "profit",
            title: "Profit",
            numeric: true,
            value: (row) => (row.unknown === row.flips ? Number.NaN : row.profit),
            show: (row) => (
                <span title={row.unknown > 0 ? `${row.unknown} sales not counted: what they cost is unknown` : undefined}>
                    <Gain value={row.unknown === row.flips ? Number.NaN : row.profit} />
                    {row.unknown > 0 ? <sup class="note">*</sup> : null}
                </span>
            ),
        },
    ];
}

const BY_ITEM = groupColumns("Item", true);
const BY_DAY = groupColumns("Day (UTC)", false);
const DAY = 86_400;

export function HistoryPage() {
    useTick(500);
    const [chosen, choose] = useChosen();
    const [view, setView] = useState<"flips" | "items" | "days">("flips");
    const { history } = world();
    const loading = past();
    const empty =
        loading.phase === "loading" ? (
            <Nothing why="loading">{`Loading: ${count(loading.read)} of ${count(loading.of)} events of the log`}</Nothing>
        ) : loading.phase === "failed" ? (
            <Nothing why="failed">The past could not be loaded.</Nothing>
        ) : (
            <Nothing why="empty">Nothing has been sold yet.</Nothing>
        );
    const days = [...history.byDay.values()].sort((a, b) => a.key.localeCompare(b.key));
    const sum = [...history.byDay.values()].reduce((total, day) => total + day.profit, 0);
    return (
        <>
            <div class="bar">
                {view === "flips" ? <Filters chosen={{ ...chosen, type: "" }} choose={choose} /> : <span class="filters note">All agents</span>}
                <div class="tabs" role="group" aria-label="View">
                    {(["flips", "items", "days"] as const).map((each) => (
                        <button key={each} type="button" aria-pressed={view === each} onClick={() => setView(each)}>
                            {{ flips: "Flips", items: "By item", days: "By day" }[each]}
                        </button>
                    ))}
                </div>
            </div>
            {view === "flips" ? (
                <Panel title="Flips" note={note(history.flips.total, history.flips.length, sum)}>
                    <Table caption="Sales, with the purchases that they end" columns={FLIPS} rows={flips(chosen)} rowKey={(row) => row.seq} file="flips" empty={empty} />
                </Panel>
            ) : view === "items" ? (
                <Panel title="Profit by item">
                    <Table caption="Profit by item" columns={BY_ITEM} rows={[...history.byItem.values()]} rowKey={(row) => row.key} sorted={{ column: "profit", down: true }} file="profit-by-item" empty={empty} />
                </Panel>
            ) : (
                <Panel title="Profit by day">
                    {days.length === 0 ? null : (
                        <Chart
                            title="Profit"
                            curves={[{ title: "profit after tax", colour: 0, bars: true }]}
                            data={() => ({
                                columns: [days.map((day) => Date.parse(day.key) / 1000 + DAY / 2), days.map((day) => day.profit)],
                                version: history.flips.total,
                            })}
                            x="time"
                            xTitle="day"
                            showX={(time) => iso(time).slice(0, 10)}
                            showY={gp}
                            empty="Nothing has been sold yet."
                            file="profit-by-day"
                        />
                    )}
                    <Table caption="Profit by day" columns={BY_DAY} rows={days} rowKey={(row) => row.key} sorted={{ column: "key", down: true }} file="profit-by-day" empty={empty} />
                </Panel>
            )}
        </>
    );
}

function note(total: number, kept: number, sum: number): string {
    return total === 0 ? "" : `${gp(sum)} gp in ${count(total)} sales${kept < total ? `; the newest ${count(kept)} are listed` : ""}`;
}

/** Newest first. */
function flips(chosen: { readonly agent: string; readonly item: string }): FlipRow[] {
    const { flips: ring, agentNames, itemNames } = world().history;
    const rows: FlipRow[] = [];
    for (let k = ring.length - 1; k >= 0; k--) {
        const agent = agentNames.name(ring.at(FLIP.agent, k));
        const item = itemNames.name(ring.at(FLIP.item, k));
        if ((chosen.agent === "" || agent === chosen.agent) && (chosen.item === "" || item === chosen.item)) {
            rows.push({
                seq: ring.at(FLIP.seq, k),
                agent,
                item,
                boughtAt: ring.at(FLIP.boughtAt, k),
                soldAt: ring.at(FLIP.soldAt, k),
                quantity: ring.at(FLIP.quantity, k),
                matched: ring.at(FLIP.matched, k),
                buyPrice: ring.at(FLIP.buyPrice, k),
                sellPrice: ring.at(FLIP.sellPrice, k),
                tax: ring.at(FLIP.tax, k),
                profit: ring.at(FLIP.profit, k),
            });
        }
    }
    return rows;
}
