// What the relay sees of pages that end, break or hang, and of players that do: the player is told, and goes on.
import assert from "node:assert/strict";
import { connect, createServer } from "node:net";
import { after, before, test } from "node:test";
import { browse, command, host, open, ROOT, startPython, startRelay, until } from "./harness.mjs";
import { browseTabs } from "./tabs.mjs";
import { grid } from "../../../examples/browser-games/grid/game.js";

let relay;
let browser;
/** A Python process that plays the grid all along. */
let player;
const lines = [];

before(async () => {
    [relay, browser] = await Promise.all([startRelay("--pages", `${ROOT}examples/browser-games`), browse()]);
    const options = { page_deadline: 10, step_deadline: 0.6, reset_deadline: 2 };
    player = startPython(relay, [`${ROOT}web/sdk/e2e/plays.py`, "grid", JSON.stringify(options)], (line) => {
        lines.push(JSON.parse(line));
    });
});

after(async () => {
    player?.child.kill("SIGKILL");
    await browser?.close();
    await relay?.stop();
});

const lost = () => lines.find((line) => line.guest_lost !== undefined);

/** The player has stepped this very page to the end of an episode, so that no loss counts with an earlier one. */
async function driven(page) {
    await until("the page is stepped", () => page.evaluate("globalThis.hosted?.played > 80"));
    lines.length = 0;
}

function assertLost(line, why) {
    assert.match(line.guest_lost, why);
    assert.deepEqual([line.terminated, line.truncated, line.reward], [false, true, 0]);
}

test("a reloaded page is lost in the middle of an episode, hosts again, and the player goes on with it", async () => {
    const page = await open(browser, relay, "grid/");
    await driven(page);
    await page.reload();
    await until("the loss is told", lost);
    assertLost(lost(), /closed or reloaded/);
    await driven(page);
    await page.close();
});

test("a closed tab is lost, and the spare that is open takes its place at once", async () => {
    const page = await open(browser, relay, "grid/");
    await driven(page);
    const spare = await open(browser, relay, "grid/");
    await page.close();
    await until("the loss is told", lost);
    assertLost(lost(), /closed or reloaded/);
    await driven(spare);
    await spare.close();
});

test("a page that crashes is lost", async () => {
    const tabs = await browseTabs();
    try {
        const tab = await tabs.open(`${relay.pages}/grid/`);
        await driven(tab);
        tab.send("Page.crash").catch(() => {});
        await until("the loss is told", lost);
        assertLost(lost(), /closed or reloaded/);
    } finally {
        await tabs.close();
    }
});

test("a browser that is killed is lost", async () => {
    const tabs = await browseTabs();
    try {
        await driven(await tabs.open(`${relay.pages}/grid/`));
        tabs.child.kill("SIGKILL");
        await until("the loss is told", lost);
        assertLost(lost(), /closed or reloaded/);
    } finally {
        await tabs.close();
    }
});

test("an endless loop in a page is noticed by the step's deadline alone, and the page is never asked again", async () => {
    const tabs = await browseTabs();
    try {
        const tab = await tabs.open(`${relay.pages}/grid/`);
        await driven(tab);
        tab.evaluate("for (;;);").catch(() => {});
        await until("the loss is told", lost);
        assertLost(lost(), /did not answer within 0.6 s/);
        assert.ok(lost().took < 1.5, `told after ${lost().took} s`);
    } finally {
        await tabs.close();
    }
    const page = await open(browser, relay, "grid/");
    await driven(page);
    await page.close();
});

test("a socket that is dead without having closed is found out when the tab is shown again", async () => {
    let deaf = false;
    const proxy = createServer((from) => {
        const to = connect(Number(new URL(relay.url.replace("ws", "http")).port), "127.0.0.1");
        const born = deaf;
        from.on("data", (data) => (deaf && !born ? undefined : to.write(data)));
        to.on("data", (data) => (deaf && !born ? undefined : from.write(data)));
        for (const [one, other] of [[from, to], [to, from]]) {
            one.on("error", () => {}).on("close", () => other.destroy());
        }
    });
    await new Promise((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    const page = await open(browser, relay, `grid/?relay=ws://127.0.0.1:${proxy.address().port}`);
    try {
        await driven(page);
        deaf = true;
        await until("the loss is told", lost);
        assertLost(lost(), /did not answer within/);
        const before = await page.evaluate(() => globalThis.hosted.played);
        await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
        await until("the page is stepped again", () => page.evaluate((then) => globalThis.hosted.played > then + 20, before));
    } finally {
        await page.close();
        proxy.close();
    }
});

test("a game's exception ends its own row alone, and its words reach the player", async () => {
    const game = { ...grid(), name: "faulty", instances: 2 };
    let steps = 0;
    const hosted = await host(relay, {
        ...game,
        step(action, instance) {
            if (instance === 1 && ++steps === 5) {
                throw new RangeError("there is no such cell");
            }
            return game.step(action, instance);
        },
    });
    const told = [];
    const other = startPython(relay, [`${ROOT}web/sdk/e2e/plays.py`, "faulty", '{"num_envs": 2}'], (line) => told.push(JSON.parse(line)));
    try {
        await until("the exception is told", () => told.find((line) => line.environment_error !== undefined));
        const line = told.find((each) => each.environment_error !== undefined);
        assert.match(line.environment_error, /RangeError: there is no such cell\n.*at /s);
        assert.deepEqual([line.row, line.terminated, line.truncated], [1, false, true]);
        assert.equal(told.filter((each) => each.environment_error !== undefined).length, 1);
    } finally {
        other.child.kill("SIGKILL");
        hosted.close();
    }
});

test("a player that is killed in the middle of a step leaves its page to the next one, and its answer to nobody", async () => {
    let finish;
    const game = { ...grid(), name: "slow" };
    let slow = false;
    const hosted = await host(relay, {
        ...game,
        step: (action, instance) =>
            slow && finish === undefined
                ? new Promise((resolve) => {
                      finish = () => resolve(game.step(action, instance));
                  })
                : game.step(action, instance),
    });
    const told = [];
    const killed = startPython(relay, [`${ROOT}web/sdk/e2e/plays.py`, "slow", "{}"], (line) => told.push(JSON.parse(line)));
    await until("it steps", () => told.some((line) => line.steps > 1));
    slow = true;
    await until("a step is under way", () => finish !== undefined);
    killed.child.kill("SIGKILL");
    await killed.ended;
    await until("its page is free", () => hosted.status === "connected");
    finish();
    const digest = () => command(relay, "digest", "browser:slow", "--seed", "1", "--steps", "50");
    assert.equal(await digest(), await digest());
    hosted.close();
});
