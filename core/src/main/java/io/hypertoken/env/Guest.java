package io.hypertoken.env;

/// What plays some of the rows of [RemoteRows], for whoever looks after them.
///
/// @param runs what it is and where, such as `process 4711`
/// @param rows how many rows it plays
/// @param losses how often it was lost, and started anew unless that was once too often
/// @param lastWords why it was lost last; empty if it never was
public record Guest(String runs, int rows, int losses, String lastWords) {}
