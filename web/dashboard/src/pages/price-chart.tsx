/**
 * An item's quotes, with the agents' own trades on them.
 *
 * @module
 */
import { useEffect, useRef, useState } from "preact/hooks";
import { useTick } from "../app/frames.ts";
import { goneBack, link, world } from "../app/shown.ts";
import { log } from "../hub/api.ts";
import { BUY, TRADE } from "../store/history.ts";
import { type Item, PRICE } from "../store/items.ts";
import { Chart, type ChartData, type CurveStyle, type Mark } from "../ui/chart.tsx";
import { count, gp, marketClock } from "../ui/format.ts";
import { Choice, Nothing, Panel } from "../ui/parts.tsx";
import { still } from "../ui/still.tsx";
import type { Chosen } from "./filters.tsx";

const CURVES: readonly CurveStyle[] = [
    { title: "instant sell (low)", colour: "--buy", steps: true },
    { title: "instant buy (high)", colour: "--sell", steps: true },
];
const MOST_MARKS = 400;
const RESTORED = 4000;

export const PriceChart = still(function PriceChart({ chosen, choose }: { chosen: Chosen; choose: (change: Partial<Chosen>) => void }) {
    useTick(1000);
    const shown = world();
    const item = pick(chosen);
    const restored = useRestored(item);
    const seen = useRef<{ item: Item | undefined; agent: string; prices: number; trades: number; data: ChartData } | undefined>(undefined);
    const data = (): ChartData => {
        const series = item?.series;
        const trades = shown.history.trades;
        const before = seen.current;
        if (
            before !== undefined && before.item === item && before.agent === chosen.agent &&
            before.prices === (series?.total ?? 0) && before.trades === trades.total
        ) {
            return before.data;
        }
        const made: ChartData = {
            columns: series === undefined ? [[], [], []] : [series.column(PRICE.time), series.column(PRICE.low), series.column(PRICE.high)],
            version: (before?.data.version ?? 0) + 1,
            marks: item === undefined ? [] : marks(item, chosen.agent, series?.at(PRICE.time, 0) ?? Number.NaN),
        };
        seen.current = { item, agent: chosen.agent, prices: series?.total ?? 0, trades: trades.total, data: made };
        return made;
    };
    const names = shown.items.all.map((each) => each.label).sort();
    return (
        <Panel
            title="Prices"
            note={restored}
            actions={
                item === undefined ? null : (
                    <Choice
                        label="Item"
                        value={item.label}
                        options={names.map((each) => [each, each] as const)}
                        choose={(next) => choose({ item: next })}
                    />
                )
            }
        >
            {item === undefined ? (
                <Nothing why="empty">No prices yet.</Nothing>
            ) : (
                <Chart
                    key={item.index}
                    title={item.label}
                    curves={CURVES}
                    data={data}
                    x="time"
                    xTitle="market time"
                    showX={marketClock}
                    showY={gp}
                    empty="No prices of this item yet."
                    file={`prices-${item.label}`}
                    band={[2, 1]}
                />
            )}
        </Panel>
    );
});

/** The chosen item; else the one traded last, else the first there is. */
function pick(chosen: Chosen): Item | undefined {
    const { items, history } = world();
    const traded = history.itemNames.name(history.trades.at(TRADE.item, history.trades.length - 1));
    const sticky = useRef<Item | undefined>(undefined);
    if (chosen.item !== "") {
        return items.named(chosen.item) ?? items.all.find((item) => item.label === chosen.item);
    }
    if (sticky.current === undefined || items.all[sticky.current.index] !== sticky.current) {
        sticky.current = items.named(traded) ?? items.all[0];
    }
    return sticky.current;
}

/** The page has only seen prices since it was opened: the log knows those before. */
function useRestored(item: Item | undefined): string | undefined {
    const [note, setNote] = useState<string | undefined>();
    const done = useRef(new WeakSet<Item>());
    const label = item?.label;
    useEffect(() => {
        if (item === undefined || label === undefined || done.current.has(item)) {
            setNote(undefined);
            return;
        }
        done.current.add(item);
        const back = goneBack();
        const { items } = world();
        setNote("loading …");
        log({ before: (back?.seq ?? link.seq) + 1, types: ["price_update", "margin_update"], item: Number.isNaN(item.id) ? label : String(item.id), limit: RESTORED })
            .then((page) => {
                items.restore(item, page.events);
                setNote(undefined);
            })
            .catch((failed: unknown) => setNote(`earlier prices could not be loaded: ${failed instanceof Error ? failed.message : ""}`));
    }, [item, label]);
    return note;
}

function marks(item: Item, agent: string, from: number): Mark[] {
    const { trades, agentNames, itemNames } = world().history;
    const found: Mark[] = [];
    for (let k = trades.length - 1; k >= 0 && found.length < MOST_MARKS; k--) {
        const time = trades.at(TRADE.time, k);
        if (time < from) {
            break;
        }
        const trader = agentNames.name(trades.at(TRADE.agent, k));
        if (itemNames.name(trades.at(TRADE.item, k)) === item.label && (agent === "" || trader === agent)) {
            const buys = trades.at(TRADE.side, k) === BUY;
            const price = trades.at(TRADE.price, k);
            found.push({
                x: time,
                y: price,
                kind: buys ? "buy" : "sell",
                title: `${trader} ${buys ? "buy" : "sell"} ${count(trades.at(TRADE.quantity, k))} × ${gp(price)}`,
            });
        }
    }
    return found;
}
