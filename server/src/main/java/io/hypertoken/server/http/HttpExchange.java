package io.hypertoken.server.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One request and its answer. On the front loop.
final class HttpExchange {
    static final String TEXT = "text/plain; charset=utf-8";

    /// How long a peer that is still sending what nobody reads may go on, so that it sees why.
    private static final int LINGER_MILLIS = 1_000;

    private final ChannelHandlerContext context;
    private final HttpRequest head;
    private final String path;
    private final Map<String, List<String>> query;
    private @Nullable Route route;
    private @Nullable String page;
    private boolean complete;
    private @Nullable Runnable next;

    HttpExchange(ChannelHandlerContext context, HttpRequest head, String path, Map<String, List<String>> query) {
        this.context = context;
        this.head = head;
        this.path = path;
        this.query = query;
    }

    HttpMethod method() {
        return head.method();
    }

    String path() {
        return path;
    }

    Map<String, List<String>> query() {
        return query;
    }

    @Nullable
    String header(CharSequence name) {
        return head.headers().get(name);
    }

    HttpHeaders headers() {
        return head.headers();
    }

    ChannelHandlerContext context() {
        return context;
    }

    Channel channel() {
        return context.channel();
    }

    /// The client's host.
    String remote() {
        return channel().remoteAddress() instanceof InetSocketAddress peer
                ? peer.getAddress().getHostAddress()
                : String.valueOf(channel().remoteAddress());
    }

    @Nullable
    Route route() {
        return route;
    }

    /// Whose path this is.
    void route(Route found) {
        route = found;
    }

    /// A page of this origin may read the answer.
    void readableBy(@Nullable String origin) {
        page = origin;
    }

    /// The whole request has arrived.
    ///
    /// @param then what to do once it is answered, where the connection stays
    void complete(Runnable then) {
        complete = true;
        next = then;
    }

    /// Whether the connection may bring another request: only for routes, whose producers come often.
    private boolean stays() {
        return route != null && complete && HttpUtil.isKeepAlive(head);
    }

    void respond(HttpResponseStatus status, String text) {
        respond(status, TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    void respond(HttpResponseStatus status, String type, byte[] body) {
        respond(status, type, body, Map.of());
    }

    void respond(HttpResponseStatus status, String type, byte[] body, Map<String, String> headers) {
        var response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(body));
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, type).set(HttpHeaderNames.CONTENT_LENGTH, body.length);
        headers.forEach(response.headers()::set);
        if (status.equals(HttpResponseStatus.UNAUTHORIZED)) {
            response.headers().set(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer");
        }
        send(response);
    }

    /// Tells a browser what a page of an allowed origin may send.
    void respondToPreflight() {
        var response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.NO_CONTENT, Unpooled.EMPTY_BUFFER);
        response.headers()
                .set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_METHODS, "GET, POST")
                .set(
                        HttpHeaderNames.ACCESS_CONTROL_ALLOW_HEADERS,
                        "authorization, x-api-token, content-type, last-event-id")
                .set(HttpHeaderNames.ACCESS_CONTROL_MAX_AGE, 600);
        send(response);
    }

    /// Adds what a browser must know to give the answer to its page.
    void allowPage(HttpResponse response) {
        if (page != null) {
            response.headers()
                    .set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, page)
                    .set(HttpHeaderNames.VARY, HttpHeaderNames.ORIGIN);
        }
    }

    private void send(DefaultFullHttpResponse response) {
        allowPage(response);
        Runnable then = next;
        if (stays() && then != null) {
            HttpUtil.setKeepAlive(response, true);
            context.writeAndFlush(response).addListener(sent -> {
                if (sent.isSuccess()) {
                    then.run();
                } else {
                    context.close();
                }
            });
            return;
        }
        response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        ChannelFuture sent = context.writeAndFlush(response);
        if (complete || !(channel() instanceof SocketChannel socket)) {
            sent.addListener(ChannelFutureListener.CLOSE);
            return;
        }
        sent.addListener(done -> socket.shutdownOutput());
        channel().eventLoop().schedule(() -> channel().close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
    }
}
