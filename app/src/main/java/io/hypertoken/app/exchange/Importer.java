package io.hypertoken.app.exchange;

import static io.hypertoken.ErrorCode.BAD_FIELD;
import static io.hypertoken.ErrorCode.BAD_OPTION;

import io.hypertoken.HyperTokenException;
import io.hypertoken.games.exchange.BarColumns;
import io.hypertoken.games.exchange.BarsFile;
import io.hypertoken.games.exchange.Recording;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Makes a recording of saved answers of the prices API.
///
/* It reads all files twice: first for what they reach over, then for their prices. So it needs the memory of the
recording and of one answer, whatever the files' size and order. */
public final class Importer {
    /// The share of Java's memory that a recording may take.
    private static final double SHARE = 0.6;

    private final ImportSettings settings;
    private final Consumer<String> progress;

    /// @param progress is told now and then how far it is
    public Importer(ImportSettings settings, Consumer<String> progress) {
        this.settings = settings;
        this.progress = progress;
    }

    /// What was imported.
    ///
    /// @param bars a line for each kind of bars that is kept
    /// @param notes what else there is to say
    public record Result(Recording recording, List<String> bars, List<String> notes) {}

    /// Reads files, and folders of them.
    ///
    /// @throws HyperTokenException `bad_field` naming the file and the place of what is wrong; `bad_option` if there is
    ///     more than memory holds, or no window to play
    public Result read(List<Path> paths) throws IOException {
        SavedFiles saved = SavedFiles.of(paths);
        var scan = new Scan(settings);
        each(saved, "looking through", (file, answer) -> scan.add(file, answer));
        Map<Window, Span> spans = scan.spans();
        Window play = play(spans);
        var ignored = new TreeSet<>(spans.keySet());
        spans.keySet().removeIf(window -> window != play && window != Window.H1 && window != Window.H24);
        ignored.removeAll(spans.keySet());
        requireRoom(spans);
        var fills = new EnumMap<Window, Fill>(Window.class);
        spans.forEach((window, span) -> fills.put(window, new Fill(window, span, settings.lastWins())));
        each(saved, "reading", (file, answer) -> fill(scan, fills, file, answer));
        fillLatest(scan, fills.get(play));
        Recording recording = new Recording(
                columns(fills.get(play)),
                play == Window.H1 ? null : columnsIfAny(fills.get(Window.H1)),
                play == Window.H24 ? null : columnsIfAny(fills.get(Window.H24)),
                scan.items);
        var summary = new ImportSummary(saved, fills.values(), ignored, scan.items.size());
        return new Result(recording, summary.bars(), summary.notes());
    }

    private static BarColumns columns(@Nullable Fill fill) {
        return Objects.requireNonNull(fill).columns;
    }

    private static @Nullable BarColumns columnsIfAny(@Nullable Fill fill) {
        return fill == null ? null : fill.columns;
    }

    private Window play(Map<Window, Span> spans) {
        Window wanted = settings.play();
        if (spans.isEmpty()) {
            throw new HyperTokenException(
                    BAD_FIELD, "found no prices", "no answer tells of a window that is wanted", "name other files");
        }
        if (wanted == null) {
            return spans.keySet().iterator().next();
        }
        if (!spans.containsKey(wanted)) {
            String there = spans.keySet().stream().map(Window::word).collect(Collectors.joining(", "));
            throw new HyperTokenException(
                    BAD_OPTION,
                    "refused --play " + wanted.word(),
                    "no answer has windows of that length",
                    "choose of " + there);
        }
        return wanted;
    }

    private static void requireRoom(Map<Window, Span> spans) {
        long bytes = spans.values().stream().mapToLong(Span::bytes).sum();
        double room = SHARE * Runtime.getRuntime().maxMemory();
        boolean fits = spans.values().stream().allMatch(span -> span.cells() <= BarsFile.MOST_CELLS);
        if (bytes > room || !fits) {
            throw new HyperTokenException(
                    BAD_OPTION,
                    "refused so many answers at once",
                    String.format(
                            Locale.ROOT,
                            "their bars take %,d MB, and a recording may take %,d MB and have %,d prices of one kind",
                            bytes >> 20,
                            (long) room >> 20,
                            BarsFile.MOST_CELLS),
                    "import a part by --from and --until, or give Java more memory");
        }
    }

    private void fill(Scan scan, Map<Window, Fill> fills, SavedFiles.Saved file, Answer answer) {
        if (answer.kind != Answer.Kind.WINDOW && answer.kind != Answer.Kind.SERIES) {
            return;
        }
        Fill fill = fills.get(scan.window(file, answer.kind));
        if (fill == null) {
            return;
        }
        if (answer.kind == Answer.Kind.WINDOW && settings.wants(answer.timestamp)) {
            fill.tell(answer.timestamp);
        }
        for (int row = 0; row < answer.size; row++) {
            if (settings.wants(answer.starts[row])) {
                fill.bar(file.path(), answer, row);
            }
        }
    }

    private void fillLatest(Scan scan, @Nullable Fill fill) throws IOException {
        if (fill == null) {
            return;
        }
        List<SavedFiles.Saved> inTime = scan.latest.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.naturalOrder()))
                .map(Map.Entry::getKey)
                .toList();
        for (SavedFiles.Saved file : inTime) {
            AnswerFile.read(file.path(), answer -> {
                long newest = answer.newest();
                for (int row = 0; answer.kind == Answer.Kind.LATEST && row < answer.size; row++) {
                    if (Fill.isFresh(answer.starts[row], newest) && settings.wants(answer.starts[row])) {
                        fill.latest(file.path(), answer, row);
                    }
                }
            });
        }
    }

    private interface Reader {
        void take(SavedFiles.Saved file, Answer answer);
    }

    private void each(SavedFiles saved, String doing, Reader reader) throws IOException {
        long told = System.nanoTime();
        int done = 0;
        for (SavedFiles.Saved file : saved.files()) {
            AnswerFile.read(file.path(), answer -> reader.take(file, answer));
            done++;
            if (System.nanoTime() - told > 2_000_000_000L) {
                told = System.nanoTime();
                progress.accept(String.format(
                        Locale.ROOT,
                        "%s: %,d of %,d files",
                        doing,
                        done,
                        saved.files().size()));
            }
        }
    }
}
