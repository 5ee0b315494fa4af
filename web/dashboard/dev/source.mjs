// Publishes a made-up market and two runs of training to a hub, for looking at the dashboard.
// Usage: node dev/source.mjs [--hub http://127.0.0.1:5178] [--rate EVENTS_A_SECOND] [--seconds N] [--seed N] [--windows N]
//
// --windows publishes so many windows at once, before the rest is published at the rate. Without --seconds it goes on
// until it is stopped.
import { parseArgs } from "node:util";
import { Market, training } from "./market.mjs";

const { values } = parseArgs({
    options: {
        hub: { type: "string", default: "http://127.0.0.1:5178" },
        rate: { type: "string", default: "40" },
        seconds: { type: "string", default: "Infinity" },
        seed: { type: "string", default: "1" },
        windows: { type: "string", default: "0" },
    },
});

async function publish(events) {
    for (let from = 0; from < events.length; from += 2000) {
        const response = await fetch(new URL("submit_event", `${values.hub}/`), {
            method: "POST",
            headers: { "content-type": "application/json" },
            body: JSON.stringify(events.slice(from, from + 2000)),
        });
        if (!response.ok) {
            throw new Error(`the hub answered ${response.status}: ${await response.text()}`);
        }
    }
}

const market = new Market(Number(values.seed));
const runs = [training("ppo-exchange-1", 11), training("ppo-exchange-2", 12)];
const report = () => runs.map((run) => run.next().value);

const begun = [];
for (let k = 0; k < Number(values.windows); k++) {
    begun.push(...market.next());
    if (k % 2 === 0) {
        begun.push(...report());
    }
}
await publish(begun);

const rate = Number(values.rate);
const end = Date.now() + 1000 * Number(values.seconds);
let waiting = [];
let published = 0;
const began = Date.now();
while (Date.now() < end) {
    const due = Math.floor(((Date.now() - began) / 1000) * rate) - published;
    while (waiting.length < due) {
        waiting.push(...market.next(), ...report());
    }
    if (due > 0) {
        await publish(waiting.slice(0, due));
        waiting = waiting.slice(due);
        published += due;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
}
