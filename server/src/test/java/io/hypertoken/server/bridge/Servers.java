package io.hypertoken.server.bridge;

import io.hypertoken.env.Catalogue;
import io.hypertoken.env.Spec;
import io.hypertoken.fixture.Auction;
import io.hypertoken.fixture.Dials;
import io.hypertoken.fixture.Duel;
import io.hypertoken.fixture.Faulty;
import io.hypertoken.fixture.Mixer;
import java.util.List;
import java.util.Map;

/// Bridges on free ports, for tests.
final class Servers {
    static final Catalogue CATALOGUE = new Catalogue(
            List.of(Corridor.SPEC, Auction.SPEC, Duel.SPEC, Dials.SPEC, Mixer.SPEC, Faulty.declare(1, "throws")));

    private Servers() {}

    /// Serves every fixture, and `spec` to clients that name none.
    static BridgeSettings settings(Spec spec) {
        return new BridgeSettings(CATALOGUE, Opening.of(spec, Map.of(), null, 60), 0);
    }

    static Bridge start(Spec spec) {
        return Bridge.start(settings(spec));
    }
}
