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
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// The recorded data that the option `data` may name: what was registered in this process, and the files of one folder.
///
/// Names, not paths: whoever opens an environment may come from anywhere, and must not read what he likes. The folder
/// is the system property `hypertoken.exchange.data`, or else the environment variable `HYPERTOKEN_EXCHANGE_DATA`, or
/// else `.hypertoken/exchange` in the user's home. There NAME is the file `NAME.bars`, or a folder of saved answers of
/// the prices API that a [FolderReader] can read. Safe for any thread.
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

    /// Whether data of this name can be found.
    public static boolean isKnown(String name) {
        return KNOWN.containsKey(name)
                || (isName(name)
                        && (Files.isRegularFile(folder().resolve(name + SUFFIX))
                                || Files.isDirectory(folder().resolve(name))));
    }

    /// The data of a name, read from its file or folder at the first time.
    ///
    /// @throws HyperTokenException `bad_option` if there is none, or it cannot be read
    public static Recording find(String name) {
        Recording known = KNOWN.get(name);
        if (known != null) {
            return known;
        }
        if (!isKnown(name)) {
            throw refusal(name, "there is no recorded data of that name", DidYouMean.hint(name, names()));
        }
        try {
            return KNOWN.computeIfAbsent(name, Recordings::read);
        } catch (HyperTokenException broken) {
            throw refusal(name, "it cannot be read (" + broken.getMessage() + ")", "import it again");
        }
    }

    private static Recording read(String name) {
        Path file = folder().resolve(name + SUFFIX);
        if (Files.isRegularFile(file)) {
            return BarsFile.read(file);
        }
        FolderReader reader = ServiceLoader.load(FolderReader.class, Recordings.class.getClassLoader())
                .findFirst()
                .orElseThrow(() -> new HyperTokenException(
                        BAD_OPTION, "it is a folder", "nothing here reads the API's answers", "import them first"));
        return reader.read(folder().resolve(name));
    }

    private static HyperTokenException refusal(String name, String why, String what) {
        return new HyperTokenException(
                BAD_OPTION, "grand-exchange refused option data=" + Shown.shortened(name, SHOWN), why, what);
    }

    /// Whether data can have this name.
    public static boolean isName(String name) {
        return name.matches("[A-Za-z0-9_][A-Za-z0-9._-]*");
    }

    /// Where the files lie; it may not exist yet.
    public static Path folder() {
        String given = System.getProperty(PROPERTY, System.getenv(VARIABLE));
        return given == null || given.isEmpty()
                ? Path.of(System.getProperty("user.home"), ".hypertoken", "exchange")
                : Path.of(given);
    }

    private static List<String> names() {
        var names = Stream.concat(KNOWN.keySet().stream(), files())
                .distinct()
                .sorted()
                .toList();
        return names.isEmpty() ? List.of("none; hypertoken exchange import makes some") : names;
    }

    private static Stream<String> files() {
        try (var files = Files.list(folder())) {
            return files
                    .map(file -> file.getFileName().toString())
                    .map(file -> file.endsWith(SUFFIX) ? file.substring(0, file.length() - SUFFIX.length()) : file)
                    .filter(Recordings::isKnown)
                    .toList()
                    .stream();
        } catch (IOException e) {
            return Stream.of();
        }
    }
}
