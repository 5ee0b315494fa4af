package io.hypertoken.server.http;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The loops of open WebSockets, one a core; connections are dealt to them in turn.
///
/// A protocol may run a step of its own on them. One that never ends holds its loop and the connections of that loop
/// for ever, so each loop is asked for a sign of life every second. One that owes it is passed over, and one that has
/// owed it for long gets a successor for the connections to come.
final class WorkerLoops {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerLoops.class);
    private static final int MOST_REPLACED = 64;
    /// Seconds without a sign; a machine under load may be silent for one or two.
    private static final int STUCK_AFTER = 3;

    private final List<Loop> loops = new ArrayList<>();
    private final List<Loop> stuck = new ArrayList<>();
    private int turn;

    private static final class Loop {
        private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("hypertoken-worker", true), NioIoHandler.newFactory());
        private volatile boolean owesSign;
        private int silentSeconds;

        EventLoop loop() {
            return group.next();
        }

        /// @return for how many seconds it has been silent
        int askForSign() {
            if (owesSign) {
                return ++silentSeconds;
            }
            owesSign = true;
            silentSeconds = 0;
            loop().execute(() -> owesSign = false);
            return 0;
        }
    }

    WorkerLoops(int count) {
        for (int k = 0; k < count; k++) {
            loops.add(new Loop());
        }
    }

    synchronized EventLoop next() {
        for (int k = 0; k < loops.size(); k++) {
            turn = (turn + 1) % loops.size();
            if (loops.get(turn).silentSeconds == 0) {
                break;
            }
        }
        return loops.get(turn).loop();
    }

    /// Asks each loop for a sign of life, and replaces those that have given none for too long.
    synchronized void watch() {
        for (int k = 0; k < loops.size(); k++) {
            if (loops.get(k).askForSign() >= STUCK_AFTER && stuck.size() < MOST_REPLACED) {
                LOG.warn(
                        "a worker loop has not answered for {} s, as when a step does not end; new connections get"
                                + " another loop",
                        STUCK_AFTER);
                stuck.add(loops.get(k));
                loops.set(k, new Loop());
            }
        }
    }

    /// Ends all loops; those that are stuck end with the process.
    synchronized void close(long millis) {
        var all = new ArrayList<>(loops);
        all.addAll(stuck);
        all.forEach(loop -> loop.group.shutdownGracefully(0, millis, TimeUnit.MILLISECONDS));
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        for (Loop loop : all) {
            loop.group
                    .terminationFuture()
                    .awaitUninterruptibly(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        }
    }
}
