package io.hypertoken.engine;

import static io.hypertoken.ErrorCode.BAD_FIELD;

import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
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
import java.io.InvalidObjectException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// One row in bytes.
///
/// ```text
/// crc32c i32 | identity utf | options: count i32 (name utf, value utf)* | status u8, plus 128 without an environment
/// | seed i64 | generator | columns: each reply column's bytes of this row | environment, if there is one
/// ```
///
/// A row whose environment threw has no environment to save: what its agents saw last is in the columns.
final class RowSnapshot {
    private static final int WITHOUT_ENVIRONMENT = 128;
    private static final int IDENTITY = 300;

    private final Rows rows;
    private final Batch batch;
    private final RowView view;

    RowSnapshot(Rows rows, Batch batch, RowView view) {
        this.rows = rows;
        this.batch = batch;
        this.view = view;
    }

    byte[] save(int row) {
        requireSavable();
        Environment environment = rows.environments[row];
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.writeUTF(identity());
            writeOptions(out, rows.options[row]);
            out.writeByte(rows.status[row] | (rows.fresh[row] ? WITHOUT_ENVIRONMENT : 0));
            out.writeLong(rows.seeds.used(row));
            for (long word : rows.generators[row].state()) {
                out.writeLong(word);
            }
            for (MemorySegment cells : cells(row)) {
                out.write(cells.toArray(ValueLayout.JAVA_BYTE));
            }
            if (!rows.fresh[row]) {
                ((Snapshot) environment).save(out);
            }
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

    /// Reads and checks everything before anything is taken over.
    void load(int row, byte[] snapshot) {
        requireSavable();
        Environment fresh = rows.copies.create();
        boolean taken = false;
        try {
            taken = load(row, snapshot, fresh, (Snapshot) fresh);
        } finally {
            if (!taken) {
                rows.copies.close(fresh);
            }
        }
    }

    private boolean load(int row, byte[] snapshot, Environment fresh, Snapshot environment) {
        try (var in = new DataInputStream(new ByteArrayInputStream(snapshot))) {
            if (in.readInt() != checksum(snapshot, Integer.BYTES)) {
                throw refusal("its checksum does not match");
            }
            String identity = in.readUTF();
            if (!identity.equals(identity())) {
                throw refusal("it is of " + Shown.shortened(identity, IDENTITY) + ", this is " + identity());
            }
            Options options = readOptions(in);
            int marked = in.readUnsignedByte();
            byte status = (byte) (marked & ~WITHOUT_ENVIRONMENT);
            boolean alone = (marked & WITHOUT_ENVIRONMENT) != 0;
            long seed = in.readLong();
            Generator generator = readGenerator(in);
            byte[] columns = new byte[columnBytes()];
            in.readFully(columns);
            requirePlausible(status, alone, seed, columns);
            if (!alone) {
                environment.load(in);
            }
            if (in.read() >= 0) {
                throw refusal("it goes on behind its end");
            }
            show(row, columns, status, alone ? null : fresh);
            boolean takes = rows.copies.twin == null;
            if (takes) {
                rows.copies.put(row, fresh);
            } else if (!alone) {
                copy(environment, (Snapshot) rows.environments[row]);
            }
            rows.options[row] = options;
            rows.status[row] = status;
            rows.generators[row] = generator;
            rows.fresh[row] = alone;
            rows.illegal.broughtBack(row);
            rows.infos.clear(row);
            rows.finalInfos.clear(row);
            rows.seeds.restore(row, seed);
            rows.lengths[row] = batch.episodeLength(row);
            return takes;
        } catch (EOFException e) {
            throw refusal("it ends too early");
        } catch (HyperTokenException e) {
            throw e;
        } catch (InvalidObjectException e) {
            throw refusal(Shown.shortened(String.valueOf(e.getMessage()), 200)); // the environment says why
        } catch (IOException | RuntimeException | Error e) {
            throw refusal("it cannot be read (" + Shown.failure(e) + ")");
        }
    }

    /// Brings the columns back, and lets the environment show whoever is to act, so that an observation and a mask
    /// never
    /// come from bytes alone. Whatever it throws, the columns are what they were.
    private void show(int row, byte[] columns, byte status, @Nullable Environment environment) {
        byte[] before = columns(row);
        put(row, columns);
        boolean shown = false;
        try {
            for (int agent = 0; agent < rows.agents && environment != null; agent++) {
                boolean playing = status == Rows.RUNNING || status == Rows.NEW_EPISODE;
                if (playing && (rows.simultaneous ? batch.alive(row, agent) : rows.turn(row) == agent)) {
                    view.open(row, agent);
                    environment.observe(agent, view);
                    view.commit(true);
                }
            }
            shown = true;
        } finally {
            if (!shown) {
                view.abandon();
                put(row, before);
            }
        }
    }

    /// Status, turn, flags and length decide what the engine does next, and a checksum can be forged: they are checked.
    private void requirePlausible(byte status, boolean alone, long seed, byte[] columns) {
        boolean acts = status == Rows.RUNNING || status == Rows.NEW_EPISODE;
        boolean waits = status == Rows.RESET_DUE || status == Rows.OVER;
        boolean ofThisMode = switch (rows.settings.autoreset()) {
            case NEXT_STEP -> status == Rows.RUNNING || status == Rows.RESET_DUE;
            case SAME_STEP -> acts || status == Rows.RESET_DUE;
            case DISABLED -> status == Rows.RUNNING || status == Rows.OVER;
        };
        boolean somebody = acts && !rows.simultaneous;
        ByteBuffer bytes = ByteBuffer.wrap(columns).order(ByteOrder.LITTLE_ENDIAN);
        int turn = bytes.getInt(offset("turn"));
        long length = bytes.getLong(offset("episode_length"));
        int alive = offset("alive");
        boolean anyAlive = false;
        boolean flags = true;
        for (int agent = 0; agent < rows.agents; agent++) {
            anyAlive |= columns[alive + agent] != 0;
            flags &= (columns[alive + agent] | 1) == 1;
        }
        if (!ofThisMode
                || (alone && acts)
                || acts != anyAlive
                || !flags
                || turn < (somebody ? 0 : Rows.NOBODY)
                || turn >= (somebody ? rows.agents : 0)
                || (somebody && columns[alive + turn] == 0)
                || !(acts || waits)
                || length < 0
                || seed < RowSeeds.NONE) {
            throw refusal("nobody could play on from it");
        }
    }

    /// Where a column's bytes of this row begin among those of all columns.
    private int offset(String name) {
        int before = 0;
        for (Column column : batch.layout().reply().columns()) {
            if (column.name().equals(name)) {
                return before;
            }
            before += (int) (column.bytes() / batch.rows());
        }
        throw new IllegalStateException("there is no column " + name);
    }

    private int columnBytes() {
        return batch.layout().reply().columns().stream()
                .mapToInt(column -> (int) (column.bytes() / batch.rows()))
                .sum();
    }

    private byte[] columns(int row) {
        byte[] columns = new byte[columnBytes()];
        int at = 0;
        for (MemorySegment cells : cells(row)) {
            MemorySegment.copy(cells, ValueLayout.JAVA_BYTE, 0, columns, at, (int) cells.byteSize());
            at += (int) cells.byteSize();
        }
        return columns;
    }

    private void put(int row, byte[] columns) {
        int at = 0;
        for (MemorySegment cells : cells(row)) {
            MemorySegment.copy(columns, at, cells, ValueLayout.JAVA_BYTE, 0, (int) cells.byteSize());
            at += (int) cells.byteSize();
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

    private void requireSavable() {
        if (!rows.spec.savable()) {
            throw new HyperTokenException(
                    BAD_FIELD,
                    rows.spec.id() + " cannot be saved or restored",
                    "it has no snapshot of its state",
                    "replay its seed and actions instead");
        }
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
