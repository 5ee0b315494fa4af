package io.hypertoken.server.bridge;

import io.hypertoken.Shown;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Logs one line a message, short, and without what would open a door: session ids and tokens.
final class MessageLog {
    private static final Logger LOG = LoggerFactory.getLogger(MessageLog.class);
    private static final int SHOWN = 400;
    /// Only the beginning is looked at: no log line needs a megabyte.
    private static final int READ = 4 * SHOWN;
    /// A session's id wherever it stands: 24 characters of base64 and no more around them.
    private static final Pattern SESSION_ID =
            Pattern.compile("(?<![A-Za-z0-9_-])([A-Za-z0-9_-]{6})[A-Za-z0-9_-]{18}(?![A-Za-z0-9_-])");

    private static final Pattern SECRET_FIELD = Pattern.compile("(\"(?:session|token)\"\\s*:\\s*\")([^\"]{0,6})[^\"]*");

    private MessageLog() {}

    /// A message of a client.
    static void arrived(SocketAddress peer, byte[] message) {
        LOG.info("{} -> {}", peer, shown(message));
    }

    /// A reply.
    static void sent(SocketAddress peer, byte[] message) {
        LOG.info("{} <- {}", peer, shown(message));
    }

    static void batchArrived(SocketAddress peer, int bytes) {
        LOG.info("{} -> batch of {} bytes", peer, bytes);
    }

    static void batchSent(SocketAddress peer, int bytes) {
        LOG.info("{} <- batch of {} bytes", peer, bytes);
    }

    static String shown(byte[] message) {
        String text = new String(message, 0, Math.min(message.length, READ), StandardCharsets.UTF_8);
        String redacted = SESSION_ID
                .matcher(SECRET_FIELD.matcher(text).replaceAll("$1$2…"))
                .replaceAll("$1…");
        String line = Shown.shortened(redacted, SHOWN);
        return message.length <= READ && line.length() == redacted.length()
                ? line
                : line + " (" + message.length + " bytes)";
    }
}
