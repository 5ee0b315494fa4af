// The Python class and the page's snippet of seed 003's article, as they are printed, on the port that is printed there.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { browse, host, PYTHON, ROOT, startRelay, until } from "./harness.mjs";
import { grid } from "../../../examples/browser-games/grid/game.js";

const run = promisify(execFile);
const CLASSIC = `${ROOT}web/sdk/e2e/classic`;
const THEN = `${ROOT}target/classic-venv`;
const EPISODE = /^(Observation: \{'player_pos': \[\d+, \d+\], 'enemy_pos': \[\d+, \d+\]\}, Reward: -0\.1, Done: False\n)*Observation: .*Done: True\n$/;
let relay;
let browser;
let hosted;

before(async () => {
    [relay, browser] = await Promise.all([startRelay("--port", "8765", "--pages", CLASSIC), browse()]);
    hosted = await host(relay, { ...grid(), instances: 4 });
});

after(async () => {
    hosted?.close();
    await browser?.close();
    await relay?.stop();
});

/** A page with the snippet, and what it logs. */
async function watch() {
    const page = await browser.newPage();
    const logged = [];
    page.on("console", (message) => logged.push(message.text()));
    await page.goto(`${relay.pages}/`);
    await until("it is connected", () => logged.includes("Connected to WebSocket server"));
    return { page, logged };
}

/** Python as it was when the class was printed. */
async function pythonThen() {
    if (!existsSync(`${THEN}/done`)) {
        const uv = `${dirname(PYTHON)}/uv`;
        await run(uv, ["venv", "--quiet", "--clear", "--python", PYTHON, THEN]);
        const packages = ["websockets==13.1", "gymnasium==0.26.3", "numpy<2"];
        await run(uv, ["pip", "install", "--quiet", "--python", `${THEN}/bin/python`, ...packages]);
        await run("touch", [`${THEN}/done`]);
    }
    return `${THEN}/bin/python`;
}

test("the printed class plays an episode to its end with the libraries of its time, and the printed page watches it", async () => {
    const { page, logged } = await watch();
    const { stdout } = await run(await pythonThen(), [`${CLASSIC}/my_game_env.py`]);
    assert.match(stdout, EPISODE);
    const steps = stdout.trim().split("\n").length;
    const heard = (what) => logged.filter((line) => line.startsWith(what)).length;
    await until("the page has heard all of it", () => heard("received render event") === steps);
    assert.equal(heard("Received reset event"), 1);
    assert.equal(heard("Received observation"), steps);
    await page.close();
});

test("the printed class plays with today's libraries once the two things are supplied that it misses", async () => {
    const { stdout } = await run(PYTHON, [`${CLASSIC}/supplied.py`]);
    assert.match(stdout, EPISODE);
});

test("the printed page's actions step a game of its own, and the action after its end begins again", async () => {
    const { page, logged } = await watch();
    const heard = (what) => logged.filter((line) => line.startsWith(what)).length;
    const act = (action) => page.evaluate((sent) => globalThis.eval(`sendAction(${sent})`), action);
    await until("it is shown what was played last", () => heard("Received reset event") === 1);
    await act(0);
    await until("its own game has begun and been stepped", () => heard("Received observation") === 1);
    assert.equal(heard("Received reset event"), 2);
    for (let k = 0; heard("Received reset event") < 3; k++) {
        assert.ok(k <= 60, "the grid's step limit, unless the enemy is met before");
        const before = heard("Received");
        await act(k % 2);
        await until("it hears what came of it", () => heard("Received") > before);
    }
    await page.close();
});
