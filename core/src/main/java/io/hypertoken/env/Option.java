package io.hypertoken.env;

import java.util.List;

/// One declared option of an environment.
///
/// @param name lower-case words joined by underscores; unique in its environment, and none of [#RESERVED]
/// @param type what values it takes
/// @param defaultValue the value when none is given
/// @param episode whether it comes with a reset and holds for that episode; otherwise it is given when the environment
///     is opened
/// @param about one sentence for help and docs
public record Option(String name, OptionType type, Object defaultValue, boolean episode, String about) {
    /// The names that no option may have: keywords of the transports and of whatever makes an environment in Python,
    /// where options stand beside them. A host is told this list.
    public static final List<String> RESERVED = List.of(
            "actors",
            "agent",
            "autoreset",
            "autoreset_mode",
            "client",
            "copy",
            "cpus",
            "digest",
            "disable_env_checker",
            "env",
            "env_type",
            "id",
            "illegal",
            "jars",
            "lease_s",
            "legacy_final_info",
            "mask_in_observation",
            "max_cycles",
            "max_episode_steps",
            "memory",
            "n_envs",
            "name",
            "num_envs",
            "observes_all",
            "options",
            "others",
            "port",
            "render_mode",
            "replay_bytes",
            "reset_mask",
            "seed",
            "session",
            "snapshot_bytes",
            "source",
            "threads",
            "timeout",
            "token",
            "url",
            "vector_kwargs",
            "vectorization_mode",
            "wrappers");
}
