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

/// Recorded data by name or, where whoever asks may read any file, by path.
public final class RecordedData implements FolderReader {
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
        Path path = Path.of(data).toAbsolutePath().normalize();
        Path last = path.getFileName();
        String name = "path_" + (last == null ? "" : last.toString().replaceAll("[^A-Za-z0-9._-]", "_"));
        boolean bars = name.endsWith(Recordings.SUFFIX);
        Recordings.register(name, bars ? BarsFile.read(path) : new RecordedData().read(path));
        return name;
    }

    /// The data of a name or a path.
    ///
    /// @throws io.hypertoken.HyperTokenException `bad_option` if there is none
    public static Recording of(String data) {
        return Recordings.find(named(data));
    }
}
