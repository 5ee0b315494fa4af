package io.hypertoken.app;

import io.hypertoken.app.exchange.LiveRecorder;
import io.hypertoken.app.exchange.Window;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Records what the API says now.
@Command(
        name = "live",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Record the prices API, window after window, until Ctrl-C: a folder NAME of its own answers, which the option"
                    + " data and exchange import read.",
            "When the API does not answer, this says since when and goes on; windows that were missed are fetched later,"
                    + " the last 365 of them. Begun again, it goes on where it stopped."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  hypertoken exchange live --name now --user-agent \"price study, me@example.org\"",
            "  hypertoken run exchange --data now --windows 12"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:stopped by a signal, or after its time",
            "1:the API refuses, or answers cannot be kept",
            "2:the command line was not understood"
        })
final class ExchangeLiveCommand implements Callable<Integer> {
    private static final long LONGEST_END_SECONDS = 3;

    @Mixin
    private ExchangeFolder to = new ExchangeFolder();

    @Option(
            names = "--user-agent",
            required = true,
            paramLabel = "TEXT",
            description = "What the API is told that asks: say what it is and how to reach you. It blocks names that"
                    + " programs have by default.")
    private String userAgent = "";

    @Option(names = "--url", defaultValue = LiveRecorder.REAL, description = "Where it is (default ${DEFAULT-VALUE}).")
    private String url = "";

    @Option(
            names = "--window",
            paramLabel = "LENGTH",
            defaultValue = "5m",
            converter = ExchangeFolder.Windows.class,
            description = "Which windows, such as 5m or 1h (default ${DEFAULT-VALUE}).")
    private Window window = Window.M5;

    @Option(
            names = "--for",
            paramLabel = "TIME",
            converter = Time.class,
            description = "Stop after a time such as 90s or 2h.")
    private @Nullable Duration longest;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = command.commandLine().getOut();
        Path folder = to.folder().resolve(to.name());
        Instant end = longest == null ? Instant.MAX : Instant.now().plus(longest);
        var stop = new CountDownLatch(1);
        var ended = new CountDownLatch(1);
        try (var recorder = new LiveRecorder(url, userAgent, window, folder, line -> tell(out, line));
                var hook = EndOfProcess.stops(() -> {
                    stop.countDown();
                    await(ended);
                })) {
            tell(out, "recording windows of " + window.word() + " into " + folder + to.hint());
            for (Instant next = Instant.now(); next.isBefore(end); ) {
                if (stop.await(Duration.between(Instant.now(), next).toMillis(), TimeUnit.MILLISECONDS)) {
                    return 0;
                }
                next = recorder.poll(Instant.now());
            }
            stop.await(Duration.between(Instant.now(), end).toMillis(), TimeUnit.MILLISECONDS);
            return 0;
        } finally {
            ended.countDown();
        }
    }

    private static void tell(PrintWriter out, String line) {
        out.println(line);
        out.flush();
    }

    private static void await(CountDownLatch ended) {
        try {
            boolean inTime = ended.await(LONGEST_END_SECONDS, TimeUnit.SECONDS);
            if (!inTime) {
                return; // it waits for an answer; what it has kept is whole
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
