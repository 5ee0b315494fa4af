package io.hypertoken.server.relay.rows;

import static io.hypertoken.ErrorCode.UNKNOWN_ENVIRONMENT;

import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import io.hypertoken.env.Catalogue;
import io.hypertoken.env.Spec;
import io.hypertoken.env.SpecResolver;
import io.hypertoken.json.JsonMessage;
import io.hypertoken.json.NumberJson;
import io.hypertoken.server.relay.Relay;
import io.hypertoken.server.relay.RelaySettings;
import io.hypertoken.server.relay.wire.Announcement;
import java.io.IOException;
import java.net.ConnectException;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Finds games that pages host: `browser:my-game` at this process's relay, or at the usual one, which is started where
/// there is none; `browser:my-game@HOST:PORT` at another.
///
/// `HYPERTOKEN_RELAY` names another usual one, `HYPERTOKEN_TOKEN` is shown to it, and `HYPERTOKEN_PAGE_DEADLINE` says
/// for
/// how many seconds a page may be waited for, 30 unless it says otherwise.
public final class BrowserResolver implements SpecResolver {
    private static final long PAGE_SECONDS = 30;
    private static final long SHORT_WAIT_MILLIS = 300;
    private static final int SHOWN = 60;

    private final Map<String, Known> known = new HashMap<>();

    /// A game as it was when it was last asked about.
    private record Known(Announcement game, Spec spec) {}

    @Override
    public String prefix() {
        return "browser";
    }

    @Override
    public synchronized Spec resolve(String name) {
        int at = name.lastIndexOf('@');
        String game = at < 0 ? name : name.substring(0, at);
        if (game.isBlank()) {
            throw new HyperTokenException(
                    UNKNOWN_ENVIRONMENT,
                    "there is no environment browser:" + Shown.shortened(name, SHOWN),
                    "it names no game",
                    "write browser: and the name that its page gives to hostGame()");
        }
        RelayAddress relay = at < 0 ? usual(game) : RelayAddress.of(name.substring(at + 1));
        Announcement told = ask(relay, game);
        Known before = known.get(relay + " " + name);
        if (before == null || !before.game.isThatOf(told)) {
            before = new Known(told, PageSpecs.of("browser:" + name, told, relay));
            known.put(relay + " " + name, before);
        }
        return before.spec;
    }

    @Override
    public Collection<String> known() {
        Relay here = Relay.here();
        return here == null
                ? List.of()
                : here.games().stream()
                        .map(game -> String.valueOf(game.get("name")))
                        .toList();
    }

    private RelayAddress usual(String game) {
        Relay here = Relay.here();
        if (here != null) {
            return RelayAddress.of(here.url());
        }
        String named = System.getenv("HYPERTOKEN_RELAY");
        if (named != null && !named.isBlank()) {
            return RelayAddress.of(named);
        }
        var usual = RelayAddress.of("127.0.0.1:" + RelaySettings.PORT);
        try (RelayLine there = usual.dial()) {
            return usual;
        } catch (ConnectException nobody) {
            Relay started = Relay.start(new RelaySettings(new Catalogue(List.of(), List.of(this)), RelaySettings.PORT));
            say("a relay for browser games runs at " + started.url() + " while this process does");
            return RelayAddress.of(started.url());
        } catch (IOException other) {
            throw unreachable(usual, game, other);
        }
    }

    /// What is hosted under a name, waiting for a page if need be.
    private static Announcement ask(RelayAddress relay, String game) {
        long millis = pageMillis();
        try (RelayLine line = relay.dial()) {
            Map<String, @Nullable Object> answer = describe(line, game, Math.min(millis, SHORT_WAIT_MILLIS));
            if (answer.get("game") == null && millis > SHORT_WAIT_MILLIS) {
                say("waiting " + TimeUnit.MILLISECONDS.toSeconds(millis) + " s for a page that hosts " + game
                        + "; open it in a browser; it is to call hostGame() with " + relay);
                answer = describe(line, game, millis);
            }
            if (answer.get("game") instanceof Map<?, ?> told) {
                @SuppressWarnings("unchecked") // JsonMessage makes no other maps
                var fields = (Map<String, @Nullable Object>) told;
                return Announcement.of(fields);
            }
            throw new HyperTokenException(
                    UNKNOWN_ENVIRONMENT,
                    "there is no environment browser:" + Shown.shortened(game, SHOWN),
                    String.valueOf(answer.get("why")),
                    "the relay is at " + relay);
        } catch (IOException gone) {
            throw unreachable(relay, game, gone);
        }
    }

    private static Map<String, @Nullable Object> describe(RelayLine line, String game, long millis) throws IOException {
        var fields = new LinkedHashMap<String, @Nullable Object>();
        fields.put("type", "describe");
        fields.put("name", game);
        fields.put("wait_ms", millis);
        line.sendText(NumberJson.bytes(fields));
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis + Seats.SLACK_MILLIS);
        return JsonMessage.read(line.receive(deadline).bytes());
    }

    private static long pageMillis() {
        String seconds = System.getenv("HYPERTOKEN_PAGE_DEADLINE");
        return TimeUnit.SECONDS.toMillis(
                seconds != null && seconds.matches("[0-9]{1,5}") ? Long.parseLong(seconds) : PAGE_SECONDS);
    }

    private static HyperTokenException unreachable(RelayAddress relay, String game, IOException why) {
        return new HyperTokenException(
                UNKNOWN_ENVIRONMENT,
                "cannot ask for browser:" + Shown.shortened(game, SHOWN),
                "the relay at " + relay + " cannot be used: " + why.getMessage(),
                "start one by hypertoken relay, or name another as browser:GAME@HOST:PORT or by HYPERTOKEN_RELAY",
                why);
    }

    /// To whoever sits before the terminal, and waits: a log may go nowhere.
    private static void say(String line) {
        System.err.println("hypertoken: " + line);
    }
}
