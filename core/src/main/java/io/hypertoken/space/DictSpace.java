package io.hypertoken.space;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Named spaces, in declared order (Gymnasium's `Dict`).
///
/// @param spaces the parts by name; at least one; a name is not empty and holds no dot
public record DictSpace(Map<String, Space> spaces) implements Space {
    public DictSpace {
        spaces = Collections.unmodifiableMap(new LinkedHashMap<>(spaces));
        Shapes.require(!spaces.isEmpty(), "an empty Dict space", "it needs at least one part");
        Shapes.require(
                spaces.keySet().stream().noneMatch(name -> name.isEmpty() || name.contains(".")),
                "Dict space " + spaces.keySet(),
                "a name must not be empty or hold a dot");
    }

    @Override
    public List<Leaf> leaves() {
        var leaves = new ArrayList<Leaf>();
        spaces.forEach((name, space) -> space.leaves().forEach(leaf -> leaves.add(leaf.under(name))));
        return List.copyOf(leaves);
    }
}
