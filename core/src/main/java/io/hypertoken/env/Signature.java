package io.hypertoken.env;

import io.hypertoken.space.Leaf;
import io.hypertoken.space.Space;
import java.util.List;

/// What a [Spec] fixes once its construction options are known: the agents and their spaces.
///
/// All agents' observations have the same leaves, and so have their actions, because a batch holds one column each;
/// bounds and the number of choices may differ.
///
/// @param agents the agents' names, in index order
/// @param observationSpaces an observation space for each agent
/// @param actionSpaces an action space for each agent
public record Signature(List<String> agents, List<Space> observationSpaces, List<Space> actionSpaces) {
    public Signature {
        agents = List.copyOf(agents);
        observationSpaces = List.copyOf(observationSpaces);
        actionSpaces = List.copyOf(actionSpaces);
        requireSameLeaves("observation", observationSpaces);
        requireSameLeaves("action", actionSpaces);
    }

    /// The tensors of an observation, the same for all agents.
    public List<Leaf> observationLeaves() {
        return observationSpaces.getFirst().leaves();
    }

    /// The tensors of an action, the same for all agents.
    public List<Leaf> actionLeaves() {
        return actionSpaces.getFirst().leaves();
    }

    /// How many flags the widest agent's mask has.
    public int maskSize() {
        return actionSpaces.stream().mapToInt(Space::maskSize).max().orElse(0);
    }

    private static void requireSameLeaves(String what, List<Space> spaces) {
        for (Space space : spaces) {
            Space first = spaces.getFirst();
            // A record's equals is written by Java at its first call: 30 ms of a new process, mostly for nothing.
            if (space != first && !space.leaves().equals(first.leaves())) {
                throw new IllegalArgumentException("the agents' " + what + " spaces " + spaces
                        + " differ in shape or type; a batch holds one column for all agents; pad the smaller one");
            }
        }
    }
}
