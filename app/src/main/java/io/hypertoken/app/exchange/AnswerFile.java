package io.hypertoken.app.exchange;

import io.hypertoken.Shown;
import io.hypertoken.json.JsonMessage;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;

/// Reads saved answers of the prices API: a file holds one or several after each other, plain or gzipped.
final class AnswerFile {
    private static final int BUFFER = 1 << 16;
    private static final int GZIP = 0x1F8B;

    private AnswerFile() {}

    /// Reads all answers of a file.
    ///
    /// @param each is shown every answer, whose object is used again for the next
    /// @throws io.hypertoken.HyperTokenException `bad_field`, naming the file and the place
    static void read(Path file, Consumer<Answer> each) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            read(file.toString(), in, each);
        }
    }

    /// Reads all answers of a stream.
    ///
    /// @param source what messages call it
    static void read(String source, InputStream from, Consumer<Answer> each) throws IOException {
        var in = new BufferedInputStream(from, BUFFER);
        in.mark(2);
        int begin = in.read() << 8 | in.read();
        in.reset();
        InputStream plain = begin == GZIP ? new GZIPInputStream(in, BUFFER) : in;
        try (JsonParser parser = JsonMessage.JSON.createParser(ObjectReadContext.empty(), plain)) {
            all(new Tokens(source, parser), each);
        }
    }

    private static void all(Tokens tokens, Consumer<Answer> each) {
        try {
            if (tokens.parser().nextToken() == null) {
                throw tokens.fault("it is empty");
            }
            var answer = new AnswerParser(tokens);
            do {
                each.accept(answer.read());
            } while (tokens.parser().nextToken() != null);
        } catch (JacksonException e) {
            String why = e.getCause() instanceof IOException cause
                    ? "it cannot be read: " + cause.getMessage()
                    : e.getOriginalMessage().replaceFirst("(?s)( \\(start marker|\n).*", "");
            throw tokens.fault(Shown.shortened(why, 200), e);
        }
    }
}
