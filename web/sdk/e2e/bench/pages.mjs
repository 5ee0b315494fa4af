// Holds pages open until its input ends.
// Usage: node pages.mjs http://RELAY/?name=… COUNT [ECHOES]      prints one line of JSON when all of them host
//
// Not by Playwright, which asks the browser to tell of every WebSocket frame: that takes longer than the frames.
import { until } from "../harness.mjs";
import { browseTabs } from "../tabs.mjs";

const [, , address, count, echoes = "0"] = process.argv;
const browser = await browseTabs();
process.stdin.resume();
process.stdin.once("end", async () => {
    await browser.close();
    process.exit(0);
});
const pages = [];
for (let k = 0; k < Number(count); k++) {
    const page = await browser.open(address);
    await until("the page hosts", () => page.evaluate("/connected|driven/.test(globalThis.hosted?.status)"));
    pages.push(page);
}
const echo = Number(echoes) > 0 ? await pages[0].evaluate(`globalThis.echo(${Number(echoes)})`) : null;
console.log(JSON.stringify({ hosting: pages.length, echo_us: echo }));
