package io.hypertoken.server.events;

import static io.hypertoken.ErrorCode.BAD_FIELD;

import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import io.hypertoken.json.Fields;
import io.hypertoken.server.events.store.EventStore;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where a client wants to begin.
///
/// @param epoch of the log that `seq` counts in; null for whichever there is
/// @param seq the last event that it has; -1 for where the log ends now
/// @param last how many events it wants of those that were; 0 for none
record Position(@Nullable String epoch, long seq, int last) {
    /// Where the log ends now.
    static final Position NOW = new Position(null, -1, 0);

    static final int MOST_LAST = 10_000;
    static final long LARGEST = (1L << 53) - 1;

    /// Where the stream begins for a client.
    ///
    /// @param next the first event that it may be sent
    /// @param recovered whether nothing is missing between its position and that
    record Start(long next, boolean recovered) {}

    static Position of(Fields request) {
        Long last = request.integer("last", 0, MOST_LAST);
        Map<String, @Nullable Object> since = request.object("since");
        if (since.isEmpty()) {
            return last == null ? NOW : new Position(null, -1, last.intValue());
        }
        if (last != null) {
            throw refusal("both since and last", "they name two places to begin");
        }
        var fields = new Fields("since", since);
        Long seq = fields.integer("seq", 0, LARGEST);
        if (seq == null) {
            throw fields.missing("seq", "\"seq\":0");
        }
        return new Position(fields.text("epoch"), seq, 0);
    }

    /// A position as an address or a header has it: `epoch:seq`, or a number alone.
    static Position of(@Nullable String since, @Nullable String last) {
        if (since == null && last == null) {
            return NOW;
        }
        if (since == null) {
            return new Position(null, -1, (int) number("last", last, MOST_LAST));
        }
        int colon = since.lastIndexOf(':');
        return new Position(
                colon < 0 ? null : since.substring(0, colon), number("since", since.substring(colon + 1), LARGEST), 0);
    }

    static long number(String name, @Nullable String text, long most) {
        if (text == null || !text.matches("[0-9]{1,18}") || Long.parseLong(text) > most) {
            throw refusal(name + "=" + Shown.value(text), "it must be a number from 0 to " + most);
        }
        return Long.parseLong(text);
    }

    private static HyperTokenException refusal(String what, String why) {
        return new HyperTokenException(
                BAD_FIELD, "refused " + what, why, "send the position of the last event you have, as epoch:seq");
    }

    /// Where that is in a log; not for one that asks for the last events.
    ///
    /// @param end the newest event
    Start in(EventStore log, long end) {
        if (seq < 0) {
            return new Start(end + 1, true);
        }
        boolean known = (epoch == null || epoch.equals(log.epoch())) && seq >= log.firstSeq() - 1 && seq <= end;
        return known ? new Start(seq + 1, true) : new Start(end + 1, false);
    }

    /// What a client is told of where it begins.
    static void tell(Start start, EventStore log, Map<String, @Nullable Object> told) {
        told.put("recovered", start.recovered());
        if (!start.recovered()) {
            told.put("first_seq", log.firstSeq());
        }
        told.put("from", start.next());
    }

    /// Whether it asks for something that was.
    boolean looksBack() {
        return seq >= 0 || last > 0;
    }
}
