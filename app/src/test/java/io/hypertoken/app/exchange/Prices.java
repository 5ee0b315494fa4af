package io.hypertoken.app.exchange;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/// A prices API of our own, whose newest window is what a test says.
public final class Prices implements AutoCloseable {
    private final HttpServer server;

    /// Paths that were asked for, with what came back.
    public final List<String> asked = Collections.synchronizedList(new ArrayList<>());

    public final List<@Nullable String> names = Collections.synchronizedList(new ArrayList<>());
    private final TreeMap<Long, String> windows = new TreeMap<>();
    private volatile int status = 200;
    private volatile @Nullable String retryAfter;
    private volatile boolean halved;

    public Prices() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/api";
    }

    /// Says what a window was.
    public synchronized Prices window(long start, long price) {
        windows.put(start, """
                {"data":{"4151":{"avgHighPrice":%d,"highPriceVolume":3,"avgLowPrice":90,"lowPriceVolume":1}},\
                "timestamp":%d}""".formatted(price, start));
        return this;
    }

    /// What every answer is from now on.
    Prices fails(int newStatus, @Nullable String newRetryAfter) {
        retryAfter = newRetryAfter;
        status = newStatus;
        return this;
    }

    /// Whether answers break off in their middle from now on.
    Prices halves(boolean half) {
        halved = half;
        return this;
    }

    private synchronized void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().toString().replaceFirst("^/api", "");
        names.add(exchange.getRequestHeaders().getFirst("user-agent"));
        int code = status;
        String body = "";
        if (code == 200 && path.equals("/mapping")) {
            body = "[{\"id\":4151,\"name\":\"Abyssal whip\",\"members\":true,\"limit\":70}]";
        } else if (code == 200 && path.matches("/5m\\?timestamp=[0-9]+")) {
            long start = Long.parseLong(path.substring(path.indexOf('=') + 1));
            body = windows.getOrDefault(start, "{\"data\":{},\"timestamp\":" + start + "}");
        } else if (code == 200 && path.equals("/5m")) {
            String etag = "\"" + windows.lastKey() + "\"";
            exchange.getResponseHeaders().set("etag", etag);
            boolean same = etag.equals(exchange.getRequestHeaders().getFirst("if-none-match"));
            code = same ? 304 : 200;
            body = windows.lastEntry().getValue();
        } else if (code == 200) {
            code = 404;
        }
        String told = retryAfter;
        if (told != null && code != 200) {
            exchange.getResponseHeaders().set("retry-after", told);
        }
        asked.add(path + " " + code);
        byte[] bytes =
                body.substring(0, halved ? body.length() / 2 : body.length()).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(code, code == 200 ? bytes.length : -1);
        try (OutputStream out = exchange.getResponseBody()) {
            if (code == 200) {
                out.write(bytes);
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
