package io.hypertoken.app;

import io.hypertoken.DidYouMean;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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
        COMMANDS.put("envs", EnvsCommand.class);
        COMMANDS.put("describe", DescribeCommand.class);
        COMMANDS.put("play", PlayCommand.class);
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
        DeclaredOptions.collectUnknownWords(line);
        var otherwise = line.getParameterExceptionHandler();
        line.setParameterExceptionHandler((thrown, words) -> {
            if (thrown instanceof UnmatchedArgumentException && thrown.getCommandLine() == line && words.length > 0) {
                line.getErr().println(line.getColorScheme().errorText(unknownCommand(words[0])));
                return CommandLine.ExitCode.USAGE;
            }
            return otherwise.handleParseException(thrown, words);
        });
        return line.setCaseInsensitiveEnumValuesAllowed(true).setExecutionExceptionHandler(new Failures());
    }

    private static String unknownCommand(String word) {
        var known = new ArrayList<>(COMMANDS.keySet());
        known.addAll(List.of(System.getProperty(LAUNCHERS_COMMANDS, "").split(" ")));
        known.removeIf(String::isEmpty);
        String hint = DidYouMean.hint(word, known);
        return "hypertoken: there is no command " + word + "; " + hint + (hint.endsWith("?") ? " " : "; ")
                + "hypertoken help tells what each does";
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command was given; name one of those below");
    }
}
