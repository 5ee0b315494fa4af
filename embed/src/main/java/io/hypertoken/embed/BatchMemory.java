package io.hypertoken.embed;

import io.hypertoken.describe.Description;
import io.hypertoken.engine.BatchLayout;
import io.hypertoken.engine.ColumnGroup;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Tells a host where a batch lies in the one piece of memory that they share: its groups one after another.
final class BatchMemory {
    private BatchMemory() {}

    /// The bytes of all groups, and each group's own with its columns.
    static Map<String, Object> of(BatchLayout layout) {
        var memory = new LinkedHashMap<String, Object>();
        memory.put("bytes", layout.bytes());
        memory.put("reset", of(layout.reset()));
        memory.put("step", of(layout.step()));
        memory.put("reply", of(layout.reply()));
        return memory;
    }

    private static Map<String, Object> of(ColumnGroup group) {
        List<Map<String, Object>> columns = Description.columns(group);
        return Map.of("bytes", group.bytes(), "columns", columns);
    }
}
