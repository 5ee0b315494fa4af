package io.hypertoken.games.exchange;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// All items that could be traded when `items.tsv` was derived, by their ids.
final class ItemTable {
    private static final Map<Integer, Item> ITEMS = new LinkedHashMap<>();

    static {
        for (String line : Facts.lines("items.tsv")) {
            String[] cells = line.split("\t");
            int id = Integer.parseInt(cells[0]);
            ITEMS.put(
                    id,
                    new Item(
                            id,
                            cells[1],
                            cells[2].equals("1"),
                            Integer.parseInt(cells[3]),
                            Integer.parseInt(cells[4]),
                            Integer.parseInt(cells[5]),
                            Integer.parseInt(cells[6])));
        }
    }

    private ItemTable() {}

    /// All of them, by rising id.
    static Collection<Item> all() {
        return Collections.unmodifiableCollection(ITEMS.values());
    }

    /// The item of an id; null if the table does not have it.
    static @Nullable Item find(int id) {
        return ITEMS.get(id);
    }

    /// The item of an id; one of no limit, named by its id, if the table does not have it: recorded data may hold items
    /// that are newer than the table.
    static Item of(int id) {
        Item known = ITEMS.get(id);
        return known == null ? new Item(id, "item " + id, true, 0, 0, 0, 0) : known;
    }
}
