package io.hypertoken.server;

import java.util.function.Consumer;

/// What a server allows its clients; immutable: each setter returns a changed copy.
public final class Limits implements Cloneable {
    /// 1 MiB of text, 1024 connections and sessions, 65,536 rows, any rate, a minute's lease of at most an hour, and 1
    /// GiB of memory or half of a smaller machine's.
    public static final Limits DEFAULT = new Limits();

    private int maxMessageBytes = 1 << 20;
    private int maxConnections = 1024;
    private int maxSessions = 1024;
    private int maxRows = 1 << 16;
    private int messagesPerSecond;
    private int leaseSeconds = 60;
    private int maxLeaseSeconds = 3600;
    private int maxParkedPerAddress = 256;
    private long maxMemoryBytes = MemoryBudget.defaultLimit();
    private long handshakeMillis = 10_000;
    private long unreadMillis = 30_000;
    private long resumeMillis = 5_000;

    private Limits() {}

    /// Bytes of a text message; a binary one may be as long as its batch's layout needs.
    public int maxMessageBytes() {
        return maxMessageBytes;
    }

    /// These limits with another message size.
    public Limits maxMessageBytes(int bytes) {
        return with(copy -> copy.maxMessageBytes = bytes);
    }

    /// Connections at a time; more are refused with HTTP 503.
    public int maxConnections() {
        return maxConnections;
    }

    /// These limits with another number of connections.
    public Limits maxConnections(int count) {
        return with(copy -> copy.maxConnections = count);
    }

    /// Sessions at a time, connected or waiting for their client.
    public int maxSessions() {
        return maxSessions;
    }

    /// These limits with another number of sessions.
    public Limits maxSessions(int count) {
        return with(copy -> copy.maxSessions = count);
    }

    /// Rows of one session's batch.
    public int maxRows() {
        return maxRows;
    }

    /// These limits with another number of rows.
    public Limits maxRows(int rows) {
        return with(copy -> copy.maxRows = rows);
    }

    /// Messages of one connection; 0 for any number.
    public int messagesPerSecond() {
        return messagesPerSecond;
    }

    /// These limits with another rate.
    public Limits messagesPerSecond(int rate) {
        return with(copy -> copy.messagesPerSecond = rate);
    }

    /// How long a session waits for its client to come back, unless it asks for another lease.
    public int leaseSeconds() {
        return leaseSeconds;
    }

    /// The lease that a client may ask for.
    public int maxLeaseSeconds() {
        return maxLeaseSeconds;
    }

    /// These limits with another lease, which may then also be the longest.
    public Limits leaseSeconds(int seconds) {
        return with(copy -> {
            copy.leaseSeconds = seconds;
            copy.maxLeaseSeconds = Math.max(seconds, maxLeaseSeconds);
        });
    }

    /// Sessions that wait for clients of one address; the oldest beyond it is ended.
    public int maxParkedPerAddress() {
        return maxParkedPerAddress;
    }

    /// These limits with another number of waiting sessions.
    public Limits maxParkedPerAddress(int count) {
        return with(copy -> copy.maxParkedPerAddress = count);
    }

    /// Bytes of all sessions' columns and of all messages on their way.
    public long maxMemoryBytes() {
        return maxMemoryBytes;
    }

    /// These limits with another amount of memory.
    public Limits maxMemoryBytes(long bytes) {
        return with(copy -> copy.maxMemoryBytes = bytes);
    }

    /// From a connection's beginning to its upgrade, or to the end of its answer.
    public long handshakeMillis() {
        return handshakeMillis;
    }

    /// These limits with another time for the handshake.
    public Limits handshakeMillis(long millis) {
        return with(copy -> copy.handshakeMillis = millis);
    }

    /// How long a peer may read nothing of what waits for it.
    public long unreadMillis() {
        return unreadMillis;
    }

    /// These limits with another patience for a peer that does not read.
    public Limits unreadMillis(long millis) {
        return with(copy -> copy.unreadMillis = millis);
    }

    /// How long who resumes a session waits for the step under way.
    public long resumeMillis() {
        return resumeMillis;
    }

    /// These limits with another wait for the step under way.
    public Limits resumeMillis(long millis) {
        return with(copy -> copy.resumeMillis = millis);
    }

    private Limits with(Consumer<Limits> change) {
        try {
            var copy = (Limits) clone();
            change.accept(copy);
            return copy;
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("limits are cloneable", e);
        }
    }
}
