package io.hypertoken.app.exchange;

import static io.hypertoken.ErrorCode.UNAVAILABLE;

import io.hypertoken.HyperTokenException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/// The answers that were recorded, each in a file that is there as a whole or not at all: `5m/2026-01-05/TIME.json.gz`.
/// One process at a time writes to a folder.
final class LiveFolder implements AutoCloseable {
    private static final Pattern NAME = Pattern.compile("([0-9]{10})\\.json\\.gz");
    private static final int DAY = 10; // characters of 2026-01-05
    private static final String PART = ".part";

    private final Path folder;
    private final Path windows;
    private final FileChannel lock;

    /// @throws HyperTokenException `unavailable` if another process writes there
    LiveFolder(Path folder, Window window) throws IOException {
        this.folder = folder;
        windows = folder.resolve(window.word());
        Files.createDirectories(windows);
        lock = FileChannel.open(folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (!isOurs()) {
            lock.close();
            throw new HyperTokenException(
                    UNAVAILABLE,
                    "cannot record into " + folder,
                    "another process records there",
                    "stop it, or choose another --name");
        }
        removeParts();
    }

    private boolean isOurs() throws IOException {
        try {
            FileLock ours = lock.tryLock();
            return ours != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    /// What a process that was killed while it wrote has left.
    private void removeParts() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file :
                    files.filter(file -> file.toString().endsWith(PART)).toList()) {
                Files.delete(file);
            }
        }
    }

    /// The starts of the newest windows that are here.
    ///
    /// @param since Unix seconds; older ones are not looked for, but the first of all
    TreeSet<Long> starts(long since) throws IOException {
        var starts = new TreeSet<Long>();
        String day = Instant.ofEpochSecond(Math.max(0, since)).toString().substring(0, DAY);
        try (Stream<Path> days = Files.list(windows)) {
            boolean first = true;
            for (Path each : days.sorted().toList()) {
                if (Files.isDirectory(each)
                        && (first || each.getFileName().toString().compareTo(day) >= 0)) {
                    addStarts(each, starts);
                    first = false;
                }
            }
        }
        return starts;
    }

    private static void addStarts(Path day, TreeSet<Long> starts) throws IOException {
        try (Stream<Path> files = Files.list(day)) {
            files.forEach(file -> {
                Matcher name = NAME.matcher(file.getFileName().toString());
                if (name.matches()) {
                    starts.add(Long.parseLong(name.group(1)));
                }
            });
        }
    }

    /// Keeps the answer for a window.
    void keep(long start, byte[] answer) throws IOException {
        Path day = windows.resolve(Instant.ofEpochSecond(start).toString().substring(0, DAY));
        Files.createDirectories(day);
        write(day.resolve(start + ".json.gz"), answer);
    }

    boolean hasMapping() {
        return Files.exists(mapping());
    }

    /// Keeps the answer that tells what items there are.
    void keepMapping(byte[] answer) throws IOException {
        write(mapping(), answer);
    }

    private Path mapping() {
        return folder.resolve("mapping.json.gz");
    }

    private static void write(Path file, byte[] answer) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + PART);
        try {
            try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(part))) {
                out.write(answer);
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
