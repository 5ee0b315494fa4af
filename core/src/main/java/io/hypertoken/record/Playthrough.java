package io.hypertoken.record;

import io.hypertoken.HyperTokenException;
import io.hypertoken.engine.Autoreset;
import io.hypertoken.engine.IllegalActions;
import io.hypertoken.engine.Settings;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.Options;
import io.hypertoken.env.Spec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A short transcript that a person can read and a machine can replay, ending with a long digest.
///
/// ```text
/// corridor v1 seed=3 | observes Discrete(8) | acts Discrete(2) left right | limit 64
/// option length: an integer from 2 to 64, default 8
/// # reset
///   [....W..G]
/// observation 4   mask 11
/// # step 1: right (1)
///   [.....W.G]
/// observation 5   mask 11   reward -1   terminated no   truncated no
/// …
/// digest of 10,000 steps: sha256 5f0c…
/// ```
/// The digest says *that* something changed, the transcript says *what*. Lines that begin with two spaces are the
/// environment's own drawing of what whoever acts next may know.
public final class Playthrough {
    /// How many steps a transcript shows.
    public static final int SHOWN_STEPS = 40;
    /// How many steps its digest covers.
    public static final int DIGESTED_STEPS = 10_000;

    private static final Pattern TITLE = Pattern.compile("(\\S+) v(\\d+) seed=(\\d+)((?: \\w+=\\S*)*) \\|.*");
    private static final Pattern COMMAND = Pattern.compile("# (?:reset|step \\d+: (.*))");
    private static final Pattern PLAYED = Pattern.compile("\\(([^()]*)\\)");

    private final List<String> lines;

    private Playthrough(List<String> lines) {
        this.lines = List.copyOf(lines);
    }

    /// A line that a replay found otherwise than it stands in the transcript.
    ///
    /// @param line its number, from 1
    /// @param stands what the transcript says; empty behind its end
    /// @param found what the environment does now; empty where it ends early
    public record Difference(int line, String stands, String found) {
        @Override
        public String toString() {
            return "line " + line + " says \"" + stands + "\" and is now \"" + found + "\"";
        }
    }

    /// The environment of a transcript, as its first line names it.
    ///
    /// @param id the environment
    /// @param version of its rules
    /// @param seed of its first reset
    /// @param options the construction options that are not the default ones, as text
    public record Title(String id, int version, long seed, Map<String, String> options) {}

    /// Plays scripted actions and writes down what happens.
    ///
    /// @param options construction options
    public static Playthrough play(Spec spec, Options options, long seed) {
        try (var vector = open(spec, options)) {
            var transcript = new Transcript(vector, seed);
            vector.reset(seed);
            transcript.reset();
            var script = new ScriptedActions(seed, 1);
            for (int k = 0; k < SHOWN_STEPS; k++) {
                if (vector.over(0)) {
                    vector.reset(null, null, Map.of());
                    transcript.reset();
                }
                script.choose(vector, 0);
                transcript.beforeStep();
                vector.step();
                transcript.afterStep();
            }
            return new Playthrough(withDigest(transcript, spec, options, seed));
        }
    }

    /// A transcript as it was written.
    ///
    /// @throws IllegalArgumentException if the text does not begin like one
    public static Playthrough read(String text) {
        var playthrough = new Playthrough(text.lines().toList());
        playthrough.title();
        return playthrough;
    }

    /// What the first line names.
    public Title title() {
        Matcher title = TITLE.matcher(lines.isEmpty() ? "" : lines.getFirst());
        if (!title.matches()) {
            throw new IllegalArgumentException("this is no playthrough; its first line should be like "
                    + "\"corridor v1 seed=3 | observes …\"; write one with: hypertoken golden update ENV");
        }
        var options = new LinkedHashMap<String, String>();
        for (String option : title.group(4).strip().split(" ")) {
            if (!option.isEmpty()) {
                options.put(option.substring(0, option.indexOf('=')), option.substring(option.indexOf('=') + 1));
            }
        }
        return new Title(title.group(1), Integer.parseInt(title.group(2)), Long.parseLong(title.group(3)), options);
    }

    /// Plays the transcript's own resets and actions again, and finds every line that is now otherwise.
    public List<Difference> replay(Spec spec) {
        return differences(again(spec).lines);
    }

    /// Every line in which another transcript differs from this one.
    public List<Difference> differences(Playthrough other) {
        return differences(other.lines);
    }

    private List<Difference> differences(List<String> found) {
        var differences = new ArrayList<Difference>();
        for (int k = 0; k < Math.max(lines.size(), found.size()); k++) {
            String stands = k < lines.size() ? lines.get(k) : "";
            String now = k < found.size() ? found.get(k) : "";
            if (!stands.equals(now)) {
                differences.add(new Difference(k + 1, stands, now));
            }
        }
        return differences;
    }

    /// Only the lines that tell the rules' own doing: neither drawings nor options, which may be added to freely.
    Playthrough rules() {
        return new Playthrough(lines.stream()
                .filter(line -> !line.startsWith("  ") && !line.startsWith("option "))
                .toList());
    }

    /// The lines that declare options.
    List<String> optionLines() {
        return lines.stream().filter(line -> line.startsWith("option ")).toList();
    }

    /// The same resets and actions, played now.
    Playthrough again(Spec spec) {
        long seed = title().seed();
        Options options = spec.options(title().options());
        try (var vector = open(spec, options)) {
            var transcript = new Transcript(vector, seed);
            boolean begun = false;
            for (String line : lines) {
                Matcher command = COMMAND.matcher(line);
                if (command.matches()) {
                    try {
                        perform(vector, transcript, command.group(1), begun ? VectorEnvironment.NO_SEED : seed);
                    } catch (HyperTokenException refused) {
                        transcript.refused(refused);
                        break;
                    }
                    begun = true;
                }
            }
            return new Playthrough(withDigest(transcript, spec, options, seed));
        }
    }

    /// @param action what follows the step's number; null for a reset
    private static void perform(VectorEnvironment vector, Transcript transcript, @Nullable String action, long seed) {
        if (action == null) {
            vector.reset(null, new long[] {seed}, Map.of());
            transcript.reset();
            return;
        }
        Matcher played = PLAYED.matcher(action);
        for (int agent = 0; agent < vector.batch().agents(); agent++) {
            if (Transcript.acts(vector, agent) && played.find()) {
                write(vector, agent, played.group(1).split(" "));
            }
        }
        transcript.beforeStep();
        vector.step();
        transcript.afterStep();
    }

    private static void write(VectorEnvironment vector, int agent, String[] elements) {
        var leaves = vector.batch().signature().actionLeaves();
        int next = 0;
        for (int leaf = 0; leaf < leaves.size(); leaf++) {
            for (int k = 0; k < leaves.get(leaf).size() && next < elements.length; k++) {
                vector.batch().action(0, agent, leaf, k, Double.parseDouble(elements[next++]));
            }
        }
    }

    private static VectorEnvironment open(Spec spec, Options options) {
        var settings = Settings.DEFAULT.autoreset(Autoreset.DISABLED).illegal(IllegalActions.STRICT);
        return VectorEnvironment.open(spec, options, settings);
    }

    private static List<String> withDigest(Transcript transcript, Spec spec, Options options, long seed) {
        var whole = new ArrayList<>(transcript.lines());
        String digest = ScriptedRun.digest(spec, options, Settings.DEFAULT, seed, DIGESTED_STEPS);
        whole.add("digest of " + String.format(Locale.ROOT, "%,d", DIGESTED_STEPS) + " steps: sha256 " + digest);
        return whole;
    }

    /// The digest that the last line tells, in hexadecimal.
    public String digest() {
        String last = lines.getLast();
        return last.substring(last.lastIndexOf(' ') + 1);
    }

    /// The text of the file, each line ending in a line feed.
    @Override
    public String toString() {
        return String.join("\n", lines) + "\n";
    }
}
