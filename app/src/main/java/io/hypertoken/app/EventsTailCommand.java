package io.hypertoken.app;

import static io.hypertoken.ErrorCode.BAD_FIELD;

import io.hypertoken.HyperTokenException;
import io.hypertoken.json.JsonMessage;
import io.hypertoken.json.JsonText;
import io.hypertoken.json.NumberJson;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Shows events as they happen, and keeps its place when the hub restarts.
@Command(
        name = "tail",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Show events as they happen, until Ctrl-C.",
            "When the hub restarts it connects again and goes on where it was; whether anything is missing is told on"
                    + " standard error."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  hypertoken events tail --type trade_executed,portfolio_update",
            "  hypertoken events tail --item Coal --last 20",
            "  hypertoken events tail --json | jq .data"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:stopped by a signal, or by --count",
            "1:no hub answers at the beginning, or it refuses",
            "2:the command line was not understood"
        })
final class EventsTailCommand implements Callable<Integer> {
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 2_000;
    private static final int QUEUE = 65_536;

    @Mixin
    private EventFilter filter = new EventFilter();

    @Option(
            names = "--since",
            paramLabel = "EPOCH:SEQ",
            description = "First what came after this position; SEQ alone means the log that the hub has.")
    private @Nullable String since;

    @Option(
            names = {"-n", "--last"},
            paramLabel = "N",
            converter = WholeNumber.CountOrNone.class,
            description = "First the last N events, at most 10000.")
    private @Nullable Integer last;

    @Option(
            names = "--count",
            paramLabel = "N",
            converter = WholeNumber.Count.class,
            description = "Stop after N events.")
    private @Nullable Integer count;

    @Option(names = "--json", description = "Show each as it travels: one JSON object a line.")
    private boolean json;

    @Mixin
    private HubAddress hub = new HubAddress();

    @Spec
    private CommandSpec command;

    private @Nullable String epoch;
    private long seq;
    private long shown;

    @Override
    public Integer call() throws InterruptedException {
        if (since != null && last != null) {
            throw new ParameterException(command.commandLine(), "name either --since or --last");
        }
        if (since != null) {
            place(since);
        }
        EndOfProcess.stops(() -> {});
        long pause = FIRST_PAUSE_MILLIS;
        boolean again = false;
        while (true) {
            try (HubConversation conversation = HubConversation.open(hub)) {
                register(conversation, again);
                pause = FIRST_PAUSE_MILLIS;
                if (follow(conversation)) {
                    return 0;
                }
                say("the hub has closed the connection; connecting again");
            } catch (CompletionException unreachable) {
                if (!again) {
                    Throwable why = unreachable.getCause() == null ? unreachable : unreachable.getCause();
                    throw hub.unreachable(why);
                }
            }
            again = true;
            Thread.sleep(pause);
            pause = Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
        }
    }

    private void place(String position) {
        int colon = position.lastIndexOf(':');
        epoch = colon < 0 ? null : position.substring(0, colon);
        try {
            seq = Long.parseLong(position.substring(colon + 1));
        } catch (NumberFormatException e) {
            throw new ParameterException(
                    command.commandLine(), "refused --since " + position + "; write EPOCH:SEQ, or a number");
        }
    }

    private void register(HubConversation conversation, boolean again) throws InterruptedException {
        Map<String, @Nullable Object> message = new LinkedHashMap<>();
        message.put("action", "register");
        message.put("client_id", "tail");
        message.put("client_type", "tail");
        message.put("subscriptions", filter.subscriptions());
        message.put("queue", (long) QUEUE);
        message.put("id", 1L);
        if (since != null || (again && epoch != null)) {
            Map<String, @Nullable Object> place = new LinkedHashMap<>();
            place.put("epoch", epoch);
            place.put("seq", seq);
            message.put("since", place);
        } else if (last != null) {
            message.put("last", (long) last);
        }
        conversation.send(written(message));
        Map<String, @Nullable Object> reply = conversation.reply();
        if (reply == null) {
            return; // it has hung up
        }
        if ("error".equals(reply.get("status"))) {
            throw new HyperTokenException(
                    BAD_FIELD,
                    "the hub refused to be watched",
                    String.valueOf(reply.get("message")),
                    "see hypertoken events tail --help");
        }
        if (Boolean.FALSE.equals(reply.get("recovered"))) {
            say("events are missing: the hub's log does not reach back to " + epoch + ":" + seq + "; it begins at "
                    + reply.get("epoch") + ":" + reply.get("first_seq"));
        } else if (again) {
            say("connected again" + (reply.containsKey("recovered") ? ", nothing is missing" : ""));
        }
        epoch = String.valueOf(reply.get("epoch"));
        if (reply.get("from") instanceof Long from) {
            seq = from - 1;
        } else if (reply.get("seq") instanceof Long at) {
            seq = at;
        }
    }

    /// @return whether enough was shown
    private boolean follow(HubConversation conversation) throws InterruptedException {
        PrintWriter out = command.commandLine().getOut();
        var line = new EventLine(json ? Ansi.OFF : Ansi.AUTO);
        while (true) {
            String message = conversation.next();
            if (message == null) {
                return false;
            }
            Map<String, @Nullable Object> event = JsonMessage.read(message.getBytes(StandardCharsets.UTF_8));
            if (!(event.get("seq") instanceof Long at) || "reply".equals(event.get("type"))) {
                tellStatus(event);
                continue;
            }
            seq = at;
            out.println(json ? message : line.of(event));
            out.flush();
            shown++;
            if (out.checkError() || (count != null && shown >= count)) {
                return true;
            }
        }
    }

    private void tellStatus(Map<String, @Nullable Object> message) {
        if (message.get("data") instanceof Map<?, ?> data && "dropped".equals(data.get("status"))) {
            say(String.valueOf(data.get("message")));
        }
    }

    private static String written(Map<String, @Nullable Object> message) {
        return new String(NumberJson.bytes(message), StandardCharsets.UTF_8);
    }

    private void say(String what) {
        command.commandLine().getErr().println("hypertoken: " + JsonText.wellFormed(what));
        command.commandLine().getErr().flush();
    }
}
