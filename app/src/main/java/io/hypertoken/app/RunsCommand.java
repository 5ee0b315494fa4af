package io.hypertoken.app;

import io.hypertoken.HyperTokenException;
import io.hypertoken.learn.run.RunFolder;
import io.hypertoken.learn.store.JsonFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
            "Name several runs to compare them: only what they differ in is shown."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  hypertoken runs",
            "  hypertoken runs --in /data/runs",
            "  hypertoken runs runs/cartpole-v1/20260101-120000-s1 runs/cartpole-v1/20260101-120500-s2"
        })
final class RunsCommand implements Callable<Integer> {
    private static final int DEEP = 4;

    @Parameters(arity = "0..*", paramLabel = "DIR", description = "Runs to compare; without any, all are listed.")
    private List<Path> named = new ArrayList<>();

    @Option(
            names = "--in",
            paramLabel = "DIR",
            defaultValue = "runs",
            description = "Where runs are looked for (default" + " ${DEFAULT-VALUE}).")
    private Path in = Path.of("");

    @Spec
    private CommandSpec command;

    private record Run(
            Path folder, String environment, Map<String, Object> settings, Map<String, @Nullable Object> last) {
        double figure(String name) {
            return last.get(name) instanceof Number number ? number.doubleValue() : Double.NaN;
        }
    }

    @Override
    public Integer call() throws IOException {
        PrintWriter out = command.commandLine().getOut();
        List<Run> runs = (named.isEmpty() ? found() : named)
                .stream().map(RunsCommand::read).toList();
        if (runs.isEmpty()) {
            out.println("no runs in " + in + "; hypertoken train ENV makes one");
            return 0;
        }
        var lines = new ArrayList<List<String>>();
        lines.add(List.of("ENVIRONMENT", "RETURN", "LENGTH", "STEPS", "STEPS/S", "RUN"));
        runs.stream()
                .sorted((a, b) -> a.environment.equals(b.environment)
                        ? Double.compare(ordered(b), ordered(a))
                        : a.environment.compareTo(b.environment))
                .forEach(run -> lines.add(List.of(
                        run.environment,
                        number(run.figure("return"), "%.2f"),
                        number(run.figure("length"), "%.1f"),
                        number(run.figure("step"), "%,.0f"),
                        number(run.figure("steps_per_second"), "%,.0f"),
                        run.folder.toString())));
        print(out, lines);
        if (named.size() > 1) {
            out.println();
            print(out, differences(runs));
        }
        return 0;
    }

    private static double ordered(Run run) {
        double mean = run.figure("return");
        return Double.isNaN(mean) ? Double.NEGATIVE_INFINITY : mean;
    }

    private List<Path> found() throws IOException {
        if (!Files.isDirectory(in)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(in, DEEP)) {
            return files.filter(file -> file.getFileName().toString().equals(RunFolder.CONFIG))
                    .map(Path::getParent)
                    .filter(folder -> Files.exists(folder.resolve(RunFolder.METRICS)))
                    .sorted()
                    .toList();
        }
    }

    private static Run read(Path folder) {
        Map<String, @Nullable Object> config = JsonFile.read(folder.resolve(RunFolder.CONFIG));
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
            metrics = List.of();
        }
        return new Run(folder, id, settings, metrics.isEmpty() ? Map.of() : metrics.getLast());
    }

    /// A line for each setting that is not the same everywhere.
    private static List<List<String>> differences(List<Run> runs) {
        Set<String> names = new LinkedHashSet<>();
        runs.forEach(run -> names.addAll(run.settings.keySet()));
        var lines = new ArrayList<List<String>>();
        for (String name : names) {
            List<String> values = runs.stream()
                    .map(run -> String.valueOf(run.settings.getOrDefault(name, "-")))
                    .toList();
            if (values.stream().distinct().count() > 1) {
                var line = new ArrayList<String>();
                line.add(name);
                line.addAll(values);
                lines.add(line);
            }
        }
        if (lines.isEmpty()) {
            lines.add(List.of("they differ in nothing that was chosen"));
        }
        return lines;
    }

    private static String number(double value, String format) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, format, value);
    }

    private static void print(PrintWriter out, List<List<String>> lines) {
        int columns = lines.stream().mapToInt(List::size).max().orElse(0);
        int[] widths = new int[columns];
        for (List<String> line : lines) {
            for (int column = 0; column < line.size(); column++) {
                widths[column] = Math.max(widths[column], line.get(column).length());
            }
        }
        for (List<String> line : lines) {
            var text = new StringBuilder();
            for (int column = 0; column < line.size(); column++) {
                text.append(line.get(column))
                        .repeat(' ', widths[column] - line.get(column).length() + 2);
            }
            out.println(text.toString().stripTrailing());
        }
    }
}
