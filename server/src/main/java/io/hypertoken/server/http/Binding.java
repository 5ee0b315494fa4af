package io.hypertoken.server.http;

import static io.hypertoken.ErrorCode.BAD_FIELD;

import io.hypertoken.HyperTokenException;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes one port at several addresses, all or none.
final class Binding {
    private static final Logger LOG = LoggerFactory.getLogger(Binding.class);
    /// A free port at the first address may be taken at the next; then another is tried.
    private static final int TRIES = 8;

    private Binding() {}

    /// @throws HyperTokenException `bad_field`
    static List<Channel> of(ServerBootstrap bootstrap, ListenerSettings settings) {
        for (int tried = 1; ; tried++) {
            var bound = new ArrayList<Channel>();
            for (String host : settings.hosts()) {
                int port = bound.isEmpty() ? settings.port() : port(bound.getFirst());
                ChannelFuture taken = bootstrap.bind(host, port).awaitUninterruptibly();
                if (taken.isSuccess()) {
                    bound.add(taken.channel());
                } else if (!bound.isEmpty() && !isOurs(host)) {
                    LOG.debug("this machine has no address {}", host);
                } else {
                    bound.forEach(channel -> channel.close().awaitUninterruptibly());
                    if (settings.port() == 0 && !bound.isEmpty() && tried < TRIES) {
                        bound.clear();
                        break;
                    }
                    throw refusal(host, port, settings.advice(), taken.cause());
                }
            }
            if (!bound.isEmpty()) {
                return List.copyOf(bound);
            }
        }
    }

    static int port(Channel bound) {
        return ((InetSocketAddress) bound.localAddress()).getPort();
    }

    private static boolean isOurs(String host) {
        try {
            return NetworkInterface.getByInetAddress(InetAddress.getByName(host)) != null;
        } catch (UnknownHostException | SocketException e) {
            return false;
        }
    }

    private static HyperTokenException refusal(String host, int port, String advice, Throwable cause) {
        return new HyperTokenException(
                BAD_FIELD,
                "cannot listen on " + host + ":" + port,
                cause instanceof UnresolvedAddressException
                        ? "this machine knows no address of that name"
                        : String.valueOf(cause.getMessage()),
                advice,
                cause);
    }
}
