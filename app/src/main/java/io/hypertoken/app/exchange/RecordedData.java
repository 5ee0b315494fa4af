package io.hypertoken.app.exchange;

import io.hypertoken.games.exchange.BarsFile;
import io.hypertoken.games.exchange.FolderReader;
import io.hypertoken.games.exchange.Recording;
import io.hypertoken.games.exchange.Recordings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Recorded data by name or, where whoever asks may read any file, by path.
public final class RecordedData implements FolderReader {
    /// Paths that were read, and the names that they were given: commands ask for their options more than once.
    private static final Map<Path, String> PATHS = new ConcurrentHashMap<>();

    @Override
    public Recording read(Path folder) {
        try {
            return new Importer(ImportSettings.DEFAULT, line -> {})
                    .read(List.of(folder))
                    .recording();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A name by which environments of this process find the data: `data` itself if it is a name that is known;
    /// otherwise, where it is a path, that of a file of bars, or of an answer or a folder of them, which is read.
    public static String named(String data) {
        if (data.isEmpty() || Recordings.isKnown(data) || !Files.exists(Path.of(data))) {
            return data; // the environment refuses what it does not know
        }
        return PATHS.computeIfAbsent(Path.of(data).toAbsolutePath().normalize(), RecordedData::register);
    }

    private static String register(Path path) {
        Path last = path.getFileName();
        String word = last == null ? "" : last.toString().replaceAll("[^A-Za-z0-9._-]", "_");
        String name = "path_" + (PATHS.size() + 1) + "_" + word;
        Recordings.register(
                name, word.endsWith(Recordings.SUFFIX) ? BarsFile.read(path) : new RecordedData().read(path));
        return name;
    }

    /// The data of a name or a path.
    ///
    /// @throws io.hypertoken.HyperTokenException `bad_option` if there is none
    public static Recording of(String data) {
        return Recordings.find(named(data));
    }
}
