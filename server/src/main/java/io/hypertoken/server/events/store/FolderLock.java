package io.hypertoken.server.events.store;

import static io.hypertoken.ErrorCode.BAD_OPTION;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.hypertoken.HyperTokenException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Holds a folder for one store, and remembers over its death whether the whole machine died with it.
///
/// The lock is the system's, so a dead process holds none. The file's text only says who has it:
/// `process 4711 since 2026-01-01T12:00:00Z boot <id>`, or `closed` when everything in the folder is on the disk.
final class FolderLock implements AutoCloseable {
    private static final String CLOSED = "closed";
    private static final String BOOT = " boot ";
    /// Names a start of the kernel; only Linux has it.
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    /// The locked byte lies beyond the text, which others may read on systems whose locks keep readers out.
    private static final long LOCKED_BYTE = 1L << 40;

    private static final int LONGEST = 1000;

    private final FileChannel channel;
    private final boolean machineDied;

    private FolderLock(FileChannel channel, boolean machineDied) {
        this.channel = channel;
        this.machineDied = machineDied;
    }

    /// Takes a folder.
    ///
    /// @throws HyperTokenException `bad_option`: somebody has it, and the message says who
    static FolderLock take(Path folder) throws IOException {
        Path file = folder.resolve("lock");
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            if (lock(channel) == null) {
                throw taken(folder, read(channel));
            }
            String before = read(channel);
            String boot = bootId();
            write(channel, owner(boot));
            return new FolderLock(channel, diedWithItsMachine(before, boot));
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /// Whether the store before this one ended with its machine: what it had not forced onto the disk may be lost.
    boolean machineDied() {
        return machineDied;
    }

    /// Says that all of the folder is on the disk.
    void markClosed() throws IOException {
        write(channel, CLOSED);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    static boolean diedWithItsMachine(String before, String boot) {
        int at = before.indexOf(BOOT);
        return at >= 0
                && !boot.isEmpty()
                && !before.substring(at + BOOT.length()).strip().equals(boot);
    }

    private static @Nullable FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock(LOCKED_BYTE, 1, false);
        } catch (OverlappingFileLockException e) {
            return null; // another store of this process
        }
    }

    private static String owner(String boot) {
        return "process " + ProcessHandle.current().pid() + " since "
                + Instant.now().truncatedTo(ChronoUnit.SECONDS)
                + (boot.isEmpty() ? "" : BOOT + boot);
    }

    private static String bootId() {
        try {
            return Files.readString(BOOT_ID).strip().toLowerCase(Locale.ROOT);
        } catch (IOException | SecurityException e) {
            return "";
        }
    }

    private static String read(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(LONGEST);
        while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) > 0) {}
        return new String(bytes.array(), 0, bytes.position(), UTF_8);
    }

    private static void write(FileChannel channel, String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(UTF_8));
        channel.truncate(0);
        while (bytes.hasRemaining()) {
            channel.write(bytes, bytes.position());
        }
        channel.force(true);
    }

    private static HyperTokenException taken(Path folder, String owner) {
        int end = owner.indexOf(BOOT);
        String who = end < 0 ? owner : owner.substring(0, end);
        return new HyperTokenException(
                BAD_OPTION,
                "refused the event log in " + folder,
                "another hub writes to it" + (who.startsWith("process") ? ": " + who : ""),
                "stop that one, or name another folder");
    }
}
