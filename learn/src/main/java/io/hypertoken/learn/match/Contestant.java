package io.hypertoken.learn.match;

import io.hypertoken.env.Policy;
import java.util.List;

/// Somebody who plays: a name, and a policy for each seat.
///
/// @param seats a policy for each agent, in their order; often the same one
public record Contestant(String name, List<? extends Policy> seats) {
    public Contestant {
        seats = List.copyOf(seats);
    }
}
