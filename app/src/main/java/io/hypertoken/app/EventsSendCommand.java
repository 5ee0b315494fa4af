package io.hypertoken.app;

import io.hypertoken.HyperTokenException;
import io.hypertoken.json.JsonMessage;
import io.hypertoken.json.NumberJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Publishes events.
@Command(
        name = "send",
        mixinStandardHelpOptions = true,
        description = {
            "Publish an event: its type, and what is known as NAME=VALUE, where VALUE is JSON or else text.",
            "With --json, publish what a file holds: one event, an array, or one a line."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  hypertoken events send price_update item=Coal price=155 change=-2",
            "  hypertoken events send note 'tags=[\"a\",\"b\"]' text='it rains'",
            "  hypertoken events export | hypertoken events send --json - --url http://other:5178"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the events are in the hub's log",
            "1:they were refused, or no hub answers; none of the message that was refused is in the log",
            "2:the command line was not understood"
        })
final class EventsSendCommand implements Callable<Integer> {
    private static final int AT_ONCE = 500;

    @Parameters(index = "0", arity = "0..1", paramLabel = "TYPE", description = "What kind of event it is.")
    private @Nullable String type;

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "NAME=VALUE", description = "What is known of it.")
    private List<String> facts = new ArrayList<>();

    @Option(names = "--json", paramLabel = "FILE", description = "Where events are read from; - for standard input.")
    private @Nullable String file;

    @Option(
            names = "--event-id",
            paramLabel = "ID",
            description = "A name of your own for it: sent again, it counts once.")
    private @Nullable String eventId;

    @Mixin
    private HubAddress hub = new HubAddress();

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() throws IOException {
        if ((type == null) == (file == null)) {
            throw new ParameterException(command.commandLine(), "name either a TYPE, or a file by --json");
        }
        List<Map<String, @Nullable Object>> events = file == null ? List.of(event()) : read(file);
        long accepted = 0;
        Object seq = null;
        for (int from = 0; from < events.size(); from += AT_ONCE) {
            List<Map<String, @Nullable Object>> some = events.subList(from, Math.min(events.size(), from + AT_ONCE));
            Map<String, @Nullable Object> answer = hub.publish(json(file == null ? some.getFirst() : some));
            if (!"success".equals(answer.get("status"))) {
                command.commandLine().getErr().println("hypertoken: " + answer.get("message"));
                if (accepted > 0) {
                    command.commandLine()
                            .getErr()
                            .println("hypertoken: " + accepted + " events before those are in the log");
                }
                return 1;
            }
            accepted += some.size();
            seq = answer.get("seq");
        }
        command.commandLine()
                .getOut()
                .println(accepted == 1 ? "event " + seq : accepted + " events, the last is " + seq);
        return 0;
    }

    private Map<String, @Nullable Object> event() {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        for (String fact : facts) {
            int equals = fact.indexOf('=');
            if (equals < 1) {
                throw new ParameterException(
                        command.commandLine(), "refused " + fact + "; write NAME=VALUE, such as price=155");
            }
            data.put(fact.substring(0, equals), value(fact.substring(equals + 1)));
        }
        Map<String, @Nullable Object> event = new LinkedHashMap<>();
        event.put("type", type);
        event.put("data", data);
        if (eventId != null) {
            event.put("event_id", eventId);
        }
        return event;
    }

    /// JSON where it is some, else text.
    private static @Nullable Object value(String text) {
        try {
            return JsonMessage.read(("{\"v\":" + text + "}").getBytes(StandardCharsets.UTF_8))
                    .get("v");
        } catch (HyperTokenException noJson) {
            return text;
        }
    }

    private static List<Map<String, @Nullable Object>> read(String file) throws IOException {
        byte[] bytes = file.equals("-") ? System.in.readAllBytes() : Files.readAllBytes(Path.of(file));
        try {
            return JsonMessage.readSome(bytes);
        } catch (HyperTokenException severalOrBad) {
            var events = new ArrayList<Map<String, @Nullable Object>>();
            for (String line : new String(bytes, StandardCharsets.UTF_8).lines().toList()) {
                if (!line.isBlank()) {
                    events.add(JsonMessage.read(line.getBytes(StandardCharsets.UTF_8)));
                }
            }
            return events;
        }
    }

    private static byte[] json(Object value) {
        return NumberJson.bytes(value);
    }
}
