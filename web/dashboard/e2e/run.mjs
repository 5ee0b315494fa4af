// The page in a browser, before a real server: what it shows is compared with the events that made it.
// Usage: node e2e/run.mjs      HYPERTOKEN_JAR, JAVA_HOME and HYPERTOKEN_CHROMIUM name others than the usual ones
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { AxeBuilder } from "@axe-core/playwright";
import { Market, taxOf, training } from "../dev/market.mjs";
import { browse, freePort, Server } from "./server.mjs";

const PAGES = ["live", "opportunities", "history", "alerts", "training", "sessions", "environments", "play"];
const PATIENCE = 15_000;
/** Rows that look as those before them do: to look at all of them takes longer than everything else. */
const ALIKE = "tbody tr:nth-child(n+4), .slots-of:nth-of-type(n+3), .limits li:nth-child(n+4), .tape li:nth-child(n+4), .decisions li:nth-child(n+4), article.card:nth-of-type(n+3), .list li:nth-child(n+4)";

let server;
let browser;
let context;
let page;
let market;
/** Whatever the page asked of anybody, and complained about. */
const asked = new Set();
const complaints = [];

function watch(one) {
    one.setDefaultTimeout(PATIENCE);
    one.on("request", (request) => asked.add(new URL(request.url()).host));
    one.on("websocket", (socket) => asked.add(new URL(socket.url()).host));
    one.on("pageerror", (error) => complaints.push(error.stack));
    one.on("console", (message) => {
        if (message.type() === "error") {
            complaints.push(message.text());
        }
    });
    return one;
}

before(async () => {
    [server, browser] = await Promise.all([
        freePort().then((port) => Server.start(["serve", "--port", "0", "--events-port", String(port), "--allow-guest", "wasm:*"])),
        browse(),
    ]);
    assert.match(await (await fetch(`${server.hub}/`)).text(), /id="app"/, "the jar was built without the dashboard");
    context = await browser.newContext({ viewport: { width: 1400, height: 900 }, acceptDownloads: true });
    page = watch(await context.newPage());
    market = new Market(3);
    const runs = [training("run-a", 1), training("run-b", 2)];
    const events = [];
    for (let k = 0; k < 150; k++) {
        events.push(...market.next(), ...runs.map((run) => run.next().value));
    }
    await server.publish(events);
});

after(async () => {
    await browser?.close();
    await server?.stop();
});

async function show(hash, one = page, where = server) {
    await one.goto(`${where.hub}/#/${hash}`);
}

/** Waits until something is true of the page, asked again and again. */
async function until(what, ask) {
    const end = Date.now() + PATIENCE;
    let last;
    while (Date.now() < end) {
        try {
            last = await ask();
            if (last === true || last === undefined) {
                return;
            }
        } catch (failed) {
            last = failed;
        }
        await new Promise((resolve) => setTimeout(resolve, 60));
    }
    throw last instanceof Error ? last : new Error(`${what}: ${JSON.stringify(last)}`);
}

/** The exact number behind a shown one, by its tooltip. */
async function fact(one, agent, name) {
    const title = await one.locator(`article[data-agent="${agent}"] [data-fact="${name}"] .num`).first().getAttribute("title");
    return title === "unknown" ? Number.NaN : Number(title);
}

async function assertBooks(one, agents) {
    for (const agent of agents) {
        assert.equal(await fact(one, agent.name, "worth"), agent.worth, `${agent.name}'s worth`);
        assert.equal(await fact(one, agent.name, "gp"), agent.gp);
        assert.equal(await fact(one, agent.name, "realised"), agent.realised);
        assert.equal(await fact(one, agent.name, "tax"), agent.tax);
        assert.equal(await fact(one, agent.name, "trades"), agent.trades);
    }
}

async function rows(one, caption) {
    return one.locator(`table:has(caption:text-is("${caption}")) tbody tr`).evaluateAll((all) =>
        all.map((row) => [...row.querySelectorAll("td")].map((cell) => cell.textContent ?? "")),
    );
}

async function saved(one, button) {
    const [download] = await Promise.all([one.waitForEvent("download"), button.click()]);
    return readFileSync(await download.path(), "utf8").trim().split("\r\n").map((line) => line.split(","));
}

test("Live shows what the market's own books say, when it is loaded and as events happen", async () => {
    await show("live");
    await until("the books of the past", () => assertBooks(page, market.agents));
    for (let round = 0; round < 3; round++) {
        const events = [];
        for (let k = 0; k < 10; k++) {
            events.push(...market.next());
        }
        await server.publish(events);
        await until("the books of the present", () => assertBooks(page, market.agents));
    }
});

test("Live shows each offer, limit, trade and decision", async () => {
    for (const agent of market.agents) {
        for (const [k, slot] of agent.slots.entries()) {
            const card = page.locator(`.slots-of[data-agent="${agent.name}"] [data-slot="${k}"]`);
            if (slot !== null) {
                await until(`slot ${k} of ${agent.name}`, async () => {
                    const text = await card.textContent();
                    return text.includes(slot.item.name) && text.includes(`${slot.filled.toLocaleString("en")} of ${slot.quantity.toLocaleString("en")}`);
                });
                const standing = slot.side === "buy" ? slot.price >= slot.item.low : slot.price <= slot.item.high;
                assert.ok((await card.textContent()).includes(standing ? "competitive" : "undercut"));
            }
        }
        for (const [id, limit] of agent.limits) {
            const item = market.items.find((each) => each.id === id);
            if (limit.used > 0 && limit.resetsAt > market.time) {
                const text = `${limit.used.toLocaleString("en")} of ${item.limit.toLocaleString("en")}, ${(item.limit - limit.used).toLocaleString("en")} left, resets in`;
                await page.locator(".limits li", { hasText: item.name }).filter({ hasText: agent.name }).filter({ hasText: text }).first().waitFor();
            }
        }
    }
    const trades = (await (await fetch(`${server.hub}/events?type=trade_executed&limit=30`)).json()).events.reverse();
    const shown = await rows(page, "Newest trades");
    assert.equal(shown.length, 30);
    for (const [k, { data }] of trades.entries()) {
        assert.deepEqual(shown[k].slice(1, 5), [data.agent_id, data.action_type === "buy" ? "▲ buy" : "▼ sell", data.item, data.quantity.toLocaleString("en")]);
    }
    const [decision] = (await (await fetch(`${server.hub}/events?type=agent_decision&limit=1`)).json()).events;
    assert.ok((await page.locator(`.decisions li[data-seq="${decision.seq}"]`).textContent()).includes(decision.data.reasoning));
});

test("Live shows only the chosen agent and item, and has a table behind each chart", async () => {
    const filter = (label) => page.locator(".filters label.choice", { hasText: label }).locator("select");
    await filter(/^Agent/).selectOption("agent_2");
    await filter(/^Item/).selectOption("Shark");
    await until("one agent", async () => (await page.locator("article.card").count()) === 1);
    await until("its trades", async () => (await rows(page, "Newest trades")).every((row) => row[1] === "agent_2" && row[3] === "Shark"));
    const chart = page.locator("figure.chart", { hasText: "Shark" });
    await chart.getByRole("button", { name: "Table" }).click();
    const item = market.items.find((each) => each.name === "Shark");
    await until("the newest quotes", async () => {
        const cells = await chart.locator("tbody tr").first().locator("td").allTextContents();
        return cells[1] === String(item.low) && cells[2] === String(item.high);
    });
    await chart.getByRole("button", { name: "Chart" }).click();
    await chart.locator("canvas").waitFor();
    await page.getByRole("button", { name: "Clear" }).click();
    await until("all agents", async () => (await page.locator("article.card").count()) === 4);
});

test("The log can be gone back through: its start, any moment, its end", async () => {
    const books = market.agents.map(({ name, worth, gp, realised, tax, trades }) => ({ name, worth, gp, realised, tax, trades }));
    const seq = (await (await fetch(`${server.hub}/state`)).json()).seq;
    await server.publish(Array.from({ length: 20 }, () => market.next()).flat());
    await until("the present", () => assertBooks(page, market.agents));
    const slider = page.getByLabel("Position in the log");
    const to = (value) => slider.evaluate((input, seqs) => {
        input.value = String(seqs);
        input.dispatchEvent(new Event("input", { bubbles: true }));
    }, value);

    await to(seq);
    await until("the past, as it was", () => assertBooks(page, books));
    await server.publish(market.next());
    await new Promise((resolve) => setTimeout(resolve, 400));
    await assertBooks(page, books);

    await to(1);
    await until("the start of the log", async () => (await page.locator(".tape li").count()) === 1);
    assert.equal(await page.locator(".tape li").getAttribute("data-seq"), "1");

    await page.getByRole("button", { name: "Jump to live" }).click();
    await until("the present again", () => assertBooks(page, market.agents));

    await page.getByRole("button", { name: "Pause" }).click();
    await server.publish(market.next());
    await page.getByText("You see the past").waitFor();
    const last = (await (await fetch(`${server.hub}/state`)).json()).seq;
    await to(last);
    await until("its end is the present", () => assertBooks(page, market.agents));
    assert.equal(await page.getByRole("button", { name: "Pause" }).count(), 1);
});

test("Opportunities has each item's margin after tax, sorted, found and saved", async () => {
    await show("opportunities");
    const profits = await until("all items", async () => (await rows(page, "What each item offers now")).length === 12);
    assert.equal(profits, undefined);
    const lines = await saved(page, page.getByRole("button", { name: "CSV" }));
    assert.deepEqual(lines[0].slice(0, 6), ["Item", "Buy at", "Sell at", "Tax", "Margin", "ROI"]);
    for (const item of market.items) {
        const line = lines.find((each) => each[0] === item.name);
        const margin = item.high - taxOf(item.high) - item.low;
        assert.deepEqual(line.slice(1, 5).map(Number), [item.low, item.high, taxOf(item.high), margin]);
        assert.equal(Number(line[5]), margin / item.low);
        assert.deepEqual(line.slice(6, 8).map(Number), [market.time - item.lowAt, market.time - item.highAt]);
        const [thin, limit, quantity, potential, hours] = line.slice(8).map(Number);
        const most = Math.min(line[9] === "" ? Number.POSITIVE_INFINITY : limit, Math.floor(0.4 * thin));
        assert.equal(quantity, most);
        assert.equal(potential, quantity * margin);
        assert.ok(Math.abs(hours - (2 * quantity) / (0.1 * thin)) < 1e-9);
    }
    const potentials = lines.slice(1).map((line) => Number(line[11]));
    assert.deepEqual(potentials, [...potentials].sort((a, b) => b - a));
    await page.getByLabel("Search").fill("rune");
    await until("what was searched", async () => (await rows(page, "What each item offers now")).every((row) => row[0].toLowerCase().includes("rune")));
    await page.getByLabel("Search").fill("");
    await page.getByLabel("Cash and limits of").selectOption("agent_1");
    const agent = market.agents[1];
    await until("what agent_1 can pay", async () => {
        const [header, ...all] = await saved(page, page.getByRole("button", { name: "CSV" }));
        const column = header.indexOf("Quantity");
        return all.every((line) => Number(line[column]) <= Math.floor(agent.gp / Number(line[1])));
    });
});

test("History matches each sale with its purchases, and sums by item and day", async () => {
    await show("history");
    const sales = [];
    let since = 0;
    for (;;) {
        const part = await (await fetch(`${server.hub}/events?type=trade_executed&since=${since}&limit=10000`)).json();
        sales.push(...part.events.filter(({ data }) => data.action_type === "sell"));
        if (part.events.length === 0) {
            break;
        }
        since = part.next_since;
    }
    await page.getByText(`in ${sales.length.toLocaleString("en")} sales`).waitFor();
    const flips = (await saved(page, page.getByRole("button", { name: "CSV" }))).slice(1);
    assert.equal(flips.length, sales.length);
    assert.deepEqual(flips.map((line) => Number(line[4])).reverse(), sales.map(({ data }) => data.quantity));
    const profit = flips.reduce((sum, line) => sum + Number(line[8]), 0);
    await page.getByRole("button", { name: "By item" }).click();
    const items = (await saved(page, page.getByRole("button", { name: "CSV" }).last())).slice(1);
    assert.ok(Math.abs(items.reduce((sum, line) => sum + Number(line[5]), 0) - profit) < 1e-3);
    await page.getByRole("button", { name: "By day" }).click();
    const days = (await saved(page, page.getByRole("button", { name: "CSV" }).last())).slice(1);
    assert.ok(Math.abs(days.reduce((sum, line) => sum + Number(line[5]), 0) - profit) < 1e-3);
    assert.equal(days.reduce((sum, line) => sum + Number(line[1]), 0), sales.length);
});

test("Training has every number of the latest run at one address, and compares runs", async () => {
    await show("training/latest");
    await page.locator('[data-run="run-b"], [data-run="run-a"]').first().waitFor();
    const [report] = (await (await fetch(`${server.hub}/events?type=training_progress&limit=1`)).json()).events;
    const later = { ...report.data, run: "run-c", step: report.data.step + 8192, return: 0.5 };
    await server.publish([{ type: "training_progress", data: later }]);
    await page.locator('[data-run="run-c"]', { hasText: `step ${later.step.toLocaleString("en")}` }).waitFor();
    for (const title of ["Return", "Episode length", "KL", "Entropy", "Explained variance", "Steps/s", "Loss: policy", "Loss: value"]) {
        await page.getByRole("region", { name: title, exact: true }).locator("canvas").waitFor();
    }
    await page.getByLabel("run-a").check();
    await until("both runs", async () => (await page.locator("[data-run]").count()) === 2);
    assert.match(page.url(), /#\/training\/run-c\/run-a$/);
    const chart = page.locator("figure.chart", { hasText: "Return" });
    const lines = await saved(page, chart.getByRole("button", { name: "CSV" }));
    const told = [];
    for (const { data } of (await (await fetch(`${server.hub}/events?type=training_progress&limit=1000`)).json()).events) {
        if (data.run === "run-a") {
            told.push([data.step, data.return]);
        }
    }
    const column = lines[0].indexOf("run-a greatest");
    const drawn = lines.slice(1).filter((line) => line[column] !== "").map((line) => [Number(line[0]), Number(line[column])]);
    assert.deepEqual(drawn, told, "every point is there");
});

test("Alerts are made, heard of and removed", async () => {
    await show("alerts");
    await page.getByRole("button", { name: "Dump" }).click();
    await page.getByLabel("Value").fill("-0.3");
    await page.getByRole("button", { name: "Keep rule" }).click();
    await page.locator(".rules li", { hasText: "change_percent <= −0.3" }).waitFor();
    await server.publish([{ type: "price_update", data: { item: "Coal", item_id: 453, price: 100, change: -50, change_percent: -0.33 } }]);
    await page.locator(".toast", { hasText: "The price has fallen" }).waitFor();
    await until("the alert", async () => (await rows(page, "Newest alerts")).some((row) => row[1] === "dump" && row[4] === "Coal"));
    await page.getByRole("button", { name: "Edit" }).click();
    await page.getByLabel("Field").fill("");
    await page.getByRole("button", { name: "Keep rule" }).click();
    await page.locator(".why", { hasText: "refused an alert rule" }).waitFor();
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("button", { name: "Remove" }).click();
    await page.getByText("The hub has no rules").waitFor();
});

test("Sessions shows who is there, and steers agents whose owner lets it", async () => {
    const owner = watch(await context.newPage());
    await show("environments", owner);
    await owner.evaluate(() => {
        globalThis.heard = [];
        const socket = new WebSocket(`ws://${location.host}/ws`);
        socket.onopen = () => socket.send(JSON.stringify({ action: "register", client_id: "owner", client_type: "flipper", subscriptions: ["none"], agents: ["agent_9"], controls: ["pause", "speed"], id: 1 }));
        socket.onmessage = (message) => {
            const frame = JSON.parse(message.data);
            if (frame.type === "control") {
                globalThis.heard.push(frame);
                socket.send(JSON.stringify({ action: "answer", request: frame.request, result: "done" }));
            }
        };
    });
    await show("sessions");
    const row = page.locator('tr[data-agent="agent_9"]');
    await row.getByRole("button", { name: "Pause" }).click();
    await row.getByText("paused", { exact: true }).waitFor();
    await row.getByRole("button", { name: "Resume" }).click();
    await row.getByText("running").waitFor();
    await row.getByRole("spinbutton").fill("25");
    await row.getByRole("button", { name: "Set speed" }).click();
    await row.getByText("25 windows/s").waitFor();
    assert.deepEqual(await owner.evaluate(() => globalThis.heard.map((frame) => [frame.command, frame.agent_id, frame.params.speed])), [
        ["pause_agent", "agent_9", undefined], ["resume_agent", "agent_9", undefined], ["set_speed", "agent_9", 25],
    ].map((each) => each.map((value) => value ?? undefined)));
    await until("the clients", async () => (await rows(page, "Clients of the hub")).some((each) => each[0] === "owner" && each[1] === "flipper"));
    await owner.close();

    const module = `wasm:${fileURLToPath(new URL("../../../examples/wasm-grid/grid.wasm", import.meta.url))}`;
    await page.evaluate(async (env) => {
        const { bridge } = await (await fetch("config.json")).json();
        globalThis.guest = new WebSocket(`ws://${location.hostname}:${bridge}/`);
        await new Promise((opened) => { globalThis.guest.onopen = opened; });
        globalThis.guest.send(JSON.stringify({ cmd: "open", env, num_envs: 3 }));
        await new Promise((answered) => { globalThis.guest.onmessage = answered; });
    }, module);
    await until("the module", async () => {
        const [guest] = await rows(page, "Guests: rules that run elsewhere");
        return guest !== undefined && guest[0] === module && guest[2] === "3" && guest[3] === "0";
    });
    await page.evaluate(async () => {
        globalThis.guest.send(JSON.stringify({ cmd: "close" })); // or it would wait for its client
        await new Promise((answered) => { globalThis.guest.onmessage = answered; });
        globalThis.guest.close();
    });
});

test("Environments is the server's catalogue, with a line for Python", async () => {
    await show("environments");
    const told = (await (await fetch(`${server.hub}/environments.json`)).json()).environments;
    await page.locator(".list li").first().waitFor();
    assert.deepEqual(await page.locator(".list li b").allTextContents(), told.map((each) => each.id));
    await page.locator(".list a", { hasText: "casino-blackjack" }).click();
    await page.locator("label.field", { hasText: "decks" }).locator("input").fill("2");
    await page.locator("label.field", { hasText: "hit_soft_17" }).locator("select").selectOption("true");
    assert.equal(await page.locator(".copyable code").textContent(), 'env = hypertoken.make("casino-blackjack", decks=2, hit_soft_17=True)');
});

test("Play seats the reader at blackjack, and at a game of another kind", async () => {
    await show("play");
    assert.equal(await page.getByLabel("Other seats").inputValue(), "policy basic-strategy");
    await page.getByRole("button", { name: "Sit down" }).click();
    await page.getByText("Your turn as player_0").waitFor();
    assert.equal(await page.locator(".cardtable li").count(), 4);
    const open = await (await fetch(`${server.hub}/sessions.json`)).json();
    assert.deepEqual(open.sessions.map((each) => each.environment), ["casino-blackjack"]);
    for (let k = 0; k < 12 && (await page.locator(".turn.over").count()) === 0; k++) {
        // Asked and clicked in one go: the policies of the other seats move meanwhile.
        await until("a turn", () => page.evaluate(() => {
            const stand = [...document.querySelectorAll(".moves button:enabled")].find((button) => button.textContent === "stand");
            stand?.click();
            return stand !== undefined || document.querySelector(".turn.over") !== null;
        }));
    }
    assert.match(await page.locator(".turn.over").textContent(), /^Over\. player_0: [+−0]/);
    assert.equal(await page.locator(".hidden-card").count(), 0, "the dealer shows the cards in the end");

    await show("play/tic-tac-toe");
    await page.getByRole("button", { name: "Sit down" }).click();
    await page.getByText("Your turn").waitFor();
    for (let k = 0; k < 5 && (await page.locator(".turn.over").count()) === 0; k++) {
        const before = await page.locator(".moves button:enabled").count();
        await page.locator(".moves button:enabled").first().click();
        await until("the other's move", async () => (await page.locator(".turn.over").count()) === 1 || (await page.locator(".moves button:enabled").count()) === before - 2);
    }
    await page.locator(".turn.over").waitFor();
});

test("Contents that mean harm are text, and disturb nothing", async () => {
    // The hub takes names up to a length, and sentences of any.
    const long = "x".repeat(60_000);
    const harm = ["<img src=x onerror=globalThis.harmed=1>", "<script>globalThis.harmed=1</script>", "\u202Egnp.exe\u2066", long.slice(0, 250), "javascript:globalThis.harmed=1", "__proto__", "a\u0000b\nc"];
    const events = [];
    for (const word of harm) {
        events.push(
            { type: "trade_executed", data: { agent_id: word, action_type: "buy", item: word, price: 5, quantity: 1, tax: 0 } },
            { type: "portfolio_update", data: { agent_id: word, gp: 1, total_value: 2, inventory: { [word]: 1 } } },
            { type: "order_updated", data: { agent_id: word, slot: 0, item: word, side: "buy", price: 1, quantity: 2, filled: 1, state: "BUYING" } },
            { type: "agent_decision", data: { agent_id: word, action_type: word, item: word, reasoning: word + long } },
            { type: "price_update", data: { item: word, price: 5 } },
            { type: "margin_update", data: { item: word, buy_price: 5, sell_price: 6 } },
            { type: "training_progress", data: { run: word, step: 1, return: 1, losses: { [word]: 1 } } },
            { type: "alert", data: { rule: word, message: word + long } },
            { type: "error", data: { error_type: word, message: word + long } },
            { type: "session_closed", data: { session: word, environment: word, reason: word } },
            { type: word.slice(0, 100), data: { deep: [[[word]]], agent_id: 7 } },
        );
    }
    await server.publish(events);
    for (const name of PAGES) {
        await show(name);
        await until("the page", async () => (await page.locator(`main[data-page="${name}"]`).count()) === 1);
        await page.waitForTimeout(350);
        assert.equal(await page.evaluate(() => globalThis.harmed), undefined);
        assert.equal(await page.locator("img, main script, iframe").count(), 0);
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name} is as wide as the window`);
    }
    await show("live");
    await page.locator("article.card", { hasText: harm[0] }).waitFor();
});

test("Nothing serious stands in the way of those who use a screen reader, a keyboard, or see less", async () => {
    for (const colorScheme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme });
        for (const name of colorScheme === "light" ? PAGES : ["live", "alerts", "sessions", "play"]) {
            await show(name);
            await page.waitForTimeout(300);
            const axe = new AxeBuilder({ page }).exclude(ALIKE);
            if (colorScheme === "dark") {
                axe.withRules(["color-contrast"]); // nothing else depends on colours
            }
            const { violations } = await axe.analyze();
            const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
            assert.deepEqual(serious.map(({ id, nodes }) => [name, colorScheme, id, nodes.slice(0, 3).map(({ html }) => html.slice(0, 200))]), []);
        }
    }
    await page.emulateMedia({ colorScheme: "light" });
    await page.keyboard.press("3");
    await page.locator('main[data-page="history"]').waitFor();
    await page.keyboard.press("t");
    await until("the dark", () => page.evaluate(() => document.documentElement.dataset.theme === "dark"));
    await page.keyboard.press("?");
    await page.locator("dialog[open]").waitFor();
    await page.keyboard.press("Escape");
    await page.locator("dialog[open]").waitFor({ state: "detached" });
    await page.keyboard.press("2");
    await page.locator('main[data-page="opportunities"]').waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("3");
    assert.equal(await page.getByLabel("Search").inputValue(), "3", "keys that are typed are not commands");
});

test("The page asks nobody but its server, and complains of nothing", () => {
    const hub = new URL(server.hub).host;
    const others = [...asked].filter((host) => host !== hub && !/^127\.0\.0\.1:\d+$/.test(host));
    assert.deepEqual(others, []);
    assert.deepEqual(complaints, []);
});

test("A hub that restarts is found again, and the gap is filled from its log", async () => {
    const folder = mkdtempSync(join(tmpdir(), "hypertoken-dashboard-"));
    const port = String(await freePort());
    const kept = await Server.start(["events", "serve", "--port", port, "--events-log", join(folder, "log")]);
    const mine = await context.newPage();
    mine.setDefaultTimeout(PATIENCE);
    try {
        const market2 = new Market(5);
        const publish = (windows) => kept.publish(Array.from({ length: windows }, () => market2.next()).flat());
        await publish(40);
        await show("live", mine, kept);
        await until("the books", () => assertBooks(mine, market2.agents));
        await kept.stop();
        await mine.getByText("what you see is stale").waitFor();
        await until("what is stale", () => mine.evaluate(() => document.documentElement.classList.contains("stale")));
        await assertBooks(mine, market2.agents);
        await kept.begin();
        await publish(30);
        await until("the books after the gap", () => assertBooks(mine, market2.agents));
        await mine.locator(".pill.live").waitFor();
        const told = await (await fetch(`${kept.hub}/events?limit=1`)).json();
        await until("the newest event", async () => (await mine.locator(".tape li").first().getAttribute("data-seq")) === String(told.seq));
        const seqs = await mine.locator(".tape li").evaluateAll((all) => all.map((each) => Number(each.dataset.seq)));
        assert.deepEqual(seqs, seqs.map((_, k) => told.seq - k), "no event is missing, and none is there twice");

        await kept.stop();
        rmSync(join(folder, "log"), { recursive: true });
        await kept.begin();
        const market3 = new Market(6);
        await kept.publish(Array.from({ length: 20 }, () => market3.next()).flat());
        await mine.getByText("The hub has begun another log").waitFor();
        await until("the books of another log", () => assertBooks(mine, market3.agents));
    } finally {
        await mine.close();
        await kept.stop();
        rmSync(folder, { recursive: true, force: true });
    }
});

test("Every page follows the flipper itself, as its own events tell it", async () => {
    const flipper = await Server.start(["flipper", "--port", String(await freePort()), "--seed", "5", "--speed", "40"]);
    const mine = watch(await context.newPage());
    try {
        await show("live", mine, flipper);
        await until("some trades", async () => (await rows(mine, "Newest trades")).length >= 30);
        await mine.getByRole("button", { name: "Pause" }).click();
        const told = [];
        let since = 0;
        for (let k = 0; k < 40; k++) {
            const part = await (await fetch(`${flipper.hub}/events?since=${since}&limit=10000`)).json();
            told.push(...part.events);
            since = part.next_since;
            if (part.events.length === 0) {
                break;
            }
        }
        // A moment of the past, so that nothing moves while it is read.
        const last = told.findLast(({ type }) => type === "portfolio_update");
        await mine.getByLabel("Position in the log").evaluate((input, seq) => {
            input.value = String(seq);
            input.dispatchEvent(new Event("input", { bubbles: true }));
        }, last.seq);
        const past = told.filter(({ seq }) => seq <= last.seq);
        const agents = ["agent_0", "agent_1", "agent_2", "agent_3"].map((name) => {
            const own = past.filter(({ data }) => data.agent_id === name);
            const trades = own.filter(({ type }) => type === "trade_executed").map(({ data }) => data);
            const owned = own.findLast(({ type }) => type === "portfolio_update").data;
            return {
                name, worth: owned.total_value, gp: owned.gp, trades: trades.length,
                tax: trades.reduce((sum, trade) => sum + trade.tax, 0), realised: trades.reduce((sum, trade) => sum + trade.profit, 0),
            };
        });
        await until("the books of the past", () => assertBooks(mine, agents));
        assert.ok(agents.some(({ trades }) => trades > 0));

        await show("opportunities", mine, flipper);
        await until("the items", async () => (await rows(mine, "What each item offers now")).length === 12);
        await show("history", mine, flipper);
        await until("flips", async () => (await mine.locator("main[data-page=history] tbody tr").count()) > 5);
        await show("sessions", mine, flipper);
        const row = mine.locator('tr[data-agent="agent_1"]');
        await row.getByRole("button", { name: "Pause" }).click();
        await row.getByText("paused", { exact: true }).waitFor();
        const acts = async () => (await (await fetch(`${flipper.hub}/events?type=agent_decision&agent=agent_1&limit=1`)).json()).events[0].seq;
        const before = await acts();
        const until9 = (await (await fetch(`${flipper.hub}/state`)).json()).seq;
        await until("the others to go on", async () => (await (await fetch(`${flipper.hub}/state`)).json()).seq > until9 + 300);
        const [newest] = (await (await fetch(`${flipper.hub}/events?type=trade_executed&limit=1`)).json()).events;
        assert.ok(newest.seq > before);
        await row.getByRole("button", { name: "Resume" }).click();
        await row.getByText("running").waitFor();
        await row.getByRole("spinbutton").fill("80");
        await row.getByRole("button", { name: "Set speed" }).click();
        await row.getByText("80 windows/s").waitFor();
        for (const name of ["alerts", "environments", "training"]) {
            await show(name, mine, flipper);
            await mine.locator(`main[data-page="${name}"]`).waitFor();
        }
        await show("play", mine, flipper);
        await mine.getByText("This hub runs alone").waitFor();
    } finally {
        await mine.close();
        await flipper.stop();
    }
});

test("A log that was cut is shown from where it begins", async () => {
    const folder = mkdtempSync(join(tmpdir(), "hypertoken-dashboard-"));
    const small = await Server.start(["events", "serve", "--port", String(await freePort()), "--events-log", join(folder, "log"), "--events-log-size", "2m"]);
    const mine = await context.newPage();
    mine.setDefaultTimeout(PATIENCE);
    try {
        const market4 = new Market(8);
        for (let k = 0; k < 20; k++) {
            await small.publish(Array.from({ length: 15 }, () => market4.next()).flat());
        }
        const { first_seq: first } = await (await fetch(`${small.hub}/events?limit=1`)).json();
        assert.ok(first > 1, "the log was cut");
        await show("live", mine, small);
        await until("the worth", async () => (await fact(mine, "agent_0", "worth")) === market4.agents[0].worth);
        await mine.locator(".pill.live").waitFor();
        const slider = mine.getByLabel("Position in the log");
        await until("where it begins", async () => (await slider.getAttribute("min")) === String(first));
        await slider.evaluate((input) => {
            input.value = input.min;
            input.dispatchEvent(new Event("input", { bubbles: true }));
        });
        await until("its first event", async () => (await mine.locator(".tape li").first().getAttribute("data-seq")) === String(first));
    } finally {
        await mine.close();
        await small.stop();
        rmSync(folder, { recursive: true, force: true });
    }
});

test("A server with a token asks for it, once", async () => {
    const locked = await Server.start(["events", "serve", "--port", String(await freePort()), "--token", "open sesame"]);
    const mine = await (await browser.newContext()).newPage();
    mine.setDefaultTimeout(PATIENCE);
    try {
        await show("live", mine, locked);
        await mine.getByText("This server wants a token").waitFor();
        await mine.locator("input[name=token]").fill("wrong");
        await mine.getByRole("button", { name: "Enter" }).click();
        await mine.getByText("that token is not the server's").waitFor();
        await mine.locator("input[name=token]").fill("open sesame");
        await mine.getByRole("button", { name: "Enter" }).click();
        await mine.locator(".pill.live").waitFor();
        await mine.reload();
        await mine.locator(".pill.live").waitFor();
    } finally {
        await mine.context().close();
        await locked.stop();
    }
});
