package io.hypertoken.app;

import io.hypertoken.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/// The generated pages that are about no single environment.
final class ReferencePages {
    private ReferencePages() {}

    /// Every error code, with its class in Python.
    static String errorCodes() {
        var page = new StringBuilder("# Error codes\n\n")
                .append(EnvironmentPage.NOTICE)
                .append("""

                        A refused call changes nothing. Its message says what happened, why, and what to do now. In Java
                        it is a `HyperTokenException` with a `code()`; on the wire
                        `{"error": "what; why; what to do", "code": "bad_option"}`; in Python a class of
                        `hypertoken.errors`, which is a `HyperTokenError` with a `code`.

                        | code | in Python | what it means |
                        |---|---|---|
                        """);
        for (ErrorCode code : ErrorCode.values()) {
            page.append("| `" + code.wireName() + "` | `" + pythonClass(code) + "` | " + code.meaning() + " |\n");
        }
        return page.toString();
    }

    /// The help of every command: of the launcher, from its scripts, then of the jar.
    static String commandLine(Path root) throws IOException {
        var page = new StringBuilder("# The command line\n\n")
                .append(EnvironmentPage.NOTICE)
                .append("""

                In a source checkout the command is `./hypertoken`; after `pip install hypertoken` it is `hypertoken`,
                without the launcher's commands. Exit codes: 0 done, 1 the command failed, 2 the command line was not
                understood.

                ## The launcher's commands
                """);
        try (Stream<Path> scripts = Files.list(root.resolve("launcher/commands"))) {
            for (Path script : scripts.sorted().toList()) {
                page.append("\n### ./hypertoken ")
                        .append(script.getFileName().toString().replace(".sh", ""))
                        .append("\n\n")
                        .append(block(headComment(script)));
            }
        }
        page.append("\n## The jar's commands\n");
        append(page, Main.commandLine());
        return page.toString();
    }

    private static void append(StringBuilder page, CommandLine command) {
        page.append("\n### ")
                .append(command.getCommandSpec().qualifiedName())
                .append("\n\n")
                .append(block(command.getUsageMessage(Ansi.OFF)));
        command.getSubcommands().values().stream().distinct().forEach(sub -> append(page, sub));
    }

    private static String headComment(Path script) throws IOException {
        List<String> lines = Files.readAllLines(script);
        return lines.stream()
                .takeWhile(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("^# ?", ""))
                .collect(Collectors.joining("\n"));
    }

    private static String block(String text) {
        String lines = text.lines().map(String::stripTrailing).collect(Collectors.joining("\n"));
        return "```text\n" + lines.strip() + "\n```\n";
    }

    private static String pythonClass(ErrorCode code) {
        return Arrays.stream(code.wireName().split("_"))
                        .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
                        .collect(Collectors.joining())
                + "Error";
    }
}
