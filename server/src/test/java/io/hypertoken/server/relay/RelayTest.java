package io.hypertoken.server.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypertoken.HyperTokenException;
import io.hypertoken.engine.Autoreset;
import io.hypertoken.engine.Settings;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.Catalogue;
import io.hypertoken.env.Spec;
import io.hypertoken.server.relay.rows.BrowserResolver;
import io.hypertoken.server.relay.wire.RowLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Pages and players at one relay, each at its own end of a real connection.
class RelayTest {
    private final Catalogue catalogue = new Catalogue(List.of(), List.of(new BrowserResolver()));
    private Relay relay = Relay.start(new RelaySettings(catalogue, 0));

    @AfterEach
    void stop() {
        relay.close();
    }

    private VectorEnvironment open(int rows, Map<String, ?> options) {
        String address = relay.url().substring("ws://".length());
        Spec spec = catalogue.find("browser:counter@" + address);
        Settings settings = Settings.DEFAULT.rows(rows).autoreset(Autoreset.SAME_STEP);
        return VectorEnvironment.open(spec, spec.options(options), settings);
    }

    private static void begin(VectorEnvironment vector) {
        vector.reset(1);
    }

    private static String info(VectorEnvironment vector, int row, String key) {
        Object now = vector.info(row, 0).get(key);
        return String.valueOf(now == null ? vector.finalInfo(row, 0).get(key) : now);
    }

    @Test
    void rowsOfSeveralPagesStepTogetherWithOneMessageToEach() {
        try (var first = HostedPage.of(relay, 3);
                var second = HostedPage.of(relay, 3);
                var vector = open(5, Map.of())) {
            begin(vector);
            for (int k = 1; k <= 25; k++) {
                vector.step();
                for (int row = 0; row < 5; row++) {
                    assertThat(vector.batch().observation(row, 0, 0, 0)).isEqualTo(k % 10);
                    assertThat(vector.batch().terminated(row, 0)).isEqualTo(k % 10 == 0);
                }
            }
            assertThat(first.questions)
                    .as("a reset, 25 steps, and two for the ends")
                    .isEqualTo(28);
            assertThat(second.questions).isEqualTo(28);
        }
    }

    @Test
    void aVectorWaitsUntilThereAreAsManyInstances() throws Exception {
        try (var first = HostedPage.of(relay, 2)) {
            var opening = CompletableFuture.supplyAsync(
                    () -> open(3, Map.of("page_deadline", 20)), Thread::startVirtualThread);
            assertThat(opening).isNotDone();
            try (var second = HostedPage.of(relay, 2);
                    var vector = opening.get(10, TimeUnit.SECONDS)) {
                begin(vector);
                assertThat(first.questions + second.questions).isEqualTo(2);
            }
        }
    }

    @Test
    void tooFewInstancesAreToldWithWhatThereIs() {
        try (var page = HostedPage.of(relay, 2)) {
            assertThatThrownBy(() -> open(3, Map.of("page_deadline", 0.1)))
                    .isInstanceOf(HyperTokenException.class)
                    .hasMessage(
                            "there are not enough pages of counter; 1 pages host 2 instances of counter, of which 2 are"
                                    + " free, and 3 are wanted; waited 0.1 s; open its page once more, or let the page host more"
                                    + " instances; the relay is at " + relay.url());
        }
    }

    @Test
    void aSpareTakesThePlaceOfALostPageInTheSameStep() {
        try (var first = HostedPage.of(relay, 2);
                var vector = open(2, Map.of());
                var spare = HostedPage.of(relay, 2)) {
            begin(vector);
            vector.step();
            first.close();
            int lost = 0;
            for (int k = 0; k < 200 && lost == 0; k++) { // its end is seen in a moment
                vector.step();
                lost = vector.batch().truncated(0, 0) ? 1 : 0;
            }
            assertThat(info(vector, 0, "guest_lost")).isEqualTo("its page was closed or reloaded");
            assertThat(vector.batch().reward(1, 0)).isZero();
            assertThat(vector.batch().terminated(1, 0)).isFalse();
            assertThat(vector.batch().alive(1, 0)).isTrue();
            vector.step();
            assertThat(vector.batch().observation(0, 0, 0, 0)).isEqualTo(1);
            assertThat(spare.questions).isGreaterThanOrEqualTo(2);
        }
    }

    @Test
    void aPageThatDoesNotAnswerIsGivenUpAtItsDeadlineAndNeverAskedAgain() throws Exception {
        try (var page = HostedPage.of(relay, 1);
                var vector = open(1, Map.of("step_deadline", 0.2, "page_deadline", 0.05))) {
            begin(vector);
            page.answering(answer -> null);
            long began = System.nanoTime();
            vector.step();
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
            assertThat(millis).isBetween(190L, 2_000L);
            assertThat(info(vector, 0, "environment_failed")).contains("no page hosts counter");
            assertThat(page.closed.get(5, TimeUnit.SECONDS)).isEqualTo("1008 its page did not answer within 0.2 s");
            int asked = page.questions;
            vector.step();
            assertThat(page.questions).isEqualTo(asked);
        }
    }

    @Test
    void anAnswerOfTheWrongShapeIsAnErrorAndNeverData() throws Exception {
        try (var page = HostedPage.of(relay, 1);
                var vector = open(1, Map.of("page_deadline", 0.05))) {
            begin(vector);
            page.answering(answer -> answer.limit(answer.limit() - 8));
            vector.step();
            assertThat(vector.batch().truncated(0, 0)).isTrue();
            assertThat(vector.batch().reward(0, 0)).isZero();
            assertThat(page.closed.get(5, TimeUnit.SECONDS))
                    .isEqualTo("1008 it answered with 64 bytes where its game's rows take 72");
        }
    }

    @Test
    void infosThatAreNoJsonLoseThePage() throws Exception {
        try (var page = HostedPage.of(relay, 1);
                var vector = open(1, Map.of("page_deadline", 0.05))) {
            begin(vector);
            page.answering(answer -> {
                var longer = ByteBuffer.allocate(answer.capacity() + 4)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .put(answer.rewind());
                return longer.putInt(RowLayout.JSON_AT, 4).put("{\"0\"".getBytes(StandardCharsets.US_ASCII));
            });
            vector.step();
            assertThat(vector.batch().truncated(0, 0)).isTrue();
            assertThat(page.closed.get(5, TimeUnit.SECONDS)).startsWith("1008 its page's infos are no JSON");
        }
    }

    @Test
    void aRewardThatIsNoNumberEndsItsRowAloneAndTheInstanceIsMadeAnew() {
        try (var page = HostedPage.of(relay, 2);
                var vector = open(2, Map.of())) {
            begin(vector);
            page.answering(answer -> {
                int at = Double.BYTES + 24 + 8 + 8; // behind the head, the states and the turns, row 1's
                return answer.putDouble(at, answer.getDouble(at) == 1 ? Double.NaN : 0);
            });
            vector.step();
            assertThat(info(vector, 1, "environment_error")).contains("the game gave the reward NaN");
            assertThat(vector.batch().truncated(1, 0)).isTrue();
            assertThat(vector.batch().truncated(0, 0)).isFalse();
            assertThat(vector.batch().alive(1, 0)).isTrue();
        }
    }

    @Test
    void anAnswerThatNobodyAskedForIsDropped() {
        try (var page = HostedPage.of(relay, 1);
                var vector = open(1, Map.of("step_deadline", 0.3, "page_deadline", 0.05))) {
            begin(vector);
            page.answering(answer -> answer.putInt(RowLayout.ID_AT, 4711));
            vector.step();
            assertThat(vector.batch().truncated(0, 0))
                    .as("it has never answered")
                    .isTrue();
        }
    }

    @Test
    void pagesOfOneNameHostOneGame() throws Exception {
        try (var page = HostedPage.of(relay, 1);
                var other = new HostedPage(relay, HostedPage.HELLO.formatted(1).replace("\"n\":2", "\"n\":3"))) {
            assertThat(other.next("refused").get("why"))
                    .isEqualTo("another page hosts counter with other spaces or rules; pages of one name are one game;"
                            + " close that page, or choose another name");
            assertThat(other.closed.get(5, TimeUnit.SECONDS)).startsWith("1008 ");
            assertThat(page.closed).isNotDone();
        }
    }

    @Test
    void aPageThatAnnouncesWhatCannotBeHostedIsToldWhy() {
        Map<String, String> refusals = Map.of(
                HostedPage.HELLO.formatted(1).replace("box", "text"), "refused the space type \"text\"",
                HostedPage.HELLO.formatted(1).replace("\"protocol\":1", "\"protocol\":2"), "host refused protocol=2",
                HostedPage.HELLO.formatted(5000), "host refused instances=5000",
                HostedPage.HELLO.formatted(1).replace("counter", "../etc"), "host refused name=\"../etc\"",
                HostedPage.HELLO.formatted(1).replace("[1]", "[100000,100000]"), "observation_space");
        refusals.forEach((hello, why) -> {
            try (var page = new HostedPage(relay, hello)) {
                assertThat(String.valueOf(page.next("refused").get("why"))).contains(why);
            }
        });
        assertThat(relay.games()).isEmpty();
    }

    @Test
    void aTabThatConnectsAgainReplacesItself() throws Exception {
        String hello = HostedPage.HELLO.formatted(1).replace("\"type\":\"host\"", "\"type\":\"host\",\"tab\":\"t1\"");
        try (var ghost = new HostedPage(relay, hello)) {
            ghost.next("welcome");
            try (var again = new HostedPage(relay, hello)) {
                again.next("welcome");
                assertThat(ghost.closed.get(5, TimeUnit.SECONDS)).isEqualTo("1008 this tab has another connection");
                assertThat(relay.games())
                        .singleElement()
                        .satisfies(game -> assertThat(game).containsEntry("pages", 1));
            }
        }
    }

    @Test
    void aRelayThatIsStartedAgainIsFoundAgain() {
        int port = relay.port();
        var page = HostedPage.of(relay, 1);
        try (var vector = open(1, Map.of("page_deadline", 10))) {
            begin(vector);
            vector.step();
            relay.close();
            relay = Relay.start(new RelaySettings(catalogue, port));
            try (var back = HostedPage.of(relay, 1)) {
                vector.step();
                assertThat(info(vector, 0, "guest_lost"))
                        .containsAnyOf("the relay is gone", "its page was closed"); // whichever it saw first
                vector.step();
                assertThat(back.questions).isGreaterThan(0);
                assertThat(vector.batch().alive(0, 0)).isTrue();
            }
        } finally {
            page.close();
        }
    }

    @Test
    void threeLossesInAMinuteWithoutAnEpisodeBetweenAreTheLast() {
        try (var page = HostedPage.of(relay, 1);
                var vector = open(1, Map.of("page_deadline", 5))) {
            begin(vector);
            HostedPage current = page;
            for (int loss = 0; loss < 3; loss++) {
                var next = HostedPage.of(relay, 1);
                current.close();
                do {
                    vector.step();
                } while (!vector.batch().truncated(0, 0));
                current = next;
            }
            assertThat(info(vector, 0, "environment_failed"))
                    .contains(
                            "its page was lost 3 times within 60 s, and no episode came to its end between; at last its page was closed");
            current.close();
        }
    }
}
