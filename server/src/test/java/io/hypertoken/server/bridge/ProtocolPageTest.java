package io.hypertoken.server.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.env.Catalogue;
import io.hypertoken.server.session.Opening;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every conversation that the protocol's page shows is as it says.
class ProtocolPageTest {
    private static final Path PAGE = Path.of("..", "docs", "protocol.md");
    private static final Pattern CONVERSATION = Pattern.compile("```text\n(serve .*?)```", Pattern.DOTALL);

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
    void aShownConversationIsWhatTheServerSays(List<String> lines) {
        String[] served = lines.getFirst().split(" ");
        var options = new HashMap<String, String>();
        for (int k = 2; k < served.length; k++) {
            options.put(served[k].split("=")[0], served[k].split("=")[1]);
        }
        var catalogue = Catalogue.of(ProtocolPageTest.class.getClassLoader());
        var standard = Opening.of(catalogue.find(served[1]), options, null, 60);
        try (var bridge = Bridge.start(new BridgeSettings(catalogue, standard, 0));
                var client = Client.connect(bridge.url())) {
            for (String line : lines.subList(1, lines.size())) {
                if (line.startsWith("→ ")) {
                    client.send(line.substring(2));
                } else {
                    assertThat(line).startsWith("← ");
                    assertThat(client.text()).matches(pattern(line.substring(2)));
                }
            }
        }
    }

    /// The reply, with anything in place of an ellipsis.
    private static String pattern(String reply) {
        return Arrays.stream(reply.split("…", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
    }
}
