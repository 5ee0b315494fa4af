package io.hypertoken.record;

import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.Option;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.Flushable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/// Writes the records of a vector as an episode file; see [EpisodeLayout].
///
/// Attach it as a [TrajectoryRecorder]'s sink. As a journal, [flush][#flush()] it after each step: what was flushed
/// can be replayed even if the process dies.
public final class EpisodeWriter implements RecordSink, Flushable, Closeable {
    private final VectorEnvironment vector;
    private final OutputStream out;
    private final TrajectoryDigest digest;
    private final ByteBuffer ints = ByteBuffer.allocate(2 * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private boolean ended;

    /// Begins a file with the vector's header.
    ///
    /// @param out closed with this writer
    /// @throws UncheckedIOException if the header cannot be written
    public EpisodeWriter(VectorEnvironment vector, OutputStream out) {
        this.vector = vector;
        this.out = new BufferedOutputStream(out);
        this.digest = new TrajectoryDigest(vector.settings().rows());
        byte[] header = header(vector).getBytes(StandardCharsets.UTF_8);
        try {
            this.out.write(header);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the header of an episode file", e);
        }
        var checksum = new CRC32C();
        checksum.update(header);
        frame(EpisodeLayout.HEADER, bytes((int) checksum.getValue()), Integer.BYTES);
    }

    private static String header(VectorEnvironment vector) {
        var header = new StringBuilder(EpisodeLayout.MAGIC);
        header.append("environment=").append(vector.spec().id()).append('\n');
        header.append("version=").append(vector.spec().version()).append('\n');
        header.append("rows=").append(vector.settings().rows()).append('\n');
        header.append("autoreset=")
                .append(vector.settings().autoreset().wireName())
                .append('\n');
        header.append("illegal=").append(vector.settings().illegal().wireName()).append('\n');
        for (Option option : vector.spec().options()) {
            if (!option.episode()) {
                header.append("option.").append(option.name()).append('=');
                header.append(escaped(String.valueOf(vector.options().values().get(option.name()))));
                header.append('\n');
            }
        }
        return header.append('\n').toString();
    }

    static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
    }

    @Override
    public void record(int row, byte[] bytes, int length) {
        if (bytes[0] == RecordLayout.RESET) {
            writeEpisodeOptions(row);
        }
        frame(row, bytes, length);
        digest.record(row, bytes, length);
    }

    private void writeEpisodeOptions(int row) {
        var opened = vector.options().values();
        var episode = vector.episodeOptions(row).values();
        if (episode.equals(opened)) {
            return;
        }
        var text = new StringBuilder("row=" + row + "\n");
        for (Option option : vector.spec().options()) {
            if (option.episode()) {
                text.append(option.name())
                        .append('=')
                        .append(escaped(String.valueOf(episode.get(option.name()))))
                        .append('\n');
            }
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        frame(EpisodeLayout.OPTIONS, bytes, bytes.length);
    }

    private void frame(int row, byte[] bytes, int length) {
        var checksum = new CRC32C();
        byte[] head = ints.clear().putInt(row).putInt(length).array();
        checksum.update(head);
        checksum.update(bytes, 0, length);
        try {
            out.write(head);
            out.write(bytes, 0, length);
            out.write(bytes((int) checksum.getValue()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write an episode file", e);
        }
    }

    private static byte[] bytes(int value) {
        return ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array();
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    /// Ends the file with the digest of all its records.
    @Override
    public void close() throws IOException {
        if (!ended) {
            ended = true;
            byte[] sum = HexFormat.of().parseHex(digest.ofBatch());
            frame(EpisodeLayout.END, sum, sum.length);
        }
        out.close();
    }
}
