package io.hypertoken.record;

/// An episode file: a header that a person can read, then the records of a run as they happened; little-endian.
///
/// ```text
/// "hypertoken episodes 1\n"
/// environment=corridor\n version=1\n rows=2\n autoreset=next_step\n illegal=fallback\n option.length=8\n …
/// "\n"
/// +--------+--------+-- - - --+---------+
/// | row    | length | bytes   | crc32c  |   a frame; repeated
/// | i32    | i32    |         | i32     |   the checksum is over row, length and bytes
/// +--------+--------+-- - - --+---------+
/// ```
///
/// A row from 0 up: the bytes are one of its records, as [RecordLayout] draws them. [#OPTIONS]: UTF-8 lines
/// `row=2\n opening=3\n …`, the episode options of that row's next reset. [#HEADER]: the first frame, the checksum of
/// the header (i32), so that a damaged header is noticed. [#END]: the last frame, the batch digest of all records (32
/// bytes); a file without it was cut off, and holds whole frames up to there.
///
/// Written at every step and read from the front, the same file serves as a journal.
public final class EpisodeLayout {
    /// The first line, with the format's version.
    public static final String MAGIC = "hypertoken episodes 1\n";
    /// The row number of the frame that ends a file.
    public static final int END = -1;
    /// The row number of a frame of episode options.
    public static final int OPTIONS = -2;
    /// The row number of the frame that guards the header.
    public static final int HEADER = -3;
    /// No frame is longer than this: a length beyond it is damage.
    public static final int LONGEST = 1 << 28;

    private EpisodeLayout() {}
}
