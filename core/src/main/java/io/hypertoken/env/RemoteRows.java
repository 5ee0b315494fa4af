package io.hypertoken.env;

import java.time.Duration;
import java.util.List;

/// A group of rows whose rules run elsewhere: all are asked together, then all are waited for.
///
/// The engine calls [#send(RemoteRequest)], then [#await()], then for each row that was asked the [Environment#step] or
/// [Environment#reset] of [#row(int)], which writes what came back. One message a step whatever the rows, and a second
/// one under same-step autoreset when rows have ended. Called from one thread at a time.
///
/// Rules that are lost (their process died, a page was closed, a deadline has passed) make each of their rows throw a
/// [RowLostException], unless the row's answer had arrived: the engine then ends its episode truncated with the last
/// good observation, and asks for it [anew][RemoteRequest.Kind#RENEW] at its next reset. Any other exception is the
/// row's own, and handled as one of rules in Java.
public interface RemoteRows extends AutoCloseable {
    /// One row's acting and seeing side. Its step and reset write the answer that waits for the row; without one they
    /// ask
    /// for that row alone and wait, so that plain callers need not know of groups. Its observe shows the last answer.
    Environment row(int row);

    /// Asks every row that the request says something of, and returns at once. A row that is asked nothing keeps an
    /// answer that nobody has read: a reset that fails is tried again before others of its message are looked at.
    void send(RemoteRequest request);

    /// Waits until every row that was asked has answered, is lost, or has passed its deadline. Never throws for a row.
    void await();

    /// The longest that one [#await()] takes, whatever happens.
    Duration deadline();

    /// What plays the rows, as far as it can be told. Safe for any thread.
    default List<Guest> guests() {
        return List.of();
    }

    /// Ends the rules; nothing is called afterwards.
    @Override
    void close();
}
