package io.hypertoken.server.bridge;

import static io.hypertoken.ErrorCode.UNKNOWN_ENVIRONMENT;

import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Which prefixed ids (`gym:…`, `wasm:…`) clients may open: such an id runs code or reads files that its sender names.
///
/// @param allowed patterns such as `gym:CartPole-*`, in which `*` stands for any characters and `?` for one
record GuestRules(List<Pattern> allowed) {
    static GuestRules of(List<String> globs) {
        return new GuestRules(globs.stream().map(GuestRules::pattern).toList());
    }

    /// Lets through ids without a prefix, the server's own, and those that a pattern allows.
    ///
    /// @param own the id of the server's own environment; null if it has none
    /// @throws HyperTokenException `unknown_environment`
    void require(String id, @Nullable String own) {
        boolean fine = id.indexOf(':') < 0
                || id.equals(own)
                || allowed.stream().anyMatch(pattern -> pattern.matcher(id).matches());
        if (!fine) {
            throw new HyperTokenException(
                    UNKNOWN_ENVIRONMENT,
                    "refused to open " + Shown.value(id),
                    "this server opens no such id for its clients",
                    "start it with --env or --allow-guest naming it");
        }
    }

    private static Pattern pattern(String glob) {
        return Pattern.compile(
                glob.codePoints()
                        .mapToObj(each -> switch (each) {
                            case '*' -> ".*";
                            case '?' -> ".";
                            default -> Pattern.quote(Character.toString(each));
                        })
                        .collect(Collectors.joining()),
                Pattern.DOTALL);
    }
}
