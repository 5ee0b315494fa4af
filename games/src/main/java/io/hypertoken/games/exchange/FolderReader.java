package io.hypertoken.games.exchange;

import java.nio.file.Path;

/// Reads a folder of saved answers of the prices API; a service, because games know no JSON.
public interface FolderReader {
    /// Whatever the folder and those in it hold.
    ///
    /// @throws io.hypertoken.HyperTokenException if a file is none of the API's answers, or cannot be read
    Recording read(Path folder);
}
