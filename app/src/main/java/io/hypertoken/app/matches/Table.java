package io.hypertoken.app.matches;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/// Lines of cells, printed in columns as wide as they must be.
public final class Table {
    private final List<List<String>> lines = new ArrayList<>();

    /// Adds a line.
    public Table add(List<String> cells) {
        lines.add(List.copyOf(cells));
        return this;
    }

    /// Adds a line.
    public Table add(String... cells) {
        return add(List.of(cells));
    }

    /// Whether there is no line yet.
    public boolean isEmpty() {
        return lines.isEmpty();
    }

    /// Prints all lines.
    public void print(PrintWriter out) {
        int columns = lines.stream().mapToInt(List::size).max().orElse(0);
        int[] widths = new int[columns];
        for (List<String> line : lines) {
            for (int column = 0; column < line.size(); column++) {
                widths[column] = Math.max(widths[column], line.get(column).length());
            }
        }
        for (List<String> line : lines) {
            var text = new StringBuilder();
            for (int column = 0; column < line.size(); column++) {
                text.append(line.get(column))
                        .repeat(' ', widths[column] - line.get(column).length() + 2);
            }
            out.println(text.toString().stripTrailing());
        }
    }
}
