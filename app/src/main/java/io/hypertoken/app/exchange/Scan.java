package io.hypertoken.app.exchange;

import static io.hypertoken.ErrorCode.BAD_FIELD;

import io.hypertoken.HyperTokenException;
import io.hypertoken.games.exchange.Item;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What a first reading of all files tells: which windows there are of which items, and how long they are.
final class Scan {
    private final ImportSettings settings;

    /// Answers whose windows have one length: those of one folder, or of one name.
    private final Map<String, Group> groups = new HashMap<>();

    /// The mappings' items.
    final Map<Integer, Item> items = new HashMap<>();

    /// The newest trade that each file of latest prices tells.
    final Map<SavedFiles.Saved, Long> latest = new HashMap<>();

    private final Reach latestReach = new Reach();

    Scan(ImportSettings settings) {
        this.settings = settings;
    }

    /// Starts and items.
    private static final class Reach {
        final TreeSet<Long> starts = new TreeSet<>();
        final TreeSet<Integer> ids = new TreeSet<>();

        void add(Reach other) {
            starts.addAll(other.starts);
            ids.addAll(other.ids);
        }
    }

    private static final class Group {
        final String file;
        final Reach reach = new Reach();

        @Nullable
        Window window;

        Group(String file, @Nullable Window window) {
            this.file = file;
            this.window = window;
        }
    }

    void add(SavedFiles.Saved file, Answer answer) {
        switch (answer.kind) {
            case MAPPING -> items.putAll(answer.items);
            case LATEST -> {
                long newest = answer.newest();
                latest.merge(file, newest, Math::max);
                for (int k = 0; k < answer.size; k++) {
                    if (Fill.isFresh(answer.starts[k], newest) && settings.wants(answer.starts[k])) {
                        latestReach.starts.add(answer.starts[k]);
                        latestReach.ids.add(answer.ids[k]);
                    }
                }
            }
            case WINDOW, SERIES -> {
                Group group = groups.computeIfAbsent(
                        key(file, answer.kind), key -> new Group(file.path().toString(), named(file)));
                if (answer.kind == Answer.Kind.WINDOW) {
                    group.reach.starts.add(answer.timestamp);
                }
                for (int k = 0; k < answer.size; k++) {
                    group.reach.starts.add(answer.starts[k]);
                    if (settings.wants(answer.starts[k])) {
                        group.reach.ids.add(answer.ids[k]);
                    }
                }
            }
        }
    }

    private @Nullable Window named(SavedFiles.Saved file) {
        return settings.window() == null ? file.named() : settings.window();
    }

    private String key(SavedFiles.Saved file, Answer.Kind kind) {
        Window named = named(file);
        if (named != null) {
            return named.word();
        }
        return kind == Answer.Kind.SERIES
                ? "series " + file.path()
                : "folder " + file.path().toAbsolutePath().getParent();
    }

    /// How long the windows of an answer are. Only after [#spans].
    Window window(SavedFiles.Saved file, Answer.Kind kind) {
        Group group = groups.get(key(file, kind));
        if (group == null || group.window == null) {
            throw changed(file.path().toString());
        }
        return group.window;
    }

    /// The windows that the files tell of, by their length.
    ///
    /// @throws HyperTokenException `bad_field` where a length cannot be told, or a window begins at a time that is no
    ///     multiple of it
    Map<Window, Span> spans() {
        var reaches = new EnumMap<Window, Reach>(Window.class);
        for (Group group : groups.values()) {
            Window window = group.window == null ? bySpacing(group) : group.window;
            group.window = window;
            requireAligned(group, window);
            reaches.computeIfAbsent(window, w -> new Reach()).add(group.reach);
        }
        if (reaches.isEmpty() && !latestReach.ids.isEmpty()) {
            Window window = settings.window() == null ? Window.M5 : settings.window();
            var reach = new Reach();
            latestReach.starts.forEach(time -> reach.starts.add(time - time % window.seconds()));
            reach.ids.addAll(latestReach.ids);
            reaches.put(window, reach);
        }
        var spans = new EnumMap<Window, Span>(Window.class);
        reaches.forEach((window, reach) -> {
            reach.starts.removeIf(start -> !settings.wants(start));
            if (!reach.starts.isEmpty() && !reach.ids.isEmpty()) {
                int windows = (int) ((reach.starts.last() - reach.starts.first()) / window.seconds()) + 1;
                int[] ids = reach.ids.stream().mapToInt(Integer::intValue).toArray();
                spans.put(window, new Span(reach.starts.first(), windows, ids));
            }
        });
        return spans;
    }

    private static Window bySpacing(Group group) {
        long gap = Long.MAX_VALUE;
        long before = Long.MIN_VALUE / 2;
        for (long start : group.reach.starts) {
            gap = Math.min(gap, start - before);
            before = start;
        }
        Window window = Window.of(gap);
        if (window == null) {
            throw new HyperTokenException(
                    BAD_FIELD,
                    "cannot tell how long the windows of " + group.file + " are",
                    group.reach.starts.size() < 2
                            ? "the API's answer does not say so, and one window has no spacing"
                            : "the API's answers do not say so, and those beside it are " + gap + " s apart",
                    "pass --window, or put each kind into a folder of its name, such as 5m or 1h");
        }
        return window;
    }

    private static void requireAligned(Group group, Window window) {
        for (long start : group.reach.starts) {
            if (start % window.seconds() != 0) {
                throw new HyperTokenException(
                        BAD_FIELD,
                        "refused the window of " + start + ", as " + group.file + " or one like it has",
                        "windows of " + window.word() + " begin at multiples of " + window.seconds() + " s",
                        "pass the right --window, or put each kind into a folder of its name, such as 5m or 1h");
            }
        }
    }

    static HyperTokenException changed(String file) {
        return new HyperTokenException(
                BAD_FIELD, "refused " + file, "it changed while it was read", "import when nobody writes there");
    }
}
