package io.hypertoken.server.http;

import static io.hypertoken.ErrorCode.BAD_FIELD;

import io.hypertoken.HyperTokenException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.IntSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Who may connect: a token that programs show, and the origins whose pages a browser may let in.
public final class AccessRules {
    /// No token, no foreign pages.
    public static final AccessRules LOCAL = new AccessRules(null, Set.of(), () -> 0);

    private static final String ANY = "*";

    private final byte @Nullable [] tokenHash;
    private final Set<String> origins;
    private final IntSupplier sibling;

    private AccessRules(byte @Nullable [] tokenHash, Set<String> origins, IntSupplier sibling) {
        this.tokenHash = tokenHash;
        this.origins = origins;
        this.sibling = sibling;
    }

    /// Rules for a server on `host`.
    ///
    /// @param token what a client must show; null for none
    /// @param allowedOrigins further origins such as `https://lab.example`, or `*` for every page
    /// @param insecure whether to serve other machines without a token
    /// @throws HyperTokenException `bad_field` if other machines could connect without a token
    public static AccessRules of(String host, @Nullable String token, List<String> allowedOrigins, boolean insecure) {
        if (token != null && token.isBlank()) {
            throw new HyperTokenException(
                    BAD_FIELD, "refused an empty token", "anyone could show it", "choose a long random one");
        }
        if (token == null && !insecure && !isLoopback(host)) {
            throw new HyperTokenException(
                    BAD_FIELD,
                    "refused to listen on " + host + " without a token",
                    "every machine that reaches this one could use the server",
                    "pass --token, listen on 127.0.0.1, or accept the risk with --insecure");
        }
        return new AccessRules(
                token == null ? null : hash(token),
                allowedOrigins.stream().map(AccessRules::normal).collect(Collectors.toUnmodifiableSet()),
                () -> 0);
    }

    /// The same rules, with the pages that another port of this process serves as the server's own.
    ///
    /// @param port asked whenever a page connects, on any thread; 0 while there is none
    public AccessRules withPagesAt(IntSupplier port) {
        return new AccessRules(tokenHash, origins, port);
    }

    /// Whether clients must show a token.
    public boolean needsToken() {
        return tokenHash != null;
    }

    /// Whether this is the token; the time it takes does not tell how much of it is right.
    boolean admitsToken(@Nullable String shown) {
        return tokenHash == null || (shown != null && MessageDigest.isEqual(tokenHash, hash(shown)));
    }

    /// Whether a page of this origin may connect; programs that are no browser send none.
    ///
    /// The server's own origins are its loopback names and the host it listens on, at its ports: a Host header proves
    /// nothing, for a foreign name may be made to resolve to this machine.
    boolean admitsOrigin(@Nullable String origin, String host, int port) {
        if (origin == null || origins.contains(ANY) || origins.contains(normal(origin))) {
            return true;
        }
        int other = sibling.getAsInt();
        return Stream.of("localhost", "127.0.0.1", "[::1]", host)
                .flatMap(name -> Stream.of("http://", "https://").map(scheme -> scheme + name + ":"))
                .flatMap(own -> other == 0 ? Stream.of(own + port) : Stream.of(own + port, own + other))
                .anyMatch(normal(origin)::equals);
    }

    /// Whether a request whose page is unknown may be for this server: browsers send no origin with a plain GET of what
    /// they take for the same site, so a foreign name that was made to resolve to this machine shows only here. Where a
    /// token is needed, or every page is allowed, it says nothing.
    boolean admitsHost(@Nullable String name, String host) {
        if (name == null || needsToken() || origins.contains(ANY) || !isLoopback(host)) {
            return true;
        }
        String bare = normal(name).replaceFirst(":[0-9]*$", "");
        return Stream.of("localhost", "127.0.0.1", "[::1]", host).anyMatch(bare::equals)
                || bare.endsWith(".localhost")
                || origins.stream()
                        .anyMatch(origin -> origin.matches("https?://" + Pattern.quote(bare) + "(:[0-9]+)?"));
    }

    private static String normal(String origin) {
        String lower = origin.toLowerCase(Locale.ROOT);
        return lower.endsWith("/") ? lower.substring(0, lower.length() - 1) : lower;
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false; // binding to it will tell
        }
    }

    private static byte[] hash(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
