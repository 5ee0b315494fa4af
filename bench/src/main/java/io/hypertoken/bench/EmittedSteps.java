package io.hypertoken.bench;

import static io.hypertoken.env.OptionType.flag;
import static io.hypertoken.space.Spaces.discrete;

import io.hypertoken.engine.Batch;
import io.hypertoken.engine.Settings;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.Environment;
import io.hypertoken.env.Options;
import io.hypertoken.env.Spec;
import io.hypertoken.env.Step;
import io.hypertoken.env.View;
import io.hypertoken.event.Event;
import io.hypertoken.event.EventSink;
import io.hypertoken.server.Limits;
import io.hypertoken.server.events.Hub;
import io.hypertoken.server.events.HubSettings;
import io.hypertoken.server.events.schema.EventSchemas;
import io.hypertoken.server.events.store.MemoryStore;
import io.hypertoken.server.http.Metrics;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/// What a step pays for an event: of the same game that emits none, that emits one which nobody hears, and that emits
/// one to a hub.
///
/// Usage: `java -cp benchmarks.jar io.hypertoken.bench.EmittedSteps SLICES`. It prints for each of the three, taking
/// turns, the median of the nanoseconds a row-step, and how far apart the quartiles lie, half of that.
public final class EmittedSteps {
    private static final int ROWS = 64;
    /// A slice steps so few times that the hub's ring holds all that it emits.
    private static final int STEPS = 256;

    private static final int WARM = 40;

    private EmittedSteps() {}

    /// A game that only tells of itself.
    private static final class Crier implements Environment {
        private final boolean cries;
        private int count;

        Crier(Options options) {
            cries = options.flag("cries");
        }

        static final Spec SPEC = Spec.of("crier", 1)
                .rules("Nothing happens, and is told.")
                .option("cries", flag(), true, "whether it is told")
                .observes(o -> discrete(2))
                .acts("wait", "see")
                .creates(Crier::new);

        @Override
        public void reset(Step step) {
            count = 0;
        }

        @Override
        public void step(Step step) {
            count++;
            if (cries && step.listening()) {
                var facts = new LinkedHashMap<String, Object>();
                facts.put("item", "Coal");
                facts.put("price", 150 + (count & 7));
                facts.put("change", 1);
                facts.put("volume", 100);
                step.emit(new Event("price_update", facts));
            }
        }

        @Override
        public void observe(int agent, View view) {
            view.set(count & 1);
        }
    }

    /// One of the three, and the nanoseconds a row-step of each of its slices.
    private static final class Contestant {
        final String name;
        final VectorEnvironment vector;
        final double[] nanos;

        Contestant(String name, VectorEnvironment vector, double[] nanos) {
            this.name = name;
            this.vector = vector;
            this.nanos = nanos;
        }
    }

    /// Measures, and prints.
    public static void main(String[] arguments) {
        int slices = Integer.parseInt(arguments[0]);
        var hub = Hub.start(
                HubSettings.DEFAULT.keepsLog(true),
                new MemoryStore(64 << 20),
                EventSchemas.known(),
                Metrics.within(Limits.DEFAULT));
        var contestants = List.of(
                new Contestant("none", open(false, EventSink.NONE), new double[slices]),
                new Contestant("unheard", open(true, EventSink.NONE), new double[slices]),
                new Contestant("heard", open(true, hub.producer("crier")), new double[slices]));
        for (int slice = -WARM; slice < slices; slice++) {
            for (Contestant each : contestants) {
                double took = slice(each.vector);
                if (slice >= 0) {
                    each.nanos[slice] = took;
                }
                // The hub takes what was emitted, so that its ring is empty for the next slice.
                LockSupport.parkNanos(each.name.equals("heard") ? 200_000_000 : 1_000_000);
            }
        }
        for (Contestant each : contestants) {
            double[] all = each.nanos;
            Arrays.sort(all);
            double median = all[all.length / 2];
            double spread = (all[all.length * 3 / 4] - all[all.length / 4]) / 2;
            System.out.printf(Locale.ROOT, "%s %.2f %.2f%n", each.name, median, spread);
            each.vector.close();
        }
        hub.close();
    }

    private static VectorEnvironment open(boolean cries, EventSink sink) {
        Options options = Crier.SPEC.options(Map.of("cries", cries));
        var vector = VectorEnvironment.open(
                Crier.SPEC, options, Settings.DEFAULT.rows(ROWS).events(sink));
        vector.reset(1);
        Batch batch = vector.batch();
        for (int row = 0; row < ROWS; row++) {
            batch.action(row, 0, 1);
        }
        return vector;
    }

    private static double slice(VectorEnvironment vector) {
        long began = System.nanoTime();
        for (int step = 0; step < STEPS; step++) {
            vector.step();
        }
        return (double) (System.nanoTime() - began) / STEPS / ROWS;
    }
}
