package io.hypertoken.app;

import io.hypertoken.HyperTokenException;
import io.hypertoken.app.matches.Table;
import io.hypertoken.learn.run.RunFolder;
import io.hypertoken.learn.store.JsonFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Lists trainings by their folders, and says in what they differ.
@Command(
        name = "runs",
        mixinStandardHelpOptions = true,
        description = {
            "List the runs of hypertoken train in a folder, the best return first within each environment.",
            "Name several runs to compare them: only what they differ in is shown. A run that cannot be read, or has told"
                    + " nothing yet, is listed with the reason."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  hypertoken runs",
            "  hypertoken runs --in /data/runs --json",
            "  hypertoken runs runs/cartpole-v1/20260101-120000-s1 runs/cartpole-v1/20260101-120500-s2"
        })
final class RunsCommand implements Callable<Integer> {
    private static final int DEEP = 4;
    private static final Set<String> NAMES = Set.of(RunFolder.CONFIG, RunFolder.METRICS);

    @Parameters(arity = "0..*", paramLabel = "DIR", description = "Runs to compare; without any, all are listed.")
    private List<Path> named = new ArrayList<>();

    @Option(
            names = "--in",
            paramLabel = "DIR",
            defaultValue = "runs",
            description = "Where runs are looked for (default" + " ${DEFAULT-VALUE}).")
    private Path in = Path.of("");

    @Option(names = "--json", description = "Print one JSON object instead of a table.")
    private boolean json;

    @Spec
    private CommandSpec command;

    /// @param trouble why there is nothing to tell of it; empty if there is
    private record Run(
            Path folder,
            String environment,
            Map<String, Object> settings,
            Map<String, @Nullable Object> last,
            String trouble) {
        static Run broken(Path folder, String trouble) {
            return new Run(folder, "?", Map.of(), Map.of(), trouble);
        }

        Map<String, Object> told() {
            var told = new LinkedHashMap<String, Object>();
            told.put("run", folder.toString());
            told.put("environment", environment);
            last.forEach((name, value) -> {
                if (value != null) {
                    told.put(name, value);
                }
            });
            told.put("settings", settings);
            if (!trouble.isEmpty()) {
                told.put("trouble", trouble);
            }
            return told;
        }

        double figure(String name) {
            return last.get(name) instanceof Number number ? number.doubleValue() : Double.NaN;
        }
    }

    @Override
    public Integer call() throws IOException {
        PrintWriter out = command.commandLine().getOut();
        List<Run> runs = (named.isEmpty() ? found() : named)
                .stream()
                        .map(RunsCommand::read)
                        .sorted(Comparator.comparing(Run::environment)
                                .thenComparing(Comparator.comparingDouble(RunsCommand::ordered)
                                        .reversed()))
                        .toList();
        if (json) {
            out.println(
                    JsonFile.line(Map.of("runs", runs.stream().map(Run::told).toList())));
            return 0;
        }
        if (runs.isEmpty()) {
            out.println("no runs in " + in + "; hypertoken train ENV makes one");
            return 0;
        }
        var table = new Table().add("ENVIRONMENT", "RETURN", "LENGTH", "STEPS", "STEPS/S", "RUN");
        for (Run run : runs) {
            table.add(
                    run.environment,
                    number(run.figure("return"), "%.2f"),
                    number(run.figure("length"), "%.1f"),
                    number(run.figure("step"), "%,.0f"),
                    number(run.figure("steps_per_second"), "%,.0f"),
                    run.folder + (run.trouble.isEmpty() ? "" : "  (" + run.trouble + ")"));
        }
        table.print(out);
        if (named.size() > 1) {
            out.println();
            differences(named.stream().map(RunsCommand::read).toList()).print(out);
        }
        return 0;
    }

    private static double ordered(Run run) {
        double mean = run.figure("return");
        return Double.isNaN(mean) ? Double.NEGATIVE_INFINITY : mean;
    }

    /// Whatever looks like a run: a folder with what one writes first, or what it tells.
    private List<Path> found() throws IOException {
        if (!Files.isDirectory(in)) {
            return List.of();
        }
        try (Stream<Path> files =
                Files.find(in, DEEP, (file, about) -> NAMES.contains(String.valueOf(file.getFileName())))) {
            return files.map(Path::getParent).distinct().sorted().toList();
        }
    }

    private static Run read(Path folder) {
        if (!Files.isDirectory(folder)) {
            return Run.broken(folder, "there is no such folder");
        }
        Map<String, @Nullable Object> config;
        try {
            config = JsonFile.read(folder.resolve(RunFolder.CONFIG));
        } catch (HyperTokenException unread) {
            return Run.broken(
                    folder,
                    Files.exists(folder.resolve(RunFolder.CONFIG))
                            ? RunFolder.CONFIG + " cannot be read"
                            : "no run: there is no " + RunFolder.CONFIG);
        }
        var settings = new LinkedHashMap<String, Object>();
        settings.put("seed", String.valueOf(config.get("seed")));
        settings.put("total_steps", String.valueOf(config.get("total_steps")));
        String id = "?";
        if (config.get("environment") instanceof Map<?, ?> environment) {
            id = String.valueOf(environment.get("id"));
            if (environment.get("options") instanceof Map<?, ?> options) {
                options.forEach((name, value) -> settings.put(String.valueOf(name), String.valueOf(value)));
            }
        }
        if (config.get("hyperparameters") instanceof Map<?, ?> hyperparameters) {
            hyperparameters.forEach((name, value) -> settings.put(String.valueOf(name), String.valueOf(value)));
        }
        List<Map<String, @Nullable Object>> metrics;
        try {
            metrics = RunFolder.metrics(folder);
        } catch (HyperTokenException untold) {
            String trouble = Files.exists(folder.resolve(RunFolder.METRICS))
                    ? RunFolder.METRICS + " cannot be read"
                    : "it has told nothing yet";
            return new Run(folder, id, settings, Map.of(), trouble);
        }
        return metrics.isEmpty()
                ? new Run(folder, id, settings, Map.of(), "it has told nothing yet")
                : new Run(folder, id, settings, metrics.getLast(), "");
    }

    /// A line for each setting that is not the same everywhere.
    private static Table differences(List<Run> runs) {
        Set<String> names = new LinkedHashSet<>();
        runs.forEach(run -> names.addAll(run.settings.keySet()));
        var table = new Table();
        for (String name : names) {
            List<String> values = runs.stream()
                    .map(run -> String.valueOf(run.settings.getOrDefault(name, "-")))
                    .toList();
            if (values.stream().distinct().count() > 1) {
                var line = new ArrayList<String>();
                line.add(name);
                line.addAll(values);
                table.add(line);
            }
        }
        return table.isEmpty() ? table.add("they differ in nothing that was chosen") : table;
    }

    private static String number(double value, String format) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, format, value);
    }
}
