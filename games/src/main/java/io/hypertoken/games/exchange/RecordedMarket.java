package io.hypertoken.games.exchange;

import static io.hypertoken.ErrorCode.BAD_OPTION;

import io.hypertoken.HyperTokenException;
import io.hypertoken.env.Snapshot;
import io.hypertoken.random.Generator;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/// Replays recorded bars from a window that chance chooses, with the items that were traded most before it.
///
/* Of hours and days it shows the last that was over when the window was: a longer bar that runs on knows the future. */
final class RecordedMarket implements Market {
    private final Recording recording;
    private final BarColumns columns;
    private final int steps;
    private final int warmUp;
    private final boolean members;

    private final Bars window;
    private final Bars hour;
    private final Bars day;
    private final Hours hours;

    /// Places of the episode's items in each of the three columns.
    private final int[] places;

    private final int[] hourPlaces;
    private final int[] dayPlaces;

    private final double[] turnover;
    private int next;

    /// @param items how many items an episode shows
    /// @param steps windows of an episode
    /// @param members whether items are traded that need membership
    /// @throws HyperTokenException `bad_option` if there is too little data
    RecordedMarket(Recording recording, int items, int steps, boolean members) {
        this.recording = recording;
        this.columns = recording.windows();
        this.steps = steps;
        this.members = members;
        warmUp = Math.max(2, Math.min(WARM_UP, (int) (4L * 24 * Hours.SECONDS / columns.seconds())));
        long tradeable = Arrays.stream(columns.ids()).filter(this::mayTrade).count();
        require(items <= tradeable, "items=" + items, "the data has " + tradeable + " items");
        require(
                warmUp + steps <= columns.windows(),
                "windows=" + steps,
                "the data has " + columns.windows() + " windows, of which " + warmUp
                        + " pass before the first decision");
        window = new Bars(items, columns.seconds());
        hour = new Bars(items, Hours.SECONDS);
        day = new Bars(items, 24 * Hours.SECONDS);
        hours = new Hours(items);
        places = new int[items];
        hourPlaces = new int[items];
        dayPlaces = new int[items];
        turnover = new double[columns.items()];
    }

    private static void require(boolean holds, String option, String why) {
        if (!holds) {
            throw new HyperTokenException(
                    BAD_OPTION, "grand-exchange refused option " + option, why, "pass fewer, or record more");
        }
    }

    private boolean mayTrade(int id) {
        return id != Item.BOND && (members || !recording.item(id).members());
    }

    @Override
    public void begin(Generator random) {
        int first = random.integers(columns.windows() - warmUp - steps + 1);
        next = first + warmUp - WARM_UP; // the first windows of a short warm-up are skipped by next()
        choose(first, first + warmUp);
        hours.clear();
        window.start = columns.start() + (long) (next - 1) * columns.seconds();
        hour.start = 0;
        day.start = 0;
    }

    /// The items with the largest turnover in some windows, by rising id.
    private void choose(int from, int to) {
        for (int item = 0; item < turnover.length; item++) {
            double sum = 0;
            for (int k = from; k < to; k++) {
                double high = (double) columns.price(item, k, true) * columns.volume(item, k, true);
                double low = (double) columns.price(item, k, false) * columns.volume(item, k, false);
                sum += Math.min(high, low) + 1e-3 * (high + low);
            }
            turnover[item] = mayTrade(columns.id(item)) ? sum : -1;
        }
        for (int i = 0; i < places.length; i++) {
            int best = 0;
            for (int item = 1; item < turnover.length; item++) {
                if (turnover[item] > turnover[best]) {
                    best = item;
                }
            }
            places[i] = best;
            turnover[best] = -2;
        }
        Arrays.sort(places);
        find();
    }

    private void find() {
        for (int i = 0; i < places.length; i++) {
            hourPlaces[i] = recording.hours() == null ? -1 : recording.hours().place(id(i));
            dayPlaces[i] = recording.days() == null ? -1 : recording.days().place(id(i));
        }
    }

    @Override
    public void next(Generator random) {
        if (next < 0) {
            clear();
        } else {
            columns.copy(next, places, window);
        }
        next++;
        if (recording.hours() != null) {
            show(recording.hours(), hourPlaces, hour);
        } else if (columns.seconds() <= Hours.SECONDS) {
            hours.add(window);
        }
        if (recording.days() != null) {
            show(recording.days(), dayPlaces, day);
        }
    }

    /// A window before the first that was recorded.
    private void clear() {
        window.start += columns.seconds();
        Arrays.fill(window.high, 0);
        Arrays.fill(window.low, 0);
        Arrays.fill(window.highVolume, 0);
        Arrays.fill(window.lowVolume, 0);
    }

    private void show(BarColumns longer, int[] where, Bars into) {
        int last = longer.lastOver(window.end());
        if (last >= 0 && into.start != longer.start() + (long) last * longer.seconds()) {
            longer.copy(last, where, into);
        }
    }

    @Override
    public boolean hasNext() {
        return next < columns.windows();
    }

    @Override
    public int items() {
        return places.length;
    }

    @Override
    public int id(int item) {
        return columns.id(places[item]);
    }

    @Override
    public Item item(int item) {
        return recording.item(id(item));
    }

    @Override
    public Bars window() {
        return window;
    }

    @Override
    public Bars hour() {
        return recording.hours() == null ? hours.last() : hour;
    }

    @Override
    public Bars day() {
        return day;
    }

    @Override
    public void save(DataOutput out) throws IOException {
        out.writeInt(next);
        Saved.write(out, places);
        hours.save(out);
    }

    @Override
    public void load(DataInput in) throws IOException {
        next = in.readInt();
        Snapshot.require(next >= 1 && next <= columns.windows(), "the next window is " + next);
        Saved.read(in, places, 0, columns.items() - 1, "an item's place");
        for (int i = 0; i < places.length; i++) {
            Snapshot.require(i == 0 || places[i] > places[i - 1], "an item stands twice in the market");
            Snapshot.require(mayTrade(columns.id(places[i])), "an item may not be traded");
        }
        hours.load(in);
        find();
        columns.copy(next - 1, places, window);
        hour.start = 0;
        day.start = 0;
        if (recording.hours() != null) {
            show(recording.hours(), hourPlaces, hour);
        }
        if (recording.days() != null) {
            show(recording.days(), dayPlaces, day);
        }
    }
}
