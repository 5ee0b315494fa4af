// Takes a picture of every page in light, dark and at a phone's width, crowded and empty.
// Usage: node e2e/shots.mjs FOLDER [PAGE...]
import { mkdirSync } from "node:fs";
import { Market, training } from "../dev/market.mjs";
import { browse, freePort, Server } from "./server.mjs";

const [folder = "shots", ...only] = process.argv.slice(2);
const PAGES = ["live", "opportunities", "history", "alerts", "training", "sessions", "environments", "play"];
const WIDTHS = { light: [1440, 900, "light"], dark: [1440, 900, "dark"], phone: [390, 844, "light"] };

mkdirSync(folder, { recursive: true });
const server = await Server.start(["serve", "--port", "0", "--events-port", String(await freePort())]);
const browser = await browse();
try {
    const pages = only.length === 0 ? PAGES : only;
    const visit = async (name, states) => {
        for (const [look, [width, height, colorScheme]] of Object.entries(WIDTHS)) {
            const context = await browser.newContext({ viewport: { width, height }, colorScheme });
            const page = await context.newPage();
            page.on("pageerror", (error) => console.error(name, error.message));
            page.on("console", (message) => {
                if (message.type() === "error") {
                    console.error(name, message.text());
                }
            });
            for (const each of pages) {
                if (states.includes(each)) {
                    await page.goto(`${server.hub}/#/${each}`);
                    await page.waitForTimeout(900);
                    await page.evaluate(() => {
                        const whole = new CSSStyleSheet(); // also what is out of sight
                        whole.replaceSync(".panel { content-visibility: visible }");
                        document.adoptedStyleSheets = [whole];
                    });
                    await page.waitForTimeout(300);
                    if (name === "full" && each === "play") {
                        await page.getByRole("button", { name: "Sit down" }).click();
                        await page.waitForTimeout(500);
                    }
                    await page.screenshot({ path: `${folder}/${each}-${name}-${look}.png`, fullPage: true });
                }
            }
            await context.close();
        }
    };
    await visit("empty", ["live", "history", "training", "alerts"]);
    const market = new Market(1);
    const runs = [training("ppo-exchange-1", 11), training("ppo-exchange-2", 12)];
    const events = [];
    for (let k = 0; k < 300; k++) {
        events.push(...market.next(), ...runs.map((run) => run.next().value));
    }
    events.push(
        { type: "session_opened", data: { session: "Ab12Cd", environment: "casino-blackjack", rows: 1, client: "127.0.0.1" } },
        { type: "session_closed", data: { session: "Ab12Cd", environment: "casino-blackjack", rows: 1, reason: "closed" } },
        { type: "error", data: { error_type: "agent_error", message: "agent_2 could not reach its policy", agent_id: "agent_2" } },
        { type: "alert", data: { rule: "margin gone", message: "The margin after tax is gone", item: "Shark", item_id: 385 } },
    );
    await server.publish(events);
    await visit("full", PAGES);
} finally {
    await browser.close();
    await server.stop();
}
