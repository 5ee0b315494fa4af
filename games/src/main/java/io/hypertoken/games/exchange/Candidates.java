package io.hypertoken.games.exchange;

import java.util.Arrays;

/// Which item stands in which row for one agent.
///
/* Ranked: first what it has in hand, the most valuable first, in at most half of the rows; then what promises most
profit an hour, within what it can pay and what its limit leaves. Otherwise item k stands in row k. */
final class Candidates {
    static final int NONE = -1;

    /// The items by rows; [#NONE] where there are fewer.
    final int[] rows;

    private static final double OUT = Double.NEGATIVE_INFINITY;

    private final boolean ranked;
    private final double[] scores;
    private final double[] values;
    private final int[] order;
    private final int stockRows;

    Candidates(int rows, int items, boolean ranked) {
        this.ranked = ranked;
        this.rows = new int[rows];
        this.scores = new double[items];
        this.values = new double[items];
        this.order = new int[items];
        Arrays.setAll(order, item -> item);
        this.stockRows = Math.max(1, rows / 2);
        Arrays.setAll(this.rows, row -> row);
    }

    /// The row in which an item stands; [#NONE] for none.
    int rowOf(int item) {
        for (int row = 0; row < rows.length; row++) {
            if (rows[row] == item) {
                return row;
            }
        }
        return NONE;
    }

    /// gp an hour that an item promises an account.
    ///
    /// @param room units that its limit leaves
    static double potential(int item, Account account, Quotes quotes, long room) {
        double affordable = account.cash * quotes.perCoin[item];
        return quotes.margin[item] * Math.min(Math.min(quotes.pace[item], affordable), room);
    }

    /// @param time Unix seconds
    void rank(Account account, Quotes quotes, long[] limits, long time) {
        if (!ranked) {
            return;
        }
        score(account, quotes, limits, time);
        int count = takeStock(account, quotes);
        for (int row = 0; row < count; row++) {
            scores[rows[row]] = OUT; // each item stands once
        }
        takeBest(count);
    }

    private int takeStock(Account account, Quotes quotes) {
        int count = 0;
        for (int i = 0; i < scores.length; i++) {
            if (account.stock[i] > 0) {
                values[i] = account.stock[i] * (double) quotes.low[i];
                count = insert(values, i, 0, count, stockRows);
            }
        }
        return count;
    }

    /* The order of the last time comes first: most of it still holds, and what follows mostly falls out at once. The
    order is total, so the outcome does not depend on it. */
    private void takeBest(int from) {
        int count = from;
        for (int i : order) {
            if (scores[i] > OUT) {
                count = insert(scores, i, from, count, rows.length);
            }
        }
        Arrays.fill(rows, count, rows.length, NONE);
        for (int row = from; row < count; row++) {
            swapTo(row - from, rows[row]);
        }
    }

    private void swapTo(int place, int item) {
        int at = place;
        while (order[at] != item) {
            at++;
        }
        order[at] = order[place];
        order[place] = item;
    }

    private void score(Account account, Quotes quotes, long[] limits, long time) {
        double cash = account.cash;
        double[] margin = quotes.margin;
        double[] pace = quotes.pace;
        double[] perCoin = quotes.perCoin;
        for (int i = 0; i < scores.length; i++) {
            scores[i] = margin[i] * Math.min(pace[i], cash * perCoin[i]);
        }
        for (int i = 0; i < scores.length; i++) {
            if (!quotes.known(i)) {
                scores[i] = OUT;
            } else if (account.resets[i] > time) {
                scores[i] = potential(i, account, quotes, account.mayBuy(i, limits[i], time));
            }
        }
    }

    /// Puts an item among rows `from` to `count`; the last of `to` falls out. Of equals the lower number comes first.
    ///
    /// @return the row behind the last that is filled
    private int insert(double[] by, int item, int from, int count, int to) {
        double score = by[item];
        int at = count;
        if (count == to) {
            if (!isBefore(by, item, score, rows[to - 1])) {
                return count;
            }
            at--;
        }
        while (at > from && isBefore(by, item, score, rows[at - 1])) {
            rows[at] = rows[at - 1];
            at--;
        }
        rows[at] = item;
        return Math.min(to, count + 1);
    }

    private static boolean isBefore(double[] by, int item, double score, int other) {
        return score > by[other] || (score == by[other] && item < other);
    }
}
