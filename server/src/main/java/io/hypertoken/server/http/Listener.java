package io.hypertoken.server.http;

import com.sun.management.UnixOperatingSystemMXBean;
import io.hypertoken.HyperTokenException;
import io.hypertoken.server.MemoryBudget;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.internal.PlatformDependent;
import java.lang.management.ManagementFactory;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A port that serves HTTP routes and the WebSockets of one protocol.
///
/* Two kinds of loop. The *front* loop accepts, answers HTTP, shakes hands and keeps all deadlines; nothing that a client
asks of an environment ever runs on it, so health, metrics, leases and signals wait for no step. After the handshake a
connection is handed to a *worker* loop, where its protocol may step environments that are quick. */
public final class Listener implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);
    /// Jars, pipes, the lobby.
    private static final int FILES_FOR_THE_REST = 160;

    private static final int BACKLOG = 1024;
    private static final long STOP_MILLIS = 3_000;
    private static final long LOOPS_STOP_MILLIS = 500;
    /// A dead peer is found after 15 + 3 × 5 seconds: by its kernel's silence, not by its program's, which may be busy.
    private static final int KEEPALIVE_IDLE_SECONDS = 15;

    private static final int KEEPALIVE_INTERVAL_SECONDS = 5;
    private static final int KEEPALIVE_PROBES = 3;

    private final ListenerSettings settings;
    private final MemoryBudget budget;
    private final Metrics metrics;
    private final Places places;
    private final UnreadReplies unread;
    private final MultiThreadIoEventLoopGroup front = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("hypertoken-front", true), NioIoHandler.newFactory());
    private final WorkerLoops workers = new WorkerLoops(Runtime.getRuntime().availableProcessors());
    private final Set<WebSocketConnection> connections = ConcurrentHashMap.newKeySet();
    private final Set<HttpStream> streams = ConcurrentHashMap.newKeySet();
    /// Connections that have not said yet what they want, oldest first; the front loop's own.
    private final Set<Channel> handshakes = new LinkedHashSet<>();

    private volatile List<Channel> servers = List.of();

    /// A listener that does not listen yet.
    public Listener(ListenerSettings settings, MemoryBudget budget, Metrics metrics) {
        this.settings = settings;
        this.budget = budget;
        this.metrics = metrics;
        this.places = new Places(connectionLimit(settings.limits().maxConnections()));
        this.unread = new UnreadReplies(budget);
    }

    /// The connections that there may be: fewer than allowed where the process may not open as many files, for a server
    /// that can accept nobody cannot say so either.
    private static int connectionLimit(int allowed) {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean machine) {
            long files = machine.getMaxFileDescriptorCount() - FILES_FOR_THE_REST;
            if (files < allowed) {
                LOG.warn("at most {} connections instead of {}: the process may not open more files", files, allowed);
                return (int) Math.max(1, files);
            }
        }
        return allowed;
    }

    /// The most bytes that messages on their way should take: three quarters of what the JVM allows outside its heap.
    public static long messageMemory() {
        return PlatformDependent.maxDirectMemory() / 4 * 3;
    }

    /// Keeps deadlines; its tasks must not wait.
    public ScheduledExecutorService timer() {
        return front.next();
    }

    /// Begins to listen.
    ///
    /// @throws HyperTokenException `bad_field` if it cannot, as when another program has the port; it is closed then
    public void start(Protocol protocol) {
        List<Route> routes = List.copyOf(protocol.routes());
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(front)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        begin(channel, protocol, routes);
                    }
                });
        try {
            servers = Binding.of(bootstrap, settings);
        } catch (HyperTokenException refused) {
            close();
            throw refused;
        }
        timer().scheduleAtFixedRate(workers::watch, 1, 1, TimeUnit.SECONDS);
    }

    /// The port, also where a free one was asked for.
    public int port() {
        List<Channel> bound = servers;
        return bound.isEmpty() ? settings.port() : Binding.port(bound.getFirst());
    }

    /// Where it listens first, as an address names it: host and port.
    public String authority() {
        String host = settings.host();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port();
    }

    /// Takes nobody else in, lets every reply under way reach its socket, and closes each connection with 1001; returns
    /// when that is done, in less than four seconds even if a step holds a loop for ever.
    ///
    /// @return whether all connections ended in order
    public boolean stop() {
        places.close();
        for (Channel bound : servers) {
            bound.close().awaitUninterruptibly(LOOPS_STOP_MILLIS, TimeUnit.MILLISECONDS);
        }
        streams.forEach(HttpStream::close);
        connections.forEach(WebSocketConnection::stop);
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(STOP_MILLIS);
        for (WebSocketConnection connection : connections) {
            connection.awaitEnd(end - System.nanoTime());
        }
        return connections.isEmpty();
    }

    /// Ends the loops, and with them whatever is still open.
    @Override
    public void close() {
        front.shutdownGracefully(0, LOOPS_STOP_MILLIS, TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(LOOPS_STOP_MILLIS, TimeUnit.MILLISECONDS);
        workers.close(LOOPS_STOP_MILLIS);
    }

    ListenerSettings settings() {
        return settings;
    }

    MemoryBudget budget() {
        return budget;
    }

    Metrics metrics() {
        return metrics;
    }

    Places places() {
        return places;
    }

    UnreadReplies unread() {
        return unread;
    }

    /// Exchanges the front loop for a worker's.
    ///
    /// @param arrived what to do there
    void moveToWorker(Channel channel, Runnable arrived) {
        channel.deregister()
                .addListener(left -> workers.next().register(channel).addListener(there -> {
                    if (there.isSuccess()) {
                        arrived.run();
                    } else {
                        channel.close();
                    }
                }));
    }

    void opened(HttpStream stream) {
        streams.add(stream);
        metrics.connected();
    }

    void ended(HttpStream stream) {
        streams.remove(stream);
        metrics.disconnected();
    }

    void opened(WebSocketConnection connection) {
        connections.add(connection);
    }

    void ended(WebSocketConnection connection) {
        connections.remove(connection);
    }

    private void begin(Channel channel, Protocol protocol, List<Route> routes) {
        findDeadPeers(channel);
        var admission = new Admission(places);
        if (!admission.isAtTheDoor() && dropOldestHandshake()) {
            admission = new Admission(places);
        }
        if (!admission.isAtTheDoor()) {
            metrics.refused("connections");
            channel.close();
            return;
        }
        Admission admitted = admission;
        handshakes.add(channel);
        channel.closeFuture().addListener(closed -> {
            handshakes.remove(channel);
            admitted.leave();
        });
        channel.pipeline()
                .addLast(new HttpServerCodec())
                .addLast(new HttpRequests(this, new HttpRoutes(this, protocol, routes, admitted)));
    }

    /// Whoever has taken longest to say what it wants makes room for a newcomer, who says so at once if it means well:
    /// otherwise a flood of silent connections would keep everybody out until their deadlines.
    private boolean dropOldestHandshake() {
        Iterator<Channel> oldest = handshakes.iterator();
        if (!oldest.hasNext()) {
            return false;
        }
        metrics.refused("handshake");
        oldest.next().close();
        return true;
    }

    /// Whether a connection that has said it wants a WebSocket has a place for it.
    boolean letIn(Channel channel, Admission admission) {
        handshakes.remove(channel);
        while (!admission.comesIn()) {
            if (!places.areOpen() || !dropOldestHandshake()) {
                return false;
            }
        }
        return true;
    }

    static void findDeadPeers(Channel channel) {
        channel.config().setOption(ChannelOption.SO_KEEPALIVE, true);
        channel.config().setOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE), KEEPALIVE_IDLE_SECONDS);
        channel.config()
                .setOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL), KEEPALIVE_INTERVAL_SECONDS);
        channel.config().setOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT), KEEPALIVE_PROBES);
    }
}
