package io.hypertoken.app;

import io.hypertoken.record.EpisodeFile;
import io.hypertoken.record.Replay;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/// Plays an episode file again. Exit codes: 0 the same happened, 1 it diverged.
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = "Play a recorded file again and say at which step it diverges, if it does.")
final class ReplayCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "FILE", description = "What hypertoken record wrote.")
    private Path file;

    @Mixin
    private Environments environments = new Environments();

    @CommandLine.Spec
    private CommandSpec command;

    @Override
    public Integer call() {
        if (!Files.isRegularFile(file)) {
            throw new ParameterException(
                    command.commandLine(), "cannot read " + file + "; there is no such file; correct the path");
        }
        EpisodeFile episodes = EpisodeFile.read(file);
        PrintWriter out = command.commandLine().getOut();
        List<Replay.Divergence> divergences =
                Replay.verify(episodes, environments.catalogue().find(episodes.environment()));
        if (!episodes.complete()) {
            out.println("the file was cut off; its whole records were replayed");
        }
        divergences.forEach(divergence -> out.println("DIVERGES " + divergence));
        if (divergences.isEmpty()) {
            out.println("the same: " + episodes.steps() + " steps of " + episodes.environment() + " v"
                    + episodes.version() + ", digest " + episodes.digest());
        }
        return divergences.isEmpty() ? 0 : 1;
    }
}
