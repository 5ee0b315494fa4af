package io.hypertoken.env;

/// One declared option of an environment.
///
/// @param name lower-case words joined by underscores; unique in its environment
/// @param type what values it takes
/// @param defaultValue the value when none is given
/// @param episode whether it comes with a reset and holds for that episode; otherwise it is given when the environment
///     is opened
/// @param about one sentence for help and docs
public record Option(String name, OptionType type, Object defaultValue, boolean episode, String about) {}
