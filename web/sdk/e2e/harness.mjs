// The real relay, a Chromium, Python and the command line, for tests.
import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { WebSocket } from "ws";
import { hostGame } from "../dist/hypertoken.mjs";

export const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
export const JAR = process.env.HYPERTOKEN_JAR ?? `${ROOT}app/target/hypertoken.jar`;
export const PYTHON = process.env.HYPERTOKEN_TEST_PYTHON ?? `${ROOT}.venv/bin/python`;
const JAVA = process.env.JAVA_HOME ? `${process.env.JAVA_HOME}/bin/java` : "java";
const JAVA_FLAGS = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "--sun-misc-unsafe-memory-access=allow", "-jar", JAR];
const BROWSERS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const PATIENCE = 20_000;

/** Starts `hypertoken relay`, on a free port unless one is named. */
export async function startRelay(...args) {
    const port = args.includes("--port") ? [] : ["--port", "0"];
    const server = await start(/relay at (ws:\S+)/, "relay", ...port, ...args);
    return { ...server, address: server.url.slice("ws://".length), pages: server.url.replace("ws:", "http:") };
}

/** Starts an events hub on a free port. */
export async function startHub() {
    const hub = await start(/events at (http:\S+)/, "events", "serve", "--port", "0");
    return { ...hub, url: hub.url.replace("http:", "ws:").replace(/\/$/, "") };
}

/** Starts a server, which says where it listens. */
async function start(says, ...args) {
    const child = spawn(JAVA, [...JAVA_FLAGS, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    let errors = "";
    child.stderr.on("data", (data) => {
        errors = (errors + data).slice(-4000);
    });
    const url = await new Promise((resolve, reject) => {
        let told = "";
        child.on("exit", (code) => reject(new Error(`${args[0]} ended with ${code}: ${errors}`)));
        child.stdout.on("data", (data) => {
            told += data;
            const said = says.exec(told);
            if (said !== null) {
                resolve(said[1]);
            }
        });
    });
    return {
        url,
        async stop() {
            if (child.exitCode === null) {
                const ended = new Promise((resolve) => child.once("exit", resolve));
                child.kill("SIGTERM");
                await ended;
            }
        },
    };
}

export const CHROMIUM_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run",
];

export function chromiumPath() {
    const path = process.env.HYPERTOKEN_CHROMIUM ?? BROWSERS.find((each) => existsSync(each));
    if (path === undefined) {
        throw new Error(`no Chromium was found; looked at ${BROWSERS.join(", ")}; install it, or set HYPERTOKEN_CHROMIUM`);
    }
    return path;
}

export async function browse() {
    return chromium.launch({ executablePath: chromiumPath(), args: CHROMIUM_FLAGS });
}

/** Opens a page of the relay's that hosts a game. */
export async function open(browser, relay, path) {
    const page = await browser.newPage();
    page.complaints = [];
    page.on("pageerror", (error) => page.complaints.push(error.stack));
    await page.goto(`${relay.pages}/${path}`);
    await until("the page is connected", () => page.evaluate(() => /connected|driven/.test(globalThis.hosted.status)));
    return page;
}

/** Hosts a game from here. */
export async function host(relay, game, options = {}) {
    const hosted = hostGame(game, { url: relay.url, WebSocket, ...options });
    await until("the game is hosted", () => hosted.status !== "connecting");
    return hosted;
}

function environment(relay) {
    return {
        ...process.env,
        HYPERTOKEN_RELAY: relay.address,
        HYPERTOKEN_JAR: JAR,
        HYPERTOKEN_PAGE_DEADLINE: "20",
        PYTHONPATH: `${ROOT}python`,
    };
}

/** Starts a Python process; `lines` is given each line that it prints. */
export function startPython(relay, args, lines = () => {}) {
    const child = spawn(PYTHON, ["-u", ...args], { env: environment(relay), stdio: ["ignore", "pipe", "pipe"] });
    let out = "";
    let errors = "";
    createInterface({ input: child.stdout }).on("line", (line) => {
        out += `${line}\n`;
        lines(line);
    });
    child.stderr.on("data", (data) => {
        errors = (errors + data).slice(-4000);
    });
    const ended = new Promise((resolve) => child.once("exit", (code) => resolve({ code, out, errors })));
    return { child, ended };
}

/** What a Python program prints; it must succeed. */
export async function python(relay, args) {
    const { code, out, errors } = await startPython(relay, args).ended;
    if (code !== 0) {
        throw new Error(`${args[0]} ended with ${code}: ${errors}`);
    }
    return out;
}

/** What a `hypertoken` command prints. */
export function command(relay, ...args) {
    return new Promise((resolve, reject) => {
        execFile(JAVA, [...JAVA_FLAGS, ...args], { env: environment(relay) }, (error, out, errors) =>
            error === null ? resolve(out.trim()) : reject(new Error(`${args.join(" ")}: ${out}${errors}`)),
        );
    });
}

/** Waits until something is true, asked again and again. */
export async function until(what, ask, millis = PATIENCE) {
    const end = Date.now() + millis;
    for (;;) {
        if (await ask()) {
            return;
        }
        if (Date.now() > end) {
            throw new Error(`it never came about that ${what}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 20));
    }
}
