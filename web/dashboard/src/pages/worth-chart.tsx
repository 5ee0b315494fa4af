/**
 * What agents are worth, over all that the log knows.
 *
 * @module
 */
import { useRef } from "preact/hooks";
import uPlot from "uplot";
import { useTick } from "../app/frames.ts";
import { past, world } from "../app/shown.ts";
import { Chart, type ChartData } from "../ui/chart.tsx";
import { gp, marketClock } from "../ui/format.ts";
import { Nothing, Panel } from "../ui/parts.tsx";
import { still } from "../ui/still.tsx";
import type { Chosen } from "./filters.tsx";

const MOST_CURVES = 8;
const EVERY_MILLIS = 250;

export const WorthChart = still(function WorthChart({ chosen }: { chosen: Chosen }) {
    useTick(1000);
    const records = [...world().history.records]
        .sort(([a], [b]) => a.localeCompare(b, "en", { numeric: true }))
        .filter(([agent, record]) => (chosen.agent === "" || agent === chosen.agent) && record.worth.length > 0)
        .slice(0, MOST_CURVES);
    const names = records.map(([agent]) => agent);
    const seen = useRef<{ key: string; points: number; at: number; data: ChartData } | undefined>(undefined);
    const data = (): ChartData => {
        const points = records.reduce((sum, [, record]) => sum + record.worth.total, 0);
        const key = names.join("\n");
        const before = seen.current;
        const now = performance.now();
        if (before !== undefined && before.key === key && (before.points === points || now - before.at < EVERY_MILLIS)) {
            return before.data;
        }
        const tables = records.map(([, record]) => [Array.from(record.worth.x()), Array.from(record.worth.mean())] as uPlot.AlignedData);
        const made: ChartData = {
            columns: tables.length === 0 ? [[]] : (uPlot.join(tables) as unknown as ArrayLike<number>[]),
            version: (before?.data.version ?? 0) + 1,
        };
        seen.current = { key, points, at: now, data: made };
        return made;
    };
    return (
        <Panel title="Net worth" note={past().phase === "loading" ? "the past is being loaded" : undefined}>
            {records.length === 0 ? (
                past().phase === "loading" ? (
                    <Nothing why="loading">Loading …</Nothing>
                ) : (
                    <Nothing why="empty">No agent has told its worth.</Nothing>
                )
            ) : (
                <Chart
                    title={chosen.agent === "" ? "all agents" : chosen.agent}
                    curves={names.map((title, colour) => ({ title, colour }))}
                    data={data}
                    x="time"
                    xTitle="market time"
                    showX={marketClock}
                    showY={gp}
                    empty="No agent has told its worth."
                    file="net-worth"
                />
            )}
        </Panel>
    );
});
