package io.hypertoken.server.bridge;

import static io.hypertoken.ErrorCode.BAD_FIELD;

import io.hypertoken.HyperTokenException;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.nio.channels.UnresolvedAddressException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A running server: one event loop a core, each stepping the environments of its own connections.
///
/// Safe for any thread.
public final class Bridge implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Bridge.class);
    private static final int LONGEST_HTTP_BODY = 8192;
    /// How long a connection may take to say what it wants.
    private static final int HTTP_TIMEOUT_SECONDS = 10;

    private static final int STOP_SECONDS = 4;
    private static final int BACKLOG = 1024;

    private final Room room;
    private final Doors doors;
    private final MultiThreadIoEventLoopGroup loops;
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final Channel server;
    private boolean stopped;

    private Bridge(BridgeSettings settings, LongSupplier nanoClock) {
        this.room = Room.of(settings, nanoClock);
        this.doors = new Doors(settings.limits().maxConnections());
        this.loops = new MultiThreadIoEventLoopGroup(
                Runtime.getRuntime().availableProcessors(),
                new DefaultThreadFactory("hypertoken-bridge", true),
                NioIoHandler.newFactory());
        this.server = bind();
        doors.port(port());
        loops.next().scheduleAtFixedRate(room.sessions()::sweep, 1, 1, TimeUnit.SECONDS);
        LOG.info("serving {} environments at {}", settings.catalogue().specs().size(), url());
    }

    /// Listens at the settings' host and port until it is closed.
    ///
    /// @throws HyperTokenException `bad_field` if it cannot, as when another program has the port
    public static Bridge start(BridgeSettings settings) {
        return start(settings, System::nanoTime);
    }

    /// As [#start(BridgeSettings)], with a clock of the caller's.
    static Bridge start(BridgeSettings settings, LongSupplier nanoClock) {
        return new Bridge(settings, nanoClock);
    }

    /// The port, also where a free one was asked for.
    public int port() {
        return ((InetSocketAddress) server.localAddress()).getPort();
    }

    /// Where clients connect.
    public String url() {
        String host = room.settings().host();
        return "ws://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port();
    }

    /// Stops: takes nobody else in, lets every reply under way reach its socket, closes each connection with 1001, and
    /// ends all sessions; returns when that is done, in less than five seconds.
    @Override
    public synchronized void close() {
        if (stopped) {
            return;
        }
        stopped = true;
        doors.close();
        server.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
        for (Channel connection : connections) {
            // On the connection's own loop: behind the request that it is answering.
            connection
                    .eventLoop()
                    .execute(() -> connection
                            .writeAndFlush(
                                    new CloseWebSocketFrame(WebSocketCloseStatus.ENDPOINT_UNAVAILABLE, "server stops"))
                            .addListener(done -> connection.close()));
        }
        connections.newCloseFuture().awaitUninterruptibly(STOP_SECONDS, TimeUnit.SECONDS);
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(1, TimeUnit.SECONDS);
        room.sessions().closeAll();
        LOG.info("stopped");
    }

    Room room() {
        return room;
    }

    private Channel bind() {
        BridgeSettings settings = room.settings();
        ChannelFuture bound = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        connections.add(channel);
                        channel.pipeline()
                                .addLast(new ReadTimeoutHandler(HTTP_TIMEOUT_SECONDS))
                                .addLast(new HttpServerCodec())
                                .addLast(new HttpObjectAggregator(LONGEST_HTTP_BODY))
                                .addLast(new HttpEndpoints(room, doors));
                    }
                })
                .bind(settings.host(), settings.port())
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            throw new HyperTokenException(
                    BAD_FIELD,
                    "cannot listen on " + settings.host() + ":" + settings.port(),
                    why(bound.cause()),
                    "choose another port or address, or pass --port 0 for any free port",
                    bound.cause());
        }
        return bound.channel();
    }

    private static String why(Throwable cause) {
        return cause instanceof UnresolvedAddressException
                ? "this machine knows no address of that name"
                : String.valueOf(cause.getMessage());
    }
}
