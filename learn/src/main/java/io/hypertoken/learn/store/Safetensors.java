package io.hypertoken.learn.store;

import static io.hypertoken.ErrorCode.BAD_FIELD;

import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import io.hypertoken.json.JsonMessage;
import io.hypertoken.json.JsonText;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Files of tensors in Hugging Face's safetensors format, which holds numbers and text and can do nothing.
///
/// ```text
/// header length u64 | header: JSON, padded with blanks to 8 bytes | the tensors' bytes, one behind the other
/// ```
///
/// Source: the format's description in `huggingface/safetensors`.
public final class Safetensors {
    private static final int LONGEST_HEADER = 100_000_000; // the format's own bound
    private static final String METADATA = "__metadata__";

    private Safetensors() {}

    /// Writes a file: aside, forced onto the disk, then renamed, so that there is always a whole one of that name.
    ///
    /// @throws HyperTokenException `unavailable` if the disk refuses
    public static void write(Path file, Tensors tensors) {
        SavedFile.write(file, bytes(tensors));
    }

    /// The bytes of a file.
    static byte[] bytes(Tensors tensors) {
        var header = new StringBuilder("{");
        if (!tensors.about().isEmpty()) {
            header.append(JsonText.quoted(METADATA)).append(":{");
            tensors.about()
                    .forEach((name, text) -> header.append(JsonText.quoted(name))
                            .append(':')
                            .append(JsonText.quoted(text))
                            .append(','));
            header.setCharAt(header.length() - 1, '}');
            header.append(',');
        }
        long at = 0;
        for (Map.Entry<String, Tensor> each : tensors.all().entrySet()) {
            Tensor tensor = each.getValue();
            long end = at + tensor.bytes().length;
            header.append(JsonText.quoted(each.getKey()))
                    .append(":{\"dtype\":\"")
                    .append(tensor.dtype())
                    .append("\",\"shape\":")
                    .append(tensor.shape().toString().replace(" ", ""))
                    .append(",\"data_offsets\":[")
                    .append(at)
                    .append(',')
                    .append(end)
                    .append("]},");
            at = end;
        }
        if (header.charAt(header.length() - 1) == ',') {
            header.setLength(header.length() - 1);
        }
        header.append('}');
        byte[] text = header.toString().getBytes(StandardCharsets.UTF_8);
        int padded = Math.ceilDiv(text.length, Long.BYTES) * Long.BYTES;
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(Long.BYTES + padded + at))
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(padded)
                .put(text);
        for (int k = text.length; k < padded; k++) {
            bytes.put((byte) ' ');
        }
        tensors.all().values().forEach(tensor -> bytes.put(tensor.bytes()));
        return bytes.array();
    }

    /// Reads a file.
    ///
    /// @throws HyperTokenException `unavailable` if it cannot be read, `bad_field` if it is no such file
    public static Tensors read(Path file) {
        byte[] bytes = SavedFile.read(file);
        try {
            return parse(bytes);
        } catch (Malformed | HyperTokenException | ArithmeticException | ClassCastException malformed) {
            throw new HyperTokenException(
                    BAD_FIELD,
                    "refused " + file,
                    "it is no safetensors file: " + Shown.failure(malformed),
                    "use one that was written whole",
                    malformed);
        }
    }

    static Tensors parse(byte[] bytes) throws Malformed {
        require(bytes.length >= Long.BYTES, "it has no header");
        long length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
        require(length >= 2 && length <= LONGEST_HEADER && length <= bytes.length - Long.BYTES, "its header is cut");
        int data = (int) (Long.BYTES + length);
        String text = new String(bytes, Long.BYTES, (int) length, StandardCharsets.UTF_8).stripTrailing();
        Map<String, @Nullable Object> header = JsonMessage.read(text.getBytes(StandardCharsets.UTF_8));
        var tensors = new Tensors();
        long expected = 0;
        for (Map.Entry<String, @Nullable Object> each : header.entrySet()) {
            require(each.getValue() instanceof Map, each.getKey() + " is no object");
            Map<?, ?> entry = (Map<?, ?>) each.getValue();
            if (each.getKey().equals(METADATA)) {
                entry.forEach((name, value) -> tensors.tell(String.valueOf(name), String.valueOf(value)));
                continue;
            }
            if (!(entry.get("dtype") instanceof String dtype)) {
                throw new Malformed(each.getKey() + " has no dtype");
            }
            int size = Tensor.elementBytes(dtype);
            require(size > 0, each.getKey() + " is of type " + dtype + ", which is not read here");
            List<Long> shape = longs(entry.get("shape"), each.getKey());
            List<Long> offsets = longs(entry.get("data_offsets"), each.getKey());
            long count = 1;
            for (long dimension : shape) {
                require(dimension >= 0, each.getKey() + " has a negative dimension");
                count = Math.multiplyExact(count, dimension);
            }
            require(
                    offsets.size() == 2 && offsets.get(0) == expected,
                    each.getKey() + " does not follow the one before");
            long end = offsets.get(1);
            require(
                    end - expected == Math.multiplyExact(count, (long) size) && end <= bytes.length - data,
                    each.getKey() + " is cut, or longer than its shape");
            tensors.put(
                    each.getKey(),
                    new Tensor(dtype, shape, Arrays.copyOfRange(bytes, data + (int) expected, data + (int) end)));
            expected = end;
        }
        require(expected == bytes.length - data, "something follows its tensors");
        return tensors;
    }

    private static List<Long> longs(@Nullable Object value, String name) throws Malformed {
        if (!(value instanceof List<?> list)) {
            throw new Malformed(name + " lacks its shape or place");
        }
        var longs = new ArrayList<Long>();
        for (Object each : list) {
            if (!(each instanceof Long number)) {
                throw new Malformed(name + " has a shape or place of " + each);
            }
            longs.add(number);
        }
        return longs;
    }

    private static void require(boolean holds, String otherwise) throws Malformed {
        if (!holds) {
            throw new Malformed(otherwise);
        }
    }

    /// What is wrong with a file.
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1;

        Malformed(String what) {
            super(what);
        }
    }
}
