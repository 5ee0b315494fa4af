// The SDK's stream of events before a real hub.
import assert from "node:assert/strict";
import { test } from "node:test";
import { WebSocket } from "ws";
import { EventStream } from "../dist/hypertoken.mjs";
import { startHub, until } from "./harness.mjs";

test("events are told in order, and after a broken connection from where it broke off", async () => {
    const hub = await startHub();
    let sockets = [];
    class Broken extends WebSocket {
        constructor(url) {
            super(url);
            sockets.push(this);
        }
    }
    const heard = [];
    const stream = new EventStream((event) => heard.push(event.data.n), `${hub.url}/ws`, { types: ["note"], WebSocket: Broken });
    try {
        const publish = (n) => fetch(`${hub.url.replace("ws:", "http:")}/submit_event`, {
            method: "POST", body: JSON.stringify({ type: "note", data: { n } }),
        });
        await until("it is subscribed", () => stream.position !== undefined);
        await publish(1);
        await until("the first is told", () => heard.length === 1);
        sockets[0].terminate();
        await publish(2);
        await publish(3);
        await until("all are told", () => heard.length === 3);
        assert.deepEqual(heard, [1, 2, 3]);
        assert.equal(sockets.length, 2);
    } finally {
        stream.close();
        await hub.stop();
    }
});
