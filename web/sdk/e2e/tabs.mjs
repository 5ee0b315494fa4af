// A Chromium without Playwright's care, which keeps pages visible and in focus whatever happens, and is told of every
// WebSocket frame: here tabs are to be hidden, and frames to be measured.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WebSocket } from "ws";
import { CHROMIUM_FLAGS, chromiumPath, until } from "./harness.mjs";

export async function browseTabs() {
    const profile = mkdtempSync(join(tmpdir(), "hypertoken-tabs-"));
    const child = spawn(chromiumPath(), [
        "--headless=new", "--remote-debugging-port=0", `--user-data-dir=${profile}`, ...CHROMIUM_FLAGS, "about:blank",
    ], { stdio: ["ignore", "ignore", "pipe"] });
    const address = await new Promise((resolve, reject) => {
        let told = "";
        child.on("exit", () => reject(new Error(`Chromium ended: ${told}`)));
        child.stderr.on("data", (data) => {
            told += data;
            const said = /listening on (ws:\S+)/.exec(told);
            if (said !== null) {
                resolve(said[1]);
            }
        });
    });
    const socket = new WebSocket(address);
    await new Promise((resolve) => socket.once("open", resolve));
    const waiting = new Map();
    let ids = 0;
    socket.on("message", (data) => {
        const { id, result, error } = JSON.parse(data);
        waiting.get(id)?.(error === undefined ? [result] : [undefined, error]);
        waiting.delete(id);
    });
    const send = (method, params = {}, sessionId) => new Promise((resolve, reject) => {
        const id = ++ids;
        waiting.set(id, ([result, error]) => (error === undefined ? resolve(result) : reject(new Error(`${method}: ${error.message}`))));
        socket.send(JSON.stringify({ id, method, params, sessionId }));
    });
    return {
        child,
        async open(url) {
            const { targetId } = await send("Target.createTarget", { url });
            const { sessionId } = await send("Target.attachToTarget", { targetId, flatten: true });
            return {
                show: () => send("Target.activateTarget", { targetId }),
                close: () => send("Target.closeTarget", { targetId }),
                send: (method, params) => send(method, params, sessionId),
                async evaluate(expression) {
                    const { result } = await send("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true }, sessionId);
                    return result.value;
                },
            };
        },
        async close() {
            if (child.exitCode === null && child.signalCode === null) {
                const ended = new Promise((resolve) => child.once("exit", resolve));
                child.kill("SIGKILL");
                await ended;
            }
            await until("its last processes have let go of its files", () => {
                try {
                    rmSync(profile, { recursive: true, force: true });
                    return true;
                } catch {
                    return false;
                }
            });
        },
    };
}
