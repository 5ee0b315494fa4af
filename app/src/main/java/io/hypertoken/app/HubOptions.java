package io.hypertoken.app;

import static io.hypertoken.ErrorCode.BAD_OPTION;

import io.hypertoken.HyperTokenException;
import io.hypertoken.env.Catalogue;
import io.hypertoken.server.Limits;
import io.hypertoken.server.events.Hub;
import io.hypertoken.server.events.HubSettings;
import io.hypertoken.server.events.alert.AlertSettings;
import io.hypertoken.server.events.schema.EventSchemas;
import io.hypertoken.server.events.store.EventStore;
import io.hypertoken.server.events.store.FileStore;
import io.hypertoken.server.events.store.FileStoreSettings;
import io.hypertoken.server.events.store.FsyncPolicy;
import io.hypertoken.server.events.store.MemoryStore;
import io.hypertoken.server.events.store.nats.NatsAddress;
import io.hypertoken.server.events.store.nats.NatsStore;
import io.hypertoken.server.http.AccessRules;
import io.hypertoken.server.http.ListenerSettings;
import io.hypertoken.server.http.Metrics;
import io.hypertoken.server.web.Dashboard;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Option;

/// The events hub's log and alerts on the command line, and the hub that they ask for.
final class HubOptions {
    /// Where hubs are, unless somebody says otherwise.
    static final int PORT = 5178;

    private static final long IN_MEMORY = 64 << 20;
    private static final long HEARTBEAT_MILLIS = 15_000;

    @Option(
            names = "--events-log",
            paramLabel = "FOLDER",
            description = "Keep events in this folder, over restarts; without it they are kept in memory, the newest 64"
                    + " MiB, and what environments tell only while a client listens.")
    private @Nullable Path log;

    @Option(
            names = "--store",
            paramLabel = "nats://HOST:PORT[/STREAM]",
            description = "Keep events in a NATS JetStream stream, which several hubs may serve, in place of a folder.")
    private @Nullable String stream;

    @Option(
            names = "--events-log-size",
            paramLabel = "BYTES",
            converter = Bytes.class,
            defaultValue = "1g",
            description = "How much of the log is kept, such as 512m (default ${DEFAULT-VALUE}).")
    private long size;

    @Option(
            names = "--events-log-age",
            paramLabel = "TIME",
            converter = Time.class,
            defaultValue = "30d",
            description = "How long events are kept in the folder, such as 12h (default ${DEFAULT-VALUE}).")
    private Duration age = Duration.ZERO;

    @Option(
            names = "--events-fsync",
            paramLabel = "WHEN",
            defaultValue = "50ms",
            description = "When the log is forced onto the disk: always, never, or at most so long after an event"
                    + " (default ${DEFAULT-VALUE}). An acknowledged event is lost only with the machine.")
    private String fsync = "";

    @Option(
            names = "--alerts",
            paramLabel = "FILE",
            description = "Alert rules as JSON; rules that clients set are kept there too.")
    private @Nullable Path alerts;

    @Option(
            names = "--alert-host",
            paramLabel = "HOST[:PORT]",
            description = "A host that an alert's webhook may call; may be repeated. Without it, none.")
    private List<String> alertHosts = new ArrayList<>();

    @Option(names = "--alert-commands", description = "Let alert rules start command lines.")
    private boolean alertCommands;

    /// Whether something was asked of the hub: then it is no use without it.
    boolean areGiven() {
        return log != null || stream != null || alerts != null || !alertHosts.isEmpty() || alertCommands;
    }

    /// A running hub.
    ///
    /// @param hosts the addresses to listen on
    /// @param advice what to do where the port is taken
    /// @param dashboard its page
    /// @throws io.hypertoken.HyperTokenException if the port is taken, or the log or the rules cannot be used
    Hub start(
            List<String> hosts,
            int port,
            String advice,
            AccessRules access,
            Limits limits,
            Metrics metrics,
            Dashboard dashboard) {
        EventStore store = store();
        Hub hub;
        try {
            HubSettings settings = HubSettings.DEFAULT
                    .version(Version.number())
                    .keepsLog(log != null || stream != null)
                    .dashboard(dashboard)
                    .alerts(new AlertSettings(alerts, alertHosts, alertCommands));
            hub = Hub.start(settings, store, EventSchemas.known(), metrics);
        } catch (RuntimeException refused) {
            store.close();
            throw refused;
        }
        try {
            hub.listen(new ListenerSettings(hosts, port, advice, access, limits, HEARTBEAT_MILLIS));
        } catch (RuntimeException refused) {
            hub.close();
            throw refused;
        }
        return hub;
    }

    private EventStore store() {
        if (stream != null && log != null) {
            throw new HyperTokenException(
                    BAD_OPTION, "refused --store and --events-log", "events are kept in one place", "name one of them");
        }
        if (stream != null) {
            return NatsStore.open(
                    NatsAddress.parse(stream),
                    size,
                    age,
                    notice -> LoggerFactory.getLogger(HubOptions.class).warn(notice));
        }
        return log == null
                ? new MemoryStore(IN_MEMORY)
                : FileStore.open(
                        FileStoreSettings.in(log).maxBytes(size).maxAge(age).fsync(FsyncPolicy.parse(fsync)));
    }

    /// A running hub for this machine alone.
    ///
    /// @param catalogue the environments that its page tells of
    Hub startHere(int port, String portOption, Catalogue catalogue) {
        return start(
                hosts("127.0.0.1"),
                port,
                portOption,
                AccessRules.LOCAL,
                Limits.DEFAULT,
                Metrics.within(Limits.DEFAULT),
                new Dashboard(Version.number(), catalogue));
    }

    /// The addresses of a hub beside a server on `host`: both loopbacks where that is one.
    static List<String> hosts(String host) {
        return host.equals("127.0.0.1") || host.equals("localhost") ? List.of("127.0.0.1", "::1") : List.of(host);
    }
}
