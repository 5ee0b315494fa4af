package io.hypertoken.python;

import io.hypertoken.ErrorCode;
import io.hypertoken.HyperTokenException;
import java.util.Arrays;
import java.util.Map;

/// A refusal as our programs in Python tell it.
public final class PythonRefusal {
    private PythonRefusal() {}

    /// The same refusal here; a code that nobody knows is `unavailable`.
    ///
    /// @param error its `code`, `what`, `why` and `to_do`
    public static HyperTokenException of(Map<?, ?> error) {
        String code = String.valueOf(error.get("code"));
        return new HyperTokenException(
                Arrays.stream(ErrorCode.values())
                        .filter(each -> each.wireName().equals(code))
                        .findFirst()
                        .orElse(ErrorCode.UNAVAILABLE),
                String.valueOf(error.get("what")),
                String.valueOf(error.get("why")),
                String.valueOf(error.get("to_do")));
    }
}
