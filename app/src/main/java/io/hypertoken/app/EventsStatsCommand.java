package io.hypertoken.app;

import static io.hypertoken.ErrorCode.UNAVAILABLE;

import io.hypertoken.HyperTokenException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Shows what a hub is doing.
@Command(
        name = "stats",
        mixinStandardHelpOptions = true,
        description =
                "Show a hub's clients, events a second, drops and log; with --every, again and again until Ctrl-C.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:shown", "1:no hub answers", "2:the command line was not understood"})
final class EventsStatsCommand implements Callable<Integer> {
    @Option(
            names = "--every",
            paramLabel = "TIME",
            converter = Time.class,
            description = "Show it anew after each such time, such as 2s.")
    private @Nullable Duration every;

    @Mixin
    private HubAddress hub = new HubAddress();

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() throws InterruptedException {
        if (every != null) {
            EndOfProcess.stops(() -> {});
        }
        try (HubConversation conversation = HubConversation.open(hub)) {
            while (true) {
                show(ask(conversation, "get_status"), ask(conversation, "list_clients"));
                if (every == null) {
                    return 0;
                }
                Thread.sleep(every);
            }
        } catch (CompletionException unreachable) {
            throw hub.unreachable(unreachable.getCause() == null ? unreachable : unreachable.getCause());
        }
    }

    private @Nullable Object ask(HubConversation conversation, String name) throws InterruptedException {
        conversation.send("{\"action\":\"command\",\"command\":\"" + name + "\",\"id\":1}");
        Map<String, @Nullable Object> reply = conversation.reply();
        if (reply == null || !reply.containsKey("result")) {
            throw new HyperTokenException(
                    UNAVAILABLE,
                    "the hub at " + hub.shown() + " does not answer",
                    reply == null ? "it has hung up" : String.valueOf(reply.get("message")),
                    "see its log");
        }
        return reply.get("result");
    }

    private void show(@Nullable Object status, @Nullable Object clients) {
        PrintWriter out = command.commandLine().getOut();
        if (status instanceof Map<?, ?> told) {
            line(out, "uptime", told.get("uptime_seconds") + " s");
            line(out, "events", told.get("events") + ", " + told.get("events_per_second") + " a second");
            line(out, "log", words(told.get("log")));
            line(out, "dropped", words(told.get("dropped")) + ", conflated " + told.get("conflated"));
            line(out, "refused", String.valueOf(told.get("refused")));
            line(out, "by type", words(told.get("events_by_type")));
        }
        if (clients instanceof Iterable<?> all) {
            for (Object each : all) {
                if (each instanceof Map<?, ?> client) {
                    line(
                            out,
                            "client",
                            client.get("client_id") + " (" + client.get("client_type") + ") from "
                                    + client.get("remote") + ", sent " + client.get("sent") + ", pending "
                                    + client.get("pending") + ", dropped " + client.get("dropped"));
                }
            }
        }
        if (every != null) {
            out.println();
        }
        out.flush();
    }

    private static String words(@Nullable Object map) {
        return String.valueOf(map).replaceAll("[{}]", "").replace("=", " ");
    }

    private static void line(PrintWriter out, String name, String value) {
        out.println(String.format(Locale.ROOT, "%-8s %s", name, value.replaceAll("\\p{Cntrl}", "�")));
    }
}
