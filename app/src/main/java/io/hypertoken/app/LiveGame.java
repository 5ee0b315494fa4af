package io.hypertoken.app;

import io.hypertoken.env.Options;
import io.hypertoken.env.Spec;
import io.hypertoken.event.EventSink;
import io.hypertoken.server.events.Hub;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A game that plays itself until it is told to stop, and a hub that tells of it and lets its agents be steered.
///
/// @param policies names, for the seats in order
/// @param seed of the first episode
/// @param speed steps a second; 0 for as fast as it can
/// @param episodes how many; 0 for any number
/// @param longest for how long; null for ever
/// @param shown what of the events is shown, as a register message says it; null for nothing
record LiveGame(
        Spec spec,
        Options options,
        List<String> policies,
        long seed,
        double speed,
        int episodes,
        @Nullable Duration longest,
        @Nullable Object shown) {

    /// Refuses a policy that the environment does not know, before anything is started.
    ///
    /// @throws io.hypertoken.HyperTokenException `bad_field`
    void requirePolicies() {
        policies.forEach(name -> NamedPolicy.of(name, spec, options, 0, 1));
    }

    /// Plays it to its end.
    ///
    /// @param hub which it closes in the end; null to play without one
    void play(@Nullable Hub hub, PrintWriter out) throws InterruptedException {
        EventSink events = hub == null ? EventSink.NONE : hub.producer(spec.id());
        try (var play = new LivePlay(spec, options, policies, events, seed, speed);
                var steering = hub == null ? null : steering(play, hub);
                var tail = hub == null || shown == null ? null : tail(hub, shown, out);
                var hook = EndOfProcess.stops(() -> end(play, hub))) {
            out.println(described(play));
            out.flush();
            if (longest != null) {
                stopAfter(longest, play);
            }
            play.play(episodes, episode -> tell(episode, play, out));
        } finally {
            if (hub != null) {
                hub.close();
            }
        }
    }

    private static void end(LivePlay play, @Nullable Hub hub) {
        play.stop();
        if (hub != null) {
            hub.close();
        }
    }

    private Steering steering(LivePlay play, Hub hub) {
        return Steering.of(play, HubConversation.open(HubAddress.of(hub.url())), spec.id());
    }

    private static LiveTail tail(Hub hub, Object shown, PrintWriter out) {
        return new LiveTail(HubConversation.open(HubAddress.of(hub.url())), shown, out);
    }

    private static void stopAfter(Duration time, LivePlay play) {
        Thread.ofPlatform().daemon().name("hypertoken-end").start(() -> {
            try {
                Thread.sleep(time);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            play.stop();
        });
    }

    private String described(LivePlay play) {
        String seats = IntStream.range(0, play.agents().size())
                .mapToObj(k -> play.agents().get(k) + " " + play.policies().get(k))
                .collect(Collectors.joining(", "));
        String pace = speed == 0
                ? "as fast as it can"
                : (speed == Math.rint(speed) ? Long.toString((long) speed) : Double.toString(speed))
                        + " steps a second";
        return spec.id() + ": " + seats + "; seed " + seed + ", " + pace;
    }

    private static void tell(LivePlay.Episode episode, LivePlay play, PrintWriter out) {
        String returns = IntStream.range(0, play.agents().size())
                .mapToObj(k -> String.format(
                        Locale.ROOT,
                        "%s %+.4f",
                        play.agents().get(k),
                        episode.returns().get(k)))
                .collect(Collectors.joining(", "));
        out.println("episode " + episode.number() + ", seed " + episode.seed() + ", " + episode.length() + " steps: "
                + returns);
        out.flush();
    }
}
