package io.hypertoken.server.bridge;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Everything a JSON message can ask for.
enum Command {
    HELLO,
    OPEN,
    CLOSE,
    PING,
    ENV_INFO,
    POSSIBLE_AGENTS,
    OBSERVATION_SPACE,
    ACTION_SPACE,
    RESET,
    STEP,
    STEP_ALL,
    OBSERVE,
    LAST,
    AGENTS,
    AGENT_SELECTION,
    ACTION_MASK,
    CHOOSE,
    REWARDS,
    TERMINATIONS,
    TRUNCATIONS,
    INFOS,
    RENDER,
    STATE,
    RESTORE,
    DIGEST;

    private static final Map<String, Command> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toMap(Command::wireName, Function.identity()));
    private final String wireName = name().toLowerCase(Locale.ROOT);

    /// The command as it travels in `cmd`.
    String wireName() {
        return wireName;
    }

    static @Nullable Command of(String wireName) {
        return BY_NAME.get(wireName);
    }

    static List<String> wireNames() {
        return Arrays.stream(values()).map(Command::wireName).toList();
    }
}
