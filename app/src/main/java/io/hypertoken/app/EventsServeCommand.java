package io.hypertoken.app;

import ch.qos.logback.classic.LoggerContext;
import io.hypertoken.env.Catalogue;
import io.hypertoken.server.Limits;
import io.hypertoken.server.events.Hub;
import io.hypertoken.server.http.ListenerSettings;
import io.hypertoken.server.http.Metrics;
import io.hypertoken.server.web.Dashboard;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Runs a hub alone.
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Serve events until Ctrl-C or SIGTERM: clients connect to ws://HOST:PORT/ws, producers POST to /submit_event."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  hypertoken events serve",
            "  hypertoken events serve --events-log events --log-folder logs",
            "  hypertoken events serve --host 0.0.0.0 --token \"$(openssl rand -hex 16)\""
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:stopped by a signal",
            "1:could not start, as when the port is in use",
            "2:the command line was not understood"
        })
final class EventsServeCommand implements Callable<Integer> {
    private static final String LOG_FILE = "websocket_server.log";

    @Option(
            names = {"-p", "--port"},
            defaultValue = "" + HubOptions.PORT,
            converter = WholeNumber.Port.class,
            description = "The port; 0 for any free one (default ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--host",
            defaultValue = "127.0.0.1",
            description = "The address (default ${DEFAULT-VALUE}, and ::1 with it).")
    private String host = "";

    @Option(
            names = "--log-folder",
            paramLabel = "FOLDER",
            description = "Write what the console shows to " + LOG_FILE + " in this folder too.")
    private @Nullable Path logFolder;

    @Option(
            names = "--max-connections",
            defaultValue = "1024",
            converter = WholeNumber.Count.class,
            description = "Default ${DEFAULT-VALUE}.")
    private int connections;

    @ArgGroup(validate = false, heading = "%nAccess:%n")
    private AccessOptions access = new AccessOptions();

    @ArgGroup(validate = false, heading = "%nThe log and its alerts:%n")
    private HubOptions hub = new HubOptions();

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() throws InterruptedException {
        if (logFolder != null) {
            LogFormat.logTo(logFolder.resolve(LOG_FILE), (LoggerContext) LoggerFactory.getILoggerFactory());
        }
        Limits limits = Limits.DEFAULT.maxConnections(connections);
        var dashboard = new Dashboard(Version.number(), Catalogue.of(EventsServeCommand.class.getClassLoader()));
        Hub served = hub.start(
                HubOptions.hosts(host),
                port,
                ListenerSettings.ADVICE,
                access.rules(host),
                limits,
                Metrics.within(limits),
                dashboard);
        command.commandLine().getOut().println("HyperToken events at " + HubAddress.page(served.url()));
        command.commandLine().getOut().flush();
        EndOfProcess.stops(served::close);
        new CountDownLatch(1).await();
        return 0;
    }
}
