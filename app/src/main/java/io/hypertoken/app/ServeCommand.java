package io.hypertoken.app;

import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import io.hypertoken.env.Catalogue;
import io.hypertoken.env.Spec;
import io.hypertoken.server.Limits;
import io.hypertoken.server.bridge.Bridge;
import io.hypertoken.server.bridge.BridgeSettings;
import io.hypertoken.server.events.Hub;
import io.hypertoken.server.http.AccessRules;
import io.hypertoken.server.http.Metrics;
import io.hypertoken.server.relay.Relay;
import io.hypertoken.server.session.Opening;
import io.hypertoken.server.session.SessionListener;
import io.hypertoken.server.web.Dashboard;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.BindException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/// Serves environments over WebSocket until it is told to stop.
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Serve environments over WebSocket until Ctrl-C or SIGTERM.",
            "Clients may open any environment; one that names none gets --env with the options given here."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  hypertoken serve --env blackjack --agents 3 --decks 6",
            "  hypertoken serve -e CartPole-v1 --port 0        (prints the port that it took)",
            "  hypertoken serve --jar target/my.jar -e corridor --length 12",
            "  hypertoken serve --host 0.0.0.0 --token \"$(openssl rand -hex 16)\"",
            "",
            "The options of an environment: hypertoken describe ENV",
            "Health and metrics: GET /health, /ready and /metrics on the same port",
            "What happens in environments: hypertoken events tail, or http://127.0.0.1:5178/"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:stopped by a signal, or by the end of its input with --until-eof",
            "1:could not start, as when the port is in use",
            "2:the command line was not understood"
        })
final class ServeCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);

    @Option(
            names = {"-e", "--env"},
            paramLabel = "ENV",
            defaultValue = "blackjack",
            completionCandidates = EnvironmentNames.class,
            description = "The environment of clients that name none (default ${DEFAULT-VALUE}).")
    private String environment = "";

    @Option(
            names = {"-p", "--port"},
            defaultValue = "9999",
            converter = WholeNumber.Port.class,
            description = "The port; 0 for any free one (default ${DEFAULT-VALUE}).")
    private int port;

    @Option(names = "--host", defaultValue = "127.0.0.1", description = "The address (default ${DEFAULT-VALUE}).")
    private String host = "";

    @Option(
            names = {"-a", "--agents"},
            paramLabel = "N",
            description = "How many agents, where the environment has that option.")
    private @Nullable String agents;

    @Option(
            names = {"-d", "--decks"},
            paramLabel = "N",
            description = "How many decks, where the environment has that option.")
    private @Nullable String decks;

    @Option(
            names = {"-s", "--seed"},
            converter = WholeNumber.Seed.class,
            description = "The seed of each session's first reset that brings none; without it, one is drawn.")
    private @Nullable Long seed;

    @Option(
            names = {"-v", "--verbose"},
            description = "Log one line for each message.")
    private boolean verbose;

    @Option(
            names = "--until-eof",
            description = "Stop when standard input ends, and so at the latest with whoever holds its other end.")
    private boolean untilEof;

    @Mixin
    private DeclaredOptions declared = new DeclaredOptions();

    @ArgGroup(validate = false, heading = "%nAccess:%n")
    private Access access = new Access();

    @ArgGroup(validate = false, heading = "%nLimits:%n")
    private Bounds bounds = new Bounds();

    @ArgGroup(validate = false, heading = "%nEvents:%n")
    private Events events = new Events();

    @ArgGroup(validate = false, heading = "%nBrowser games:%n")
    private RelayOptions games = new RelayOptions();

    @picocli.CommandLine.Spec
    private CommandSpec command;

    /// The hub beside the bridge.
    static final class Events {
        @Option(
                names = "--events-port",
                paramLabel = "PORT",
                converter = WholeNumber.Port.class,
                description = "Where events are served: a port, or 0 for nowhere (default " + HubOptions.PORT
                        + "; if that is taken, the server goes on without).")
        private @Nullable Integer port;

        @ArgGroup(validate = false)
        private HubOptions hub = new HubOptions();

        boolean areServed() {
            return port == null || port != 0;
        }

        /// Whether the server is of no use without them.
        boolean areAskedFor() {
            return areServed() && (port != null || hub.areGiven());
        }
    }

    /// Who may connect, and what they may open.
    static final class Access {
        @ArgGroup(validate = false)
        private AccessOptions of = new AccessOptions();

        @Option(
                names = "--allow-guest",
                paramLabel = "PATTERN",
                description = "Prefixed ids that clients may open, such as 'gym:CartPole-*'; may be repeated."
                        + " Without it, none but --env.")
        private List<String> guests = new ArrayList<>();
    }

    /// How much of everything.
    static final class Bounds {
        @Option(
                names = "--max-message",
                paramLabel = "BYTES",
                defaultValue = "1048576",
                converter = WholeNumber.Count.class,
                description = "Of a text message (default ${DEFAULT-VALUE}).")
        private int message;

        @Option(
                names = "--max-connections",
                defaultValue = "1024",
                converter = WholeNumber.Count.class,
                description = "Default ${DEFAULT-VALUE}.")
        private int connections;

        @Option(
                names = "--max-sessions",
                defaultValue = "1024",
                converter = WholeNumber.Count.class,
                description = "Default ${DEFAULT-VALUE}.")
        private int sessions;

        @Option(
                names = "--max-envs",
                defaultValue = "65536",
                converter = WholeNumber.Count.class,
                description = "Rows of one session's batch (default ${DEFAULT-VALUE}).")
        private int rows;

        @Option(
                names = "--rate",
                defaultValue = "0",
                converter = WholeNumber.CountOrNone.class,
                description = "Messages a second from one connection; 0 for any number (default).")
        private int rate;

        @Option(
                names = "--lease",
                paramLabel = "SECONDS",
                defaultValue = "60",
                converter = WholeNumber.CountOrNone.class,
                description = "How long a session waits for its client to reconnect (default ${DEFAULT-VALUE}).")
        private int lease;

        @Option(
                names = "--max-parked",
                defaultValue = "256",
                converter = WholeNumber.Count.class,
                description = "Sessions that wait for clients of one address (default ${DEFAULT-VALUE}).")
        private int parked;

        @Option(
                names = "--max-memory",
                paramLabel = "BYTES",
                converter = Bytes.class,
                description = "Of all sessions and of all unread replies, such as 512m or 4g (default 1g, or half of"
                        + " the machine's if that is less).")
        private @Nullable Long memory;

        Limits limits() {
            return Limits.DEFAULT
                    .maxParkedPerAddress(parked)
                    .maxMemoryBytes(memory == null ? Limits.DEFAULT.maxMemoryBytes() : memory)
                    .maxMessageBytes(message)
                    .maxConnections(connections)
                    .maxSessions(sessions)
                    .maxRows(rows)
                    .messagesPerSecond(rate)
                    .leaseSeconds(lease);
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        AccessRules rules = access.of.rules(host);
        Relay relay = games.start(host, rules, declared.catalogue(), bounds.limits(), access.guests);
        if (relay != null) {
            say("HyperToken relay at " + relay.url()); // before --env is looked for, which may be a page's game
        }
        Spec spec = declared.catalogue().find(environment);
        Limits limits = bounds.limits();
        Metrics metrics = Metrics.within(limits);
        var sessions = new SessionEvents();
        var dashboard = new Dashboard(Version.number(), declared.catalogue());
        Supplier<Hub> hub = () -> events.hub.start(
                HubOptions.hosts(host),
                events.port == null ? HubOptions.PORT : events.port,
                "name another by --events-port, or pass --events-port 0 to serve none",
                rules,
                limits,
                metrics,
                dashboard);
        var beside = new AtomicReference<@Nullable Hub>();
        Hub asked = events.areAskedFor() ? startedHub(hub) : null;
        var settings = new BridgeSettings(
                        declared.catalogue(), Opening.of(spec, given(spec), seed, limits.leaseSeconds()), port)
                .host(host)
                .access(rules.withPagesAt(() -> {
                    Hub served = beside.get();
                    return served == null ? 0 : served.port();
                }))
                .limits(limits)
                .allowedGuests(access.guests)
                .ours(ours())
                .sessions(events.areServed() ? sessions : SessionListener.NONE)
                .metrics(metrics)
                .verbose(verbose)
                .version(Version.number());
        Bridge bridge;
        try {
            bridge = Bridge.start(settings);
        } catch (RuntimeException refused) {
            if (asked != null) {
                asked.close();
            }
            throw refused;
        }
        say("HyperToken serving " + spec.id() + " at " + bridge.url());
        dashboard.bridge(bridge.port(), bridge::openSessions);
        if (asked != null) {
            tell(asked, sessions, beside);
        } else if (events.areServed()) {
            // Nobody who waits for the bridge waits for the hub too.
            Thread.ofPlatform().daemon().name("hypertoken-hub-start").start(() -> {
                try {
                    Hub started = startedHub(hub);
                    if (started != null) {
                        tell(started, sessions, beside);
                    }
                } catch (RuntimeException | LinkageError thrown) {
                    LOG.error("events are not served: {}", Shown.trace(thrown));
                }
            });
        }
        EndOfProcess.stops(() -> {
            bridge.close();
            Hub served = beside.get();
            if (served != null) {
                served.close();
            }
            if (relay != null) {
                relay.close();
            }
        });
        var ended = new CountDownLatch(1);
        if (untilEof) {
            Thread.ofPlatform().daemon().name("hypertoken-input").start(() -> {
                readToTheEnd(System.in);
                ended.countDown();
            });
        }
        ended.await();
        return 0;
    }

    /// The hub; null where it was not asked for and another program has its port.
    private @Nullable Hub startedHub(Supplier<Hub> hub) {
        try {
            return hub.get();
        } catch (HyperTokenException refused) {
            if (events.port != null || !(refused.getCause() instanceof BindException)) {
                throw refused;
            }
            LOG.warn("events are not served: {}", refused.getMessage());
            return null;
        }
    }

    private void tell(Hub started, SessionEvents sessions, AtomicReference<@Nullable Hub> beside) {
        beside.set(started);
        sessions.tell(started);
        say("HyperToken events at " + HubAddress.page(started.url()));
    }

    private void say(String line) {
        command.commandLine().getOut().println(line);
        command.commandLine().getOut().flush();
    }

    /// Environments that we ship are known never to hang; those of other jars step on threads of their own.
    private Predicate<Spec> ours() {
        if (declared.jars().isEmpty()) {
            return any -> true;
        }
        Set<Spec> shipped =
                Set.copyOf(Catalogue.of(ServeCommand.class.getClassLoader()).specs());
        return shipped::contains;
    }

    /// Returns when there is nothing more to read, or no reading any more.
    private static void readToTheEnd(InputStream input) {
        try {
            input.transferTo(OutputStream.nullOutputStream());
        } catch (IOException unreadable) {
            LOG.warn("standard input cannot be read", unreadable);
        }
    }

    private Map<String, String> given(Spec spec) {
        var given = new LinkedHashMap<String, String>();
        if (agents != null) {
            given.put("agents", agents);
        }
        if (decks != null) {
            given.put("decks", decks);
        }
        given.putAll(declared.given(spec));
        return given;
    }
}
