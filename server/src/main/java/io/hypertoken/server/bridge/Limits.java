package io.hypertoken.server.bridge;

/// What one bridge allows its clients.
///
/// @param maxMessageBytes of a text message; a binary one may be as long as its batch's layout needs
/// @param maxConnections at a time; more are refused with HTTP 503
/// @param maxSessions at a time, connected or waiting for their client
/// @param maxRows of one session's batch
/// @param messagesPerSecond of one connection; 0 for any number
/// @param leaseSeconds that a session waits for its client to come back, unless it asks for another lease
/// @param maxLeaseSeconds that a client may ask for
public record Limits(
        int maxMessageBytes,
        int maxConnections,
        int maxSessions,
        int maxRows,
        int messagesPerSecond,
        int leaseSeconds,
        int maxLeaseSeconds) {
    /// 1 MiB, 1024 connections and sessions, 65,536 rows, any rate, and a minute's lease of at most an hour.
    public static final Limits DEFAULT = new Limits(1 << 20, 1024, 1024, 1 << 16, 0, 60, 3600);

    /// These limits with another message size in bytes.
    public Limits maxMessageBytes(int bytes) {
        return new Limits(
                bytes, maxConnections, maxSessions, maxRows, messagesPerSecond, leaseSeconds, maxLeaseSeconds);
    }

    /// These limits with another number of connections.
    public Limits maxConnections(int count) {
        return new Limits(
                maxMessageBytes, count, maxSessions, maxRows, messagesPerSecond, leaseSeconds, maxLeaseSeconds);
    }

    /// These limits with another number of sessions.
    public Limits maxSessions(int count) {
        return new Limits(
                maxMessageBytes, maxConnections, count, maxRows, messagesPerSecond, leaseSeconds, maxLeaseSeconds);
    }

    /// These limits with another number of rows.
    public Limits maxRows(int rows) {
        return new Limits(
                maxMessageBytes, maxConnections, maxSessions, rows, messagesPerSecond, leaseSeconds, maxLeaseSeconds);
    }

    /// These limits with another rate; 0 for any.
    public Limits messagesPerSecond(int rate) {
        return new Limits(maxMessageBytes, maxConnections, maxSessions, maxRows, rate, leaseSeconds, maxLeaseSeconds);
    }

    /// These limits with another lease, which may then also be the longest.
    public Limits leaseSeconds(int seconds) {
        return new Limits(
                maxMessageBytes,
                maxConnections,
                maxSessions,
                maxRows,
                messagesPerSecond,
                seconds,
                Math.max(seconds, maxLeaseSeconds));
    }
}
