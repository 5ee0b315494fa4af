package io.hypertoken.app;

import io.hypertoken.describe.Description;
import io.hypertoken.env.MaskMeaning;
import io.hypertoken.env.Option;
import io.hypertoken.env.Signature;
import io.hypertoken.env.Spec;
import io.hypertoken.env.TurnOrder;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;

/// Tells everything that an environment declares.
@Command(
        name = "describe",
        mixinStandardHelpOptions = true,
        description = "Tell the rules, spaces, actions and options of an environment.",
        footerHeading = "%nExamples:%n",
        footer = {"  hypertoken describe blackjack", "  hypertoken describe blackjack --agents 3"})
final class DescribeCommand implements Runnable {
    @Mixin
    private EnvironmentArguments environment = new EnvironmentArguments();

    @picocli.CommandLine.Spec
    private CommandSpec command;

    @Override
    public void run() {
        Spec spec = environment.spec();
        Signature signature = spec.signature(environment.options());
        PrintWriter out = command.commandLine().getOut();
        out.println(spec.id() + ", version " + spec.version() + also(spec));
        if (!spec.rules().isEmpty()) {
            out.println();
            out.println(spec.rules());
        }
        out.println();
        out.println("Agents       " + String.join(", ", signature.agents()) + turns(spec, signature));
        out.println("Observation  " + SpaceText.of(signature.observationSpaces().getFirst()));
        for (int k = 0; k < spec.legend().size(); k++) {
            out.println("             " + k + " " + spec.legend().get(k));
        }
        out.println("Action       " + SpaceText.of(signature.actionSpaces().getFirst()) + mask(spec, signature));
        for (int k = 0; k < spec.actionNames().size(); k++) {
            out.println("             " + k + " " + spec.actionNames().get(k));
        }
        out.println("Episode      "
                + (spec.stepLimit() == 0
                        ? "ends by its rules"
                        : "truncated after " + spec.stepLimit() + " steps at the latest"));
        list(out, "Metrics", spec.metrics());
        list(out, "Policies", spec.policies().size() == 1 ? List.of() : spec.policies()); // all can be played at random
        printOptions(out, spec);
        list(out, "Versions", spec.history());
    }

    private void printOptions(PrintWriter out, Spec spec) {
        if (spec.options().isEmpty()) {
            return;
        }
        out.println();
        out.println("Options, as --NAME VALUE, ?NAME=VALUE or options={\"NAME\": VALUE}");
        Object[] values = environment.options().values().values().toArray();
        int k = 0;
        for (Option option : spec.options()) {
            out.println("  " + option.name() + " = " + values[k++] + "  ("
                    + option.type().rule() + (option.episode() ? "; given with a reset" : "") + ")");
            if (!option.about().isEmpty()) {
                out.println("      " + option.about());
            }
        }
    }

    private static String also(Spec spec) {
        return spec.aliases().isEmpty() ? "" : "; also called " + String.join(", ", spec.aliases());
    }

    private static String turns(Spec spec, Signature signature) {
        if (signature.agents().size() == 1) {
            return "";
        }
        return spec.turnOrder() == TurnOrder.SEQUENTIAL ? "; one acts at a time" : "; all act at once";
    }

    private static String mask(Spec spec, Signature signature) {
        if (!Description.masked(spec, signature)) {
            return "";
        }
        String fallback = spec.fallback().isEmpty() || spec.actionNames().isEmpty()
                ? "the first allowed one"
                : spec.actionNames().get(spec.fallback().getFirst());
        return spec.maskMeaning() == MaskMeaning.BINDING
                ? "; the mask binds, and " + fallback + " is played for what it forbids"
                : "; the mask only advises";
    }

    private static void list(PrintWriter out, String title, List<String> lines) {
        if (!lines.isEmpty()) {
            out.println();
            out.println(title);
            lines.forEach(line -> out.println("  " + line));
        }
    }
}
