package io.hypertoken.app;

import io.hypertoken.check.Check;
import io.hypertoken.check.Conformance;
import io.hypertoken.check.Finding;
import io.hypertoken.check.Outcome;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Runs the conformance kit on an environment. Exit codes: 0 it conforms, 1 a check failed.
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = {
            "Hold an environment to the contract, yours (--jar) or a shipped one.",
            "Says what was checked and what was not; a failure prints the command that shows it again."
        })
final class CheckCommand implements Callable<Integer> {
    @Mixin
    private EnvironmentArguments environment = new EnvironmentArguments();

    @Option(
            names = "--seed",
            defaultValue = "1",
            converter = WholeNumber.Seed.class,
            description = "Play from this seed (default ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--steps",
            converter = WholeNumber.Count.class,
            description = "Steps of each row (default 500, or more where an episode is longer, so that it ends).")
    private int steps;

    @Option(names = "--only", paramLabel = "CHECK", split = ",", description = "Run only these checks.")
    private List<String> only = List.of();

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() {
        var declared = environment.declared();
        var conformance = Conformance.of(environment.spec()).seed(seed).steps(steps);
        environment.options(); // refuses a bad option before anything runs
        declared.given(environment.spec()).forEach(conformance::option);
        declared.jars().forEach(jar -> conformance.foundBy("--jar=" + jar));
        PrintWriter out = command.commandLine().getOut();
        boolean failed = false;
        for (Check check : chosen()) {
            Finding finding = conformance.run(check);
            print(out, finding);
            failed |= finding.outcome() == Outcome.FAILED;
        }
        out.println("not checked:");
        Conformance.notChecked().forEach(line -> out.println("        " + line));
        out.println(environment.spec() + (failed ? " breaks the contract" : " keeps the contract"));
        return failed ? 1 : 0;
    }

    private List<Check> chosen() {
        if (only.isEmpty()) {
            return Conformance.checks();
        }
        try {
            return only.stream().map(Conformance::check).toList();
        } catch (IllegalArgumentException unknown) {
            throw new ParameterException(command.commandLine(), unknown.getMessage(), unknown);
        }
    }

    private static void print(PrintWriter out, Finding finding) {
        String word = switch (finding.outcome()) {
            case PASSED -> "ok";
            case NOT_APPLICABLE -> "n/a";
            case WARNED -> "warn";
            case FAILED -> "FAIL";
        };
        out.printf(
                Locale.ROOT,
                "%-7s %-15s %s%n",
                word,
                finding.check().name(),
                finding.check().about());
        if (!finding.text().isEmpty()) {
            out.println("        " + finding.text());
        }
        if (finding.outcome() == Outcome.WARNED || finding.outcome() == Outcome.FAILED) {
            out.println("        again: " + finding.command());
        }
    }
}
