package io.hypertoken.app;

import io.hypertoken.env.Catalogue;
import io.hypertoken.env.Spec;
import io.hypertoken.server.Limits;
import io.hypertoken.server.http.ListenerSettings;
import io.hypertoken.server.relay.Relay;
import io.hypertoken.server.relay.RelaySettings;
import io.hypertoken.server.session.Opening;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/// Runs a relay of browser games alone.
@Command(
        name = "relay",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Relay browser games until Ctrl-C or SIGTERM: pages that call hostGame() host them, and whoever opens"
                    + " browser:NAME plays them.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  hypertoken relay",
            "  hypertoken relay --pages my-game        (then open http://127.0.0.1:8765/)",
            "  hypertoken relay --env CartPole-v1      (pages that only send actions play it)",
            "  hypertoken digest browser:my-game"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:stopped by a signal",
            "1:could not start, as when the port is in use",
            "2:the command line was not understood"
        })
final class RelayCommand implements Callable<Integer> {
    @Option(
            names = {"-p", "--port"},
            defaultValue = "" + RelaySettings.PORT,
            converter = WholeNumber.Port.class,
            description = "The port; 0 for any free one (default ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--host",
            defaultValue = "127.0.0.1",
            description = "The address (default ${DEFAULT-VALUE}, and ::1 with it).")
    private String host = "";

    @Option(names = "--pages", paramLabel = "DIR", description = "Serve the files of this folder, such as a game's.")
    private @Nullable Path pages;

    @Option(
            names = {"-e", "--env"},
            paramLabel = "ENV",
            completionCandidates = EnvironmentNames.class,
            description = "What is played by pages that send actions, and by programs that name no environment;"
                    + " without it, what pages host.")
    private @Nullable String environment;

    @Mixin
    private DeclaredOptions declared = new DeclaredOptions();

    @Option(
            names = "--max-connections",
            defaultValue = "1024",
            converter = WholeNumber.Count.class,
            description = "Default ${DEFAULT-VALUE}.")
    private int connections;

    @ArgGroup(validate = false, heading = "%nAccess:%n")
    private AccessOptions access = new AccessOptions();

    @picocli.CommandLine.Spec
    private CommandSpec command;

    @Override
    public Integer call() throws InterruptedException {
        Catalogue catalogue = declared.catalogue();
        Limits limits = Limits.DEFAULT.maxConnections(connections);
        Opening opening = null;
        if (environment != null) {
            Spec spec = catalogue.find(environment);
            opening = Opening.of(spec, declared.given(spec), null, limits.leaseSeconds());
        }
        Relay relay = Relay.start(new RelaySettings(catalogue, port)
                .at(HubOptions.hosts(host), ListenerSettings.ADVICE)
                .access(access.rules(host))
                .limits(limits)
                .opening(opening)
                .pages(pages)
                .version(Version.number()));
        say("HyperToken relay at " + relay.url());
        if (pages != null) {
            say("Open http" + relay.url().substring("ws".length()) + "/");
        }
        EndOfProcess.stops(relay::close);
        new CountDownLatch(1).await();
        return 0;
    }

    private void say(String line) {
        command.commandLine().getOut().println(line);
        command.commandLine().getOut().flush();
    }
}
