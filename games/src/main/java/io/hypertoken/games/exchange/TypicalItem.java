package io.hypertoken.games.exchange;

import java.util.List;

/// What the seeded market model starts from for one item; `market.tsv` says where the numbers come from.
///
/// @param middle gp between the two quotes
/// @param deviation standard deviation of the change of hourly averages, as a share of the price
/// @param volume units traded an hour, on both sides together
record TypicalItem(Item item, double middle, double deviation, double volume) {
    /// All of them, in the order in which a market of fewer items takes them.
    static final List<TypicalItem> ALL =
            Facts.lines("market.tsv").stream().map(TypicalItem::parse).toList();

    /// How many a market may have.
    static int most(boolean members) {
        return (int) ALL.stream().filter(typical -> typical.mayTrade(members)).count();
    }

    /// Whether a player may trade it, member or not.
    boolean mayTrade(boolean member) {
        return member || !item.members();
    }

    private static TypicalItem parse(String line) {
        String[] cells = line.split("\t");
        return new TypicalItem(
                ItemTable.of(Integer.parseInt(cells[0])),
                Double.parseDouble(cells[1]),
                Double.parseDouble(cells[3]) / 100,
                Double.parseDouble(cells[4]));
    }
}
