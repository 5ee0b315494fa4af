package io.hypertoken.check;

import io.hypertoken.DidYouMean;
import io.hypertoken.env.Spec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Holds an environment to the contract: plays whole episodes and crosses autoreset, in every way that the engine can
/// run it, and finds the same trajectory each time.
///
/// ```java
/// @TestFactory
/// Stream<DynamicTest> myGameKeepsTheContract() {
///     var conformance = Conformance.of(MyGame.SPEC);
///     return Conformance.checks().stream()
///             .map(check -> dynamicTest(check.name(), () -> conformance.require(check)));
/// }
/// ```
/// The kit knows no environment by name. What it cannot check is listed by [#notChecked()].
public final class Conformance {
    private static final List<Check> CHECKS = Stream.of(
                    DeclarationChecks.all(),
                    PlayChecks.all(),
                    TrajectoryChecks.all(),
                    ForgedSnapshots.all(),
                    RefusalChecks.all(),
                    CostChecks.all())
            .flatMap(List::stream)
            .toList();

    private final Spec spec;
    private final Map<String, Object> options = new LinkedHashMap<>();
    private long seed = 1;
    private int steps; // 0: as many as the first episode wants
    private int forgeries = Trial.USUAL_FORGERIES;
    private String place = "";

    private Conformance(Spec spec) {
        this.spec = spec;
    }

    /// The kit for an environment with default options.
    public static Conformance of(Spec spec) {
        return new Conformance(spec);
    }

    /// Checks it with this construction option.
    public Conformance option(String name, Object value) {
        options.put(name, value);
        return this;
    }

    /// Plays from this seed; 1 when this is left out.
    public Conformance seed(long first) {
        seed = first;
        return this;
    }

    /// Plays so many steps of each row; when this is left out 500, or more where an episode is longer, so that it ends.
    public Conformance steps(int count) {
        steps = count;
        return this;
    }

    /// Restores so many changed forms of each saved state; 600 when this is left out.
    public Conformance forgeries(int count) {
        forgeries = count;
        return this;
    }

    /// Words to add to the commands that reproduce a failure, such as `--jar target/my.jar`.
    public Conformance foundBy(String words) {
        place += " " + words;
        return this;
    }

    /// All that is looked at, in order.
    public static List<Check> checks() {
        return CHECKS;
    }

    /// The check of this name.
    ///
    /// @throws IllegalArgumentException if there is none, naming the nearest ones
    public static Check check(String name) {
        return CHECKS.stream()
                .filter(check -> check.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no check " + name + "; "
                        + DidYouMean.hint(name, CHECKS.stream().map(Check::name).toList())));
    }

    /// What stays unchecked, a sentence each.
    public static List<String> notChecked() {
        return List.of(
                "whether the rules are right: hold them by known numbers, a playthrough or a peer's trajectory",
                "states that random play does not reach; play longer with --steps, or from other seeds",
                "what drawings, info, metrics and events say, and whether an agent's drawing tells what it may not know",
                "whether every machine agrees: Math.sin and its like differ in the last bit, StrictMath does not");
    }

    /// Runs every check.
    public List<Finding> run() {
        return CHECKS.stream().map(this::run).toList();
    }

    /// Runs one check.
    public Finding run(Check check) {
        try {
            check.look(trial());
            return new Finding(check, Outcome.PASSED, "", command(check));
        } catch (Verdict verdict) {
            return new Finding(check, verdict.outcome(), String.valueOf(verdict.getMessage()), command(check));
        } catch (RuntimeException | StackOverflowError thrown) {
            return new Finding(
                    check,
                    Outcome.FAILED,
                    spec + " threw " + thrown + at(thrown) + "; nothing in it may throw; mend it",
                    command(check));
        }
    }

    private Trial trial() {
        var asked = new Trial(spec, spec.options(options), seed, steps, forgeries);
        if (steps > 0) {
            return asked;
        }
        Trial usual = asked.ofUsualLength();
        steps = usual.steps();
        return usual;
    }

    /// Runs one check and throws unless it passed or does not apply.
    ///
    /// @throws AssertionError with the finding, and the command that reproduces it
    public void require(Check check) {
        Finding finding = run(check);
        if (finding.outcome() == Outcome.FAILED || finding.outcome() == Outcome.WARNED) {
            throw new AssertionError(finding.toString());
        }
    }

    private String command(Check check) {
        String given = options.entrySet().stream()
                .map(option -> " --" + option.getKey() + "=" + option.getValue())
                .collect(Collectors.joining());
        return "hypertoken check " + spec.id() + place + given + " --seed=" + seed
                + (steps > 0 ? " --steps=" + steps : "") + " --only=" + check.name();
    }

    private static String at(Throwable thrown) {
        StackTraceElement[] trace = thrown.getStackTrace();
        return trace.length == 0 ? "" : " at " + trace[0];
    }
}
