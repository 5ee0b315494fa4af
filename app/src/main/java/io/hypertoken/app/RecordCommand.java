package io.hypertoken.app;

import io.hypertoken.engine.Autoreset;
import io.hypertoken.engine.Settings;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.record.EpisodeFile;
import io.hypertoken.record.EpisodeWriter;
import io.hypertoken.record.ScriptedActions;
import io.hypertoken.record.ScriptedRun;
import io.hypertoken.record.TrajectoryRecorder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Plays an environment by scripted actions into an episode file.
@Command(
        name = "record",
        mixinStandardHelpOptions = true,
        description = "Play scripted actions and write every step to a file; hypertoken replay plays it again.")
final class RecordCommand implements Callable<Integer> {
    @Mixin
    private EnvironmentArguments environment = new EnvironmentArguments();

    @Option(
            names = "--seed",
            defaultValue = "0",
            converter = WholeNumber.Seed.class,
            description = "Row i begins with SEED + i (default ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--envs",
            defaultValue = "1",
            converter = WholeNumber.Count.class,
            description = "Rows (default ${DEFAULT-VALUE}).")
    private int rows;

    @ArgGroup
    private Length length = new Length();

    @Option(names = "-o", required = true, paramLabel = "FILE", description = "The file to write.")
    private Path file;

    @Spec
    private CommandSpec command;

    /// How long to play.
    static final class Length {
        @Option(
                names = "--episodes",
                converter = WholeNumber.Count.class,
                description = "Until so many episodes have ended, in all rows; 1 by default.")
        private long episodes;

        @Option(names = "--steps", converter = WholeNumber.Count.class, description = "So many steps of each row.")
        private long steps;
    }

    @Override
    public Integer call() throws IOException {
        var settings = Settings.DEFAULT.rows(rows).autoreset(Autoreset.DISABLED);
        try (var vector = VectorEnvironment.open(environment.spec(), environment.options(), settings);
                var writer = new EpisodeWriter(vector, Files.newOutputStream(file))) {
            TrajectoryRecorder.attach(vector, writer);
            play(vector);
        }
        EpisodeFile written = EpisodeFile.read(file);
        command.commandLine()
                .getOut()
                .println("wrote " + file + ": " + written.steps() + " steps, " + written.episodes()
                        + " episodes begun, digest " + written.digest());
        return 0;
    }

    private void play(VectorEnvironment vector) {
        vector.reset(seed);
        var script = new ScriptedActions(seed, rows);
        long ended = 0;
        long wanted = length.episodes == 0 && length.steps == 0 ? 1 : length.episodes;
        for (long step = 0; length.steps > 0 ? step < length.steps : ended < wanted; step++) {
            ScriptedRun.step(vector, script);
            for (int row = 0; row < rows; row++) {
                ended += vector.over(row) ? 1 : 0;
            }
        }
    }
}
