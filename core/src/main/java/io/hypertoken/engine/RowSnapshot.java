package io.hypertoken.engine;

import static io.hypertoken.ErrorCode.BAD_FIELD;

import io.hypertoken.HyperTokenException;
import io.hypertoken.env.Environment;
import io.hypertoken.env.Options;
import io.hypertoken.env.Snapshot;
import io.hypertoken.random.Generator;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/// One row in bytes.
///
/// ```text
/// crc32c i32 | identity utf | options: count i32 (name utf, value utf)* | status u8 | seed i64
/// | generator | columns: each reply column's bytes of this row | environment
/// ```
final class RowSnapshot {
    private final VectorEnvironment vector;
    private final Rows rows;
    private final Batch batch;

    RowSnapshot(VectorEnvironment vector, Rows rows, Batch batch) {
        this.vector = vector;
        this.rows = rows;
        this.batch = batch;
    }

    byte[] save(int row) {
        Snapshot environment = requireSnapshot(rows.environments[row]);
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.writeUTF(identity());
            writeOptions(out, rows.options[row]);
            out.writeByte(rows.status[row]);
            out.writeLong(vector.usedSeed(row));
            for (long word : rows.generators[row].state()) {
                out.writeLong(word);
            }
            for (MemorySegment cells : cells(row)) {
                out.write(cells.toArray(ValueLayout.JAVA_BYTE));
            }
            environment.save(out);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot save " + rows.spec, e);
        }
        byte[] body = bytes.toByteArray();
        var whole = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(whole)) {
            out.writeInt(checksum(body, 0));
            out.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot save " + rows.spec, e);
        }
        return whole.toByteArray();
    }

    void load(int row, byte[] snapshot) {
        Environment fresh = rows.create();
        Snapshot environment = requireSnapshot(fresh);
        try (var in = new DataInputStream(new ByteArrayInputStream(snapshot))) {
            if (in.readInt() != checksum(snapshot, Integer.BYTES)) {
                throw refusal("its checksum does not match");
            }
            String identity = in.readUTF();
            if (!identity.equals(identity())) {
                throw refusal("it is of " + identity + ", this is " + identity());
            }
            Options options = readOptions(in);
            byte status = in.readByte();
            long seed = in.readLong();
            Generator generator = readGenerator(in);
            List<MemorySegment> cells = cells(row);
            byte[] columns = new byte
                    [(int) cells.stream().mapToLong(MemorySegment::byteSize).sum()];
            in.readFully(columns);
            requirePlausible(status, columns);
            environment.load(in);
            if (in.read() >= 0) {
                throw refusal("it goes on behind its end");
            }
            rows.options[row] = options;
            rows.status[row] = status;
            rows.generators[row] = generator;
            if (rows.twin == null) {
                rows.environments[row] = fresh;
            } else {
                copy(environment, (Snapshot) rows.environments[row]);
            }
            rows.fresh[row] = false;
            rows.infos.clear(row);
            rows.finalInfos.clear(row);
            vector.restoreSeed(row, seed);
            int from = 0;
            for (MemorySegment cell : cells) {
                MemorySegment.copy(columns, from, cell, ValueLayout.JAVA_BYTE, 0, (int) cell.byteSize());
                from += (int) cell.byteSize();
            }
            rows.lengths[row] = (int) batch.episodeLength(row);
        } catch (EOFException e) {
            throw refusal("it ends too early");
        } catch (HyperTokenException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw refusal("it cannot be read (" + e + ")");
        }
    }

    /// Turn and status become addresses and decisions unchecked, and a checksum can be forged: they are checked here.
    private void requirePlausible(byte status, byte[] columns) {
        int before = 0;
        for (Column column : batch.layout().reply().columns()) {
            if (column.name().equals("turn")) {
                int turn =
                        ByteBuffer.wrap(columns).order(ByteOrder.LITTLE_ENDIAN).getInt(before);
                boolean acts = status == Rows.RUNNING || status == Rows.NEW_EPISODE;
                boolean waits = status == Rows.RESET_DUE || status == Rows.OVER;
                boolean somebody = acts && !rows.simultaneous;
                if (!(acts || waits) || turn < (somebody ? 0 : Rows.NOBODY) || turn >= (somebody ? rows.agents : 0)) {
                    throw refusal("nobody could play on from it");
                }
            }
            before += (int) (column.bytes() / batch.rows());
        }
    }

    private static void copy(Snapshot from, Snapshot to) throws IOException {
        var bytes = new ByteArrayOutputStream();
        from.save(new DataOutputStream(bytes));
        to.load(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
    }

    private static Generator readGenerator(DataInputStream in) throws IOException {
        long[] state = new long[Generator.STATE_LONGS];
        for (int k = 0; k < state.length; k++) {
            state[k] = in.readLong();
        }
        Generator generator = Generator.seeded(0);
        generator.restore(state);
        return generator;
    }

    /// This row's part of every reply column.
    private List<MemorySegment> cells(int row) {
        MemorySegment reply = batch.reply();
        return batch.layout().reply().columns().stream()
                .map(column -> {
                    long bytes = column.bytes() / batch.rows();
                    return reply.asSlice(column.offset() + row * bytes, bytes);
                })
                .toList();
    }

    private String identity() {
        return rows.spec + " " + rows.opened + " " + rows.settings.autoreset().wireName();
    }

    private void writeOptions(DataOutputStream out, Options options) throws IOException {
        var episode =
                rows.spec.options().stream().filter(option -> option.episode()).toList();
        out.writeInt(episode.size());
        for (var option : episode) {
            out.writeUTF(option.name());
            out.writeUTF(String.valueOf(options.values().get(option.name())));
        }
    }

    private Options readOptions(DataInputStream in) throws IOException {
        int count = in.readInt();
        Map<String, Object> given = new LinkedHashMap<>();
        for (int k = 0; k < count; k++) {
            given.put(in.readUTF(), in.readUTF());
        }
        return rows.spec.episodeOptions(rows.opened, given);
    }

    private Snapshot requireSnapshot(Environment environment) {
        if (environment instanceof Snapshot snapshot) {
            return snapshot;
        }
        throw new HyperTokenException(
                BAD_FIELD,
                rows.spec.id() + " cannot be saved or restored",
                "it has no snapshot of its state",
                "replay its seed and actions instead");
    }

    private static int checksum(byte[] bytes, int from) {
        var crc = new CRC32C();
        crc.update(bytes, from, bytes.length - from);
        return (int) crc.getValue();
    }

    private static HyperTokenException refusal(String why) {
        return new HyperTokenException(
                BAD_FIELD, "refused a snapshot", why, "pass one taken from the same environment, version and options");
    }
}
