package io.hypertoken.server.http;

/// A path that a protocol serves by plain HTTP. The page's origin is checked before it is asked, and the token, unless
/// the path is open.
///
/// @param method GET or POST
/// @param path exactly, with its slash; one that ends in `/*` covers all below it
/// @param longestBody bytes of a request's body; a longer one is refused with HTTP 413
/// @param open whether it needs no token: what it serves is no secret
public record Route(String method, String path, int longestBody, boolean open, Handler handler) {
    /// A path that needs the token.
    public Route(String method, String path, int longestBody, Handler handler) {
        this(method, path, longestBody, false, handler);
    }

    /// Whether a request's path is this one's.
    boolean covers(String asked) {
        return path.endsWith("/*") ? asked.startsWith(path.substring(0, path.length() - 1)) : path.equals(asked);
    }

    /// Answers requests.
    @FunctionalInterface
    public interface Handler {
        /// Called on the loop that accepts connections, so it must not wait, nor compute for long; the answer may come
        /// later, from any thread.
        void handle(Request request, Response response);
    }
}
