package io.hypertoken.engine;

import static io.hypertoken.engine.Vectors.open;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypertoken.env.Environment;
import io.hypertoken.env.Spec;
import io.hypertoken.env.Step;
import io.hypertoken.env.View;
import io.hypertoken.fixture.Auction;
import io.hypertoken.fixture.Fuse;
import io.hypertoken.record.ScriptedActions;
import io.hypertoken.space.Spaces;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

class ThreadsTest {
    private static final Settings SHARED = Settings.DEFAULT.rows(10).tuning(Tuning.SHARES_ALWAYS);

    /// Notes which thread steps it.
    private record Witness(Set<String> threads) implements Environment {
        @Override
        public void reset(Step step) {}

        @Override
        public void step(Step step) {
            threads.add(Thread.currentThread().getName());
        }

        @Override
        public void observe(int agent, View view) {}
    }

    @Test
    void everyThreadStepsItsOwnRows() {
        Set<String> threads = ConcurrentHashMap.newKeySet();
        Spec spec =
                Spec.of("witness", 1).observes(Spaces.discrete(1)).acts("go").creates(options -> new Witness(threads));
        try (var vector = open(spec, SHARED.threads(3))) {
            vector.reset(0);
            for (int k = 0; k < 50; k++) {
                vector.step();
            }
        }
        assertThat(threads)
                .containsExactlyInAnyOrder(Thread.currentThread().getName(), "hypertoken-rows-1", "hypertoken-rows-2");
    }

    @Test
    void anyNumberOfThreadsGivesTheSameBytes() {
        try (var one = open(Auction.SPEC, SHARED);
                var two = open(Auction.SPEC, SHARED.threads(2));
                var many = open(Auction.SPEC, SHARED.threads(64))) {
            for (var vector : new VectorEnvironment[] {one, two, many}) {
                vector.reset(3);
            }
            var scripts = new ScriptedActions[] {
                new ScriptedActions(1, 10), new ScriptedActions(1, 10), new ScriptedActions(1, 10)
            };
            for (int k = 0; k < 200; k++) {
                int next = 0;
                for (var vector : new VectorEnvironment[] {one, two, many}) {
                    scripts[next++].choose(vector);
                    vector.step();
                }
                assertThat(Vectors.reply(two)).isEqualTo(Vectors.reply(one));
                assertThat(Vectors.reply(many)).isEqualTo(Vectors.reply(one));
            }
        }
    }

    @Test
    void rowsThatBreakOnSeveralThreadsAreAllReplaced() {
        try (var fuses = open(Fuse.SPEC, SHARED.threads(4), Map.of("breaks", "step", "at", 1))) {
            fuses.reset(0);
            fuses.step();

            assertThat(fuses.quarantined()).isEqualTo(10);
            for (int row = 0; row < 10; row++) {
                assertThat(fuses.info(row, 0)).containsKey("environment_error");
            }
        }
    }

    @Test
    void aStepThatIsSentIsPlayedWhenItIsReceived() {
        try (var sent = open(Auction.SPEC, SHARED.threads(2));
                var stepped = open(Auction.SPEC, SHARED)) {
            sent.reset(3);
            stepped.reset(3);
            var one = new ScriptedActions(1, 10);
            var two = new ScriptedActions(1, 10);
            for (int k = 0; k < 50; k++) {
                one.choose(sent);
                sent.send();
                two.choose(stepped);
                stepped.step();
                sent.recv();
                assertThat(Vectors.reply(sent)).isEqualTo(Vectors.reply(stepped));
            }
        }
    }

    @Test
    void aBadActionIsRefusedAtSendAndNothingIsUnderWay() {
        try (var auctions = open(Auction.SPEC, SHARED)) {
            auctions.reset(3);
            auctions.batch().action(4, auctions.batch().turn(4), 9);
            byte[] before = Vectors.reply(auctions);

            assertThatThrownBy(auctions::send).hasMessageStartingWith("row 4: auction refused action 9");
            assertThatThrownBy(auctions::recv).hasMessage("nothing to receive; no step was sent; call send() first");
            assertThat(Vectors.reply(auctions)).isEqualTo(before);
        }
    }

    @Test
    void nothingElseMayComeBetweenSendAndRecv() {
        try (var auctions = open(Auction.SPEC, SHARED)) {
            auctions.reset(3);
            auctions.send();

            assertThatThrownBy(auctions::step)
                    .hasMessage("a step is under way; send() began it; call recv() before anything else");
            assertThatThrownBy(() -> auctions.reset(1)).hasMessageStartingWith("a step is under way");
            assertThatThrownBy(auctions::send).hasMessageStartingWith("a step is under way");
            auctions.recv();
            auctions.step();
        }
    }

    @Test
    void closingWhileAStepIsUnderWayWaitsForIt() {
        var auctions = open(Auction.SPEC, SHARED.threads(2));
        auctions.reset(3);
        auctions.send();
        auctions.close();

        assertThatThrownBy(auctions::step).hasMessage("this vector is closed; open another");
    }
}
