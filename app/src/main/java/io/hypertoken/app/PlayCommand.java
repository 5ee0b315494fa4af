package io.hypertoken.app;

import io.hypertoken.engine.Autoreset;
import io.hypertoken.engine.IllegalActions;
import io.hypertoken.engine.Settings;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.record.ScriptedActions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Plays an environment in the terminal: you choose, or chance does.
@Command(
        name = "play",
        mixinStandardHelpOptions = true,
        description = {
            "Play an environment here, drawn as text.",
            "Type an action's name or number, r for a random one, or q to stop; --random and --policy play by"
                    + " themselves."
        })
final class PlayCommand implements Callable<Integer> {
    @Mixin
    private EnvironmentArguments environment = new EnvironmentArguments();

    @Option(
            names = "--seed",
            defaultValue = "0",
            converter = WholeNumber.Seed.class,
            description = "Of the first episode (default ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--random", description = "Choose every action by chance.")
    private boolean random;

    @Option(
            names = "--policy",
            paramLabel = "NAME",
            description =
                    "Choose every action by a policy: one that the environment declares, or the folder of a trained"
                            + " one.")
    private @Nullable String policy;

    @Option(
            names = "--episodes",
            defaultValue = "1",
            converter = WholeNumber.Count.class,
            description = "Episodes to play (default ${DEFAULT-VALUE}).")
    private int episodes;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() throws IOException {
        environment.playedBy(policy == null ? List.of() : List.of(policy));
        var settings = Settings.DEFAULT.autoreset(Autoreset.DISABLED).illegal(IllegalActions.STRICT);
        try (var vector = VectorEnvironment.open(environment.spec(), environment.options(), settings)) {
            var game = new TerminalGame(
                    vector,
                    command.commandLine().getOut(),
                    policy == null
                            ? new ScriptedActions(seed, 1)
                            : NamedPolicy.of(policy, vector.spec(), vector.options(), seed, 1),
                    random || policy != null
                            ? null
                            : new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())));
            vector.reset(seed);
            for (int episode = 0; episode < episodes && game.play(); episode++) {
                if (episode + 1 < episodes) {
                    vector.reset(null, null, Map.of());
                }
            }
        }
        return 0;
    }
}
