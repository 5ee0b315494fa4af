package io.hypertoken.server.http;

/// The body of an answer that goes on, such as Server-Sent Events; safe for any thread.
public interface ResponseStream extends Outlet {
    /// Runs a task on the stream's loop when its peer is gone; at once, if it is.
    void whenEnded(Runnable task);
}
