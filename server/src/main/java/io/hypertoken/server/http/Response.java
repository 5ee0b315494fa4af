package io.hypertoken.server.http;

import java.util.Map;
import java.util.function.Consumer;

/// The answer to a [Request]: one of its methods is called, once, on any thread.
public interface Response {
    /// Answers.
    ///
    /// @param status such as 200
    /// @param type the body's media type
    default void send(int status, String type, byte[] body) {
        send(status, type, body, Map.of());
    }

    /// Answers with further headers.
    void send(int status, String type, byte[] body, Map<String, String> headers);

    /// Answers 200 with a body that goes on until the peer leaves or the stream is closed. It takes a connection's
    /// place;
    /// where there is none, the request is refused instead.
    ///
    /// @param begun called on the stream's loop when it may be used
    void stream(String type, Consumer<ResponseStream> begun);
}
