// Ten minutes of 2,000 events a second in front of the Live page: its memory must stay flat, its frames on time, and what it
// shows true.
// Usage: node e2e/soak.mjs [--seconds N] [--rate N] [--page live] [--json]
//
// Prints a line every ten seconds, and a table of all figures. Let nothing else run meanwhile.
// Exit codes: 0 all held, 1 something did not
import { parseArgs } from "node:util";
import { Market, training } from "../dev/market.mjs";
import { browse, freePort, Server } from "./server.mjs";

const { values } = parseArgs({
    options: {
        seconds: { type: "string", default: "600" },
        rate: { type: "string", default: "2000" },
        page: { type: "string", default: "live" },
        json: { type: "boolean", default: false },
    },
});
const SECONDS = Number(values.seconds);
const RATE = Number(values.rate);
/** Of the heap after the garbage is gone, between the first and the last third: pages of memory come and go. */
const MOST_GROWTH = 1.15;
/** A frame of 60 a second, and what a shared machine may add. */
const MOST_FRAME_P95 = 25;
const WARM_SECONDS = Math.min(60, SECONDS / 4);

const server = await Server.start(["events", "serve", "--port", String(await freePort())]);
const browser = await browse();
let failed = false;
try {
    const context = await browser.newContext({ viewport: { width: 1400, height: 900 } });
    const page = await context.newPage();
    const complaints = [];
    page.on("pageerror", (error) => complaints.push(error.message));
    const devtools = await context.newCDPSession(page);
    const market = new Market(9);
    const runs = [training("soak", 1)];
    await server.publish(Array.from({ length: 50 }, () => market.next()).flat());
    const began = performance.now();
    await page.goto(`${server.hub}/#/${values.page}`);
    await page.locator(".pill.live").waitFor({ timeout: 20_000 });
    const [paint] = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint").map((entry) => entry.startTime));
    const live = performance.now() - began;
    await page.evaluate(() => {
        globalThis.frames = [];
        let last = performance.now();
        const frame = (now) => {
            globalThis.frames.push(now - last);
            last = now;
            requestAnimationFrame(frame);
        };
        requestAnimationFrame(frame);
    });
    const heap = async () => {
        await devtools.send("HeapProfiler.collectGarbage");
        return (await devtools.send("Runtime.getHeapUsage")).usedSize / 2 ** 20;
    };
    const quantile = (sorted, q) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
    const frames = [];
    const heaps = [];
    let waiting = [];
    let published = 0;
    let lastLine = 0;
    const start = Date.now();
    while (Date.now() - start < 1000 * SECONDS) {
        const passed = (Date.now() - start) / 1000;
        const due = Math.floor(passed * RATE) - published;
        while (waiting.length < due) {
            waiting.push(...market.next(), ...runs.map((run) => run.next().value));
        }
        if (due > 0) {
            await server.publish(waiting.slice(0, due));
            waiting = waiting.slice(due);
            published += due;
        }
        if (passed - lastLine >= 10) {
            lastLine = passed;
            const taken = (await page.evaluate(() => globalThis.frames.splice(0))).slice(1);
            if (passed > WARM_SECONDS) {
                frames.push(...taken);
                heaps.push(await heap());
            }
            taken.sort((a, b) => a - b);
            console.log(
                `${passed.toFixed(0).padStart(4)} s  ${published} events  frames p50 ${quantile(taken, 0.5)?.toFixed(1)} p95 ${quantile(taken, 0.95)?.toFixed(1)} ms  heap ${heaps.at(-1)?.toFixed(1) ?? "–"} MiB`,
            );
        }
        await new Promise((resolve) => setTimeout(resolve, 25));
    }
    await server.publish(waiting);
    const { seq } = await (await fetch(`${server.hub}/state`)).json();
    const shown = () => page.locator(".tape li").first().getAttribute("data-seq");
    for (let attempt = 0; attempt < 100 && Number(await shown()) < seq; attempt++) {
        await new Promise((resolve) => setTimeout(resolve, 200));
    }
    const behind = seq - Number(await shown());
    const wrong = [];
    for (const agent of market.agents) {
        const told = await page.locator(`article[data-agent="${agent.name}"] [data-fact="worth"] .num`).getAttribute("title");
        const realised = await page.locator(`article[data-agent="${agent.name}"] [data-fact="realised"] .num`).first().getAttribute("title");
        if (Number(told) !== agent.worth || Number(realised) !== agent.realised) {
            wrong.push(agent.name);
        }
    }
    frames.sort((a, b) => a - b);
    const third = Math.max(1, Math.floor(heaps.length / 3));
    const mean = (all) => all.reduce((sum, each) => sum + each, 0) / all.length;
    const growth = mean(heaps.slice(-third)) / mean(heaps.slice(0, third));
    const figures = [
        ["first paint, ms", paint, Number.POSITIVE_INFINITY],
        ["live after, ms", live, Number.POSITIVE_INFINITY],
        ["frame p50, ms", quantile(frames, 0.5), 17.5],
        ["frame p95, ms", quantile(frames, 0.95), MOST_FRAME_P95],
        ["frame p99, ms", quantile(frames, 0.99), Number.POSITIVE_INFINITY],
        ["heap, last third / first third", growth, MOST_GROWTH],
        ["heap at the end, MiB", heaps.at(-1), Number.POSITIVE_INFINITY],
        ["events that are not shown in the end", behind, 0],
        ["agents whose sums are wrong", wrong.length, 0],
        ["errors of the page", complaints.length, 0],
    ];
    if (values.json) {
        console.log(JSON.stringify(Object.fromEntries(figures.map(([name, value]) => [name, value]))));
    }
    for (const [name, value, most] of figures) {
        const holds = value <= most;
        failed ||= !holds;
        console.log(`${holds ? " " : "✗"} ${name.padEnd(32)} ${Number(value).toFixed(2)}${most === Number.POSITIVE_INFINITY ? "" : `   at most ${most}`}`);
    }
    console.log(`${published} events at ${(published / SECONDS).toFixed(0)} a second for ${SECONDS} s`);
    complaints.slice(0, 3).forEach((each) => console.log(each));
} finally {
    await browser.close();
    await server.stop();
}
process.exit(failed ? 1 : 0);
