package io.hypertoken.bench;

import io.hypertoken.engine.Autoreset;
import io.hypertoken.engine.Settings;
import io.hypertoken.engine.Tuning;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.Catalogue;
import io.hypertoken.env.Options;
import io.hypertoken.env.Spec;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// Steps a vector by random legal actions; one operation is one step of all its rows.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 2,
        jvmArgsAppend = {"-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class EngineSteps {
    private static final int SHORTEST = 256;
    private static final int LONGEST = 65_536;
    private static final int MOST_ROW_STEPS = 1 << 22;

    /// What is stepped.
    @Param({"CartPole-v1", "casino-blackjack"})
    public String environment = "";

    /// Its options, as `name=value` separated by semicolons.
    @Param("")
    public String options = "";

    /// How many copies of it.
    @Param({"1", "64", "4096", "65536"})
    public int rows;

    /// How many threads may share a step.
    @Param({"1", "2"})
    public int threads;

    /// Whether the environment's twin steps in its place; then it must have one.
    @Param("false")
    public boolean twins;

    /// When an ended row begins anew.
    @Param("NEXT_STEP")
    public Autoreset autoreset = Autoreset.NEXT_STEP;

    @SuppressWarnings("NullAway.Init") // JMH calls open() before anything else
    private RecordedPlay play;

    /// Opens the vector and records the play.
    @Setup
    public void open() {
        Spec spec = Catalogue.of(EngineSteps.class.getClassLoader()).find(environment);
        Options opened = spec.options(given(options));
        if (twins && spec.createTwin(opened, 1) == null) {
            throw new IllegalArgumentException(environment + " has no twin; leave it out, or pass twins=false");
        }
        var settings = Settings.DEFAULT
                .rows(rows)
                .threads(threads)
                .autoreset(autoreset)
                .tuning(new Tuning(false, twins));
        int length = Math.clamp(MOST_ROW_STEPS / rows, SHORTEST, LONGEST);
        play = new RecordedPlay(VectorEnvironment.open(spec, opened, settings), length);
        System.out.printf(Locale.ROOT, "# resets: %.6f%n", play.shareOfResets());
    }

    private static Map<String, Object> given(String options) {
        return Arrays.stream(options.split(";"))
                .filter(option -> !option.isEmpty())
                .map(option -> option.split("=", 2))
                .collect(Collectors.toMap(option -> option[0], option -> option[1]));
    }

    /// Frees the vector.
    @TearDown
    public void close() {
        play.close();
    }

    /// One step of all rows.
    @Benchmark
    public void step() {
        play.step();
    }
}
