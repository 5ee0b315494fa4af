package io.hypertoken.server.http;

import static io.hypertoken.server.MemoryBudget.Kind.REQUESTS;

import io.hypertoken.Shown;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes one request of a connection at a time, within the bound of where it goes and a deadline. On the front loop.
///
/* A request is judged by its head, before its body is taken in. What comes behind a request that is being answered
waits, and the socket with it: at most what one read has brought is held. */
final class HttpRequests extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(HttpRequests.class);
    /// A body from here on counts in the budget while it arrives.
    private static final int LONG = 1 << 16;
    /// How long a connection may stay between two requests.
    private static final int IDLE_MILLIS = 60_000;

    private final Listener listener;
    private final HttpRoutes routes;
    private final Deque<HttpObject> waiting = new ArrayDeque<>();
    private @Nullable HttpExchange exchange;
    private ByteBuf body = Unpooled.EMPTY_BUFFER;
    private long reserved;
    private boolean answering;
    private boolean discarding;
    private @Nullable Future<?> deadline;
    private @Nullable Future<?> idle;

    HttpRequests(Listener listener, HttpRoutes routes) {
        this.listener = listener;
        this.routes = routes;
    }

    /// From here the time runs: it is no idle timer, which a byte now and then would keep waiting.
    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        endWithin(context, listener.settings().limits().handshakeMillis(), "handshake");
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        endDeadline();
        endIdling();
        release();
        waiting.forEach(ReferenceCountUtil::release);
        waiting.clear();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (answering || !waiting.isEmpty()) {
            waiting.add((HttpObject) message);
            context.channel().config().setAutoRead(false);
        } else {
            take(context, (HttpObject) message);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable thrown) {
        if (!(thrown instanceof IOException)) {
            LOG.debug("{} was dropped: {}", context.channel().remoteAddress(), Shown.failure(thrown));
        }
        context.close();
    }

    private void take(ChannelHandlerContext context, HttpObject part) {
        try {
            if (discarding) {
                return;
            }
            if (part instanceof HttpRequest head) {
                endIdling();
                if (deadline == null) { // the first one's runs from the connection's beginning
                    endWithin(context, listener.settings().limits().handshakeMillis(), "handshake");
                }
                begin(context, head);
            }
            if (part instanceof HttpContent content && !discarding && exchange != null) {
                append(exchange, content);
            }
        } finally {
            ReferenceCountUtil.release(part);
        }
    }

    private void begin(ChannelHandlerContext context, HttpRequest head) {
        exchange = routes.begin(context, head);
        if (exchange == null) {
            discarding = true; // it is answered already
        } else if (HttpUtil.getContentLength(head, 0L) > longestBody(exchange)) {
            refuseLength(exchange);
        } else if (HttpUtil.is100ContinueExpected(head)) {
            context.writeAndFlush(new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
        }
    }

    private void append(HttpExchange asked, HttpContent content) {
        if (!content.decoderResult().isSuccess()) {
            discarding = true;
            asked.respond(HttpResponseStatus.BAD_REQUEST, "this is not HTTP\n");
            return;
        }
        int length = body.readableBytes() + content.content().readableBytes();
        if (length > longestBody(asked)) {
            refuseLength(asked);
            return;
        }
        if (length > LONG && !reserve(length)) {
            discarding = true;
            asked.respond(HttpResponseStatus.SERVICE_UNAVAILABLE, "no memory for a body of " + length + " bytes\n");
            return;
        }
        if (content.content().isReadable()) {
            if (body == Unpooled.EMPTY_BUFFER) {
                body = asked.channel().alloc().buffer(length);
            }
            body.writeBytes(content.content());
        }
        if (content instanceof LastHttpContent) {
            answering = true;
            byte[] whole = ByteBufUtil.getBytes(body);
            release();
            asked.complete(() -> goOn(asked.context()));
            routes.answer(asked, whole);
        }
    }

    private boolean reserve(int length) {
        if (length <= reserved) {
            return true;
        }
        if (!listener.budget().reserve(REQUESTS, length - reserved)) {
            listener.metrics().refused("memory");
            return false;
        }
        reserved = length;
        return true;
    }

    private void refuseLength(HttpExchange asked) {
        discarding = true;
        listener.metrics().refused("size");
        asked.respond(
                HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE,
                "refused a body; it has at most " + longestBody(asked) + " bytes here; send less at a time\n");
    }

    private static int longestBody(HttpExchange asked) {
        Route route = asked.route();
        return route == null ? HttpRoutes.LONGEST_BODY : route.longestBody();
    }

    /// The answer is sent; what waits comes next.
    private void goOn(ChannelHandlerContext context) {
        endDeadline();
        exchange = null;
        answering = false;
        while (!answering && !waiting.isEmpty()) {
            take(context, waiting.remove());
        }
        if (exchange == null && !discarding) {
            idle = listener.timer().schedule(() -> context.close(), IDLE_MILLIS, TimeUnit.MILLISECONDS);
        }
        if (waiting.isEmpty()) {
            context.channel().config().setAutoRead(true);
        }
    }

    private void endWithin(ChannelHandlerContext context, long millis, String reason) {
        deadline = listener.timer()
                .schedule(
                        () -> {
                            listener.metrics().refused(reason);
                            context.close();
                        },
                        millis,
                        TimeUnit.MILLISECONDS);
    }

    private void endDeadline() {
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }

    private void endIdling() {
        if (idle != null) {
            idle.cancel(false);
            idle = null;
        }
    }

    private void release() {
        body.release();
        body = Unpooled.EMPTY_BUFFER;
        if (reserved > 0) {
            listener.budget().add(REQUESTS, -reserved);
            reserved = 0;
        }
    }
}
