package io.hypertoken.record;

import io.hypertoken.env.Options;
import io.hypertoken.env.Spec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// A folder of playthroughs that stand in the repository, one for each environment's present version.
///
/// A file is called `ID-vVERSION-sSEED.txt`, with `-name=value` for each option that is not the default. It is never
/// rewritten when the rules changed under the same version, so
/// that a changed trajectory cannot slip in: the version must rise, with a line in the environment's history.
public final class Golden {
    private final Path folder;

    /// The playthroughs in a folder, which need not exist yet.
    public Golden(Path folder) {
        this.folder = folder;
    }

    /// What an update did.
    ///
    /// @param file the playthrough
    /// @param refusal why nothing was written; empty if all is well
    public record Update(Path file, String refusal) {}

    /// The files of an environment, of any version and seed.
    public List<Path> files(Spec spec) {
        return files().stream()
                .filter(file -> read(file).title().id().equals(spec.id()))
                .toList();
    }

    /// All files, by name.
    public List<Path> files() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".txt"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + folder, e);
        }
    }

    /// Writes the environment's playthrough anew, in place of those of its earlier versions; unless its rules changed
    /// while its version did not.
    ///
    /// @param options construction options
    public Update update(Spec spec, Options options, long seed) {
        Path file = folder.resolve(spec.id() + "-v" + spec.version() + "-s" + seed
                + Transcript.chosenOptions(spec, options).replace(' ', '-') + ".txt");
        String refusal = refusal(spec, file);
        if (!refusal.isEmpty()) {
            return new Update(file, refusal);
        }
        try {
            Files.createDirectories(folder);
            for (Path old : files(spec)) {
                Playthrough.Title title = read(old).title();
                if (title.version() != spec.version()
                        && spec.options(title.options()).equals(options)) {
                    Files.delete(old);
                }
            }
            Files.writeString(file, Playthrough.play(spec, options, seed).toString());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
        return new Update(file, "");
    }

    /// How a file differs from what the environment does now; nothing if it does not.
    public List<Playthrough.Difference> check(Path file, Spec spec) {
        return read(file).replay(spec);
    }

    /// The playthrough in a file.
    ///
    /// @throws IllegalArgumentException if it holds none
    public static Playthrough read(Path file) {
        try {
            return Playthrough.read(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    private String refusal(Spec spec, Path file) {
        if (spec.version() > 1 && spec.history().stream().noneMatch(line -> line.startsWith(spec.version() + ":"))) {
            return spec + " has no line of history; each version says what changed; add .history(\"" + spec.version()
                    + ": …\") to its Spec";
        }
        if (!Files.exists(file)) {
            return "";
        }
        Playthrough stands = read(file);
        Playthrough now = stands.again(spec);
        List<Playthrough.Difference> rules = stands.rules().differences(now.rules());
        List<String> lost = stands.optionLines().stream()
                .filter(line -> !now.optionLines().contains(line))
                .toList();
        if (rules.isEmpty() && lost.isEmpty()) {
            return "";
        }
        String first = rules.isEmpty()
                ? "\"" + lost.getFirst() + "\" no longer holds"
                : "it says \"" + rules.getFirst().stands() + "\", now it is \""
                        + rules.getFirst().found() + "\"";
        return spec + " no longer plays as " + file.getFileName() + " has it: " + first
                + "; rules do not change under the same version; raise the version and say why in its history, or "
                + "undo the change";
    }
}
