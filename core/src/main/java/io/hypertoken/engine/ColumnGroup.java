package io.hypertoken.engine;

import io.hypertoken.space.DType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Columns that lie together, and travel together as the payload of one frame.
///
/// @param columns in order of their offsets
/// @param bytes the size of the group, padded to a multiple of 64
public record ColumnGroup(List<Column> columns, long bytes) {
    /// A cache line: no two columns share one, so threads that write neighbouring columns do not disturb each other.
    static final int ALIGNMENT = 64;

    public ColumnGroup {
        columns = List.copyOf(columns);
    }

    /// The column of this name.
    ///
    /// @throws IllegalArgumentException if there is none
    public Column column(String name) {
        Column found = find(name);
        if (found == null) {
            throw new IllegalArgumentException("there is no column " + name + "; this group has "
                    + columns.stream().map(Column::name).toList() + "; ask for one of these");
        }
        return found;
    }

    /// Whether the group has a column of this name.
    public boolean has(String name) {
        return find(name) != null;
    }

    /// A plain loop: opening a vector asks some forty times, and streams were half of what it took.
    private @Nullable Column find(String name) {
        for (Column column : columns) {
            if (column.name().equals(name)) {
                return column;
            }
        }
        return null;
    }

    static final class Builder {
        private final List<Column> columns = new ArrayList<>();
        private long end;

        Builder add(String name, DType dtype, List<Integer> shape) {
            long bytes = dtype.bytes();
            for (int dimension : shape) {
                bytes = Math.multiplyExact(bytes, dimension);
            }
            columns.add(new Column(name, dtype, shape, end, bytes));
            end = Math.ceilDiv(end + bytes, ALIGNMENT) * ALIGNMENT;
            return this;
        }

        ColumnGroup build() {
            return new ColumnGroup(columns, end);
        }
    }
}
