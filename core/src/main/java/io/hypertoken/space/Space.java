package io.hypertoken.space;

import java.util.List;

/// What an observation or an action may be; each kind means what Gymnasium's space of that name means.
///
/// A space flattens to [leaves][#leaves()]: the tensors that a batch holds one column each of. Spaces are immutable.
public sealed interface Space permits Box, Discrete, MultiDiscrete, MultiBinary, DictSpace, TupleSpace {

    /// The tensors of this space, in declared order; never empty.
    List<Leaf> leaves();

    /// How many flags an action mask of this space has: n for [Discrete], the sum of nvec for [MultiDiscrete], and 0
    /// where a space has no mask.
    default int maskSize() {
        return 0;
    }
}
