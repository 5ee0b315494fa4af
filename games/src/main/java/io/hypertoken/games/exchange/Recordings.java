package io.hypertoken.games.exchange;

import static io.hypertoken.ErrorCode.BAD_OPTION;

import io.hypertoken.DidYouMean;
import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// The recorded data that the option `data` may name: what was registered in this process, and the files of one folder.
///
/// Names, not paths: whoever opens an environment may come from anywhere, and must not read what he likes. The folder
/// is
/// the system property `hypertoken.exchange.data`, or the environment variable `HYPERTOKEN_EXCHANGE_DATA`; without
/// either there is none. Safe for any thread.
public final class Recordings {
    /// What a file's name ends in.
    public static final String SUFFIX = ".bars";

    private static final String PROPERTY = "hypertoken.exchange.data";
    private static final String VARIABLE = "HYPERTOKEN_EXCHANGE_DATA";
    private static final int SHOWN = 60; // characters

    private static final Map<String, Recording> KNOWN = new ConcurrentHashMap<>();

    private Recordings() {}

    /// Gives data a name, for every environment of this process; another's that had it is replaced.
    ///
    /// @throws IllegalArgumentException if it is no word of letters, digits, dots, hyphens and underscores
    public static void register(String name, Recording recording) {
        if (!isName(name)) {
            throw new IllegalArgumentException("recorded data cannot be called " + Shown.shortened(name, SHOWN)
                    + "; a name is a word of letters, digits, dots, hyphens and underscores; choose such");
        }
        KNOWN.put(name, recording);
    }

    /// The data of a name, read from its file at the first time.
    ///
    /// @throws HyperTokenException `bad_option` if there is none, or its file cannot be read
    static Recording find(String name) {
        Recording known = KNOWN.get(name);
        if (known != null) {
            return known;
        }
        Path file = isName(name) ? folder().resolve(name + SUFFIX) : Path.of("");
        if (!isName(name) || !Files.isRegularFile(file)) {
            throw refusal(name, "there is no recorded data of that name", DidYouMean.hint(name, names()));
        }
        try {
            return KNOWN.computeIfAbsent(name, missing -> BarsFile.read(file));
        } catch (HyperTokenException broken) {
            throw refusal(name, "its file cannot be read (" + broken.getMessage() + ")", "import it again");
        }
    }

    private static HyperTokenException refusal(String name, String why, String what) {
        return new HyperTokenException(
                BAD_OPTION, "grand-exchange refused option data=" + Shown.shortened(name, SHOWN), why, what);
    }

    private static boolean isName(String name) {
        return name.matches("[A-Za-z0-9_][A-Za-z0-9._-]*");
    }

    private static Path folder() {
        String variable = System.getenv(VARIABLE);
        return Path.of(System.getProperty(PROPERTY, variable == null ? "" : variable));
    }

    private static List<String> names() {
        var names = Stream.concat(KNOWN.keySet().stream(), files())
                .distinct()
                .sorted()
                .toList();
        return names.isEmpty() ? List.of("none; hypertoken exchange import makes some") : names;
    }

    private static Stream<String> files() {
        if (folder().toString().isEmpty()) {
            return Stream.of();
        }
        try (var files = Files.list(folder())) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(SUFFIX))
                    .map(file -> file.substring(0, file.length() - SUFFIX.length()))
                    .toList()
                    .stream();
        } catch (IOException e) {
            return Stream.of();
        }
    }
}
