package io.hypertoken.app;

import io.hypertoken.DidYouMean;
import io.hypertoken.Shown;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/// The `hypertoken` command. Exit codes: 0 done, 1 the command failed, 2 the command line was not understood.
@Command(
        name = "hypertoken",
        description = "Write a reinforcement-learning environment once; get the same trajectory everywhere.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
public final class Main implements Runnable {
    /// Every command by its name, in the order that help lists them.
    private static final Map<String, Class<?>> COMMANDS = new LinkedHashMap<>();

    static {
        COMMANDS.put("serve", ServeCommand.class);
        COMMANDS.put("relay", RelayCommand.class);
        COMMANDS.put("events", EventsCommand.class);
        COMMANDS.put("envs", EnvsCommand.class);
        COMMANDS.put("describe", DescribeCommand.class);
        COMMANDS.put("play", PlayCommand.class);
        COMMANDS.put("run", RunCommand.class);
        COMMANDS.put("train", TrainCommand.class);
        COMMANDS.put("runs", RunsCommand.class);
        COMMANDS.put("eval", EvalCommand.class);
        COMMANDS.put("tournament", TournamentCommand.class);
        COMMANDS.put("hub", HubCommand.class);
        COMMANDS.put("exchange", ExchangeCommand.class);
        COMMANDS.put("flipper", FlipperCommand.class);
        COMMANDS.put("check", CheckCommand.class);
        COMMANDS.put("digest", DigestCommand.class);
        COMMANDS.put("docs", DocsCommand.class);
        COMMANDS.put("golden", GoldenCommand.class);
        COMMANDS.put("record", RecordCommand.class);
        COMMANDS.put("replay", ReplayCommand.class);
        COMMANDS.put("bench", BenchCommand.class);
        COMMANDS.put("help", HelpCommand.class);
        COMMANDS.put("completion", CompletionCommand.class);
    }

    /// The system property in which a launcher names the commands that it adds to ours.
    private static final String LAUNCHERS_COMMANDS = "hypertoken.launcher.commands";

    @Spec
    private CommandSpec spec;

    private Main() {}

    public static void main(String... arguments) {
        System.exit(commandLine(arguments).execute(arguments));
    }

    /// The command line with every command, or with only the one that the first argument names: reading the options of
    /// all of them took half of a server's start.
    static CommandLine commandLine(String... arguments) {
        var line = new CommandLine(new Main());
        String named = arguments.length > 0 && COMMANDS.containsKey(arguments[0]) ? arguments[0] : "";
        boolean all = named.isEmpty() || named.equals("help") || named.equals("completion") || named.equals("docs");
        COMMANDS.forEach((name, command) -> {
            if (all || name.equals(named)) {
                line.addSubcommand(name, command);
            }
        });
        HyperparameterOptions.addTo(line.getSubcommands().get("train"));
        DeclaredOptions.collectUnknownWords(line);
        line.setParameterExceptionHandler(Main::misunderstood);
        return line.setCaseInsensitiveEnumValuesAllowed(true).setExecutionExceptionHandler(new Failures());
    }

    /// Tells in one line what was not understood. A command that is only a name for others lists them too.
    private static int misunderstood(ParameterException thrown, String[] words) {
        CommandLine command = thrown.getCommandLine();
        boolean asksForHelp = words.length == 2 && words[0].equals("help");
        boolean unknown = thrown instanceof UnmatchedArgumentException && command.getParent() == null;
        String message = asksForHelp || (unknown && words.length > 0)
                ? unknownCommand(words[asksForHelp ? 1 : 0])
                : thrown.getMessage() + (String.valueOf(thrown.getMessage()).endsWith("?") ? " " : "; ")
                        + command.getCommandSpec().qualifiedName() + " --help tells more";
        command.getErr().println(command.getColorScheme().errorText("hypertoken: " + message));
        if (!unknown && !asksForHelp && !command.getSubcommands().isEmpty()) {
            command.usage(command.getErr());
        }
        return CommandLine.ExitCode.USAGE;
    }

    private static String unknownCommand(String word) {
        var known = new LinkedHashSet<>(COMMANDS.keySet());
        known.addAll(List.of(System.getProperty(LAUNCHERS_COMMANDS, "").split(" ")));
        known.removeIf(String::isEmpty);
        String hint = DidYouMean.hint(word, known);
        return "there is no command " + Shown.shortened(word, 60) + "; " + hint + (hint.endsWith("?") ? " " : "; ")
                + "hypertoken help tells what each does";
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command was given; name one of those below");
    }
}
