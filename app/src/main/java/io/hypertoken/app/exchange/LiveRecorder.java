package io.hypertoken.app.exchange;

import static io.hypertoken.ErrorCode.UNAVAILABLE;

import io.hypertoken.HyperTokenException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Locale;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Records what the prices API says, window after window, and fetches those that it missed. Used by one thread.
///
/* It asks one question at a time and says when the next may be asked; whoever calls it does the waiting. */
public final class LiveRecorder implements AutoCloseable {
    /// Where the real API is.
    public static final String REAL = PricesApi.REAL;

    /// Between two questions, at least.
    static final Duration PACE = Duration.ofSeconds(1);

    /// How long after a window's end its answer is there, as a rule.
    static final Duration GRACE = Duration.ofSeconds(15);

    /// Between two questions for a window that is not there yet.
    static final Duration PATIENCE = Duration.ofSeconds(20);

    /// The first wait after a failure; each further one is twice as long, up to the longest.
    static final Duration FIRST_WAIT = Duration.ofSeconds(5);

    static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

    /// What the API may ask to wait at most.
    private static final Duration MOST_ASKED = Duration.ofHours(1);

    /// Windows that are fetched later at most, as many as the API tells of an item in `/timeseries`.
    static final int MOST_MISSED = 365;

    private final PricesApi api;
    private final LiveFolder folder;
    private final Window window;
    private final Consumer<String> out;
    private final TreeSet<Long> known;
    private final ArrayDeque<Long> missed = new ArrayDeque<>();
    private boolean wantsMapping;
    private int failures;
    private @Nullable Instant downSince;

    /// @param url of the API, such as [#REAL]
    /// @param userAgent what to be called; the API asks for a name that says what asks, and whom to reach
    /// @param out is told what happens, line by line
    /// @throws HyperTokenException `bad_option` for an address or a name that will not do, `unavailable` if another
    ///     process records into the folder
    public LiveRecorder(String url, String userAgent, Window window, Path folder, Consumer<String> out)
            throws IOException {
        this(new PricesApi(url, userAgent, Duration.ofMinutes(1)), window, folder, out);
    }

    LiveRecorder(PricesApi api, Window window, Path folder, Consumer<String> out) throws IOException {
        this.api = api;
        this.window = window;
        this.out = out;
        this.folder = new LiveFolder(folder, window);
        this.wantsMapping = !this.folder.hasMapping();
        this.known = this.folder.starts(Instant.now().getEpochSecond() - reach());
    }

    private long reach() {
        return (long) MOST_MISSED * window.seconds();
    }

    /// Asks the next question, and keeps the answer.
    ///
    /// @return when to call this again
    /// @throws HyperTokenException `unavailable` if the API refuses for good
    /// @throws IOException if the answer cannot be kept
    public Instant poll(Instant now) throws IOException, InterruptedException {
        if (wantsMapping) {
            return mapping(now);
        }
        return missed.isEmpty() ? newest(now) : fetchMissed(now);
    }

    private Instant mapping(Instant now) throws IOException, InterruptedException {
        return switch (api.get("/mapping")) {
            case PricesApi.Reply.Fresh fresh -> {
                Told told = Told.by(fresh.body(), Answer.Kind.MAPPING);
                if (!told.wrong().isEmpty()) {
                    yield down(now, told.wrong(), Duration.ZERO);
                }
                folder.keepMapping(fresh.body());
                wantsMapping = false;
                up(now);
                yield now.plus(PACE);
            }
            case PricesApi.Reply.Down none -> down(now, none.why(), none.pause());
            case PricesApi.Reply.Refused refused -> throw refused("/mapping", refused.why());
            case PricesApi.Reply.Unchanged unchanged -> now.plus(PATIENCE);
        };
    }

    private Instant newest(Instant now) throws IOException, InterruptedException {
        String path = "/" + window.word();
        return switch (api.get(path)) {
            case PricesApi.Reply.Fresh fresh -> {
                Told told = Told.by(fresh.body(), Answer.Kind.WINDOW);
                if (!told.wrong().isEmpty()) {
                    yield down(now, told.wrong(), Duration.ZERO);
                }
                up(now);
                if (!known.isEmpty() && told.start() <= known.last()) {
                    api.kept(path);
                    yield now.plus(PATIENCE);
                }
                keep(told.start(), fresh.body(), told.items(), "");
                api.kept(path);
                findMissed(told.start());
                yield missed.isEmpty() ? due(told.start(), now) : now.plus(PACE);
            }
            case PricesApi.Reply.Unchanged unchanged -> {
                up(now);
                yield now.plus(PATIENCE);
            }
            case PricesApi.Reply.Down none -> down(now, none.why(), none.pause());
            case PricesApi.Reply.Refused refused -> throw refused(path, refused.why());
        };
    }

    private Instant fetchMissed(Instant now) throws IOException, InterruptedException {
        long wanted = missed.getFirst();
        return switch (api.get("/" + window.word() + "?timestamp=" + wanted)) {
            case PricesApi.Reply.Fresh fresh -> {
                Told told = Told.by(fresh.body(), Answer.Kind.WINDOW);
                if (!told.wrong().isEmpty()) {
                    yield down(now, told.wrong(), Duration.ZERO);
                }
                up(now);
                if (told.start() == wanted) {
                    keep(wanted, fresh.body(), told.items(), " (missed before)");
                } else {
                    out.accept(time(wanted) + "  stays a hole: the API told of " + time(told.start()) + " instead");
                }
                missed.removeFirst();
                yield afterMissed(now);
            }
            case PricesApi.Reply.Refused refused -> {
                out.accept(time(wanted) + "  stays a hole: " + refused.why());
                missed.removeFirst();
                yield afterMissed(now);
            }
            case PricesApi.Reply.Down none -> down(now, none.why(), none.pause());
            case PricesApi.Reply.Unchanged unchanged -> {
                missed.removeFirst();
                yield afterMissed(now);
            }
        };
    }

    private Instant afterMissed(Instant now) {
        return missed.isEmpty() ? due(known.last(), now) : now.plus(PACE);
    }

    /// When the window after the last one should be there.
    private Instant due(long last, Instant now) {
        Instant due = Instant.ofEpochSecond(last + 2L * window.seconds()).plus(GRACE);
        Instant soonest = now.plus(PACE);
        Instant latest = now.plusSeconds(2L * window.seconds()); // a clock of ours that is wrong must not stop us
        return due.isBefore(soonest) ? soonest : due.isAfter(latest) ? latest : due;
    }

    private void keep(long start, byte[] body, int items, String how) throws IOException {
        folder.keep(start, body);
        known.add(start);
        while (known.size() > 2 * MOST_MISSED) {
            known.remove(known.higher(known.first())); // the first says where the recording begins
        }
        out.accept(String.format(Locale.ROOT, "%s  %,d items%s", time(start), items, how));
    }

    /// All windows before the newest that are not here, from the first on, as far back as the API may still tell.
    private void findMissed(long newest) {
        long from = Math.max(known.first(), newest - reach());
        for (long start = from; start < newest; start += window.seconds()) {
            if (!known.contains(start)) {
                missed.add(start);
            }
        }
        if (!missed.isEmpty()) {
            out.accept(missed.size() + " windows were missed, from " + time(missed.getFirst())
                    + " on; fetching them, one a second");
        }
    }

    /// What an answer says.
    ///
    /// @param start of its window
    /// @param items how many it tells of
    /// @param wrong why it is no such answer; empty if it is
    private record Told(long start, int items, String wrong) {
        static Told by(byte[] body, Answer.Kind kind) throws IOException {
            var told = new ArrayList<Told>();
            try {
                AnswerFile.read("the answer", new ByteArrayInputStream(body), answer -> {
                    String wrong = answer.kind == kind ? "" : "the answer is of another kind; is --url right?";
                    told.add(new Told(answer.timestamp, answer.size, wrong));
                });
                return told.getFirst();
            } catch (HyperTokenException e) {
                return new Told(-1, 0, String.valueOf(e.getMessage()));
            }
        }
    }

    private Instant down(Instant now, String why, Duration asked) {
        Duration wait = FIRST_WAIT.multipliedBy(1L << Math.min(10, failures));
        wait = wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
        if (asked.compareTo(wait) > 0) {
            wait = asked.compareTo(MOST_ASKED) > 0 ? MOST_ASKED : asked;
        }
        failures++;
        if (downSince == null) {
            downSince = now;
        }
        if (failures == 1 || Integer.bitCount(failures) == 1) {
            out.accept("no answer since " + time(downSince.getEpochSecond()) + ": " + why + "; asking again in "
                    + wait.toSeconds() + " s, and so on");
        }
        return now.plus(wait);
    }

    private void up(Instant now) {
        if (downSince != null) {
            out.accept(
                    "answers again, after " + Duration.between(downSince, now).toSeconds() + " s");
        }
        downSince = null;
        failures = 0;
    }

    private static HyperTokenException refused(String path, String why) {
        return new HyperTokenException(
                UNAVAILABLE,
                "the prices API refused " + path,
                why,
                "see that --url is right, and that --user-agent says what asks and whom to reach");
    }

    private static String time(long seconds) {
        return ImportSummary.time(seconds);
    }

    @Override
    public void close() throws IOException {
        api.close();
        folder.close();
    }
}
