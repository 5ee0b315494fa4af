package io.hypertoken.games.exchange;

import static io.hypertoken.ErrorCode.BAD_FIELD;

import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/// Recorded bars in a compact file.
///
/* The layout, gzipped, big-endian:

    int magic | byte number of columns | for each: int seconds, long start, int windows, int items, int[] ids,
    and for each item high, highVolume, low, lowVolume: a variable-length number a window
    | int items, and for each: int id, UTF name, boolean members, int limit, int value, int low and int high alchemy

A price is told as the difference from the last known one, zigzagged, plus 1; 0 says that it is not known. A volume
stands as it is, where the price is known. */
public final class BarsFile {
    private static final int MAGIC = 0x48544232; // HTB2
    private static final int MOST_ITEMS = 100_000;

    /// Items × windows of one length, at most.
    public static final int MOST_CELLS = 200_000_000;

    private BarsFile() {}

    /// Writes a recording, replacing a file as a whole or not at all.
    public static void write(Recording recording, Path file) throws IOException {
        Path whole = file.toAbsolutePath();
        Path part = whole.resolveSibling( // not a "temporary" file, which nobody else may read
                whole.getFileName() + "." + ProcessHandle.current().pid() + ".part");
        try {
            try (var out = new DataOutputStream(
                    new BufferedOutputStream(new GZIPOutputStream(Files.newOutputStream(part), 1 << 16)))) {
                write(recording, out);
            }
            Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static void write(Recording recording, DataOutputStream out) throws IOException {
        List<BarColumns> all = new ArrayList<>(List.of(recording.windows()));
        addIfPresent(all, recording.hours());
        addIfPresent(all, recording.days());
        out.writeInt(MAGIC);
        out.writeByte(all.size());
        for (BarColumns columns : all) {
            write(columns, out);
        }
        out.writeInt(recording.items().size());
        for (Item item : new TreeMap<>(recording.items()).values()) {
            out.writeInt(item.id());
            out.writeUTF(item.name());
            out.writeBoolean(item.members());
            out.writeInt(item.limit());
            out.writeInt(item.value());
            out.writeInt(item.lowAlchemy());
            out.writeInt(item.highAlchemy());
        }
    }

    private static void addIfPresent(List<BarColumns> all, @Nullable BarColumns columns) {
        if (columns != null) {
            all.add(columns);
        }
    }

    private static void write(BarColumns columns, DataOutputStream out) throws IOException {
        out.writeInt(columns.seconds());
        out.writeLong(columns.start());
        out.writeInt(columns.windows());
        out.writeInt(columns.items());
        for (int id : columns.ids()) {
            out.writeInt(id);
        }
        for (int item = 0; item < columns.items(); item++) {
            writeSide(columns, item, true, out);
            writeSide(columns, item, false, out);
        }
    }

    private static void writeSide(BarColumns columns, int item, boolean isHigh, DataOutputStream out)
            throws IOException {
        long last = 0;
        for (int k = 0; k < columns.windows(); k++) {
            long price = columns.price(item, k, isHigh);
            if (price == 0) {
                out.writeByte(0);
            } else {
                long difference = price - last;
                writeNumber(out, (difference << 1 ^ difference >> 63) + 1);
                writeNumber(out, columns.volume(item, k, isHigh));
                last = price;
            }
        }
    }

    private static void writeNumber(DataOutputStream out, long number) throws IOException {
        long left = number;
        while (left > 0x7F) {
            out.writeByte((int) (left & 0x7F | 0x80));
            left >>>= 7;
        }
        out.writeByte((int) left);
    }

    /// Reads what [#write] wrote.
    ///
    /// @throws HyperTokenException `bad_field` if it cannot be read, or is no such file
    public static Recording read(Path file) {
        try (var in = new DataInputStream(
                new BufferedInputStream(new GZIPInputStream(Files.newInputStream(file), 1 << 16)))) {
            if (in.readInt() != MAGIC) {
                throw new IOException("it does not begin as one");
            }
            int count = in.readUnsignedByte();
            if (count < 1 || count > 3) {
                throw new IOException("it has " + count + " kinds of bars");
            }
            BarColumns windows = columns(in);
            BarColumns hours = null;
            BarColumns days = null;
            for (int k = 1; k < count; k++) {
                BarColumns longer = columns(in);
                if (longer.seconds() == Hours.SECONDS) {
                    hours = longer;
                } else {
                    days = longer;
                }
            }
            Map<Integer, Item> items = items(in);
            if (in.read() >= 0) {
                throw new IOException("it goes on after its end");
            }
            return new Recording(windows, hours, days, items);
        } catch (IOException | IllegalArgumentException e) {
            throw new HyperTokenException(
                    BAD_FIELD,
                    "refused " + Shown.shortened(String.valueOf(file.getFileName()), 80),
                    "it is no file of recorded bars (" + e.getMessage() + ")",
                    "make one by hypertoken exchange import",
                    e);
        }
    }

    private static Map<Integer, Item> items(DataInputStream in) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > MOST_ITEMS) {
            throw new IOException("it tells of " + count + " items");
        }
        var items = new HashMap<Integer, Item>();
        for (int k = 0; k < count; k++) {
            int id = in.readInt();
            items.put(
                    id,
                    new Item(
                            id,
                            in.readUTF(),
                            in.readBoolean(),
                            in.readInt(),
                            in.readInt(),
                            in.readInt(),
                            in.readInt()));
        }
        return items;
    }

    private static BarColumns columns(DataInputStream in) throws IOException {
        int seconds = in.readInt();
        long start = in.readLong();
        int windows = in.readInt();
        int items = in.readInt();
        if (items < 1 || items > MOST_ITEMS || windows < 1 || (long) windows * items > MOST_CELLS) {
            throw new IOException("it tells of " + items + " items and " + windows + " windows");
        }
        int[] ids = new int[items];
        for (int k = 0; k < items; k++) {
            ids[k] = in.readInt();
        }
        var columns = new BarColumns(seconds, start, windows, ids);
        for (int item = 0; item < items; item++) {
            readSide(columns, item, true, in);
            readSide(columns, item, false, in);
        }
        return columns;
    }

    private static void readSide(BarColumns columns, int item, boolean isHigh, DataInputStream in) throws IOException {
        long last = 0;
        for (int k = 0; k < columns.windows(); k++) {
            long told = readNumber(in);
            if (told != 0) {
                long zigzag = told - 1;
                last += zigzag >>> 1 ^ -(zigzag & 1);
                columns.set(item, k, isHigh, last, readNumber(in));
            }
        }
    }

    private static long readNumber(DataInputStream in) throws IOException {
        long number = 0;
        for (int shift = 0; shift < 63; shift += 7) {
            int next = in.readUnsignedByte();
            number |= (next & 0x7FL) << shift;
            if (next < 0x80) {
                return number;
            }
        }
        throw new IOException("a number has no end");
    }
}
