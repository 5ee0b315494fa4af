package io.hypertoken.server.events;

/// What a browser that opens the hub's address sees.
final class HubPage {
    static final String HTML = """
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <title>HyperToken events</title>
            <style>body { font: 16px/1.5 system-ui, sans-serif; max-width: 42rem; margin: 3rem auto; padding: 0 1rem }</style>
            <h1>HyperToken events</h1>
            <p>This hub is running. A dashboard will stand here in a later version.</p>
            <ul>
            <li><code>ws://…/ws</code> (or <code>/</code>): events as they happen, commands, publishing
            <li><code>POST /submit_event</code>: publish an event, or an array of them
            <li><a href="events"><code>GET /events</code></a>: the log (<code>since</code>, <code>type</code>, <code>agent</code>, <code>item</code>, <code>limit</code>)
            <li><a href="state"><code>GET /state</code></a>: the newest event of each type, agent and item
            <li><a href="stream"><code>GET /stream</code></a>: Server-Sent Events
            <li><a href="health"><code>GET /health</code></a>, <a href="ready"><code>/ready</code></a>, <a href="metrics"><code>/metrics</code></a>
            </ul>
            </html>
            """;

    private HubPage() {}
}
