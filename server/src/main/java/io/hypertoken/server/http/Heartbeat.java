package io.hypertoken.server.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import java.util.concurrent.TimeUnit;

/// Pings a peer now and then, and gives it up when two pings in a row met no sign of life. On the connection's loop.
///
/// A sign is any byte that arrives; and, where much waits for the peer, that it takes some of it: its pong stands
/// behind
/// all that it has yet to read.
final class Heartbeat {
    private static final int MISSES = 2;

    private final Channel channel;
    private final long millis;
    private final Runnable dead;
    private int misses;
    private boolean owed;
    private int firstBefore;
    private long progressBefore;

    /// @param millis between two pings
    /// @param dead what to do with a peer that shows no sign of life
    Heartbeat(Channel channel, long millis, Runnable dead) {
        this.channel = channel;
        this.millis = millis;
        this.dead = dead;
    }

    void begin() {
        channel.eventLoop().schedule(this::beat, millis, TimeUnit.MILLISECONDS);
    }

    /// The peer has sent something.
    void heard() {
        owed = false;
    }

    private void beat() {
        if (!channel.isActive()) {
            return;
        }
        misses = owed && !reads() ? misses + 1 : 0;
        if (misses >= MISSES) {
            dead.run();
            return;
        }
        owed = true;
        channel.writeAndFlush(new PingWebSocketFrame(), channel.voidPromise());
        begin();
    }

    /// Whether a peer that was behind has taken something meanwhile: another message is at the head of what waits, or
    /// more of the same has gone.
    private boolean reads() {
        ChannelOutboundBuffer out = channel.unsafe().outboundBuffer();
        Object first = out == null ? null : out.current();
        long progress = out == null ? 0 : out.currentProgress();
        boolean moved =
                firstBefore != 0 && (System.identityHashCode(first) != firstBefore || progress != progressBefore);
        firstBefore = System.identityHashCode(first); // 0 for null
        progressBefore = progress;
        return moved;
    }
}
