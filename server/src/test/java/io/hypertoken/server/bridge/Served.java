package io.hypertoken.server.bridge;

import io.hypertoken.env.Catalogue;
import io.hypertoken.env.Spec;
import io.hypertoken.fixture.Auction;
import io.hypertoken.fixture.Dials;
import io.hypertoken.fixture.Duel;
import io.hypertoken.fixture.Faulty;
import io.hypertoken.fixture.Mixer;
import io.hypertoken.server.session.Opening;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// A bridge on a free port for all tests of a class, and clients that end with their test.
final class Served implements BeforeAllCallback, AfterAllCallback, AfterEachCallback {
    static final Catalogue CATALOGUE = new Catalogue(List.of(
            Corridor.SPEC,
            Auction.SPEC,
            Duel.SPEC,
            Dials.SPEC,
            Mixer.SPEC,
            Faulty.declare(1, "throws"),
            Slow.SPEC,
            Slow.BLOCKING,
            Stillborn.SPEC,
            Big.SPEC,
            Teller.SPEC));

    private final BridgeSettings settings;
    private final List<Client> clients = new ArrayList<>();
    private @Nullable Bridge bridge;

    private Served(BridgeSettings settings) {
        this.settings = settings;
    }

    /// Serves every fixture, and `spec` to clients that name none.
    static BridgeSettings settings(Spec spec) {
        return new BridgeSettings(CATALOGUE, Opening.of(spec, Map.of(), null, 60), 0);
    }

    static Bridge start(Spec spec) {
        return Bridge.start(settings(spec));
    }

    /// To be registered: a bridge with [#settings(Spec)].
    static Served by(Spec spec) {
        return new Served(settings(spec));
    }

    Bridge bridge() {
        return bridge;
    }

    /// A new client, closed after the test.
    Client connect() {
        var client = Client.connect(bridge.url());
        clients.add(client);
        return client;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        bridge = Bridge.start(settings);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        clients.forEach(Client::close);
        clients.clear();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        bridge.close();
    }
}
