// Holds pages open until its input ends.
// Usage: node pages.mjs http://RELAY/?name=… COUNT [ECHOES]      prints one line of JSON when all of them host
//
// By DevTools alone: Playwright asks the browser to tell of every WebSocket frame, which takes more than the frames.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WebSocket } from "ws";
import { CHROMIUM_FLAGS, chromiumPath, until } from "../harness.mjs";

const [, , address, count, echoes = "0"] = process.argv;
const profile = mkdtempSync(join(tmpdir(), "hypertoken-pages-"));
const browser = spawn(
    chromiumPath(),
    ["--headless=new", ...CHROMIUM_FLAGS, "--remote-debugging-port=0", `--user-data-dir=${profile}`, "about:blank"],
    { stdio: ["ignore", "ignore", "pipe"] },
);
const ended = new Promise((resolve) => browser.once("exit", resolve));
process.stdin.resume();
process.stdin.once("end", async () => {
    browser.kill();
    await ended;
    rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }); // its children end after it
    process.exit(0);
});

const devtools = await new Promise((resolve, reject) => {
    let said = "";
    browser.stderr.on("data", (data) => {
        said += data;
        const listening = /listening on ws:\/\/([^/]+)/.exec(said);
        if (listening !== null) {
            resolve(listening[1]);
        }
    });
    browser.once("exit", (code) => reject(new Error(`Chromium ended with ${code}: ${said}`)));
});

/** Opens a page; a function that evaluates there. */
async function open(url) {
    const opened = await fetch(`http://${devtools}/json/new?${encodeURIComponent(url)}`, { method: "PUT" });
    const socket = new WebSocket((await opened.json()).webSocketDebuggerUrl);
    await new Promise((resolve) => socket.once("open", resolve));
    return async (expression) => {
        const answer = new Promise((resolve) => socket.once("message", resolve));
        socket.send(JSON.stringify({
            id: 1,
            method: "Runtime.evaluate",
            params: { expression, awaitPromise: true, returnByValue: true },
        }));
        return JSON.parse(await answer).result.result.value;
    };
}

const pages = [];
for (let k = 0; k < Number(count); k++) {
    const evaluate = await open(address);
    await until("the page hosts", () => evaluate("/connected|driven/.test(globalThis.hosted?.status)"));
    pages.push(evaluate);
}
const echo = Number(echoes) > 0 ? await pages[0](`globalThis.echo(${Number(echoes)})`) : null;
console.log(JSON.stringify({ hosting: pages.length, echo_us: echo }));
