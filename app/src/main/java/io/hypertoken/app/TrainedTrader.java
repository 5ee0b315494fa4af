package io.hypertoken.app;

import io.hypertoken.env.Options;
import io.hypertoken.env.Policy;
import io.hypertoken.games.exchange.GrandExchange;
import io.hypertoken.learn.policy.SavedPolicies;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// A policy that was trained on the grand-exchange, and what it wants of the environment that it plays in.
///
/// @param folder the policy's own
/// @param options that decide what it sees and how it acts, as it was trained with them
record TrainedTrader(Path folder, Map<String, Object> options) {
    private static final String MOVES = "moves";

    /// The policy of a folder, its own or that of its run.
    ///
    /// @throws io.hypertoken.HyperTokenException `unavailable` if there is none
    static TrainedTrader in(Path named) {
        Path inRun = named.resolve("policy");
        Path folder = Files.isDirectory(inRun) ? inRun : named;
        boolean moves = Boolean.TRUE.equals(
                NamedPolicy.optionsIn(folder, GrandExchange.SPEC).get(MOVES));
        return new TrainedTrader(folder, Map.of(MOVES, moves));
    }

    /// Its name wherever a policy is named.
    String name() {
        return SavedPolicies.PREFIX + ":" + folder;
    }

    Policy policy(Options opened) {
        return GrandExchange.SPEC.policy(name(), opened);
    }
}
