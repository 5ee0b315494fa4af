package io.hypertoken.app;

import static io.hypertoken.ErrorCode.BAD_FIELD;

import io.hypertoken.HyperTokenException;
import io.hypertoken.app.training.Scores;
import io.hypertoken.env.Options;
import io.hypertoken.learn.ppo.PpoSettings;
import io.hypertoken.learn.run.Plan;
import io.hypertoken.learn.run.RunFolder;
import io.hypertoken.learn.run.Training;
import io.hypertoken.learn.run.Tuned;
import io.hypertoken.learn.store.JsonFile;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Trains a policy, and leaves a folder with it.
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Train a policy by PPO, and leave a folder with what it told, checkpoints and the policy.",
            "Environments that we ship have hyper-parameters that are known to do; an option changes one. Ctrl-C ends"
                    + " the update under way and writes a checkpoint, from which --resume goes on as if nothing had"
                    + " been."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  hypertoken train cartpole",
            "  hypertoken train connect-four --self-play --total-steps 2000000",
            "  hypertoken train Pendulum-v1 --learning-rate 0.001 --hidden 128,128 --seed 3",
            "  hypertoken train --resume runs/cartpole/20260101-120000-s1"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:trained to its end, or stopped by a signal with a checkpoint",
            "1:could not train, as when the disk is full",
            "2:the command line was not understood"
        })
final class TrainCommand implements Callable<Integer> {
    private static final String LOCAL_HUB = "http://127.0.0.1:" + HubOptions.PORT;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "ENV",
            completionCandidates = EnvironmentNames.class,
            description = "The id or an alias of an environment, or id@version; with --resume the run's own.")
    private @Nullable String name;

    @Mixin
    private DeclaredOptions declared = new DeclaredOptions();

    @Option(
            names = "--total-steps",
            paramLabel = "N",
            converter = WholeNumber.Steps.class,
            description = "Steps of the environment, of all its rows together; without it, what is known to do.")
    private @Nullable Long totalSteps;

    @Option(
            names = "--seed",
            converter = WholeNumber.Seed.class,
            description = "Of everything that is drawn (default 1).")
    private @Nullable Long seed;

    @Option(names = "--out", paramLabel = "DIR", description = "The run's folder (default runs/ENV/DATE-sSEED).")
    private @Nullable Path out;

    @Option(names = "--resume", paramLabel = "DIR", description = "Go on where a run's newest checkpoint stood.")
    private @Nullable Path resume;

    @Option(
            names = "--self-play",
            description =
                    "Several agents: train one policy against itself, by the --opponents that are known to do, or else"
                            + " against a pool of its past selves.")
    private boolean selfPlay;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "0",
            converter = WholeNumber.CountOrNone.class,
            description =
                    "How many compute; 0 for as many as there are processors (default). The outcome never depends on"
                            + " it.")
    private int threads;

    @Option(
            names = "--eval-episodes",
            paramLabel = "N",
            defaultValue = "100",
            converter = WholeNumber.CountOrNone.class,
            description = "Fresh episodes that the policy plays at the end (default ${DEFAULT-VALUE}); 0 for none.")
    private int evalEpisodes;

    @Option(
            names = "--log-every",
            paramLabel = "TIME",
            converter = Time.class,
            defaultValue = "10s",
            description = "How often a line is written where there is no terminal (default ${DEFAULT-VALUE}).")
    private Duration logEvery = Duration.ZERO;

    @Option(
            names = "--events",
            paramLabel = "URL",
            description =
                    "The events hub that is told how it goes, or none (default " + LOCAL_HUB + ", if it answers).")
    private @Nullable String events;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() {
        PrintWriter terminal = command.commandLine().getOut();
        try (var signal = new StopSignal()) {
            try (Training training = begun()) {
                train(training, terminal, signal);
            } catch (HyperTokenException failed) {
                if (!signal.came()) {
                    throw failed;
                }
                // Nobody else could tell any more: the process is on its way out.
                signal.endWith(Failures.tell(failed.getMessage(), command.commandLine()));
            } finally {
                terminal.flush();
            }
        }
        return 0;
    }

    private Training begun() {
        Path from = resume;
        if (from != null) {
            return Training.resume(resumed(from), from, Version.number());
        }
        if (name == null) {
            throw new ParameterException(
                    command.commandLine(), "name an environment to train in, or a run to go on with by --resume");
        }
        var spec = declared.catalogue().find(name);
        Tuned tuned = Tuned.of(spec);
        Plan plan = new Plan(
                spec,
                options(spec, tuned),
                PpoSettings.of(tuned.hyperparameters(), given(tuned.hyperparameters())),
                totalSteps == null ? tuned.totalSteps() : totalSteps,
                seed == null ? 1 : seed,
                threadsOf(spec.blocking()));
        return Training.begin(plan, RunFolder.create(out == null ? dated(plan) : out, plan, Version.number()));
    }

    /// The options that were given, and those that are known to do for the others.
    private Options options(io.hypertoken.env.Spec spec, Tuned tuned) {
        var values = new LinkedHashMap<String, Object>(tuned.options());
        values.putAll(declared.given(spec));
        return spec.options(values);
    }

    private Map<String, Object> given(Map<String, ?> known) {
        Map<String, Object> given = HyperparameterOptions.given(command);
        if (selfPlay && !known.containsKey("opponents")) {
            given.putIfAbsent("opponents", "pool");
        }
        return given;
    }

    /// Threads that wait for one another gain nothing where rules run elsewhere.
    private int threadsOf(boolean blocking) {
        return threads > 0 ? threads : blocking ? 1 : Runtime.getRuntime().availableProcessors();
    }

    /// Where a run lies unless somebody says otherwise.
    static Path dated(Plan plan) {
        String folder = plan.spec().id().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9._-]+", "_");
        String date = LocalDateTime.now().format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT));
        return Path.of("runs", folder, date + "-s" + plan.seed());
    }

    /// The plan that a run's folder tells, with what the command line changes of it.
    private Plan resumed(Path from) {
        Map<String, @Nullable Object> config = JsonFile.read(from.resolve(RunFolder.CONFIG));
        if (!(config.get("environment") instanceof Map<?, ?> environment)
                || !(environment.get("id") instanceof String id)
                || !(environment.get("options") instanceof Map<?, ?> chosen)
                || !(config.get("hyperparameters") instanceof Map<?, ?> hyperparameters)
                || !(config.get("total_steps") instanceof Long steps)
                || !(config.get("seed") instanceof Long began)) {
            throw new HyperTokenException(
                    BAD_FIELD,
                    "cannot go on with " + from,
                    "its " + RunFolder.CONFIG + " does not say what was trained",
                    "name the folder of a run");
        }
        if (seed != null || out != null) {
            throw new ParameterException(
                    command.commandLine(),
                    "a run that goes on has its own seed and folder; leave out --seed and --out");
        }
        var spec = declared.catalogue().find(name == null ? id : name);
        var values = new LinkedHashMap<String, Object>();
        spec.options().stream()
                .filter(option -> !option.episode() && chosen.get(option.name()) != null)
                .forEach(option -> values.put(option.name(), chosen.get(option.name())));
        var before = new LinkedHashMap<String, Object>();
        hyperparameters.forEach((key, value) -> before.put(String.valueOf(key), value));
        Options options = spec.options(values);
        return new Plan(
                spec,
                options,
                PpoSettings.of(before, given(before)),
                totalSteps == null ? steps : totalSteps,
                began,
                threadsOf(spec.blocking()));
    }

    private void train(Training training, PrintWriter terminal, StopSignal signal) {
        RunFolder folder = training.folder();
        TrainingEvents hub = hub(folder == null ? "" : folder.path().toString());
        WatchedTraining.run(training, terminal, logEvery, hub, signal);
        training.retire();
        boolean scored = training.done() && evalEpisodes > 0;
        Scores scores = scored ? Scores.of(training.plan(), training.ppo(), evalEpisodes) : null;
        training.writePolicy(scores == null ? Map.of() : scores.byName());
        if (training.done()) {
            (scores == null ? List.<String>of() : scores.lines()).forEach(terminal::println);
            terminal.println("policy in " + (folder == null ? "" : folder.policy()));
        }
    }

    private @Nullable TrainingEvents hub(String run) {
        if ("none".equals(events)) {
            return null;
        }
        TrainingEvents hub = TrainingEvents.to(events == null ? LOCAL_HUB : events, run);
        if (hub == null && events != null) {
            command.commandLine()
                    .getErr()
                    .println("hypertoken: no events hub answers at " + events + "; training goes on without it");
        }
        return hub;
    }
}
