package io.hypertoken.server.events.schema;

import java.io.OutputStream;
import java.util.Arrays;

/// Bytes in memory, up to a bound. For one thread.
final class BoundedBytes extends OutputStream {
    /// More was written than there may be.
    static final class Beyond extends RuntimeException {
        private static final long serialVersionUID = 1;

        Beyond() {
            super("more bytes than there may be", null, false, false);
        }
    }

    private static final int FIRST_ROOM = 512;

    private final int most;
    private byte[] bytes = new byte[FIRST_ROOM];
    private int size;

    BoundedBytes(int most) {
        this.most = most;
    }

    @Override
    public void write(int each) {
        write(new byte[] {(byte) each}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int length) {
        if (length > most - size) {
            throw new Beyond();
        }
        if (length > bytes.length - size) {
            bytes = Arrays.copyOf(bytes, Math.max(size + length, Math.min(most, 2 * bytes.length)));
        }
        System.arraycopy(from, offset, bytes, size, length);
        size += length;
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }
}
