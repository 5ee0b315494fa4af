package io.hypertoken.server.http;

/// A path that a protocol serves by plain HTTP. The token and the page's origin are checked before it is asked.
///
/// @param method GET or POST
/// @param path exactly, with its slash
/// @param longestBody bytes of a request's body; a longer one is refused with HTTP 413
public record Route(String method, String path, int longestBody, Handler handler) {
    /// Answers requests.
    @FunctionalInterface
    public interface Handler {
        /// Called on the loop that accepts connections, so it must not wait, nor compute for long; the answer may come
        /// later, from any thread.
        void handle(Request request, Response response);
    }
}
