/**
 * A chart with a table behind it. Its data are columns that are taken as they are; it is drawn at most once a frame, and
 * only when they have changed.
 *
 * @module
 */
import { useEffect, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import { onFrame } from "../app/frames.ts";
import { onTheme } from "../app/theme.ts";
import { type Cell, csv, download } from "./csv.ts";
import { count } from "./format.ts";
import { Nothing } from "./parts.tsx";
import { touch } from "./touch.ts";

/** Colours of curves, by number; each stands out from the page in light and dark, and they differ in brightness too. */
export const COLOURS = 8;
const TABLE_ROWS = 200;
const FEW = 4;
/** More redraws a second than ten show nobody more, and cost. */
const EVERY_MILLIS = 100;
const NOTHING_READ: readonly string[] = [];

export interface CurveStyle {
    readonly title: string;
    /** Which of the [[COLOURS]], or a variable of the style sheet. */
    readonly colour: number | string;
    /** Behind the others, such as what was not smoothed. */
    readonly faint?: boolean;
    /** Holds its value until the next point. */
    readonly steps?: boolean;
    readonly dash?: readonly number[];
    readonly bars?: boolean;
}

/** Something drawn upon the curves, such as a trade. */
export interface Mark {
    readonly x: number;
    readonly y: number;
    readonly kind: "buy" | "sell";
    readonly title: string;
}

export interface ChartData {
    /** x, then each curve's y. */
    readonly columns: readonly ArrayLike<number>[];
    /** Another number whenever the columns are others. */
    readonly version: number;
    readonly marks?: readonly Mark[];
}

export interface ChartProps {
    readonly title: string;
    readonly curves: readonly CurveStyle[];
    /** Asked before each frame, so it must be quick where nothing is new. */
    readonly data: () => ChartData;
    readonly x: "time" | "number";
    readonly xTitle: string;
    readonly showX: (value: number) => string;
    readonly showY: (value: number) => string;
    readonly height?: number;
    readonly empty: string;
    readonly note?: string;
    /** The name of a file of all points, without its ending. */
    readonly file: string;
    /** A band between two curves, by their numbers from 1. */
    readonly band?: readonly [number, number];
}

function css(name: string): string {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function colour(of: number | string): string {
    return css(typeof of === "string" ? of : `--curve-${of % COLOURS}`);
}

export function Chart(props: ChartProps) {
    const place = useRef<HTMLDivElement>(null);
    const latest = useRef(props);
    latest.current = props;
    const [asTable, setAsTable] = useState(false);
    const [isEmpty, setEmpty] = useState(props.data().columns[0]?.length === 0);
    const [zoomed, setZoomed] = useState(false);
    const [read, setRead] = useState(NOTHING_READ);
    const reset = useRef<() => void>(() => {});
    const shape = JSON.stringify([props.curves, props.x, props.band, props.height]);

    useEffect(() => {
        const box = place.current;
        if (box === null || asTable) {
            return;
        }
        let chart: uPlot | undefined;
        let drawn = Number.NaN;
        let drawnAt = Number.NEGATIVE_INFINITY;
        let inSight = true;
        let marks: readonly Mark[] = [];
        let view: { min: number; max: number } | undefined;

        const data = () => {
            const { columns, version, marks: newMarks } = latest.current.data();
            marks = newMarks ?? [];
            setEmpty((columns[0]?.length ?? 0) === 0);
            return { columns: columns as unknown as uPlot.AlignedData, version };
        };
        const draw = (force: boolean): boolean => {
            if (chart === undefined || !(inSight || force)) {
                return false;
            }
            const now = performance.now();
            if (!force && now - drawnAt < EVERY_MILLIS) {
                return true;
            }
            const next = data();
            // Its curves are others already than those that it was built with: it is about to be built anew.
            const fits = next.columns.length === chart.series.length;
            if ((next.version === drawn && !force) || !fits) {
                return false;
            }
            drawn = next.version;
            drawnAt = now;
            chart.setData(next.columns, view === undefined);
            if (view !== undefined) {
                chart.setScale("x", view);
            }
            return false;
        };
        reset.current = () => {
            view = undefined;
            setZoomed(false);
            draw(true);
        };
        const look = (min: number, max: number) => {
            view = { min, max };
            setZoomed(true);
            chart?.setScale("x", view);
        };
        const build = () => {
            chart?.destroy();
            drawn = Number.NaN;
            chart = new uPlot(
                options(latest.current, box.clientWidth, () => marks, look, () => reset.current(), setRead),
                data().columns,
                box,
            );
            draw(true);
        };
        build();
        const sizes = new ResizeObserver(() => chart?.setSize({ width: box.clientWidth, height: heightOf(latest.current) }));
        sizes.observe(box);
        const sight = new IntersectionObserver((entries) => {
            inSight = entries.some((entry) => entry.isIntersecting);
            draw(false);
        });
        sight.observe(box);
        const stopFrames = onFrame(() => draw(false));
        const stopTheme = onTheme(build);
        return () => {
            sizes.disconnect();
            sight.disconnect();
            stopFrames();
            stopTheme();
            chart?.destroy();
        };
    }, [shape, asTable]);

    const save = () => {
        const { columns } = props.data();
        const header = [props.xTitle, ...props.curves.map((each) => each.title)];
        const rows = Array.from({ length: columns[0]?.length ?? 0 }, (_, k) => columns.map((column): Cell => column[k] ?? Number.NaN));
        download(`${props.file}.csv`, csv(header, rows));
    };
    return (
        <figure class="chart">
            <figcaption>
                <span class="title">{props.title}</span>
                <span class="legend">
                    {props.curves.map((curve, k) =>
                        curve.faint === true ? null : (
                            <span key={curve.title} class="key">
                                <span class={`swatch curve-${typeof curve.colour === "number" ? curve.colour % COLOURS : curve.colour.slice(2)}`} />
                                {curve.title}
                                {read[k + 1] === undefined ? null : <b class="num"> {read[k + 1]}</b>}
                            </span>
                        ),
                    )}
                    {read[0] === undefined ? null : <span class="note">{read[0]}</span>}
                    {props.note === undefined ? null : <span class="note">{props.note}</span>}
                </span>
                <span class="actions">
                    {zoomed ? (
                        <button type="button" onClick={() => reset.current()}>
                            All
                        </button>
                    ) : null}
                    <button type="button" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
                        {asTable ? "Chart" : "Table"}
                    </button>
                    <button type="button" onClick={save}>
                        CSV
                    </button>
                </span>
            </figcaption>
            {asTable ? (
                <ChartTable {...props} />
            ) : (
                <>
                    {isEmpty ? <Nothing why="empty">{props.empty}</Nothing> : null}
                    <div
                        ref={place}
                        class={isEmpty ? "canvas empty" : "canvas"}
                        role="img"
                        aria-label={`${props.title}: a chart; the button Table shows its numbers`}
                    />
                </>
            )}
        </figure>
    );
}

function heightOf(props: ChartProps): number {
    return props.height ?? 220;
}

/** The newest points in words. */
function ChartTable(props: ChartProps) {
    const { columns } = props.data();
    const points = columns[0]?.length ?? 0;
    const rows = Array.from({ length: Math.min(points, TABLE_ROWS) }, (_, k) => points - 1 - k);
    if (points === 0) {
        return <Nothing why="empty">{props.empty}</Nothing>;
    }
    return (
        <div class="table">
            <div class="scroll" tabIndex={0} role="region" aria-label={`${props.title}, as a table`}>
                <table>
                    <caption class="hidden">{`${props.title}, newest first`}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{props.xTitle}</th>
                            {props.curves.map((curve) => (
                                <th key={curve.title} scope="col" class="numeric">
                                    {curve.title}
                                </th>
                            ))}
                        </tr>
                    </thead>
                    <tbody>
                        {rows.map((row) => (
                            <tr key={row}>
                                <td>{props.showX(columns[0]?.[row] ?? Number.NaN)}</td>
                                {props.curves.map((curve, k) => (
                                    <td key={curve.title} class="numeric">
                                        {props.showY(columns[k + 1]?.[row] ?? Number.NaN)}
                                    </td>
                                ))}
                            </tr>
                        ))}
                    </tbody>
                </table>
            </div>
            <footer>
                <span class="note">{`${count(rows.length)} of ${count(points)} points, newest first; CSV has all`}</span>
            </footer>
        </div>
    );
}

function options(
    props: ChartProps,
    width: number,
    marks: () => readonly Mark[],
    look: (min: number, max: number) => void,
    reset: () => void,
    read: (values: readonly string[]) => void,
): uPlot.Options {
    const axis: uPlot.Axis = {
        stroke: css("--muted"),
        grid: { stroke: css("--line"), width: 1 },
        ticks: { show: false },
        font: `11px ${css("--font")}`,
        labelFont: `11px ${css("--font")}`,
    };
    return {
        width: Math.max(120, width),
        height: heightOf(props),
        legend: { show: false },
        cursor: { drag: { x: true, y: false, setScale: false }, points: { size: 6 }, focus: { prox: 24 } },
        scales: { x: { time: props.x === "time" } },
        tzDate: (time) => uPlot.tzDate(new Date(time * 1000), "Etc/UTC"),
        axes: [
            { ...axis, size: 26, gap: 4, space: 64, values: (_: uPlot, all: number[]) => (props.x === "time" ? hours(all) : all.map(props.showX)) },
            { ...axis, size: 60, gap: 4, values: (_: uPlot, all: number[]) => all.map(props.showY) },
        ],
        series: [
            {},
            ...props.curves.map((curve): uPlot.Series => {
                const stroke = colour(curve.colour);
                const paths = curve.bars === true ? uPlot.paths.bars?.({ size: [0.7, 48] }) : curve.steps === true ? uPlot.paths.stepped?.({ align: 1 }) : undefined;
                return {
                    stroke: curve.faint === true ? faint(stroke) : stroke,
                    width: curve.faint === true ? 1 : 1.75,
                    // A few points alone make no line.
                    points: { show: (chart) => curve.faint !== true && (chart.data[0]?.length ?? 0) < FEW, size: 5 },
                    spanGaps: true,
                    ...(paths === undefined ? {} : { paths }),
                    ...(curve.bars === true ? { fill: faint(stroke) } : {}),
                    ...(curve.dash === undefined ? {} : { dash: [...curve.dash] }),
                };
            }),
        ],
        ...(props.band === undefined
            ? {}
            : { bands: [{ series: [props.band[0], props.band[1]] as uPlot.Band.Bounds, fill: faint(colour(props.curves[0]?.colour ?? 0), 0.18) }] }),
        hooks: {
            setSelect: [
                (chart) => {
                    if (chart.select.width > 8) {
                        look(chart.posToVal(chart.select.left, "x"), chart.posToVal(chart.select.left + chart.select.width, "x"));
                    }
                    chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
                },
            ],
            setCursor: [
                (chart) => {
                    const k = chart.cursor.idx;
                    read(
                        k === null || k === undefined
                            ? NOTHING_READ
                            : chart.data.map((column, curve) => (curve === 0 ? props.showX : props.showY)(column[k] ?? Number.NaN)),
                    );
                },
            ],
            draw: [(chart) => drawMarks(chart, marks())],
        },
        plugins: [touch({ set: look, reset })],
    };
}

const dayFormat = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
const hourFormat = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "UTC" });
const DAY = 86_400;

/** Hours, and where a day begins its date. */
function hours(times: readonly number[]): string[] {
    return times.map((time) => (time % DAY === 0 ? dayFormat : hourFormat).format(time * 1000));
}

function faint(stroke: string, alpha = 0.35): string {
    const hex = Math.round(alpha * 255).toString(16).padStart(2, "0");
    return /^#[0-9a-f]{6}$/i.test(stroke) ? stroke + hex : stroke;
}

/** Purchases point up, from below their price; sales down: shape tells them apart as well as colour. */
function drawMarks(chart: uPlot, marks: readonly Mark[]): void {
    if (marks.length === 0) {
        return;
    }
    const { ctx, bbox } = chart;
    const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = chart.scales["x"] ?? {};
    const size = (marks.length > 100 ? 3.5 : 5) * devicePixelRatio;
    const fills = { buy: css("--buy"), sell: css("--sell") };
    ctx.strokeStyle = css("--panel");
    ctx.lineWidth = devicePixelRatio;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    for (const mark of marks) {
        if (mark.x < min || mark.x > max) {
            continue;
        }
        const x = chart.valToPos(mark.x, "x", true);
        const y = chart.valToPos(mark.y, "y", true);
        const side = mark.kind === "buy" ? 1 : -1;
        ctx.fillStyle = fills[mark.kind];
        ctx.beginPath();
        ctx.moveTo(x, y);
        ctx.lineTo(x - size, y + side * size * 1.7);
        ctx.lineTo(x + size, y + side * size * 1.7);
        ctx.closePath();
        ctx.fill();
        ctx.stroke();
    }
    ctx.restore();
}
