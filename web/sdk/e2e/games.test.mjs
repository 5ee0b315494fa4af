// The examples as their users run them: hosted by a page in Chromium or by Node, trained from Python, replayed from a seed.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { WebSocket } from "ws";
import { HyperTokenClient } from "../dist/hypertoken.mjs";
import { browse, command, open, python, ROOT, startRelay, until } from "./harness.mjs";
import { browseTabs } from "./tabs.mjs";

const EXAMPLES = `${ROOT}examples/browser-games`;
let relay;
let browser;

before(async () => {
    [relay, browser] = await Promise.all([startRelay("--pages", EXAMPLES), browse()]);
});

after(async () => {
    await browser?.close();
    await relay?.stop();
});

const digest = (game, ...more) => command(relay, "digest", `browser:${game}`, "--seed", "1", "--steps", "120", ...more);

test("a grid hosted by a page is learnt in all its instances, and its digest is the same again", async () => {
    const page = await open(browser, relay, "grid/?instances=16");
    const learnt = JSON.parse(await python(relay, [`${EXAMPLES}/grid/train.py`]));
    assert.ok(learnt.last > learnt.first + 1, JSON.stringify(learnt));
    await javaLearnsTheGrid();
    const digests = await Promise.all([digest("grid", "--envs", "4"), digest("grid", "--envs", "4")]);
    assert.equal(digests[0], digests[1]);
    assert.deepEqual(page.complaints, []);
    await page.close();
});

async function javaLearnsTheGrid() {
    const folder = mkdtempSync(join(tmpdir(), "hypertoken-train-"));
    try {
        const said = await command(
            relay,
            ...["train", "browser:grid", "--seed", "1", "--envs", "16", "--steps", "32", "--total-steps", "40000"],
            ...["--minibatch-size", "128", "--learning-rate", "0.003", "--normalize-observations"],
            ...["--eval-episodes", "50", "--events", "none", "--out", `${folder}/run`],
        );
        const mean = Number(/mean return (-?[\d.]+)/.exec(said)?.[1]);
        assert.ok(mean > 0, said); // the shortest ways earn 0.41, who wanders about -5
    } finally {
        rmSync(folder, { recursive: true });
    }
}

test("an unmodified real-time game under the clock plays the same from a seed in another browser, visible or hidden, and its pixels are learnt", async () => {
    const page = await open(browser, relay, "catch/");
    const visible = await digest("catch");
    assert.equal(await digest("catch"), visible, "after other episodes");
    const learnt = JSON.parse(await python(relay, [`${EXAMPLES}/catch/train.py`]));
    assert.ok(learnt.last > learnt.first + 1, JSON.stringify(learnt));
    assert.deepEqual(page.complaints, []);
    await page.close();

    const other = await browseTabs();
    try {
        const tab = await other.open(`${relay.pages}/catch/`);
        await until("the tab hosts", () => tab.evaluate("globalThis.hosted?.status === 'connected'"));
        const front = await other.open("about:blank");
        await front.show();
        await until("the tab is hidden", () => tab.evaluate("document.visibilityState === 'hidden'"));
        assert.equal(await digest("catch"), visible, "hidden, in another browser");
    } finally {
        await other.close();
    }
});

test("tic-tac-toe in TypeScript, hosted by Node, is played by turns and has the digest of ours", async () => {
    const host = spawn(`${ROOT}web/sdk/node_modules/.bin/tsx`, ["e2e/host-tic-tac-toe.ts", relay.url], {
        cwd: `${ROOT}web/sdk`,
        stdio: ["ignore", "pipe", "inherit"],
    });
    try {
        await new Promise((resolve) => host.stdout.on("data", (data) => /connected/.test(data) && resolve()));
        const same = ["--seed", "5", "--steps", "100", "--envs", "8"];
        const [theirs, ours] = await Promise.all([
            command(relay, "digest", "browser:tic-tac-toe", ...same),
            command(relay, "digest", "tic-tac-toe", ...same),
        ]);
        assert.equal(theirs, ours);

        const client = await HyperTokenClient.connect(`${relay.url}/play`, { env: "browser:tic-tac-toe", WebSocket });
        let play = await client.reset({ seed: 1 });
        assert.equal(play.agent, "player_1");
        for (const cell of [0, 3, 1, 4, 2]) {
            play = await client.step(cell);
        }
        assert.equal(play.agent, null);
        assert.deepEqual(play.rewards, { player_1: 1, player_2: -1 });
        await assert.rejects(client.step(5), { code: "episode_over" });
        await client.close();
    } finally {
        host.kill();
    }
});

test("the picture of a game reaches whoever plays it", async () => {
    const page = await open(browser, relay, "catch/");
    const client = await HyperTokenClient.connect(`${relay.url}/play`, { env: "browser:catch", WebSocket });
    await client.reset({ seed: 1 });
    const frame = await client.frame();
    assert.deepEqual([frame.width, frame.height, frame.rgb.length], [16, 16, 768]);
    assert.ok(frame.rgb.some((each) => each > 200));
    let closed = "";
    client.on("close", (why) => {
        closed = why;
    });
    await client.close();
    await until("the client hears of its end", () => closed !== "");
    await page.close();
});
