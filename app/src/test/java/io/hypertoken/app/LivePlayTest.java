package io.hypertoken.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.env.Catalogue;
import io.hypertoken.env.Spec;
import io.hypertoken.event.Event;
import io.hypertoken.event.EventSink;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LivePlayTest {
    private static final Catalogue CATALOGUE = Catalogue.of(LivePlayTest.class.getClassLoader());

    private final List<Event> events = Collections.synchronizedList(new ArrayList<>());
    private final EventSink sink = (row, episode, step, event) -> events.add(event);

    private LivePlay play(String id, Map<String, ?> options, double speed, String... policies) {
        Spec spec = CATALOGUE.find(id);
        return new LivePlay(spec, spec.options(options), List.of(policies), sink, 7, speed);
    }

    private static Thread playing(LivePlay play, int episodes, CountDownLatch ended) {
        return Thread.ofPlatform().daemon().start(() -> {
            try {
                play.play(episodes, episode -> {});
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            ended.countDown();
        });
    }

    private long decisions(String agent) {
        synchronized (events) {
            return events.stream()
                    .filter(event -> event.type().equals("agent_decision"))
                    .filter(event -> agent.equals(event.facts().get("agent_id")))
                    .count();
        }
    }

    @Test
    void everyEpisodeCanBePlayedAgainByItsSeed() throws InterruptedException {
        var first = new ArrayList<LivePlay.Episode>();
        var again = new ArrayList<LivePlay.Episode>();
        try (var play = play("tic-tac-toe", Map.of(), 0, "random")) {
            play.play(3, first::add);
        }
        Spec spec = CATALOGUE.find("tic-tac-toe");
        try (var play = new LivePlay(spec, spec.options(Map.of()), List.of("random"), EventSink.NONE, 7, 0)) {
            play.play(1, again::add);
        }

        assertThat(first).extracting(LivePlay.Episode::seed).containsExactly(7L, 8L, 9L);
        assertThat(again.getFirst()).isEqualTo(first.getFirst());
        assertThat(events)
                .extracting(Event::type)
                .containsOnly("episode_finished")
                .hasSize(6);
        assertThat(events.getFirst().facts()).containsEntry("policy", "random").containsEntry("seed", 7L);
    }

    @Test
    void whoIsPausedInAMarketHoldsWhileTheOthersGoOn() throws InterruptedException {
        var ended = new CountDownLatch(1);
        try (var play = play("exchange", Map.of("agents", 2, "windows", 60), 0, "spread-catcher")) {
            play.pause("agent_1", true);
            Thread thread = playing(play, 1, ended);

            assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
            thread.join();
        }

        assertThat(events.stream()
                        .filter(event -> event.type().equals("trade_executed"))
                        .map(event -> event.facts().get("agent_id"))
                        .distinct())
                .containsExactly("agent_0");
        assertThat(decisions("agent_0")).isPositive();
    }

    @Test
    void aGameStandsStillWhileAllArePausedAndGoesOnAfterwards() throws InterruptedException {
        var ended = new CountDownLatch(1);
        try (var play = play("tic-tac-toe", Map.of(), 0, "random")) {
            play.pause("player_1", true); // it begins
            Thread thread = playing(play, 1, ended);

            assertThat(ended.await(200, TimeUnit.MILLISECONDS)).isFalse();
            assertThat(events).isEmpty();

            play.pause("player_1", false);
            assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
            thread.join();
        }
        assertThat(events).isNotEmpty();
    }

    @Test
    void thePaceMayBeSlowerThanTheClockCanCount() throws InterruptedException {
        var ended = new CountDownLatch(1);
        try (var play = play("tic-tac-toe", Map.of(), 1e-300, "random")) {
            Thread thread = playing(play, 1, ended);

            assertThat(ended.await(200, TimeUnit.MILLISECONDS)).isFalse();

            play.speed(5e-324);
            assertThat(ended.await(100, TimeUnit.MILLISECONDS)).isFalse();

            play.speed(0);
            assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
            thread.join();
        }
    }

    @Test
    void aNewPaceCountsAtOnceAndAStopEndsALongWait() throws InterruptedException {
        var slow = new CountDownLatch(1);
        var stopped = new CountDownLatch(1);
        try (var play = play("tic-tac-toe", Map.of(), 0.001, "random");
                var other = play("tic-tac-toe", Map.of(), 0.001, "random")) {
            Thread first = playing(play, 1, slow);
            Thread second = playing(other, 1, stopped);

            play.speed(0);
            other.stop();

            assertThat(slow.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(stopped.await(30, TimeUnit.SECONDS)).isTrue();
            first.join();
            second.join();
        }
    }
}
