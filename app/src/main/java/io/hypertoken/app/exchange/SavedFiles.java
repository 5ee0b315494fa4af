package io.hypertoken.app.exchange;

import static io.hypertoken.ErrorCode.BAD_FIELD;

import io.hypertoken.HyperTokenException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The files that hold answers: those that were named, and those in named folders that end in .json, .json.gz or
/// .jsonl.
///
/// @param files in the order of their paths
/// @param others how many files of the folders were left out because of their names
record SavedFiles(List<Saved> files, int others) {
    /// A file, and the window's name that its path has, from the named folder on.
    record Saved(Path path, @Nullable Window named) {}

    /// @throws NoSuchFileException if a path is not there
    /// @throws HyperTokenException `bad_field` if no file is found
    static SavedFiles of(List<Path> paths) throws IOException {
        var files = new ArrayList<Saved>();
        int others = 0;
        for (Path path : paths) {
            if (!Files.isDirectory(path)) {
                if (!Files.exists(path)) {
                    throw new NoSuchFileException(path.toString());
                }
                files.add(new Saved(path, Window.in(lastTwo(path))));
                continue;
            }
            Path parent = path.toRealPath().getParent();
            try (Stream<Path> all = Files.walk(path.toRealPath())) {
                for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
                    if (file.toString().matches(".*\\.jsonl?(\\.gz)?")) {
                        String told = parent == null
                                ? file.toString()
                                : parent.relativize(file).toString();
                        files.add(new Saved(file, Window.in(told)));
                    } else {
                        others++;
                    }
                }
            }
        }
        if (files.isEmpty()) {
            throw new HyperTokenException(
                    BAD_FIELD,
                    "found no saved answers in " + paths,
                    "their folders hold no file that ends in .json, .jsonl, .json.gz or .jsonl.gz",
                    "name the files, or another folder");
        }
        return new SavedFiles(List.copyOf(files), others);
    }

    private static String lastTwo(Path file) {
        Path whole = file.toAbsolutePath().normalize();
        int names = whole.getNameCount();
        return whole.subpath(Math.max(0, names - 2), names).toString();
    }
}
