package io.hypertoken.app;

import io.hypertoken.app.exchange.Exporter;
import io.hypertoken.app.exchange.RecordedData;
import io.hypertoken.app.exchange.Window;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Writes a recording as the API's answers.
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Write a recording in the form of the prices API's /5m or /1h: a file for each window, as other tools read it.",
            "The files are FOLDER/5m/TIMESTAMP.json; the timestamp is that at which the window began."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  hypertoken exchange export may --window 1h --to exported"},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all windows are written",
            "1:there is no such recording or window, or the folder has them already; nothing is written",
            "2:the command line was not understood"
        })
final class ExchangeExportCommand implements Callable<Integer> {
    @Parameters(paramLabel = "NAME", description = "The name of a recording, or a path.")
    private String name = "";

    @Option(
            names = "--window",
            paramLabel = "LENGTH",
            defaultValue = "5m",
            converter = ExchangeFolder.Windows.class,
            description = "Which windows, such as 5m or 1h (default ${DEFAULT-VALUE}).")
    private Window window = Window.M5;

    @Option(names = "--to", paramLabel = "FOLDER", required = true, description = "Where to.")
    private Path folder = Path.of("");

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() throws IOException {
        int written = Exporter.write(RecordedData.of(name), window, folder);
        command.commandLine()
                .getOut()
                .println("exported " + written + " windows into " + folder.resolve(window.word()));
        return 0;
    }
}
