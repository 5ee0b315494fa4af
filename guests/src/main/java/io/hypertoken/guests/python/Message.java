package io.hypertoken.guests.python;

import io.hypertoken.json.JsonMessage;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a worker has said: a letter, and for all but `D` what follows.
///
/// @param kind see the worker's `channel.py`
/// @param content empty for `D`
@SuppressWarnings("ArrayRecordComponent") // read once, never compared
record Message(char kind, byte[] content) {
    static final char DONE = 'D';
    static final char TOLD = 'I';
    static final char HELLO = 'H';
    static final char READY = 'R';
    static final char TEXT = 'T';
    static final char PICTURE = 'P';
    static final char ERROR = 'E';

    /// The object that follows.
    Map<String, @Nullable Object> json() {
        return JsonMessage.read(content);
    }
}
