package io.hypertoken.server.events;

import static io.hypertoken.ErrorCode.BAD_FIELD;

import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import io.hypertoken.server.Limits;
import io.hypertoken.server.http.Connection;
import io.hypertoken.server.http.Conversation;
import io.hypertoken.server.http.Protocol;
import io.hypertoken.server.http.Route;
import io.hypertoken.server.http.Upgrade;
import io.hypertoken.server.web.Dashboard;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;

/// The hub's protocol: WebSockets at `/ws` and `/`, and its routes.
final class HubProtocol implements Protocol {
    /// The WebSocket status for a client that was too slow.
    static final int TRY_AGAIN_LATER = 1013;

    private final Hub hub;
    private final HubRoutes routes;
    private final Limits limits;
    private final AtomicLong number = new AtomicLong();

    /// @param timer keeps streams open
    HubProtocol(Hub hub, ScheduledExecutorService timer, Limits limits) {
        this.hub = hub;
        this.routes = new HubRoutes(hub, timer, number::incrementAndGet);
        this.limits = limits;
    }

    @Override
    public Conversation accept(Upgrade upgrade, Connection connection) {
        if (!upgrade.path().equals("/ws") && !upgrade.path().equals("/")) {
            throw new HyperTokenException(
                    BAD_FIELD,
                    "refused a WebSocket at " + Shown.value(upgrade.path()),
                    "this hub takes them at /ws, and at / for short",
                    "connect to /ws");
        }
        var client = new Client(number.incrementAndGet(), connection, upgrade.remote());
        return new HubConversation(hub, client, limits.messagesPerSecond());
    }

    @Override
    public List<Route> routes() {
        var all = new ArrayList<>(routes.all());
        Dashboard dashboard = hub.settings().dashboard();
        if (dashboard != null) {
            all.addAll(dashboard.routes());
        }
        return all;
    }
}
