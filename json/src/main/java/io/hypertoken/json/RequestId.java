package io.hypertoken.json;

import static io.hypertoken.ErrorCode.BAD_FIELD;

import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The `id` of a request, which its reply echoes.
public final class RequestId {
    private static final int LONGEST = 64;

    private RequestId() {}

    /// A Long, a String of at most 64 characters, or null where there is none.
    ///
    /// @throws HyperTokenException `bad_field`
    public static @Nullable Object of(Map<String, @Nullable Object> request) {
        return switch (request.get("id")) {
            case null -> null;
            case Long number -> number;
            case String text when text.length() <= LONGEST -> text;
            case Object other ->
                throw new HyperTokenException(
                        BAD_FIELD,
                        "refused id=" + Shown.value(other),
                        "an id is an integer, or a string of at most " + LONGEST + " characters",
                        "send a shorter one, or none");
        };
    }
}
