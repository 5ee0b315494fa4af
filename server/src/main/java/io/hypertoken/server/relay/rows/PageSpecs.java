package io.hypertoken.server.relay.rows;

import io.hypertoken.env.MaskMeaning;
import io.hypertoken.env.Spec;
import io.hypertoken.env.SpecBuilder;
import io.hypertoken.server.relay.wire.Announcement;
import io.hypertoken.space.Discrete;

/// Declares the environment that pages host.
final class PageSpecs {
    private PageSpecs() {}

    /// @param id as it was asked for
    /// @param relay where its pages are
    static Spec of(String id, Announcement game, RelayAddress relay) {
        SpecBuilder spec = Spec.of(id, 1)
                .rules(game.about())
                .agents(game.agents().toArray(String[]::new))
                .observes(game.observation())
                .masks(game.masked() ? MaskMeaning.BINDING : MaskMeaning.NONE);
        boolean named = game.action() instanceof Discrete(int n, int start)
                && start == 0
                && game.actionNames().size() == n;
        if (named) {
            spec.acts(game.actionNames().toArray(String[]::new));
        } else {
            spec.acts(game.action());
        }
        if (game.simultaneous()) {
            spec.simultaneous();
        }
        if (game.stepLimit() > 0) {
            spec.stepLimit(game.stepLimit());
        }
        return PageOptions.declare(spec, game)
                .createsRemote(
                        (opened, rows) -> new PageRows(game, relay, opened, rows),
                        game.width() > 0 ? DrawnPageRow.class : PageRow.class);
    }
}
