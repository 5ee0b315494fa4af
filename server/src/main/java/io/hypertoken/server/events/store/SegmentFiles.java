package io.hypertoken.server.events.store;

import static io.hypertoken.server.events.store.LogLayout.HEADER;
import static io.hypertoken.server.events.store.LogLayout.SUFFIX;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds the segments that a folder holds, without reading more of them than their headers.
final class SegmentFiles {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentFiles.class);
    private static final Pattern NAME = Pattern.compile("[0-9]{20}\\.events");

    private SegmentFiles() {}

    /// The segments in order.
    static List<Segment> in(Path folder) throws IOException {
        var segments = new ArrayList<Segment>();
        List<Path> files = files(folder);
        for (Path file : files) {
            long size = Files.size(file);
            SegmentHeader header = header(file);
            if (header != null) {
                segments.add(new Segment(file, header, size));
            } else if (size <= HEADER && file.equals(files.getLast())) {
                LOG.warn("deleted {}, which was begun and holds no event", file);
                Files.delete(file);
            } else {
                SegmentHeader likely = likely(file, segments);
                mend(file, likely);
                segments.add(new Segment(file, likely, size));
                LOG.error("the header of {} was damaged: it is written anew, its events are looked for", file);
            }
        }
        return segments;
    }

    /// Has the folder's own entries on the disk, without which a new segment may be gone with the machine.
    static void force(Path folder) throws IOException {
        try (FileChannel entries = FileChannel.open(folder, StandardOpenOption.READ)) {
            entries.force(true);
        } catch (AccessDeniedException e) {
            LOG.debug("this system has no folders that can be forced", e); // Windows
        }
    }

    /// When a segment was last written to, in ms since 1970.
    static long lastWritten(Segment segment) throws IOException {
        return Files.getLastModifiedTime(segment.file()).toMillis();
    }

    private static List<Path> files(Path folder) throws IOException {
        var files = new ArrayList<Path>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
            for (Path file : all) {
                if (NAME.matcher(file.getFileName().toString()).matches()) {
                    files.add(file);
                }
            }
        }
        files.sort(Comparator.comparing(file -> file.getFileName().toString()));
        return files;
    }

    private static @Nullable SegmentHeader header(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            SegmentHeader header = SegmentHeader.read(channel);
            return header != null && header.firstSeq() == number(file) ? header : null;
        }
    }

    /// What a damaged header most likely said.
    private static SegmentHeader likely(Path file, List<Segment> before) throws IOException {
        long epoch =
                before.isEmpty() ? Epoch.fresh() : before.getLast().header().epoch();
        return new SegmentHeader(number(file), Files.getLastModifiedTime(file).toMillis(), epoch);
    }

    private static void mend(Path file, SegmentHeader header) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            header.write(channel);
        }
    }

    private static long number(Path file) {
        return Long.parseLong(file.getFileName().toString().replace(SUFFIX, ""));
    }
}
