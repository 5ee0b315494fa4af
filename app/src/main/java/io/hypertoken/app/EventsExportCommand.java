package io.hypertoken.app;

import static io.hypertoken.ErrorCode.UNAVAILABLE;

import io.hypertoken.HyperTokenException;
import io.hypertoken.json.NumberJson;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Writes a hub's log out.
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Write the events of a hub's log as JSON Lines or CSV.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  hypertoken events export --type trade_executed --format csv --output trades.csv",
            "  hypertoken events export --from 1000 --to 2000 > events.jsonl"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all of them are written",
            "1:no hub answers, or the log was trimmed meanwhile",
            "2:the command line was not understood"
        })
final class EventsExportCommand implements Callable<Integer> {
    private static final int AT_ONCE = 2000;
    private static final List<String> COLUMNS = List.of("agent_id", "item", "item_id");

    /// What is written.
    enum Format {
        JSONL,
        CSV
    }

    @Mixin
    private EventFilter filter = new EventFilter();

    @Option(
            names = "--from",
            paramLabel = "SEQ",
            converter = WholeNumber.Seed.class,
            description = "The first event's number (default: the oldest that is kept).")
    private @Nullable Long from;

    @Option(
            names = "--to",
            paramLabel = "SEQ",
            converter = WholeNumber.Seed.class,
            description = "The last event's number (default: the newest when this begins).")
    private @Nullable Long to;

    @Option(
            names = "--format",
            defaultValue = "JSONL",
            description = "jsonl or csv (default jsonl). CSV has data as JSON in its last column.")
    private Format format = Format.JSONL;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Where to (default: standard output).")
    private @Nullable Path output;

    @Mixin
    private HubAddress hub = new HubAddress();

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() throws IOException {
        if (output == null) {
            write(command.commandLine().getOut());
            return 0;
        }
        try (var out = new PrintWriter(Files.newBufferedWriter(output))) {
            write(out);
        }
        return 0;
    }

    private void write(PrintWriter out) {
        Map<String, @Nullable Object> now = hub.get("/events?limit=0");
        long first = number(now, "first_seq");
        long end = to == null ? number(now, "seq") : Math.min(to, number(now, "seq"));
        long since = Math.max(first, from == null ? first : from) - 1;
        if (format == Format.CSV) {
            out.print("seq,timestamp,type,agent_id,item,item_id,source,data\r\n");
        }
        while (since < end) {
            Map<String, @Nullable Object> page =
                    hub.get("/events?since=" + now.get("epoch") + ":" + since + "&limit=" + AT_ONCE + filter.query());
            if (!Boolean.TRUE.equals(page.get("recovered")) || !(page.get("events") instanceof List<?> events)) {
                throw new HyperTokenException(
                        UNAVAILABLE,
                        "events after " + since + " are gone",
                        page.containsKey("message")
                                ? String.valueOf(page.get("message"))
                                : "the log was trimmed or lost while it was read",
                        "export again, from a later event");
            }
            for (Object each : events) {
                if (each instanceof Map<?, ?> event && event.get("seq") instanceof Long seq && seq <= end) {
                    out.print(format == Format.CSV ? csv(event) : json(event) + "\n");
                }
            }
            long next = number(page, "next_since");
            if (next <= since) {
                break;
            }
            since = next;
        }
        out.flush();
    }

    private static long number(Map<String, @Nullable Object> answer, String name) {
        if (answer.get(name) instanceof Long number) {
            return number;
        }
        throw new HyperTokenException(
                UNAVAILABLE,
                "the hub did not say " + name,
                String.valueOf(answer.get("message")),
                "see that this is a HyperToken events hub");
    }

    private static String csv(Map<?, ?> event) {
        var line = new StringBuilder()
                .append(event.get("seq"))
                .append(',')
                .append(event.get("timestamp"))
                .append(',')
                .append(cell(event.get("type")));
        Map<?, ?> data = event.get("data") instanceof Map<?, ?> map ? map : Map.of();
        COLUMNS.forEach(name -> line.append(',').append(cell(data.get(name))));
        return line.append(',')
                .append(cell(event.get("source")))
                .append(',')
                .append(cell(json(data)))
                .append("\r\n")
                .toString();
    }

    /// A cell as RFC 4180 has it.
    private static String cell(@Nullable Object value) {
        String text = value == null ? "" : String.valueOf(value);
        return text.matches("(?s).*[,\"\r\n].*") ? '"' + text.replace("\"", "\"\"") + '"' : text;
    }

    private static String json(Object value) {
        return new String(NumberJson.bytes(value), StandardCharsets.UTF_8);
    }
}
