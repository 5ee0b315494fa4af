/**
 * Trades as they happen.
 *
 * @module
 */
import { useTick } from "../app/frames.ts";
import { past, world } from "../app/shown.ts";
import { BUY, TRADE } from "../store/history.ts";
import type { World } from "../store/world.ts";
import { count, gp, marketClock } from "../ui/format.ts";
import { Gain, Name, Nothing, Num, Panel } from "../ui/parts.tsx";
import { type Column, Table } from "../ui/table.tsx";
import { still } from "../ui/still.tsx";
import type { Chosen } from "./filters.tsx";

const SHOWN = 30;

export interface TradeRow {
    readonly seq: number;
    readonly time: number;
    readonly agent: string;
    readonly item: string;
    readonly buys: boolean;
    readonly price: number;
    readonly quantity: number;
    readonly profit: number;
}

const COLUMNS: readonly Column<TradeRow>[] = [
    { id: "time", title: "Market time", value: (row) => row.time, show: (row) => <span class="num">{marketClock(row.time)}</span> },
    { id: "agent", title: "Agent", value: (row) => row.agent, show: (row) => <Name>{row.agent}</Name> },
    {
        id: "side",
        title: "Side",
        value: (row) => (row.buys ? "buy" : "sell"),
        show: (row) => <span class={`side ${row.buys ? "buy" : "sell"}`}>{row.buys ? "▲ buy" : "▼ sell"}</span>,
    },
    { id: "item", title: "Item", value: (row) => row.item, show: (row) => <Name>{row.item}</Name> },
    { id: "quantity", title: "Pieces", numeric: true, value: (row) => row.quantity, show: (row) => <Num value={row.quantity} show={count} /> },
    { id: "price", title: "Price", numeric: true, value: (row) => row.price, show: (row) => <Num value={row.price} show={gp} /> },
    {
        id: "profit",
        title: "Profit",
        numeric: true,
        value: (row) => row.profit,
        show: (row) => (row.buys ? <span class="note">·</span> : <Gain value={row.profit} />),
    },
];

export const Trades = still(function Trades({ chosen }: { chosen: Chosen }) {
    useTick(400);
    const rows = newestTrades(world(), chosen, SHOWN);
    const loading = past().phase === "loading";
    return (
        <Panel title="Trades" class="live-table" note={loading ? "the past is being loaded" : undefined}>
            <Table
                caption="Newest trades"
                columns={COLUMNS}
                rows={rows}
                rowKey={(_, k) => k}
                empty={
                    loading ? (
                        <Nothing why="loading">Loading the trades so far …</Nothing>
                    ) : (
                        <Nothing why="empty">No trades yet.</Nothing>
                    )
                }
            />
        </Panel>
    );
});

/** Newest first. */
export function newestTrades(world: World, chosen: Pick<Chosen, "agent" | "item">, most: number): TradeRow[] {
    const { trades, agentNames, itemNames } = world.history;
    const rows: TradeRow[] = [];
    for (let k = trades.length - 1; k >= 0 && rows.length < most; k--) {
        const agent = agentNames.name(trades.at(TRADE.agent, k));
        const item = itemNames.name(trades.at(TRADE.item, k));
        if ((chosen.agent === "" || agent === chosen.agent) && (chosen.item === "" || item === chosen.item)) {
            rows.push({
                seq: trades.at(TRADE.seq, k),
                time: trades.at(TRADE.time, k),
                agent,
                item,
                buys: trades.at(TRADE.side, k) === BUY,
                price: trades.at(TRADE.price, k),
                quantity: trades.at(TRADE.quantity, k),
                profit: trades.at(TRADE.profit, k),
            });
        }
    }
    return rows;
}
