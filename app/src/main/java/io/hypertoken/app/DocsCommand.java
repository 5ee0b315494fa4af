package io.hypertoken.app;

import io.hypertoken.env.Catalogue;
import io.hypertoken.env.Spec;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/// Writes the documentation that the code itself knows: it is generated, never typed.
@Command(
        name = "docs",
        mixinStandardHelpOptions = true,
        description = {
            "Write the generated documentation of a source checkout: the README's environment table, a page for each"
                    + " environment, the error codes, and this command's help.",
            "With --check, write nothing; exit code 1 if a file is not what would be written."
        })
final class DocsCommand implements Callable<Integer> {
    private static final Path README = Path.of("README.md");
    private static final Path PAGES = Path.of("docs", "environments");
    private static final String TABLE_BEGINS =
            "<!-- The table below is generated: change the environments, then run ./hypertoken docs -->\n";
    private static final String TABLE_ENDS = "<!-- End of the generated table -->\n";

    @Option(names = "--check", description = "Compare only.")
    private boolean check;

    @Option(
            names = "--root",
            paramLabel = "FOLDER",
            defaultValue = ".",
            description = "The source checkout (default: the current folder).")
    private Path root = Path.of(".");

    @picocli.CommandLine.Spec
    private CommandSpec command;

    @Override
    public Integer call() throws IOException {
        Collection<Spec> specs =
                Catalogue.of(DocsCommand.class.getClassLoader()).specs();
        Map<Path, String> files = files(specs);
        PrintWriter out = command.commandLine().getOut();
        int stale = 0;
        for (Path path : allPaths(files)) {
            String expected = files.get(path);
            Path file = root.resolve(path);
            if (expected != null && Files.exists(file) && Files.readString(file).equals(expected)) {
                continue;
            }
            stale++;
            if (check) {
                command.commandLine().getErr().println(path + (expected == null ? " is of no use" : " is stale"));
            } else if (expected == null) {
                Files.delete(file);
                out.println("deleted " + path);
            } else {
                Files.createDirectories(file.toAbsolutePath().getParent());
                Files.writeString(file, expected);
                out.println("wrote " + path);
            }
        }
        if (check && stale > 0) {
            command.commandLine().getErr().println("the documentation differs from the code; run ./hypertoken docs");
            return 1;
        }
        return 0;
    }

    /// This command for a checkout, without a command line.
    DocsCommand in(Path checkout) {
        root = checkout;
        return this;
    }

    /// Every generated file by its path in the checkout.
    ///
    /// @param specs the environments, in the table's order
    Map<Path, String> files(Collection<Spec> specs) throws IOException {
        var files = new LinkedHashMap<Path, String>();
        files.put(README, readme(EnvironmentPage.table(specs, "docs/environments/")));
        files.put(
                PAGES.resolve("README.md"),
                "# Environments\n\n" + EnvironmentPage.NOTICE + "\n" + EnvironmentPage.tableOfRules(specs));
        for (Spec spec : specs) {
            files.put(PAGES.resolve(EnvironmentPage.fileName(spec)), EnvironmentPage.of(spec));
        }
        files.put(Path.of("docs", "error-codes.md"), ReferencePages.errorCodes());
        files.put(Path.of("docs", "command-line.md"), ReferencePages.commandLine(root));
        return files;
    }

    /// The files that are generated, and the pages that stand there and are not.
    private TreeSet<Path> allPaths(Map<Path, String> files) throws IOException {
        var paths = new TreeSet<>(files.keySet());
        if (Files.isDirectory(root.resolve(PAGES))) {
            try (Stream<Path> pages = Files.list(root.resolve(PAGES))) {
                pages.map(page -> PAGES.resolve(page.getFileName())).forEach(paths::add);
            }
        }
        return paths;
    }

    private String readme(String table) throws IOException {
        Path file = root.resolve(README);
        String text = Files.exists(file) ? Files.readString(file) : "";
        int begins = text.indexOf(TABLE_BEGINS);
        int ends = text.indexOf(TABLE_ENDS);
        if (begins < 0 || ends < begins) {
            throw new ParameterException(
                    command.commandLine(),
                    "refused --root " + root + "; it holds no README.md with a place for the table; run this in a "
                            + "source checkout");
        }
        return text.substring(0, begins + TABLE_BEGINS.length()) + "\n" + table + "\n" + text.substring(ends);
    }
}
