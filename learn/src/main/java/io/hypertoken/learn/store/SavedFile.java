package io.hypertoken.learn.store;

import static io.hypertoken.ErrorCode.UNAVAILABLE;

import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// Files that are there whole or not at all, whenever the power goes.
public final class SavedFile {
    private SavedFile() {}

    /// Reads a file.
    ///
    /// @throws HyperTokenException `unavailable` if it cannot be read
    static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /// What is thrown where a file cannot be read.
    public static HyperTokenException unreadable(Path file, IOException why) {
        return new HyperTokenException(
                UNAVAILABLE,
                "cannot read " + file,
                Shown.failure(why),
                "see that the file is there and may be read",
                why);
    }

    /// Writes a file beside its place, forces it onto the disk and renames it.
    ///
    /// @throws HyperTokenException `unavailable` if the disk refuses; what was there before is still there
    public static void write(Path file, byte[] bytes) {
        Path aside = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            try (FileChannel channel = FileChannel.open(
                    aside, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                ByteBuffer left = ByteBuffer.wrap(bytes);
                while (left.hasRemaining()) {
                    channel.write(left);
                }
                channel.force(true);
            }
            Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            try {
                Files.deleteIfExists(aside); // half of it would take up what room there is
            } catch (IOException still) {
                e.addSuppressed(still);
            }
            throw new HyperTokenException(
                    UNAVAILABLE,
                    "cannot write " + file,
                    Shown.failure(e),
                    "see that the disk has room and the folder may be written",
                    e);
        }
    }
}
