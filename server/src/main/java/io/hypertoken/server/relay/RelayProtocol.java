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
import java.util.function.Supplier;

/// Who a connection is, by its path: pages host at `/host`, rows are stepped at `/rows`, and games are played in the
/// bridge's protocol at `/play`. At `/`, where seed 003's article connects both of its sides, a browser's page watches,
/// and
/// anybody else is a player.
final class RelayProtocol implements Protocol {
    private final Switchboard switchboard;
    private final BridgeService bridge;
    private final RelaySettings settings;
    private final Stage stage = new Stage();

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
            case "/" -> atRoot(upgrade, connection);
            default ->
                throw new HyperTokenException(
                        BAD_FIELD,
                        "refused a WebSocket at " + Shown.value(upgrade.path()),
                        "a relay has /host for pages, /play for players, and / for both by what they say first",
                        "connect to one of these");
        };
    }

    /// A page has an origin and a browser's name; an origin alone is sent by Python's websocket-client too.
    private Conversation atRoot(Upgrade upgrade, Connection connection) {
        boolean named = settings.opening() != null || upgrade.query().containsKey("env");
        Supplier<Table> table = () -> new Table(switchboard, bridge, upgrade, connection, named);
        String agent = upgrade.header().apply("user-agent");
        if (upgrade.header().apply("origin") != null && agent != null && agent.startsWith("Mozilla/")) {
            boolean begins =
                    settings.opening() != null && !settings.opening().spec().blocking();
            return new Viewer(connection, stage, table, begins);
        }
        return new Newcomer(
                connection,
                () -> bridge.accept(upgrade, connection),
                () -> new ClassicPlayer(connection, table.get(), stage));
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
