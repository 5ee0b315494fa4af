package io.hypertoken.embed;

/// The words that the host and one [Endpoint] share; the host writes a request, calls, and reads the answer.
///
/// ```text
/// word 0  operation     host    what the next call does; the call sets it back to 0, the plain operation
///      1  row           host
///      2  agent         host
///      3  text          host    address of the request's bytes
///      4  text bytes    host
///      5  reply         engine  address of the answer's bytes, valid until the next call that answers in bytes
///      6  reply bytes   engine
///      7  result        engine  the answer when it is one number
///      8  step outcome  engine  what the last step, or the last wait for one, returned; for a host that was
/// interrupted
///                               after the call and before it took the answer
///      9-15             unused
/// ```
///
/// Each word is a little-endian i64. A vector's block lies just before its columns.
final class ControlBlock {
    /// The size of a block: two cache lines, so that the columns behind it stay aligned.
    static final int BYTES = 128;

    private static final int ROW = 8;
    private static final int AGENT = 16;
    private static final int TEXT = 24;
    private static final int TEXT_BYTES = 32;
    private static final int REPLY = 40;
    private static final int REPLY_BYTES = 48;
    private static final int RESULT = 56;
    private static final int STEP_OUTCOME = 64;

    private final long address;

    ControlBlock(long address) {
        this.address = address;
    }

    long address() {
        return address;
    }

    /// The operation asked for; the next call is the plain one again unless the host says otherwise.
    int takeOperation() {
        long operation = HostMemory.getLong(address);
        if (operation != 0) {
            HostMemory.putLong(address, 0);
        }
        return (int) operation;
    }

    int row() {
        return (int) HostMemory.getLong(address + ROW);
    }

    int agent() {
        return (int) HostMemory.getLong(address + AGENT);
    }

    byte[] bytes() {
        return HostMemory.bytes(HostMemory.getLong(address + TEXT), HostMemory.getLong(address + TEXT_BYTES));
    }

    String text() {
        return HostMemory.text(HostMemory.getLong(address + TEXT), HostMemory.getLong(address + TEXT_BYTES));
    }

    Request request() {
        return Request.parse(text());
    }

    void reply(long bytesAddress, long length) {
        HostMemory.putLong(address + REPLY, bytesAddress);
        HostMemory.putLong(address + REPLY_BYTES, length);
    }

    void result(long value) {
        HostMemory.putLong(address + RESULT, value);
    }

    void stepOutcome(int code) {
        HostMemory.putLong(address + STEP_OUTCOME, code);
    }
}
