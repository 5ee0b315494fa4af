package io.hypertoken.app.exchange;

import static io.hypertoken.ErrorCode.BAD_OPTION;

import io.hypertoken.HyperTokenException;
import io.hypertoken.games.exchange.BarColumns;
import io.hypertoken.games.exchange.Recording;
import io.hypertoken.json.JsonMessage;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.Stream;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;

/// Writes a recording as the prices API's own answers: a file for each window, called by the time at which it began.
public final class Exporter {
    private Exporter() {}

    /// Writes the windows of one length into a folder of their name, as a whole or not at all.
    ///
    /// Hours are made of shorter windows where none were recorded. A window in which nobody traded, or that was never
    /// recorded, has no file.
    ///
    /// @param folder where the folder, such as `5m`, is made
    /// @return how many windows were written
    /// @throws FileAlreadyExistsException if that folder is there
    /// @throws HyperTokenException `bad_option` if the recording has no such windows
    public static int write(Recording recording, Window window, Path folder) throws IOException {
        BarColumns columns = columns(recording, window);
        Path whole = folder.resolve(window.word());
        if (Files.exists(whole)) {
            throw new FileAlreadyExistsException(whole.toString(), null, "it is there already");
        }
        Files.createDirectories(folder);
        Path part = folder.resolve(
                "." + window.word() + "." + ProcessHandle.current().pid() + ".part");
        delete(part);
        try {
            Files.createDirectory(part);
            int written = 0;
            for (int k = 0; k < columns.windows(); k++) {
                if (isKnown(columns, k)) {
                    write(columns, k, part);
                    written++;
                }
            }
            Files.move(part, whole);
            return written;
        } finally {
            delete(part);
        }
    }

    private static BarColumns columns(Recording recording, Window window) {
        for (BarColumns columns : Arrays.asList(recording.windows(), recording.inHours(), recording.days())) {
            if (columns != null && columns.seconds() == window.seconds()) {
                return columns;
            }
        }
        throw refusal(recording, window);
    }

    private static HyperTokenException refusal(Recording recording, Window window) {
        Window played = Window.of((long) recording.windows().seconds());
        return new HyperTokenException(
                BAD_OPTION,
                "refused --window " + window.word(),
                "the recording has no bars of that length; it plays windows of "
                        + (played == null ? recording.windows().seconds() + " s" : played.word()),
                "export those");
    }

    private static boolean isKnown(BarColumns columns, int k) {
        for (int item = 0; item < columns.items(); item++) {
            if (columns.price(item, k, true) > 0 || columns.price(item, k, false) > 0) {
                return true;
            }
        }
        return false;
    }

    private static void write(BarColumns columns, int k, Path folder) throws IOException {
        long start = columns.start() + (long) k * columns.seconds();
        try (OutputStream file = new BufferedOutputStream(Files.newOutputStream(folder.resolve(start + ".json")));
                JsonGenerator out = JsonMessage.JSON.createGenerator(ObjectWriteContext.empty(), file)) {
            out.writeStartObject();
            out.writeName("data");
            out.writeStartObject();
            for (int item = 0; item < columns.items(); item++) {
                if (columns.price(item, k, true) > 0 || columns.price(item, k, false) > 0) {
                    out.writeName(Integer.toString(columns.id(item)));
                    out.writeStartObject();
                    side(out, "avgHighPrice", "highPriceVolume", columns, item, k, true);
                    side(out, "avgLowPrice", "lowPriceVolume", columns, item, k, false);
                    out.writeEndObject();
                }
            }
            out.writeEndObject();
            out.writeName("timestamp");
            out.writeNumber(start);
            out.writeEndObject();
        }
    }

    private static void side(
            JsonGenerator out, String price, String volume, BarColumns columns, int item, int k, boolean isHigh) {
        out.writeName(price);
        if (columns.price(item, k, isHigh) > 0) {
            out.writeNumber(columns.price(item, k, isHigh));
        } else {
            out.writeNull();
        }
        out.writeName(volume);
        out.writeNumber(columns.volume(item, k, isHigh));
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
