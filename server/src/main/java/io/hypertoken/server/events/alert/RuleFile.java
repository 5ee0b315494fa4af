package io.hypertoken.server.events.alert;

import static io.hypertoken.ErrorCode.BAD_OPTION;
import static io.hypertoken.ErrorCode.UNAVAILABLE;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.hypertoken.HyperTokenException;
import io.hypertoken.json.JsonMessage;
import io.hypertoken.json.NumberJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;

/// Keeps rules in a file, which is at any time the one before a change or the one after it.
final class RuleFile {
    private final AlertSettings settings;

    RuleFile(AlertSettings settings) {
        this.settings = settings;
    }

    /// The rules of the file by name; none where there is no file.
    ///
    /// @throws HyperTokenException `bad_option`: the file holds something else than rules that are allowed
    Map<String, AlertRule> read() {
        var rules = new LinkedHashMap<String, AlertRule>();
        Path file = settings.file();
        if (file == null || !Files.exists(file)) {
            return rules;
        }
        int number = 0;
        try {
            for (Map<String, @Nullable Object> json : JsonMessage.readSome(Files.readAllBytes(file))) {
                number++;
                AlertRule rule = RuleReader.read(json, settings);
                rules.put(rule.name(), rule);
            }
        } catch (IOException e) {
            throw new HyperTokenException(
                    UNAVAILABLE, "cannot read the alert rules in " + file, e.toString(), "name another file", e);
        } catch (HyperTokenException e) {
            throw new HyperTokenException(
                    BAD_OPTION,
                    "refused the alert rules in " + file,
                    (number == 0 ? "" : "rule " + number + ": ") + e.getMessage(),
                    "mend the file, or name another",
                    e);
        }
        return rules;
    }

    /// Replaces the file's rules.
    ///
    /// @throws HyperTokenException `unavailable`: the file is as it was
    void write(Iterable<AlertRule> rules) {
        Path file = settings.file();
        if (file == null) {
            return;
        }
        Path next = file.resolveSibling(file.getFileName() + ".next");
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            try (FileChannel channel = FileChannel.open(
                    next, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(json(rules));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new HyperTokenException(
                    UNAVAILABLE,
                    "the alert rules have not changed",
                    "they cannot be written to " + file + ": " + e,
                    "try again when that is over",
                    e);
        }
    }

    /// An array with a rule a line.
    private static byte[] json(Iterable<AlertRule> rules) {
        var bytes = new ByteArrayOutputStream();
        String before = "[\n";
        for (AlertRule rule : rules) {
            bytes.writeBytes(before.getBytes(UTF_8));
            bytes.writeBytes(json(rule.toJson()));
            before = ",\n";
        }
        bytes.writeBytes((before.equals("[\n") ? "[]\n" : "\n]\n").getBytes(UTF_8));
        return bytes.toByteArray();
    }

    /// An object as bytes.
    static byte[] json(Map<String, ? extends @Nullable Object> object) {
        var bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = JsonMessage.JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
            NumberJson.writeAny(out, object);
        }
        return bytes.toByteArray();
    }
}
