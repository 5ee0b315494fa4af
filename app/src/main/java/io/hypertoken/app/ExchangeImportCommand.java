package io.hypertoken.app;

import io.hypertoken.app.exchange.ImportSettings;
import io.hypertoken.app.exchange.Importer;
import io.hypertoken.app.exchange.Window;
import io.hypertoken.games.exchange.BarsFile;
import io.hypertoken.games.exchange.Recordings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Makes a recording of saved answers.
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Make a recording of saved answers of the prices API: /latest, /5m, /10m, /30m, /1h, /6h, /24h, /timeseries"
                    + " and /mapping, plain or gzipped, one or many in a file.",
            "A window's time is its timestamp, at which it began; what files are called does not matter, but that a path"
                    + " may say how long windows are, as 5m/1767571200.json does. Otherwise their spacing says it."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  hypertoken exchange import answers --name may",
            "  hypertoken exchange import hours/*.json mapping.json --name hours --window 1h",
            "  hypertoken run exchange --data may --policy spread-catcher"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the recording is written",
            "1:a file is no answer or half of one, and nothing is written",
            "2:the command line was not understood"
        })
final class ExchangeImportCommand implements Callable<Integer> {
    @Parameters(paramLabel = "PATH", arity = "1..*", description = "Files, and folders of them.")
    private List<Path> paths = List.of();

    @Mixin
    private ExchangeFolder to = new ExchangeFolder();

    @Option(
            names = "--window",
            paramLabel = "LENGTH",
            converter = ExchangeFolder.Windows.class,
            description = "How long all windows are, such as 5m, whatever their paths say.")
    private @Nullable Window window;

    @Option(
            names = "--play",
            paramLabel = "LENGTH",
            converter = ExchangeFolder.Windows.class,
            description = "The windows that are played (default: the shortest there are).")
    private @Nullable Window play;

    @Option(
            names = "--from",
            paramLabel = "DAY",
            converter = ExchangeFolder.Day.class,
            description = "Leave out what began before a day such as 2026-01-05, UTC.")
    private @Nullable Long from;

    @Option(
            names = "--until",
            paramLabel = "DAY",
            converter = ExchangeFolder.Day.class,
            description = "Leave out what began on this day or later.")
    private @Nullable Long until;

    @Option(
            names = "--last-wins",
            description = "Of two answers that differ keep that of the later path (default: refuse them).")
    private boolean lastWins;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() throws IOException {
        Path folder = to.folder();
        Path file = folder.resolve(to.name() + Recordings.SUFFIX);
        PrintWriter err = command.commandLine().getErr();
        var settings = new ImportSettings(
                window, play, from == null ? 0 : from, until == null ? Long.MAX_VALUE : until, lastWins);
        Importer.Result result = new Importer(settings, line -> {
                    err.println(line);
                    err.flush();
                })
                .read(paths);
        Files.createDirectories(folder);
        BarsFile.write(result.recording(), file);
        PrintWriter out = command.commandLine().getOut();
        out.println("imported " + to.name() + " into " + file + to.hint());
        result.bars().forEach(line -> out.println("  " + line));
        result.notes().forEach(line -> out.println("  " + line));
        return 0;
    }
}
