package io.hypertoken.env;

/// A number that an environment tells its agents in their info with every reset and step.
///
/// It travels as a float64 column of the batch, so that telling it costs no map.
///
/// @param name its key in info; unique in its environment
/// @param atReset what a reset tells: an Integer where Python shows an int there, otherwise a Double. Steps always tell
///     a float, or nothing
/// @param about one sentence for help and docs
public record InfoNumber(String name, Number atReset, String about) {}
