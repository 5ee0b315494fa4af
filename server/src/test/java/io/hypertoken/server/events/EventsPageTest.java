package io.hypertoken.server.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every conversation that the hub's page shows is as it says.
class EventsPageTest {
    private static final Path PAGE = Path.of("..", "docs", "events.md");
    private static final Pattern CONVERSATION = Pattern.compile("```text\nhub\n(.*?)```", Pattern.DOTALL);

    static Stream<List<String>> conversations() throws IOException {
        List<List<String>> all = CONVERSATION
                .matcher(Files.readString(PAGE))
                .results()
                .map(found -> found.group(1).lines().toList())
                .toList();
        assertThat(all).hasSizeGreaterThan(4);
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("conversations")
    void aShownConversationIsWhatTheHubSays(List<String> lines) {
        try (var served = Served.start(HubSettings.DEFAULT)) {
            Listener client = null;
            String answered = "";
            for (String line : lines) {
                if (line.startsWith("POST ")) {
                    answered = served.post(line.substring(5)).body();
                } else if (line.startsWith("⇒ ")) {
                    assertThat(answered).matches(pattern(line.substring(2)));
                } else {
                    client = client == null ? served.connect() : client;
                    play(client, line);
                }
            }
        }
    }

    private static void play(@Nullable Listener client, String line) {
        if (line.startsWith("→ ")) {
            client.send(line.substring(2));
        } else {
            assertThat(line).startsWith("← ");
            assertThat(client.text()).matches(pattern(line.substring(2)));
        }
    }

    /// The message, with anything in place of an ellipsis.
    private static String pattern(String message) {
        return Arrays.stream(message.split("…", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
    }
}
