package io.hypertoken.app.exchange;

import static io.hypertoken.ErrorCode.BAD_FIELD;

import io.hypertoken.HyperTokenException;
import io.hypertoken.games.exchange.BarColumns;
import java.nio.file.Path;
import java.util.BitSet;

/// Columns of one length while answers fill them.
final class Fill {
    /// A latest price counts where it is no older than this at the time of its answer: a thin item's may be of last
    /// year.
    private static final long FRESH = 3600;

    final BarColumns columns;
    final Window window;
    private final boolean lastWins;

    /// Windows that an answer told of.
    private final BitSet told = new BitSet();

    /// Sides that only a latest price told, two for each item and window.
    private final BitSet guessed = new BitSet();

    /// Sides that were told twice alike, and otherwise.
    int again;

    int overruled;

    Fill(Window window, Span span, boolean lastWins) {
        this.window = window;
        this.lastWins = lastWins;
        columns = new BarColumns(window.seconds(), span.start(), span.windows(), span.ids());
    }

    static boolean isFresh(long time, long newest) {
        return time >= newest - FRESH;
    }

    /// A window of this start was answered, though perhaps nobody traded in it.
    void tell(long start) {
        told.set(place(start));
    }

    /// How many windows nothing told of.
    int holes() {
        return columns.windows() - told.cardinality();
    }

    /// The share of sides that have no price, of all windows that were told of.
    double unknown() {
        long known = 0;
        for (int item = 0; item < columns.items(); item++) {
            for (int k = 0; k < columns.windows(); k++) {
                known += columns.price(item, k, true) == 0 ? 0 : 1;
                known += columns.price(item, k, false) == 0 ? 0 : 1;
            }
        }
        return 1 - known / (2.0 * columns.items() * told.cardinality());
    }

    /// Takes a row of averages.
    ///
    /// @throws HyperTokenException `bad_field` if another answer told otherwise
    void bar(Path file, Answer answer, int row) {
        tell(answer.starts[row]);
        side(file, answer, row, true, answer.high[row], answer.highVolume[row]);
        side(file, answer, row, false, answer.low[row], answer.lowVolume[row]);
    }

    private void side(Path file, Answer answer, int row, boolean isHigh, long price, long volume) {
        if (price == 0) {
            return;
        }
        int k = place(answer.starts[row]);
        int item = item(file, answer.ids[row]);
        long before = columns.price(item, k, isHigh);
        if (before != 0) {
            if (before == price && columns.volume(item, k, isHigh) == volume) {
                again++;
                return;
            }
            if (!lastWins) {
                throw new HyperTokenException(
                        BAD_FIELD,
                        "refused " + file + " for item " + answer.ids[row] + " in the window of " + answer.starts[row],
                        "another answer has " + before + " gp for " + columns.volume(item, k, isHigh)
                                + " units where this has " + price + " for " + volume,
                        "leave one of them out, keep windows of different lengths in folders of their names, or pass"
                                + " --last-wins");
            }
            overruled++;
        }
        columns.set(item, k, isHigh, price, volume);
    }

    /// Takes a latest price, where no average is known. Files come with the oldest first.
    void latest(Path file, Answer answer, int row) {
        long start = answer.starts[row] - answer.starts[row] % window.seconds();
        if (start < columns.start() || start >= columns.start() + (long) columns.windows() * window.seconds()) {
            return;
        }
        int item = columns.place(answer.ids[row]);
        if (item < 0) {
            return; // the averages beside it never tell of it
        }
        boolean isHigh = answer.high[row] > 0;
        int k = place(start);
        int side = 2 * (item * columns.windows() + k) + (isHigh ? 1 : 0);
        if (columns.price(item, k, isHigh) == 0 || guessed.get(side)) {
            guessed.set(side);
            told.set(k);
            columns.set(item, k, isHigh, isHigh ? answer.high[row] : answer.low[row], 1);
        }
    }

    private int place(long start) {
        long k = (start - columns.start()) / window.seconds();
        if (start < columns.start() || k >= columns.windows()) {
            throw Scan.changed("a file of " + window.word());
        }
        return (int) k;
    }

    private int item(Path file, int id) {
        int item = columns.place(id);
        if (item < 0) {
            throw Scan.changed(file.toString());
        }
        return item;
    }
}
