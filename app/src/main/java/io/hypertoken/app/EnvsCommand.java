package io.hypertoken.app;

import io.hypertoken.env.Signature;
import io.hypertoken.env.Spec;
import io.hypertoken.env.TurnOrder;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;

/// Lists the environments.
@Command(
        name = "envs",
        mixinStandardHelpOptions = true,
        description = "List the environments, with what each shows and takes by default.",
        footer = {"", "More about one: hypertoken describe ENV"})
final class EnvsCommand implements Runnable {
    @Mixin
    private Environments environments = new Environments();

    @picocli.CommandLine.Spec
    private CommandSpec command;

    @Override
    public void run() {
        PrintWriter out = command.commandLine().getOut();
        List<String[]> lines =
                environments.catalogue().specs().stream().map(EnvsCommand::line).toList();
        String[] head = {"ENVIRONMENT", "AGENTS", "TURNS", "OBSERVES", "ACTS", "ALSO CALLED"};
        int[] widths = new int[head.length];
        for (int column = 0; column < head.length; column++) {
            widths[column] = head[column].length();
            for (String[] line : lines) {
                widths[column] = Math.max(widths[column], line[column].length());
            }
        }
        print(out, head, widths);
        lines.forEach(line -> print(out, line, widths));
    }

    private static String[] line(Spec spec) {
        Signature signature = spec.signature(spec.options(Map.of()));
        return new String[] {
            spec.id() + "@" + spec.version(),
            Integer.toString(signature.agents().size()),
            spec.turnOrder() == TurnOrder.SEQUENTIAL ? "one by one" : "all at once",
            SpaceText.of(signature.observationSpaces().getFirst()),
            SpaceText.of(signature.actionSpaces().getFirst()),
            String.join(", ", spec.aliases())
        };
    }

    private static void print(PrintWriter out, String[] cells, int[] widths) {
        var line = new StringBuilder();
        for (int column = 0; column < cells.length; column++) {
            line.append(cells[column]).repeat(' ', widths[column] - cells[column].length() + 2);
        }
        out.println(line.toString().stripTrailing());
    }
}
