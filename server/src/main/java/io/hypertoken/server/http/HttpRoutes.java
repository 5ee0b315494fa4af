package io.hypertoken.server.http;

import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
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
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The HTTP side of the port: health, readiness, metrics, and the door through which WebSockets come in. On the front
/// loop.
final class HttpRoutes extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(HttpRoutes.class);
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String BEARER = "Bearer ";
    private static final int LONGEST_WHY = 200;
    private static final int LONGEST_ERROR = 2000;

    private final Listener listener;
    private final Protocol protocol;
    private final Admission admission;
    private @Nullable Future<?> deadline;

    HttpRoutes(Listener listener, Protocol protocol, Admission admission) {
        this.listener = listener;
        this.protocol = protocol;
        this.admission = admission;
    }

    /// From here the time runs: it is no idle timer, which a byte now and then would keep waiting.
    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        long millis = listener.settings().limits().handshakeMillis();
        deadline = listener.timer()
                .schedule(
                        () -> {
                            listener.metrics().refused("handshake");
                            context.close();
                        },
                        millis,
                        TimeUnit.MILLISECONDS);
        context.channel().closeFuture().addListener(closed -> endDeadline());
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
            respond(
                    context,
                    HttpResponseStatus.BAD_REQUEST,
                    "the address cannot be read; " + Shown.shortened(String.valueOf(e.getMessage()), LONGEST_WHY)
                            + "\n");
            return;
        }
        if (isUpgrade(request)) {
            upgrade(context, request, address.path(), query);
            return;
        }
        switch (request.method() == HttpMethod.GET ? address.path() : "") {
            case "/health" -> respond(context, HttpResponseStatus.OK, "ok\n");
            case "/ready" -> {
                boolean ready = listener.places().areOpen();
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
                            listener.metrics().text());
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
            LOG.debug("{} was dropped: {}", context.channel().remoteAddress(), Shown.failure(thrown));
        }
        context.close();
    }

    private void upgrade(
            ChannelHandlerContext context, FullHttpRequest request, String path, Map<String, List<String>> query) {
        if (!admits(context, request, query)) {
            return;
        }
        String key = request.headers().get(HttpHeaderNames.SEC_WEBSOCKET_KEY);
        if (!"13".equals(request.headers().get(HttpHeaderNames.SEC_WEBSOCKET_VERSION))
                || key == null
                || request.method() != HttpMethod.GET) {
            respond(context, HttpResponseStatus.UPGRADE_REQUIRED, "this server speaks WebSocket version 13\n");
            return;
        }
        if (!listener.letIn(context.channel(), admission)) {
            listener.metrics().refused("connections");
            respond(
                    context,
                    HttpResponseStatus.SERVICE_UNAVAILABLE,
                    "refused a connection; this server takes "
                            + listener.settings().limits().maxConnections()
                            + " at a time, or is stopping; try again later, or raise --max-connections\n");
            return;
        }
        var connection = new WebSocketConnection(context.channel(), listener);
        Conversation conversation;
        try {
            conversation = protocol.accept(new Upgrade(path, query, remote(context.channel())), connection);
        } catch (HyperTokenException refused) {
            respond(
                    context,
                    HttpResponseStatus.BAD_REQUEST,
                    Shown.shortened(String.valueOf(refused.getMessage()), LONGEST_ERROR) + "\n");
            return;
        } catch (RuntimeException | LinkageError | StackOverflowError | OutOfMemoryError thrown) {
            LOG.error("an upgrade met a defect: {}", Shown.trace(thrown));
            respond(context, HttpResponseStatus.INTERNAL_SERVER_ERROR, "the server met a defect\n");
            return;
        }
        connection.carries(conversation);
        Handshake.answer(context, key);
        moveIn(context, connection);
    }

    /// Exchanges HTTP for WebSocket, and the front loop for a worker's.
    ///
    /// The codec leaves last: what arrived behind the handshake in the same packet then goes to the frames, where it
    /// waits.
    private void moveIn(ChannelHandlerContext context, WebSocketConnection connection) {
        endDeadline();
        Channel channel = context.channel();
        ChannelPipeline pipeline = context.pipeline();
        pipeline.addLast(
                connection.frames(), new WebSocket13FrameEncoder(false), new Utf8FrameValidator(false), connection);
        pipeline.remove(HttpObjectAggregator.class);
        pipeline.remove(this);
        pipeline.remove(HttpServerCodec.class);
        channel.deregister()
                .addListener(left -> listener.workers().next().register(channel).addListener(arrived -> {
                    if (arrived.isSuccess()) {
                        connection.begin();
                    } else {
                        channel.close();
                    }
                }));
    }

    private void endDeadline() {
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }

    private static String remote(Channel channel) {
        return channel.remoteAddress() instanceof InetSocketAddress peer
                ? peer.getAddress().getHostAddress()
                : String.valueOf(channel.remoteAddress());
    }

    /// Whether the request shows the token and comes from an allowed page; otherwise it has been answered.
    private boolean admits(ChannelHandlerContext context, FullHttpRequest request, Map<String, List<String>> query) {
        AccessRules access = listener.settings().access();
        if (!access.admitsOrigin(
                request.headers().get(HttpHeaderNames.ORIGIN),
                listener.settings().host(),
                listener.port())) {
            listener.metrics().refused("origin");
            respond(
                    context,
                    HttpResponseStatus.FORBIDDEN,
                    "refused a page of " + Shown.value(request.headers().get(HttpHeaderNames.ORIGIN))
                            + "; a browser may only bring pages that this server trusts; start it with "
                            + "--allow-origin\n");
            return false;
        }
        if (!access.admitsToken(token(request, query))) {
            listener.metrics().refused("token");
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
}
