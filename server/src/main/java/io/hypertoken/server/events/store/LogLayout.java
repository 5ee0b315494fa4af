package io.hypertoken.server.events.store;

/// The bytes of an event log's files. All numbers are little-endian.
///
/// A log is a folder of segments, each named after its first event's number (`00000000000000000001.events`). A segment:
///
/// ```text
///  0       8           16            24      32    36      40
///  ┌───────┬───────────┬─────────────┬───────┬─────┬───────┬────────┬────────┬─
///  │ magic │ first seq │ stored, ms  │ epoch │ crc │ zeros │ record │ record │ …
///  └───────┴───────────┴─────────────┴───────┴─────┴───────┴────────┴────────┴─
///                                            └─ CRC32C of bytes 0 to 32
/// ```
///
/// A record:
///
/// ```text
///  0        4     8     16        24      26     28      30     32         34
///  ┌────────┬─────┬─────┬─────────┬───────┬──────┬───────┬──────┬──────────┬──── ─ ─┬───── ─ ─┬──── ─ ─┬──── ─ ─┬────
/// ─ ─┐
///  │ length │ crc │ seq │ item id │ flags │ type │ agent │ item │ event id │ type   │ agent   │ item   │ ev. id │ JSON
///   │
///  └────────┴─────┴─────┴─────────┴───────┴──────┴───────┴──────┴──────────┴──── ─ ─┴───── ─ ─┴──── ─ ─┴──── ─ ─┴────
/// ─ ─┘
///       │      │                          └────── their lengths in bytes ──┘
///       │      └─ CRC32C of bytes 8 to length
///       └─ of the whole record
/// ```
///
/// The last record of each append is marked: a log that ends with others was cut off in the middle of one, and ends
/// where the append before it did.
final class LogLayout {
    static final String SUFFIX = ".events";

    /// "HTEVENT1" as it stands in the file.
    static final long MAGIC = 0x31_54_4E_45_56_45_54_48L;

    static final int FIRST_SEQ = 8;
    /// When the newest event of the segment before it was stored, in ms since 1970: so old is all of that one.
    static final int STORED = 16;
    static final int EPOCH = 24;
    static final int HEADER_CRC = 32;
    static final int HEADER = 40;

    static final int LENGTH = 0;
    static final int CRC = 4;
    static final int SEQ = 8;
    static final int ITEM_ID = 16;
    static final int FLAGS = 24;
    static final int TYPE_LENGTH = 26;
    static final int AGENT_LENGTH = 28;
    static final int ITEM_LENGTH = 30;
    static final int EVENT_ID_LENGTH = 32;
    static final int RECORD_HEADER = 34;

    static final int ENDS_APPEND = 1;
    static final int HAS_AGENT = 2;
    static final int HAS_ITEM = 4;
    static final int HAS_EVENT_ID = 8;

    /// The most bytes of one record: a length beyond it is damage.
    static final int LARGEST_RECORD = 16 << 20;

    /// The most bytes of each text of a key.
    static final int LONGEST_TEXT = 0xFFFF;

    private LogLayout() {}

    static String fileName(long firstSeq) {
        String digits = Long.toString(firstSeq);
        return "0".repeat(20 - digits.length()) + digits + SUFFIX;
    }
}
