package io.hypertoken.server.http;

import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The HTTP side of the port: health, readiness, metrics, what its protocol adds, and the door through which WebSockets
/// come in. On the front loop.
final class HttpRoutes {
    /// Bytes of a request's body that no route has a use for.
    static final int LONGEST_BODY = 8192;

    private static final Logger LOG = LoggerFactory.getLogger(HttpRoutes.class);
    private static final Set<String> OWN_PATHS = Set.of("/health", "/ready", "/metrics");
    private static final String BEARER = "Bearer ";
    private static final int LONGEST_WHY = 200;
    private static final int LONGEST_ERROR = 2000;

    private final Listener listener;
    private final Protocol protocol;
    private final List<Route> routes;
    private final Admission admission;

    HttpRoutes(Listener listener, Protocol protocol, List<Route> routes, Admission admission) {
        this.listener = listener;
        this.protocol = protocol;
        this.routes = routes;
        this.admission = admission;
    }

    /// Judges a request by its head.
    ///
    /// @return null if it is refused, and answered
    @Nullable
    HttpExchange begin(ChannelHandlerContext context, HttpRequest head) {
        HttpExchange exchange;
        try {
            var address = new QueryStringDecoder(head.uri());
            exchange = new HttpExchange(context, head, address.path(), address.parameters());
        } catch (IllegalArgumentException e) {
            new HttpExchange(context, head, "", Map.of())
                    .respond(
                            HttpResponseStatus.BAD_REQUEST,
                            "the address cannot be read; "
                                    + Shown.shortened(String.valueOf(e.getMessage()), LONGEST_WHY) + "\n");
            return null;
        }
        if (!head.decoderResult().isSuccess()) {
            exchange.respond(HttpResponseStatus.BAD_REQUEST, "this is not HTTP\n");
            return null;
        }
        List<Route> here = isUpgrade(exchange) || OWN_PATHS.contains(exchange.path())
                ? List.of()
                : routes.stream().filter(route -> route.covers(exchange.path())).toList();
        return here.isEmpty() || enters(exchange, here) ? exchange : null;
    }

    /// Whether a request goes to one of the routes of its path; otherwise it has been answered.
    private boolean enters(HttpExchange exchange, List<Route> here) {
        String method = exchange.method().name();
        if (method.equals("OPTIONS")) {
            if (admitsPage(exchange)) {
                exchange.respondToPreflight();
            }
            return false;
        }
        for (Route route : here) {
            if (route.method().equals(method)) {
                exchange.route(route);
                return admitsPage(exchange) && (route.open() || admitsToken(exchange)) && admitsHost(exchange);
            }
        }
        exchange.respond(
                HttpResponseStatus.METHOD_NOT_ALLOWED,
                exchange.path() + " takes " + here.stream().map(Route::method).collect(Collectors.joining(" and "))
                        + "\n");
        return false;
    }

    /// Answers a request that was let in.
    void answer(HttpExchange exchange, byte[] body) {
        if (isUpgrade(exchange)) {
            upgrade(exchange);
            return;
        }
        Route route = exchange.route();
        if (route != null) {
            handle(route, exchange, body);
            return;
        }
        switch (exchange.method().equals(HttpMethod.GET) ? exchange.path() : "") {
            case "/health" -> exchange.respond(HttpResponseStatus.OK, "ok\n");
            case "/ready" -> {
                boolean ready = listener.places().areOpen();
                exchange.respond(
                        ready ? HttpResponseStatus.OK : HttpResponseStatus.SERVICE_UNAVAILABLE,
                        ready ? "ready\n" : "stopping\n");
            }
            case "/metrics" -> {
                if (admits(exchange)) {
                    exchange.respond(
                            HttpResponseStatus.OK,
                            Metrics.CONTENT_TYPE,
                            listener.metrics().text());
                }
            }
            default -> exchange.respond(HttpResponseStatus.NOT_FOUND, nothingHere());
        }
    }

    private String nothingHere() {
        String more = routes.stream()
                .map(route -> "; " + route.method() + " " + route.path())
                .collect(Collectors.joining());
        return "there is nothing here; this is a HyperToken server; connect a WebSocket to it, or GET "
                + "/health, /ready or /metrics" + more + "\n";
    }

    private void handle(Route route, HttpExchange exchange, byte[] body) {
        var request = new Request(exchange.path(), exchange.query(), exchange::header, body, exchange.remote());
        try {
            route.handler().handle(request, new Response() {
                @Override
                public void send(int status, String type, byte[] answer, Map<String, String> headers) {
                    exchange.context()
                            .executor()
                            .execute(() -> exchange.respond(HttpResponseStatus.valueOf(status), type, answer, headers));
                }

                @Override
                public void stream(String type, Consumer<ResponseStream> begun) {
                    exchange.context().executor().execute(() -> {
                        if (comesIn(exchange)) {
                            HttpStream.begin(listener, exchange, type, begun);
                        }
                    });
                }
            });
        } catch (RuntimeException | LinkageError | StackOverflowError | OutOfMemoryError thrown) {
            defect(exchange, thrown);
        }
    }

    private static void defect(HttpExchange exchange, Throwable thrown) {
        LOG.error("a request met a defect: {}", Shown.trace(thrown));
        exchange.respond(HttpResponseStatus.INTERNAL_SERVER_ERROR, "the server met a defect\n");
    }

    private void upgrade(HttpExchange exchange) {
        if (!admits(exchange)) {
            return;
        }
        String key = exchange.header(HttpHeaderNames.SEC_WEBSOCKET_KEY);
        if (!"13".equals(exchange.header(HttpHeaderNames.SEC_WEBSOCKET_VERSION))
                || key == null
                || !exchange.method().equals(HttpMethod.GET)) {
            exchange.respond(HttpResponseStatus.UPGRADE_REQUIRED, "this server speaks WebSocket version 13\n");
            return;
        }
        if (!comesIn(exchange)) {
            return;
        }
        var connection = new WebSocketConnection(exchange.channel(), listener);
        Conversation conversation;
        try {
            conversation = protocol.accept(
                    new Upgrade(exchange.path(), exchange.query(), exchange::header, exchange.remote()), connection);
        } catch (HyperTokenException refused) {
            exchange.respond(
                    HttpResponseStatus.BAD_REQUEST,
                    Shown.shortened(String.valueOf(refused.getMessage()), LONGEST_ERROR) + "\n");
            return;
        } catch (RuntimeException | LinkageError | StackOverflowError | OutOfMemoryError thrown) {
            defect(exchange, thrown);
            return;
        }
        connection.carries(conversation);
        Handshake.answer(exchange.context(), key);
        moveIn(exchange.context(), connection);
    }

    /// Whether there is a place for a connection that stays; otherwise it has been answered.
    private boolean comesIn(HttpExchange exchange) {
        if (listener.letIn(exchange.channel(), admission)) {
            return true;
        }
        listener.metrics().refused("connections");
        exchange.respond(
                HttpResponseStatus.SERVICE_UNAVAILABLE,
                "refused a connection; this server takes "
                        + listener.settings().limits().maxConnections()
                        + " at a time, or is stopping; try again later, or raise --max-connections\n");
        return false;
    }

    /// Exchanges HTTP for WebSocket, and the front loop for a worker's.
    ///
    /// The codec leaves last: what arrived behind the handshake in the same packet then goes to the frames, where it
    /// waits.
    private void moveIn(ChannelHandlerContext context, WebSocketConnection connection) {
        Channel channel = context.channel();
        ChannelPipeline pipeline = context.pipeline();
        pipeline.addLast(
                connection.frames(), new WebSocket13FrameEncoder(false), new Utf8FrameValidator(false), connection);
        pipeline.remove(HttpRequests.class);
        pipeline.remove(HttpServerCodec.class);
        listener.moveToWorker(channel, connection::begin);
    }

    /// Whether the request shows the token and comes from an allowed page; otherwise it has been answered.
    private boolean admits(HttpExchange exchange) {
        return admitsPage(exchange) && admitsToken(exchange);
    }

    private boolean admitsToken(HttpExchange exchange) {
        if (!listener.settings().access().admitsToken(token(exchange))) {
            listener.metrics().refused("token");
            exchange.respond(
                    HttpResponseStatus.UNAUTHORIZED,
                    "refused a connection; the token is wrong or missing; send Authorization: Bearer TOKEN, "
                            + "x-api-token: TOKEN or ?token=TOKEN\n");
            return false;
        }
        return true;
    }

    private boolean admitsPage(HttpExchange exchange) {
        String origin = exchange.header(HttpHeaderNames.ORIGIN);
        if (!listener.settings()
                .access()
                .admitsOrigin(origin, listener.settings().host(), listener.port())) {
            refuseOrigin(exchange, "a page of " + Shown.value(origin));
            return false;
        }
        exchange.readableBy(origin);
        return true;
    }

    private boolean admitsHost(HttpExchange exchange) {
        String name = exchange.header(HttpHeaderNames.HOST);
        if (exchange.header(HttpHeaderNames.ORIGIN) == null
                && !listener.settings()
                        .access()
                        .admitsHost(name, listener.settings().host())) {
            refuseOrigin(exchange, "a request for the host " + Shown.value(name));
            return false;
        }
        return true;
    }

    private void refuseOrigin(HttpExchange exchange, String what) {
        listener.metrics().refused("origin");
        exchange.respond(
                HttpResponseStatus.FORBIDDEN,
                "refused " + what + "; a browser may only bring pages that this server trusts; start it with "
                        + "--allow-origin\n");
    }

    private static @Nullable String token(HttpExchange exchange) {
        String authorization = exchange.header(HttpHeaderNames.AUTHORIZATION);
        if (authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return authorization.substring(BEARER.length()).strip();
        }
        String header = exchange.header("x-api-token");
        List<String> asked = exchange.query().get("token");
        return header != null || asked == null ? header : asked.getLast();
    }

    private static boolean isUpgrade(HttpExchange exchange) {
        return exchange.headers().containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)
                && exchange.headers().contains(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true);
    }
}
