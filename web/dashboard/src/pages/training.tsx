/**
 * Training: every number that runs tell, one run or several beside each other.
 *
 * @module
 */
import { useRef } from "preact/hooks";
import uPlot from "uplot";
import { useTick } from "../app/frames.ts";
import { useKept } from "../app/kept.ts";
import { go, href, type Route } from "../app/route.ts";
import { past, world } from "../app/shown.ts";
import { PLAIN_CURVES, type Run } from "../store/training.ts";
import { Chart, type ChartData, type CurveStyle } from "../ui/chart.tsx";
import { count, number, span } from "../ui/format.ts";
import { Name, Nothing, Panel } from "../ui/parts.tsx";

/** The page of whichever run was heard of last. */
const LATEST = "latest";
const MOST_COMPARED = 6;
const TITLES: Record<string, string> = {
    return: "Return",
    length: "Episode length",
    kl: "KL",
    entropy: "Entropy",
    explained_variance: "Explained variance",
    steps_per_second: "Steps/s",
};

export function TrainingPage({ route }: { route: Route }) {
    useTick(250);
    const [smoothing, setSmoothing] = useKept("training.smoothing", 0.8);
    const { training } = world();
    const all = training.runs;
    const asked = route.rest.length === 0 ? [LATEST] : route.rest;
    const runs = asked.map((each) => (each === LATEST ? all[0] : training.named(each))).filter((run) => run !== undefined);
    const missing = asked.filter((each) => each !== LATEST && training.named(each) === undefined);
    if (all.length === 0) {
        return past().phase === "loading" ? (
            <Nothing why="loading">Loading the runs so far …</Nothing>
        ) : (
            <Nothing why="empty">
                No run has told its progress yet. <code>hypertoken learn</code> does, and so does whoever publishes{" "}
                <code>training_progress</code>.
            </Nothing>
        );
    }
    const toggle = (run: Run) => {
        const names = runs.map((each) => each.name);
        const next = names.includes(run.name) ? names.filter((each) => each !== run.name) : [...names, run.name].slice(-MOST_COMPARED);
        go("training", ...(next.length === 0 ? [LATEST] : next));
    };
    const curves = [...new Set([...PLAIN_CURVES, ...runs.flatMap((run) => [...run.curves.keys()])])].filter((curve) =>
        runs.some((run) => run.curves.has(curve)),
    );
    return (
        <>
            <div class="bar">
                <div class="runs" role="group" aria-label="Runs to compare">
                    <a href={href("training", LATEST)} aria-current={asked[0] === LATEST ? "page" : undefined}>
                        Latest
                    </a>
                    {all.map((run) => (
                        <label key={run.name} class="check">
                            <input type="checkbox" checked={runs.includes(run)} onChange={() => toggle(run)} />
                            <Name>{run.name}</Name>
                        </label>
                    ))}
                </div>
                <label class="choice">
                    <span>Smoothing</span>
                    <input type="range" min={0} max={0.99} step={0.01} value={smoothing} onInput={(change) => setSmoothing(Number(change.currentTarget.value))} />
                    <output class="num">{smoothing.toFixed(2)}</output>
                </label>
            </div>
            {missing.map((name) => (
                <Nothing key={name} why={past().phase === "loading" ? "loading" : "unknown"}>
                    No run <Name>{name}</Name> is known{past().phase === "loading" ? " yet" : ""}.
                </Nothing>
            ))}
            <div class="runfacts">
                {runs.map((run) => (
                    <p key={run.name} data-run={run.name}>
                        <b>
                            <Name>{run.name}</Name>
                        </b>{" "}
                        <span class="num" data-fact="step">{`step ${count(run.step)}`}</span>
                        <span class="note">{`, ${count(run.points)} reports in ${span(run.at - run.began)}, last ${span(Date.now() / 1000 - run.at)} ago`}</span>
                    </p>
                ))}
            </div>
            <div class="grid charts">
                {curves.map((curve) => (
                    <RunChart key={curve} curve={curve} runs={runs} smoothing={smoothing} />
                ))}
            </div>
        </>
    );
}

function RunChart({ curve, runs, smoothing }: { curve: string; runs: readonly Run[]; smoothing: number }) {
    const title = TITLES[curve] ?? `Loss: ${curve.replace(/^losses\./, "")}`;
    const having = runs.filter((run) => run.curves.has(curve));
    const seen = useRef<{ key: string; data: ChartData } | undefined>(undefined);
    const data = (): ChartData => {
        const key = `${smoothing}|${having.map((run) => `${run.name}:${run.curves.get(curve)?.total ?? 0}`).join("|")}`;
        const before = seen.current;
        if (before?.key === key) {
            return before.data;
        }
        const made = { columns: columns(curve, having, smoothing), version: (before?.data.version ?? 0) + 1 };
        seen.current = { key, data: made };
        return made;
    };
    const styles = having.flatMap((run, colour): CurveStyle[] => [
        { title: `${run.name} least`, colour, faint: true },
        { title: `${run.name} greatest`, colour, faint: true },
        { title: run.name, colour },
    ]);
    const halved = Math.max(1, ...having.map((run) => run.curves.get(curve)?.stride ?? 1));
    return (
        <Panel title={title} bare>
            <Chart
                title={title}
                curves={styles}
                data={data}
                x="number"
                xTitle="step"
                showX={(step) => (step >= 1e6 ? `${number(step / 1e6)} M` : count(step))}
                showY={number}
                height={200}
                empty="No numbers yet."
                {...(halved > 1 ? { note: `each point stands for ${halved}, of which the least and the greatest are kept` } : {})}
                file={`${curve}-${having.map((run) => run.name).join("-")}`}
                {...(having.length === 1 ? { band: [2, 1] as const } : {})}
            />
        </Panel>
    );
}

/** Steps, then of each run the least, the greatest and the smoothed mean. */
function columns(curve: string, runs: readonly Run[], smoothing: number): readonly ArrayLike<number>[] {
    const tables = runs.map((run): ArrayLike<number>[] => {
        const points = run.curves.get(curve);
        return points === undefined ? [[], [], [], []] : [points.x(), points.low(), points.high(), points.smooth(smoothing)];
    });
    if (tables.length === 1) {
        return tables[0] ?? [[]];
    }
    return uPlot.join(tables.map((table) => table.map((column) => Array.from(column)) as unknown as uPlot.AlignedData)) as unknown as ArrayLike<number>[];
}
