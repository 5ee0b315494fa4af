package io.hypertoken.server.relay;

import static io.hypertoken.ErrorCode.BAD_FIELD;

import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import io.hypertoken.server.bridge.BridgeService;
import io.hypertoken.server.http.Connection;
import io.hypertoken.server.http.Conversation;
import io.hypertoken.server.http.Protocol;
import io.hypertoken.server.http.Route;
import io.hypertoken.server.http.Upgrade;
import java.util.ArrayList;
import java.util.List;

/// Who a connection is, by its path: pages host at `/host`, rows are stepped at `/rows`, and games are played and
/// watched
/// in the bridge's protocol at `/play`.
final class RelayProtocol implements Protocol {
    private final Switchboard switchboard;
    private final BridgeService bridge;
    private final RelaySettings settings;

    RelayProtocol(Switchboard switchboard, BridgeService bridge, RelaySettings settings) {
        this.switchboard = switchboard;
        this.bridge = bridge;
        this.settings = settings;
    }

    @Override
    public Conversation accept(Upgrade upgrade, Connection connection) {
        return switch (upgrade.path()) {
            case "/host" -> new HostConversation(switchboard, connection);
            case "/rows" -> new RowsConversation(switchboard, connection);
            case "/play" -> bridge.accept(upgrade, connection);
            default ->
                throw new HyperTokenException(
                        BAD_FIELD,
                        "refused a WebSocket at " + Shown.value(upgrade.path()),
                        "a relay has /host for pages, /play for players, and / for both by what they say first",
                        "connect to one of these");
        };
    }

    @Override
    public List<Route> routes() {
        var routes = new ArrayList<>(SdkFiles.routes());
        if (settings.pages() != null) {
            routes.add(new PagesFolder(settings.pages()).route());
        }
        return routes;
    }
}
