package io.hypertoken.server.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The files that the dashboard was built into, which lie beside this class in the jar; without them, one plain page
/// that
/// says so. Safe for any thread.
final class PageFiles {
    /// Written by the dashboard's build: a path a line.
    private static final String LIST = "files.txt";

    private static final String FOLDER = "page/";
    private static final String START = "index.html";
    /// Paths under here hold a hash of what the file holds, so that they never change.
    private static final String HASHED = "assets/";

    private static final String UNBUILT = """
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <title>HyperToken events</title>
            <h1>HyperToken events</h1>
            <p>This hub is running, but its dashboard was not built into this jar: that takes Node 20 or newer, which
            <code>./hypertoken</code> uses where it finds it.</p>
            <ul>
            <li><code>ws://…/ws</code> (or <code>/</code>): events as they happen, commands, publishing
            <li><code>POST /submit_event</code>: publish an event, or an array of them
            <li><a href="events"><code>GET /events</code></a>: the log (<code>since</code>, <code>before</code>, <code>type</code>, <code>agent</code>, <code>item</code>, <code>limit</code>)
            <li><a href="state"><code>GET /state</code></a>: the newest event of each type, agent and item
            <li><a href="stream"><code>GET /stream</code></a>: Server-Sent Events
            <li><a href="health"><code>GET /health</code></a>, <a href="ready"><code>/ready</code></a>, <a href="metrics"><code>/metrics</code></a>
            </ul>
            </html>
            """;

    /// A file that never changes once it is there.
    ///
    /// @param type its media type
    /// @param hashed whether its path changes with what it holds
    @SuppressWarnings("ArrayRecordComponent") // files are sent, never compared
    record File(byte[] bytes, String type, boolean hashed) {}

    private final Map<String, String> names = new LinkedHashMap<>();
    private final Map<String, File> read = new ConcurrentHashMap<>();

    PageFiles() {
        byte[] list = resource(LIST);
        if (list == null) {
            names.put("/", START);
            read.put(START, new File(UNBUILT.getBytes(StandardCharsets.UTF_8), MediaTypes.of(START), false));
            return;
        }
        for (String name : new String(list, StandardCharsets.UTF_8).split("\n", -1)) {
            if (!name.isEmpty()) {
                names.put(name.equals(START) ? "/" : "/" + name, name);
            }
        }
    }

    /// The addresses, `/` first of all the page's own.
    Iterable<String> paths() {
        return names.keySet();
    }

    /// The file at one of the [#paths()].
    File at(String path) {
        String name = names.get(path);
        if (name == null) {
            throw new IllegalStateException("there is no file at " + path);
        }
        return read.computeIfAbsent(name, PageFiles::file);
    }

    private static File file(String name) {
        byte[] bytes = resource(name);
        if (bytes == null) {
            throw new IllegalStateException("the dashboard's list names " + name + ", which is not in the jar");
        }
        return new File(bytes, MediaTypes.of(name), name.startsWith(HASHED));
    }

    private static byte @Nullable [] resource(String name) {
        try (InputStream in = PageFiles.class.getResourceAsStream(FOLDER + name)) {
            return in == null ? null : in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("the jar cannot be read", e);
        }
    }
}
