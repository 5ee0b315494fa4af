package io.hypertoken.learn.run;

import static io.hypertoken.ErrorCode.BAD_FIELD;
import static io.hypertoken.ErrorCode.UNAVAILABLE;

import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import io.hypertoken.json.JsonMessage;
import io.hypertoken.learn.ppo.Ppo;
import io.hypertoken.learn.store.JsonFile;
import io.hypertoken.learn.store.Safetensors;
import io.hypertoken.learn.store.SavedFile;
import io.hypertoken.learn.store.Tensors;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a training leaves behind.
///
/// ```text
/// config.json            every hyper-parameter and version
/// metrics.jsonl          a line an update
/// events.out.tfevents.*  the same, for TensorBoard
/// checkpoints/           step-N.safetensors and, written when that is whole, step-N.json; the newest few
/// policy/                what plays
/// ```
///
/// One training writes it at a time; others may read it meanwhile.
public final class RunFolder implements AutoCloseable {
    /// The name of the file that says what was trained.
    public static final String CONFIG = "config.json";

    /// The name of the file with a line an update.
    public static final String METRICS = "metrics.jsonl";

    private static final String CHECKPOINTS = "checkpoints";
    private static final int KEPT = 3;

    private final Path folder;
    private final BufferedWriter metrics;
    private final EventFile curves;

    private RunFolder(Path folder) {
        this.folder = folder;
        this.curves = new EventFile(folder, System.currentTimeMillis());
        try {
            metrics = Files.newBufferedWriter(
                    folder.resolve(METRICS), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            curves.close();
            throw refused("write", folder.resolve(METRICS), e);
        }
    }

    /// A new folder for a training.
    ///
    /// @param wanted its path; if it is there already, `-2` and so on is added
    /// @param version of HyperToken
    /// @throws HyperTokenException `unavailable` if it cannot be made
    public static RunFolder create(Path wanted, Plan plan, String version) {
        Path folder = wanted;
        try {
            Files.createDirectories(wanted.toAbsolutePath().getParent());
            for (int number = 2; ; number++) {
                try {
                    Files.createDirectory(folder);
                    break;
                } catch (FileAlreadyExistsException taken) {
                    folder = wanted.resolveSibling(wanted.getFileName() + "-" + number);
                }
            }
        } catch (IOException e) {
            throw refused("make", folder, e);
        }
        JsonFile.write(folder.resolve(CONFIG), plan.described(version));
        return new RunFolder(folder);
    }

    /// The folder of a training that goes on: what it told after `step` is forgotten.
    ///
    /// @throws HyperTokenException `unavailable` if it cannot be read or written
    static RunFolder reopen(Path folder, Plan plan, String version, long step) {
        Path file = folder.resolve(METRICS);
        if (Files.exists(file)) {
            var kept = new StringBuilder();
            for (Map<String, @Nullable Object> line : metrics(folder)) {
                if (line.get("step") instanceof Long at && at <= step) {
                    kept.append(JsonFile.line(line)).append('\n');
                }
            }
            SavedFile.write(file, kept.toString().getBytes(StandardCharsets.UTF_8));
        }
        JsonFile.write(folder.resolve(CONFIG), plan.described(version));
        return new RunFolder(folder);
    }

    /// The lines of a run's metrics that were written whole.
    ///
    /// @throws HyperTokenException `unavailable` if they cannot be read
    public static List<Map<String, @Nullable Object>> metrics(Path folder) {
        Path file = folder.resolve(METRICS);
        var lines = new ArrayList<Map<String, @Nullable Object>>();
        try {
            for (String line : Files.readAllLines(file)) {
                if (!line.endsWith("}")) {
                    break; // a training that was killed left half a line
                }
                lines.add(JsonMessage.read(line.getBytes(StandardCharsets.UTF_8)));
            }
        } catch (IOException e) {
            throw refused("read", file, e);
        }
        return lines;
    }

    /// Where it is.
    public Path path() {
        return folder;
    }

    /// Where the policies go.
    public Path policy() {
        return folder.resolve("policy");
    }

    void tell(Progress progress) {
        Map<String, Object> figures = progress.figures();
        try {
            metrics.write(JsonFile.line(figures));
            metrics.write('\n');
        } catch (IOException e) {
            throw refused("write", folder.resolve(METRICS), e);
        }
        long now = System.currentTimeMillis();
        figures.forEach((name, value) -> {
            if (value instanceof Double number) {
                curves.add("train/" + name, progress.step(), number, now);
            }
        });
        progress.losses().forEach((name, value) -> curves.add("losses/" + name, progress.step(), value, now));
    }

    /// Lets readers see what was told so far.
    void flush() {
        curves.flush();
        try {
            metrics.flush();
        } catch (IOException e) {
            throw refused("write", folder.resolve(METRICS), e);
        }
    }

    /// Writes all that decides how training goes on, and forgets old ones.
    void checkpoint(Ppo ppo) {
        flush();
        var tensors = new Tensors();
        ppo.save(tensors);
        String name = String.format(Locale.ROOT, "step-%012d", ppo.steps());
        Path checkpoints = folder.resolve(CHECKPOINTS);
        Safetensors.write(checkpoints.resolve(name + ".safetensors"), tensors);
        JsonFile.write(
                checkpoints.resolve(name + ".json"),
                Map.of("step", ppo.steps(), "tensors", name + ".safetensors", "return", finite(ppo)));
        List<Path> all = checkpoints(folder);
        for (Path old : all.subList(0, Math.max(0, all.size() - KEPT))) {
            try {
                Files.deleteIfExists(old); // its JSON first: without it the tensors are no checkpoint
                Files.deleteIfExists(tensors(old));
            } catch (IOException e) {
                throw refused("remove", old, e);
            }
        }
    }

    private static Object finite(Ppo ppo) {
        double mean = ppo.learners().getFirst().episodes().meanReturn();
        return Double.isFinite(mean) ? (Object) mean : "none yet";
    }

    /// The newest checkpoint's tensors.
    ///
    /// @throws HyperTokenException `bad_field` if there is none
    static Tensors newest(Path folder) {
        List<Path> all = checkpoints(folder);
        if (all.isEmpty()) {
            throw new HyperTokenException(
                    BAD_FIELD,
                    "cannot go on with " + folder,
                    "it has no checkpoint",
                    "name the folder of a run, such as runs/cartpole/…, or begin anew without --resume");
        }
        return Safetensors.read(tensors(all.getLast()));
    }

    /// The checkpoints that are whole, oldest first, by their JSON.
    private static List<Path> checkpoints(Path folder) {
        Path checkpoints = folder.resolve(CHECKPOINTS);
        if (!Files.isDirectory(checkpoints)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(checkpoints)) {
            return files.filter(file -> file.getFileName().toString().matches("step-\\d+\\.json"))
                    .filter(file -> Files.exists(tensors(file)))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw refused("read", checkpoints, e);
        }
    }

    private static Path tensors(Path json) {
        return json.resolveSibling(json.getFileName().toString().replace(".json", ".safetensors"));
    }

    private static HyperTokenException refused(String what, Path file, IOException e) {
        return new HyperTokenException(
                UNAVAILABLE,
                "cannot " + what + " " + file,
                Shown.failure(e),
                "see that the disk has room and the folder may be written",
                e);
    }

    @Override
    public void close() {
        curves.close();
        try {
            metrics.close();
        } catch (IOException e) {
            throw refused("write", folder.resolve(METRICS), e);
        }
    }
}
