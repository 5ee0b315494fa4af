package io.hypertoken.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import java.net.SocketAddress;
import java.util.function.Consumer;

/// A body that goes on, on a worker's loop; it ends when its connection does, so it needs no chunks.
final class HttpStream extends ChannelInboundHandlerAdapter implements ResponseStream {
    private final Channel channel;
    private final Outbox outbox;

    private HttpStream(Channel channel, Listener listener) {
        this.channel = channel;
        this.outbox = new Outbox(channel, listener);
    }

    /// Answers with a head, and exchanges HTTP for the bare socket, and the front loop for a worker's.
    static void begin(Listener listener, HttpExchange exchange, String type, Consumer<ResponseStream> begun) {
        var head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        head.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, type)
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE)
                .set("x-accel-buffering", "no"); // or nginx would collect it
        exchange.allowPage(head);
        exchange.context().writeAndFlush(head);

        Channel channel = exchange.channel();
        var stream = new HttpStream(channel, listener);
        listener.opened(stream);
        channel.closeFuture().addListener(closed -> {
            stream.outbox.closed();
            listener.ended(stream);
        });
        ChannelPipeline pipeline = exchange.context().pipeline();
        pipeline.addLast(stream);
        pipeline.remove(HttpRequests.class);
        pipeline.remove(HttpServerCodec.class);
        channel.config().setAutoRead(true); // so that its end is seen
        listener.moveToWorker(channel, () -> begun.accept(stream));
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ReferenceCountUtil.release(message); // nothing is expected any more
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (channel.isWritable()) {
            outbox.count();
            outbox.tellWritable();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable thrown) {
        context.close();
    }

    @Override
    public ByteBuf buffer(int bytes) {
        return outbox.buffer(bytes);
    }

    @Override
    public void send(ByteBuf bytes) {
        outbox.send(bytes);
    }

    @Override
    public boolean isWritable() {
        return outbox.isWritable();
    }

    @Override
    public void whenWritable(Runnable task) {
        outbox.whenWritable(task);
    }

    @Override
    public void execute(Runnable task) {
        outbox.execute(task);
    }

    @Override
    public void whenEnded(Runnable task) {
        channel.closeFuture().addListener(closed -> task.run());
    }

    @Override
    public void close() {
        channel.close();
    }

    @Override
    public SocketAddress peer() {
        return channel.remoteAddress();
    }
}
