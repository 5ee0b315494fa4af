package io.hypertoken.record;

import static io.hypertoken.ErrorCode.BAD_FIELD;

import io.hypertoken.HyperTokenException;
import io.hypertoken.engine.Autoreset;
import io.hypertoken.engine.IllegalActions;
import io.hypertoken.engine.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32C;

/// What an episode file holds: its header, and each row's records in order. Immutable.
public final class EpisodeFile {
    private static final int FRAME_OVERHEAD = 3 * Integer.BYTES;

    private final String name;
    private final Map<String, String> header;
    private final List<List<Entry>> rows = new ArrayList<>();
    private final boolean complete;

    /// One record of a row.
    ///
    /// @param bytes the record
    /// @param episodeOptions for a reset, the episode options that came with it, as text
    @SuppressWarnings("ArrayRecordComponent") // a record is read, never compared as an entry
    record Entry(byte[] bytes, Map<String, String> episodeOptions) {}

    private EpisodeFile(String name, byte[] content) {
        this.name = name;
        int headerEnd = headerEnd(content);
        this.header = properties(new String(content, 0, headerEnd, StandardCharsets.UTF_8));
        this.complete = readFrames(content, headerEnd + 1);
    }

    /// Reads a file.
    ///
    /// @throws HyperTokenException `bad_field` if it is no episode file, or damaged
    /// @throws UncheckedIOException if it cannot be read
    public static EpisodeFile read(Path file) {
        try {
            return new EpisodeFile(file.toString(), Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /// A file's content that is already in memory.
    ///
    /// @param name for messages
    /// @throws HyperTokenException `bad_field` if it is no episode file, or damaged
    public static EpisodeFile of(String name, byte[] content) {
        return new EpisodeFile(name, content);
    }

    /// The environment's id.
    public String environment() {
        return required("environment");
    }

    /// The version of its rules.
    public int version() {
        return number("version");
    }

    /// The construction options, as text.
    public Map<String, String> options() {
        var options = new LinkedHashMap<String, String>();
        header.forEach((key, value) -> {
            if (key.startsWith("option.")) {
                options.put(key.substring("option.".length()), value);
            }
        });
        return options;
    }

    /// How the vector ran its rows.
    public Settings settings() {
        return Settings.DEFAULT
                .rows(number("rows"))
                .autoreset(word(Autoreset.class, "autoreset"))
                .illegal(word(IllegalActions.class, "illegal"));
    }

    /// Whether the file was ended properly; one that was cut off holds whole records up to there.
    public boolean complete() {
        return complete;
    }

    /// How many steps were recorded, of all rows.
    public long steps() {
        return count(RecordLayout.STEP);
    }

    /// How many episodes were begun, in all rows.
    public long episodes() {
        return count(RecordLayout.RESET);
    }

    /// The batch digest of all records.
    public String digest() {
        var digest = new TrajectoryDigest(rows.size());
        for (int row = 0; row < rows.size(); row++) {
            for (Entry entry : rows.get(row)) {
                digest.record(row, entry.bytes, entry.bytes.length);
            }
        }
        return digest.ofBatch();
    }

    /// A row's records.
    List<Entry> entries(int row) {
        return rows.get(row);
    }

    private long count(byte kind) {
        return rows.stream()
                .flatMap(List::stream)
                .filter(entry -> entry.bytes[0] == kind)
                .count();
    }

    /// Where the empty line that ends the header begins.
    private int headerEnd(byte[] content) {
        byte[] magic = EpisodeLayout.MAGIC.getBytes(StandardCharsets.UTF_8);
        if (!Arrays.equals(magic, Arrays.copyOf(content, magic.length))) {
            throw refusal("it does not begin with \"" + EpisodeLayout.MAGIC.strip() + "\"");
        }
        for (int at = magic.length; at + 1 < content.length; at++) {
            if (content[at] == '\n' && content[at + 1] == '\n') {
                return at + 1;
            }
        }
        throw refusal("its header does not end");
    }

    /// @return whether an end frame was met
    private boolean readFrames(byte[] content, int from) {
        int at = from;
        Map<Integer, Map<String, String>> pending = new LinkedHashMap<>();
        boolean guarded = false;
        while (at + FRAME_OVERHEAD <= content.length) {
            ByteBuffer head = ByteBuffer.wrap(content, at, 8).order(ByteOrder.LITTLE_ENDIAN);
            int row = head.getInt();
            int length = head.getInt();
            if (length < 1 || length > EpisodeLayout.LONGEST) {
                throw damaged(at);
            }
            if (at + FRAME_OVERHEAD + (long) length > content.length) {
                break;
            }
            byte[] bytes = checkedBytes(content, at, length);
            switch (row) {
                case EpisodeLayout.HEADER -> {
                    guarded = headerIsWhole(content, from, bytes);
                    if (guarded) {
                        makeRows(content.length);
                    }
                }
                case EpisodeLayout.OPTIONS -> {
                    Map<String, String> options = properties(new String(bytes, StandardCharsets.UTF_8));
                    pending.put(Integer.parseInt(options.getOrDefault("row", "0")), options);
                    options.remove("row");
                }
                case EpisodeLayout.END -> {
                    requireDigest(bytes);
                    return true;
                }
                default -> add(row, bytes, pending, at);
            }
            if (!guarded) {
                throw refusal("its header is damaged");
            }
            at += FRAME_OVERHEAD + length;
        }
        return false;
    }

    private void makeRows(int most) {
        int count = number("rows");
        if (count < 1 || count > most) {
            throw refusal("its header says rows=" + count);
        }
        while (rows.size() < count) {
            rows.add(new ArrayList<>());
        }
    }

    private static boolean headerIsWhole(byte[] content, int length, byte[] sum) {
        var checksum = new CRC32C();
        checksum.update(content, 0, length);
        return sum.length == Integer.BYTES
                && ByteBuffer.wrap(sum).order(ByteOrder.LITTLE_ENDIAN).getInt() == (int) checksum.getValue();
    }

    private byte[] checkedBytes(byte[] content, int at, int length) {
        var checksum = new CRC32C();
        checksum.update(content, at, 2 * Integer.BYTES + length);
        int stands = ByteBuffer.wrap(content, at + 2 * Integer.BYTES + length, Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .getInt();
        if (stands != (int) checksum.getValue()) {
            throw damaged(at);
        }
        return Arrays.copyOfRange(content, at + 2 * Integer.BYTES, at + 2 * Integer.BYTES + length);
    }

    private void add(int row, byte[] bytes, Map<Integer, Map<String, String>> pending, int at) {
        if (row < 0 || row >= rows.size()) {
            throw damaged(at);
        }
        Map<String, String> options = bytes[0] == RecordLayout.RESET ? pending.remove(row) : null;
        rows.get(row).add(new Entry(bytes, options == null ? Map.of() : options));
    }

    private void requireDigest(byte[] stands) {
        if (!HexFormat.of().formatHex(stands).equals(digest())) {
            throw refusal("its digest is not that of its records");
        }
    }

    private static Map<String, String> properties(String text) {
        var properties = new LinkedHashMap<String, String>();
        text.lines().forEach(line -> {
            int equals = line.indexOf('=');
            if (equals > 0) {
                properties.put(line.substring(0, equals), unescaped(line.substring(equals + 1)));
            }
        });
        return properties;
    }

    private static String unescaped(String text) {
        var plain = new StringBuilder();
        for (int k = 0; k < text.length(); k++) {
            char next = text.charAt(k);
            if (next == '\\' && k + 1 < text.length()) {
                char escaped = text.charAt(++k);
                next = escaped == 'n' ? '\n' : escaped == 'r' ? '\r' : escaped;
            }
            plain.append(next);
        }
        return plain.toString();
    }

    private String required(String key) {
        String value = header.get(key);
        if (value == null) {
            throw refusal("its header names no " + key);
        }
        return value;
    }

    private int number(String key) {
        try {
            return Integer.parseInt(required(key));
        } catch (NumberFormatException e) {
            throw refusal("its header says " + key + "=" + required(key));
        }
    }

    private <E extends Enum<E>> E word(Class<E> type, String key) {
        try {
            return Enum.valueOf(type, required(key).toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw refusal("its header says " + key + "=" + required(key));
        }
    }

    private HyperTokenException damaged(int at) {
        return refusal("it is damaged at byte " + at);
    }

    HyperTokenException refusal(String why) {
        return new HyperTokenException(
                BAD_FIELD, "refused episode file " + name, why, "record it again with: hypertoken record ENV -o FILE");
    }
}
