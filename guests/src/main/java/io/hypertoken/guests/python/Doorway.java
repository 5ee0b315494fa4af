package io.hypertoken.guests.python;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Where one worker is expected: a Unix socket in a folder of its own that only this user may enter, or a port of this
/// machine on Windows. Whoever comes must say the key.
final class Doorway implements AutoCloseable {
    private static final boolean WINDOWS = File.separatorChar == '\\';
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final int KEY_BYTES = 16;
    private static final long LOOK_NANOS = 500_000;
    private static final long KEY_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final ServerSocketChannel server;
    private final @Nullable Path folder;
    private final String key;
    private final String address;

    Doorway() throws IOException {
        byte[] random = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(random);
        key = HexFormat.of().formatHex(random);
        if (WINDOWS) {
            folder = null;
            server = ServerSocketChannel.open();
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            var local = (InetSocketAddress) server.getLocalAddress();
            address = "tcp:" + local.getAddress().getHostAddress() + ":" + local.getPort();
        } else {
            folder = newFolder();
            Path socket = folder.resolve("s");
            server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            server.bind(UnixDomainSocketAddress.of(socket));
            address = "unix:" + socket;
        }
        server.configureBlocking(false);
    }

    /// A folder for what both ends must find, in memory where the system has such a place: short, as the path of a
    /// socket must be.
    private static Path newFolder() throws IOException {
        var mine = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
        return Files.createTempDirectory(shared(), "ht-", mine);
    }

    /// The folder of the system for memory that processes share, else that of temporary files.
    static Path shared() {
        return Files.isWritable(SHARED_MEMORY) ? SHARED_MEMORY : Path.of(System.getProperty("java.io.tmpdir"));
    }

    String address() {
        return address;
    }

    String key() {
        return key;
    }

    /// Whoever has come and said the key; null if nobody has within `nanos`.
    @Nullable
    SocketChannel await(long nanos) throws IOException {
        long end = System.nanoTime() + nanos;
        do {
            SocketChannel come = server.accept();
            if (come != null) {
                if (saysKey(come)) {
                    if (WINDOWS) {
                        come.setOption(StandardSocketOptions.TCP_NODELAY, true);
                    }
                    return come;
                }
                come.close();
            }
            LockSupport.parkNanos(LOOK_NANOS);
        } while (System.nanoTime() - end < 0);
        return null;
    }

    private boolean saysKey(SocketChannel come) throws IOException {
        come.configureBlocking(false);
        var said = ByteBuffer.allocate(key.length());
        long end = System.nanoTime() + KEY_NANOS;
        while (said.hasRemaining() && System.nanoTime() - end < 0) {
            if (come.read(said) < 0) {
                return false;
            }
            if (said.hasRemaining()) {
                LockSupport.parkNanos(LOOK_NANOS / 10);
            }
        }
        return new String(said.array(), 0, said.position(), StandardCharsets.US_ASCII).equals(key);
    }

    @Override
    public void close() {
        try {
            server.close();
            if (folder != null) { // the worker does the same, so that a kill in between leaves nothing
                Files.deleteIfExists(folder.resolve("s"));
                Files.deleteIfExists(folder);
            }
        } catch (IOException ignored) {
            // the system cleans its folder of temporary files
        }
    }
}
