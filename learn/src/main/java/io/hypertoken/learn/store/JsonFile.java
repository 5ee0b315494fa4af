package io.hypertoken.learn.store;

import io.hypertoken.HyperTokenException;
import io.hypertoken.json.JsonMessage;
import io.hypertoken.json.JsonText;
import io.hypertoken.json.NumberJson;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;

/// One JSON object in a file, for people too: objects are spread over lines.
public final class JsonFile {
    private static final String INDENT = "  ";

    private JsonFile() {}

    /// Writes a file, whole or not at all.
    ///
    /// @throws HyperTokenException `unavailable` if the disk refuses
    public static void write(Path file, Map<String, ?> object) {
        var text = new StringBuilder();
        append(text, object, "");
        SavedFile.write(file, text.append('\n').toString().getBytes(StandardCharsets.UTF_8));
    }

    /// The object on one line.
    public static String line(Map<String, ?> object) {
        return written(object);
    }

    /// Reads a file.
    ///
    /// @throws HyperTokenException `unavailable` if it cannot be read, `bad_json` if it is no JSON object
    public static Map<String, @Nullable Object> read(Path file) {
        byte[] bytes = SavedFile.read(file);
        try {
            return JsonMessage.read(bytes);
        } catch (HyperTokenException refused) { // which speaks of a message, where somebody looks for a file
            throw new HyperTokenException(
                    refused.code(),
                    "cannot read " + file,
                    "it is not one JSON object",
                    "take a whole copy of it, as it was written",
                    refused);
        }
    }

    private static void append(StringBuilder text, Map<?, ?> object, String indent) {
        if (object.isEmpty()) {
            text.append("{}");
            return;
        }
        text.append("{\n");
        String separator = "";
        for (Map.Entry<?, ?> each : object.entrySet()) {
            text.append(separator)
                    .append(indent)
                    .append(INDENT)
                    .append(JsonText.quoted(String.valueOf(each.getKey())))
                    .append(": ");
            if (each.getValue() instanceof Map<?, ?> inner) {
                append(text, inner, indent + INDENT);
            } else {
                text.append(written(each.getValue()));
            }
            separator = ",\n";
        }
        text.append('\n').append(indent).append('}');
    }

    private static String written(@Nullable Object value) {
        var bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = JsonMessage.JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
            NumberJson.writeAny(out, value);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
