package io.hypertoken.app.exchange;

import static io.hypertoken.ErrorCode.BAD_FIELD;

import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;

/// The values of one document, each refused with its place where it is not what it must be.
///
/// @param source what messages call the document
record Tokens(String source, JsonParser parser) {
    private static final int SHOWN = 200; // characters of a reason
    private static final long FIRST_TIME = 1_000_000_000; // in 2001: no number of milliseconds or years is beyond it
    private static final long LAST_TIME = 1L << 32;

    /// A whole number from 0 to `most`; 0 for null.
    long numberOrNull(String name, long most) {
        return parser.currentToken() == JsonToken.VALUE_NULL ? 0 : number(name, most);
    }

    /// A whole number from 0 to `most`.
    long number(String name, long most) {
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
            long value;
            try {
                value = parser.getLongValue();
            } catch (JacksonException beyondAllBounds) {
                value = -1;
            }
            if (value >= 0 && value <= most) {
                return value;
            }
        }
        throw fault(name + " is " + shown() + ", not a whole number from 0 to " + most);
    }

    /// Unix seconds.
    long time(String name) {
        long time = number(name, Long.MAX_VALUE);
        if (time < FIRST_TIME || time >= LAST_TIME) {
            throw fault(name + " is " + time + ", which is no time in Unix seconds from 2001 to 2106");
        }
        return time;
    }

    /// An item's id, which stands as a name.
    int id(String name) {
        if (!name.matches("[0-9]{1,9}")) {
            throw fault(Shown.shortened(name, SHOWN) + " stands where an item's id belongs");
        }
        return Integer.parseInt(name);
    }

    private String shown() {
        return parser.currentToken().isScalarValue()
                ? Shown.shortened(parser.getString(), 60)
                : String.valueOf(parser.currentToken());
    }

    HyperTokenException fault(String why) {
        return fault(why, null);
    }

    HyperTokenException fault(String why, @Nullable Throwable cause) {
        TokenStreamLocation place = cause instanceof JacksonException e && e.getLocation() != null
                ? e.getLocation()
                : parser.currentTokenLocation();
        String what = "refused " + source + " at line " + place.getLineNr() + ", column " + place.getColumnNr();
        String now = "save the answer again, or leave the file out";
        return cause == null
                ? new HyperTokenException(BAD_FIELD, what, why, now)
                : new HyperTokenException(BAD_FIELD, what, why, now, cause);
    }
}
