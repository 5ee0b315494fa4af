package io.hypertoken.app;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// Prints the script with which bash and zsh complete this command.
@Command(
        name = "completion",
        mixinStandardHelpOptions = true,
        description = "Print a script that lets bash or zsh complete commands, options and environments.",
        footerHeading = "%nIn ~/.bashrc or ~/.zshrc:%n",
        footer = "  source <(hypertoken completion)")
final class CompletionCommand implements Runnable {
    /// Bash takes a colon for the end of a word, and then finds none of the ids that have one.
    private static final String WHOLE_IDS = "COMP_WORDBREAKS=${COMP_WORDBREAKS//:/}\n";

    @Spec
    private CommandSpec command;

    @Override
    public void run() {
        command.commandLine()
                .getOut()
                .print(AutoComplete.bash("hypertoken", command.root().commandLine()) + WHOLE_IDS);
        command.commandLine().getOut().flush();
    }
}
