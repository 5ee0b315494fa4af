// Starts the real server for a test, and a Chromium to look at it with.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const JAR = process.env.HYPERTOKEN_JAR ?? `${ROOT}app/target/hypertoken.jar`;
const JAVA = process.env.JAVA_HOME ? `${process.env.JAVA_HOME}/bin/java` : "java";
const BROWSERS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const STARTED_MILLIS = 30_000;

export class Server {
    /** @param args further arguments of `hypertoken serve`, or of `hypertoken events serve` if they begin with `events` */
    static async start(args) {
        const server = new Server();
        server.args = args;
        await server.begin();
        return server;
    }

    async begin() {
        const child = spawn(JAVA, ["-XX:+UseSerialGC", "--sun-misc-unsafe-memory-access=allow", "-jar", JAR, ...this.args], {
            stdio: ["ignore", "pipe", "pipe"],
        });
        this.child = child;
        let told = "";
        let errors = "";
        child.stderr.on("data", (data) => {
            errors = (errors + data).slice(-8000);
        });
        this.hub = await new Promise((resolve, reject) => {
            const timer = setTimeout(() => reject(new Error(`the server did not start: ${errors}`)), STARTED_MILLIS);
            child.on("exit", (code) => reject(new Error(`the server ended with ${code}: ${errors}`)));
            child.stdout.on("data", (data) => {
                told += data;
                const page = /events at (http:\S+)/.exec(told);
                if (page !== null) {
                    clearTimeout(timer);
                    resolve(page[1].replace(/\/$/, ""));
                }
            });
        });
    }

    /** Stops it, as Ctrl-C does. */
    async stop() {
        const { child } = this;
        if (child.exitCode === null) {
            const ended = new Promise((resolve) => child.once("exit", resolve));
            child.kill("SIGTERM");
            await ended;
        }
    }

    async publish(events) {
        let seq = 0;
        for (let from = 0; from < events.length; from += 2000) {
            const response = await fetch(`${this.hub}/submit_event`, {
                method: "POST",
                headers: { "content-type": "application/json" },
                body: JSON.stringify(events.slice(from, from + 2000)),
            });
            const answer = await response.json();
            if (!response.ok) {
                throw new Error(JSON.stringify(answer));
            }
            seq = answer.seq;
        }
        return seq;
    }
}

export async function browse() {
    const executablePath = process.env.HYPERTOKEN_CHROMIUM ?? BROWSERS.find((each) => existsSync(each));
    if (executablePath === undefined) {
        throw new Error(`no Chromium was found; looked at ${BROWSERS.join(", ")}; install it, or set HYPERTOKEN_CHROMIUM`);
    }
    return chromium.launch({
        executablePath,
        args: [
            "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--no-first-run", "--enable-precise-memory-info", "--js-flags=--expose-gc",
        ],
    });
}

/** A free port, as likely as the system tells. */
export async function freePort() {
    const { createServer } = await import("node:net");
    return new Promise((resolve) => {
        const server = createServer().listen(0, "127.0.0.1", () => {
            const { port } = server.address();
            server.close(() => resolve(port));
        });
    });
}
