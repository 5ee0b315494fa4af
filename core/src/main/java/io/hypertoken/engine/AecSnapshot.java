package io.hypertoken.engine;

import static io.hypertoken.ErrorCode.BAD_FIELD;

import io.hypertoken.HyperTokenException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.zip.CRC32C;

/// An [AecView] in bytes.
///
/// ```text
/// crc32c of the cycle i32 | cycle: chosen i32, (flags u8, reward f64, cumulative f64) per agent, step columns
/// | the row: see RowSnapshot
/// ```
final class AecSnapshot {
    private static final int GONE = 1;
    private static final int TERMINATED = 2;
    private static final int TRUNCATED = 4;
    private static final int TOOK_PART = 8;

    private final AecView view;

    AecSnapshot(AecView view) {
        this.view = view;
    }

    byte[] save() {
        byte[] row = view.vector.snapshot(0);
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            byte[] cycle = cycle();
            out.writeInt(checksum(cycle, cycle.length));
            out.write(cycle);
            out.write(row);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot save the cycle", e);
        }
        return bytes.toByteArray();
    }

    private byte[] cycle() throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.writeInt(view.chosen);
            for (int agent = 0; agent < view.agents; agent++) {
                out.writeByte((view.gone[agent] ? GONE : 0)
                        | (view.terminated[agent] ? TERMINATED : 0)
                        | (view.truncated[agent] ? TRUNCATED : 0)
                        | (view.tookPart[agent] ? TOOK_PART : 0));
                out.writeDouble(view.reward[agent]);
                out.writeDouble(view.cumulative[agent]);
            }
            out.write(view.batch.step().toArray(ValueLayout.JAVA_BYTE));
        }
        return bytes.toByteArray();
    }

    /// All is read and checked before anything is taken over.
    void load(byte[] snapshot) {
        int length = Integer.BYTES
                + view.agents * (1 + 2 * Double.BYTES)
                + (int) view.batch.step().byteSize();
        if (snapshot.length < Integer.BYTES + length) {
            throw refusal("it ends too early");
        }
        try (var in = new DataInputStream(new ByteArrayInputStream(snapshot))) {
            int checksum = in.readInt();
            byte[] cycle = in.readNBytes(length);
            int chosen = new DataInputStream(new ByteArrayInputStream(cycle)).readInt();
            if (checksum != checksum(cycle, length) || chosen < 0 || chosen > view.agents) {
                throw refusal("its checksum does not match");
            }
            view.vector.restore(0, in.readAllBytes());
            take(new DataInputStream(new ByteArrayInputStream(cycle)));
        } catch (IOException e) {
            throw refusal("it ends too early");
        }
    }

    private void take(DataInputStream cycle) throws IOException {
        view.begun = true;
        view.chosen = cycle.readInt();
        for (int agent = 0; agent < view.agents; agent++) {
            int flags = cycle.readByte();
            view.gone[agent] = (flags & GONE) != 0;
            view.terminated[agent] = (flags & TERMINATED) != 0;
            view.truncated[agent] = (flags & TRUNCATED) != 0;
            view.tookPart[agent] = (flags & TOOK_PART) != 0;
            view.reward[agent] = cycle.readDouble();
            view.cumulative[agent] = cycle.readDouble();
        }
        byte[] actions = cycle.readAllBytes();
        MemorySegment.copy(actions, 0, view.batch.step(), ValueLayout.JAVA_BYTE, 0, actions.length);
    }

    private static int checksum(byte[] bytes, int length) {
        var crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    private static HyperTokenException refusal(String why) {
        return new HyperTokenException(
                BAD_FIELD, "refused a snapshot", why, "pass one taken from the same environment, version and options");
    }
}
