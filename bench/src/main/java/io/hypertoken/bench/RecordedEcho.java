package io.hypertoken.bench;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshakerFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A bare Netty server with the bridge's pipeline and none of its work: it answers the k-th message of every connection
/// with the k-th of its recorded replies, without looking at either.
///
/// So a client that repeats a recorded session gets the very bytes that the bridge would send, and the difference in
/// time is what the bridge itself takes.
///
/// Usage: `java -cp benchmarks.jar io.hypertoken.bench.RecordedEcho REPLIES`. It prints its URL, and ends with its
/// standard input. REPLIES holds for each reply a byte (1 text, 2 binary), its length as a big-endian int, and its
/// bytes.
public final class RecordedEcho {
    private static final int TEXT = 1;
    private static final int LONGEST_HTTP_BODY = 8192;

    private RecordedEcho() {}

    /// Serves until the standard input ends.
    public static void main(String[] arguments) throws IOException {
        List<WebSocketFrame> replies = read(Path.of(arguments[0]));
        var loops = new MultiThreadIoEventLoopGroup(NioIoHandler.newFactory());
        Channel server = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(new HttpServerCodec())
                                .addLast(new HttpObjectAggregator(LONGEST_HTTP_BODY))
                                .addLast(new Door(replies));
                    }
                })
                .bind("127.0.0.1", 0)
                .syncUninterruptibly()
                .channel();
        System.out.println("ws://127.0.0.1:" + ((InetSocketAddress) server.localAddress()).getPort());
        while (System.in.read() >= 0) {
            // Whoever started this process holds the other end.
        }
        loops.shutdownGracefully();
    }

    private static List<WebSocketFrame> read(Path file) throws IOException {
        var replies = new ArrayList<WebSocketFrame>();
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        while (bytes.hasRemaining()) {
            int kind = bytes.get();
            int length = bytes.getInt();
            ByteBuf reply = Unpooled.directBuffer(length).writeBytes(bytes.slice(bytes.position(), length));
            bytes.position(bytes.position() + length);
            replies.add(kind == TEXT ? new TextWebSocketFrame(reply) : new BinaryWebSocketFrame(reply));
        }
        return replies;
    }

    /// Shakes hands and leaves.
    private static final class Door extends SimpleChannelInboundHandler<FullHttpRequest> {
        private final List<WebSocketFrame> replies;

        Door(List<WebSocketFrame> replies) {
            this.replies = replies;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
            new WebSocketServerHandshakerFactory("/", null, false, Integer.MAX_VALUE)
                    .newHandshaker(request)
                    .handshake(context.channel(), request);
            context.pipeline()
                    .addLast(new Utf8FrameValidator())
                    .addLast(new WebSocketFrameAggregator(Integer.MAX_VALUE))
                    .addLast(new Echo(replies))
                    .remove(this);
        }
    }

    /// Answers one connection's messages in order.
    private static final class Echo extends SimpleChannelInboundHandler<WebSocketFrame> {
        private final List<WebSocketFrame> replies;
        private int at;

        Echo(List<WebSocketFrame> replies) {
            this.replies = replies;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, WebSocketFrame message) {
            if (at == replies.size() || message instanceof CloseWebSocketFrame) {
                context.close();
                return;
            }
            context.writeAndFlush(replies.get(at++).retainedDuplicate(), context.voidPromise());
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable thrown) {
            context.close();
        }
    }
}
