package io.hypertoken.games.exchange;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What the Grand Exchange takes from the seller of each unit, under the rules of one time.
///
/// The rules, their dates and their source stand in `tax.txt`.
final class Tax {
    /// No tax at all, as before 9 December 2021.
    static final Tax NONE;

    /// The rules in the order of their dates.
    private static final List<Tax> DATED;

    /// gp a unit, at most.
    private static final long MOST;

    private final long from;
    private final long divisor;
    private final Set<Integer> exempt;

    private Tax(long from, long divisor, Set<Integer> exempt) {
        this.from = from;
        this.divisor = divisor;
        this.exempt = exempt;
    }

    static {
        NONE = new Tax(Long.MIN_VALUE, Long.MAX_VALUE, Set.of());
        var dated = new ArrayList<>(List.of(NONE));
        long most = Long.MAX_VALUE;
        for (String line : Facts.lines("tax.txt")) {
            String[] words = line.split(" ");
            Tax last = dated.getLast();
            switch (words[0]) {
                case "most" -> most = Long.parseLong(words[1]);
                case "from" -> dated.add(new Tax(Long.parseLong(words[1]), Long.parseLong(words[3]), last.exempt));
                case "exempt" -> {
                    var ids = new HashSet<>(last.exempt);
                    List.of(words).subList(1, words.length).forEach(id -> ids.add(Integer.valueOf(id)));
                    dated.set(dated.size() - 1, new Tax(last.from, last.divisor, Set.copyOf(ids)));
                }
                default -> throw new IllegalStateException("tax.txt says " + line);
            }
        }
        MOST = most;
        DATED = List.copyOf(dated);
    }

    /// The rules that hold at a time.
    ///
    /// @param time Unix seconds
    static Tax at(long time) {
        Tax rules = NONE;
        for (int k = 0; k < DATED.size() && DATED.get(k).from <= time; k++) {
            rules = DATED.get(k);
        }
        return rules;
    }

    /// The rules that divide the price by a number: 100 since 2021, 50 since 2025.
    static Tax dividingBy(long divisor) {
        return DATED.stream().filter(tax -> tax.divisor == divisor).findFirst().orElseThrow();
    }

    /// The share of the price that it takes of most items.
    double rate() {
        return divisor == NONE.divisor ? 0 : 1.0 / divisor;
    }

    /// What [#of(long, long)] divides an item's price by.
    long divisor(int id) {
        return exempt.contains(id) ? NONE.divisor : divisor;
    }

    /// The tax on one unit of an item sold at a price, both in gp.
    long of(int id, long price) {
        return of(price, divisor(id));
    }

    /// The tax on one unit at a price, both in gp.
    ///
    /// @param divisor that of the item
    static long of(long price, long divisor) {
        return Math.min(price / divisor, MOST);
    }
}
