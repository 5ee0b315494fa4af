package io.hypertoken.space;

import java.util.ArrayList;
import java.util.List;

/// Spaces in a row (Gymnasium's `Tuple`); part k's leaves are named `k…`.
///
/// @param spaces the parts; at least one
public record TupleSpace(List<Space> spaces) implements Space {
    public TupleSpace {
        spaces = List.copyOf(spaces);
        Shapes.require(!spaces.isEmpty(), "an empty Tuple space", "it needs at least one part");
    }

    @Override
    public List<Leaf> leaves() {
        var leaves = new ArrayList<Leaf>();
        for (int k = 0; k < spaces.size(); k++) {
            String name = Integer.toString(k);
            spaces.get(k).leaves().forEach(leaf -> leaves.add(leaf.under(name)));
        }
        return List.copyOf(leaves);
    }
}
