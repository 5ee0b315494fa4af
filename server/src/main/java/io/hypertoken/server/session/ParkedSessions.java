package io.hypertoken.server.session;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The sessions that wait for their clients, by the address that left them, oldest first; safe for any thread.
///
/// So one client that comes and goes cannot hold every place of the server.
final class ParkedSessions {
    private final int limit;
    private final Map<String, Set<Session>> byAddress = new HashMap<>();
    private final Map<Session, String> addresses = new HashMap<>();

    /// @param limit of one address
    ParkedSessions(int limit) {
        this.limit = limit;
    }

    /// A session waits.
    ///
    /// @return the oldest of its address, if that has too many now
    synchronized @Nullable Session add(Session session, String address) {
        Set<Session> all = byAddress.computeIfAbsent(address, any -> new LinkedHashSet<>());
        all.add(session);
        addresses.put(session, address);
        if (all.size() <= limit) {
            return null;
        }
        Session oldest = all.iterator().next();
        remove(oldest);
        return oldest;
    }

    /// A session waits no more.
    synchronized void remove(Session session) {
        String address = addresses.remove(session);
        if (address == null) {
            return;
        }
        byAddress.computeIfPresent(address, (same, all) -> {
            all.remove(session);
            return all.isEmpty() ? null : all;
        });
    }
}
