package io.hypertoken.server.bridge;

import io.hypertoken.HyperTokenException;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketFrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker13;
import io.netty.handler.timeout.ReadTimeoutHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The HTTP side of the port: health, readiness, metrics, and the door through which WebSockets come in.
final class HttpEndpoints extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(HttpEndpoints.class);
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String BEARER = "Bearer ";

    private final Room room;
    private final Doors doors;

    HttpEndpoints(Room room, Doors doors) {
        this.room = room;
        this.doors = doors;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        if (!request.decoderResult().isSuccess()) {
            respond(context, HttpResponseStatus.BAD_REQUEST, "this is not HTTP\n");
            return;
        }
        QueryStringDecoder address;
        Map<String, List<String>> query;
        try {
            address = new QueryStringDecoder(request.uri());
            query = address.parameters();
        } catch (IllegalArgumentException e) {
            respond(context, HttpResponseStatus.BAD_REQUEST, "the address cannot be read; " + e.getMessage() + "\n");
            return;
        }
        if (isUpgrade(request)) {
            upgrade(context, request, query);
            return;
        }
        switch (request.method() == HttpMethod.GET ? address.path() : "") {
            case "/health" -> respond(context, HttpResponseStatus.OK, "ok\n");
            case "/ready" -> {
                boolean ready = doors.areOpen();
                respond(
                        context,
                        ready ? HttpResponseStatus.OK : HttpResponseStatus.SERVICE_UNAVAILABLE,
                        ready ? "ready\n" : "stopping\n");
            }
            case "/metrics" -> {
                if (admits(context, request, query)) {
                    respond(
                            context,
                            HttpResponseStatus.OK,
                            Metrics.CONTENT_TYPE,
                            room.metrics().text());
                }
            }
            default ->
                respond(
                        context,
                        HttpResponseStatus.NOT_FOUND,
                        "there is nothing here; this is a HyperToken server; connect a WebSocket to it, or GET "
                                + "/health, /ready or /metrics\n");
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable thrown) {
        if (!(thrown instanceof IOException)) {
            LOG.debug("{} was dropped: {}", context.channel().remoteAddress(), thrown.toString());
        }
        context.close();
    }

    private void upgrade(ChannelHandlerContext context, FullHttpRequest request, Map<String, List<String>> query) {
        if (!admits(context, request, query)) {
            return;
        }
        if (!"13".equals(request.headers().get(HttpHeaderNames.SEC_WEBSOCKET_VERSION))
                || !request.headers().contains(HttpHeaderNames.SEC_WEBSOCKET_KEY)
                || request.method() != HttpMethod.GET) {
            respond(context, HttpResponseStatus.UPGRADE_REQUIRED, "this server speaks WebSocket version 13\n");
            return;
        }
        if (!doors.enter()) {
            room.metrics().refused("connections");
            respond(
                    context,
                    HttpResponseStatus.SERVICE_UNAVAILABLE,
                    "refused a connection; this server takes " + room.limits().maxConnections()
                            + " at a time, or is stopping; try again later, or raise --max-connections\n");
            return;
        }
        context.channel().closeFuture().addListener(closed -> doors.leave());
        Channel channel = context.channel();
        Conversation conversation;
        try {
            conversation = new Conversation(room, room.opening(query), channel::close);
            if (query.containsKey("session")) {
                conversation.resume(query.get("session").getLast());
            }
        } catch (HyperTokenException refused) {
            room.metrics().error(refused.code());
            respond(context, HttpResponseStatus.BAD_REQUEST, refused.getMessage() + "\n");
            return;
        }
        shakeHands(context, request, conversation);
    }

    private void shakeHands(ChannelHandlerContext context, FullHttpRequest request, Conversation conversation) {
        var handler = new BridgeHandler(room, conversation);
        room.metrics().connected();
        var limit = new FrameLimit(
                room.limits().maxMessageBytes(),
                conversation::longestBinary,
                () -> room.metrics().refused("size"));
        ChannelPipeline pipeline = context.pipeline();
        pipeline.remove(ReadTimeoutHandler.class);
        new Handshaker(limit).handshake(context.channel(), request).addListener(done -> {
            if (!done.isSuccess()) {
                context.close();
            }
        });
        pipeline.addLast(new Utf8FrameValidator());
        pipeline.addLast(new WebSocketFrameAggregator(Integer.MAX_VALUE));
        pipeline.addLast(handler);
        pipeline.remove(this);
    }

    /// Whether the request shows the token and comes from an allowed page; otherwise it has been answered.
    private boolean admits(ChannelHandlerContext context, FullHttpRequest request, Map<String, List<String>> query) {
        if (!room.settings()
                .access()
                .admitsOrigin(
                        request.headers().get(HttpHeaderNames.ORIGIN),
                        room.settings().host(),
                        doors.port())) {
            room.metrics().refused("origin");
            respond(
                    context,
                    HttpResponseStatus.FORBIDDEN,
                    "refused a page of " + Fields.shown(request.headers().get(HttpHeaderNames.ORIGIN))
                            + "; a browser may only bring pages that this server trusts; start it with "
                            + "--allow-origin\n");
            return false;
        }
        if (!room.settings().access().admitsToken(token(request, query))) {
            room.metrics().refused("token");
            respond(
                    context,
                    HttpResponseStatus.UNAUTHORIZED,
                    "refused a connection; the token is wrong or missing; send Authorization: Bearer TOKEN, "
                            + "x-api-token: TOKEN or ?token=TOKEN\n");
            return false;
        }
        return true;
    }

    private static @Nullable String token(FullHttpRequest request, Map<String, List<String>> query) {
        String authorization = request.headers().get(HttpHeaderNames.AUTHORIZATION);
        if (authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return authorization.substring(BEARER.length()).strip();
        }
        String header = request.headers().get("x-api-token");
        return header != null || !query.containsKey("token")
                ? header
                : query.get("token").getLast();
    }

    private static boolean isUpgrade(FullHttpRequest request) {
        return request.headers().containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)
                && request.headers().contains(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true);
    }

    private static void respond(ChannelHandlerContext context, HttpResponseStatus status, String text) {
        respond(context, status, TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void respond(ChannelHandlerContext context, HttpResponseStatus status, String type, byte[] body) {
        var response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(body));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, type)
                .set(HttpHeaderNames.CONTENT_LENGTH, body.length)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        if (status.equals(HttpResponseStatus.UNAUTHORIZED)) {
            response.headers().set(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer");
        }
        context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
    }

    /// Netty's handshake with our decoder.
    private static final class Handshaker extends WebSocketServerHandshaker13 {
        private final FrameLimit limit;

        Handshaker(FrameLimit limit) {
            super("/", null, WebSocketDecoderConfig.newBuilder().build());
            this.limit = limit;
        }

        @Override
        protected WebSocketFrameDecoder newWebsocketDecoder() {
            return limit;
        }
    }
}
