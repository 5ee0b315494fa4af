// The samples of docs/bring-your-own-environment.md, as they are printed.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { browse, command, ROOT, startRelay } from "./harness.mjs";

const PAGE = readFileSync(`${ROOT}docs/bring-your-own-environment.md`, "utf8");
const sample = (kind) => new RegExp(`documented\\.test\\.mjs -->\\n\`\`\`${kind}\\n(.*?)^\`\`\`$`, "ms").exec(PAGE)[1];
const digest = (relay, game) => command(relay, "digest", `browser:${game}`, "--seed", "3", "--steps", "60");

let folder;
let relay;
let browser;

before(async () => {
    folder = mkdtempSync(join(tmpdir(), "hypertoken-documented-"));
    writeFileSync(join(folder, "index.html"), sample("html"));
    [relay, browser] = await Promise.all([startRelay("--pages", folder), browse()]);
});

after(async () => {
    await browser?.close();
    await relay?.stop();
    rmSync(folder, { recursive: true, force: true });
});

test("the page's sample and Node's are environments, and the same one", async () => {
    const page = await browser.newPage();
    await page.goto(`${relay.pages}/`);
    const inPage = await digest(relay, "my-game");
    assert.match(inPage, /^[0-9a-f]{64}$/);

    // Beside the SDK's own modules, where its names are found; at this relay's port instead of the usual one.
    const program = join(ROOT, "web/sdk/e2e/documented-sample.mjs");
    writeFileSync(program, sample("js").replace('"hypertoken"', '"../dist/hypertoken.mjs"').replace("}, { WebSocket });", `}, { WebSocket, url: "${relay.url}" });`));
    const host = spawn(process.execPath, [program], { stdio: "inherit" });
    try {
        assert.equal(await digest(relay, "node-game"), inPage); // it waits for its host
    } finally {
        host.kill();
        rmSync(program, { force: true });
    }
});
