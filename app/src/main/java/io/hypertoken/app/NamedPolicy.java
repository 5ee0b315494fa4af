package io.hypertoken.app;

import static io.hypertoken.ErrorCode.BAD_FIELD;
import static java.util.stream.Collectors.toSet;

import io.hypertoken.DidYouMean;
import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import io.hypertoken.env.Option;
import io.hypertoken.env.Options;
import io.hypertoken.env.Policy;
import io.hypertoken.env.Spec;
import io.hypertoken.learn.hub.Hub;
import io.hypertoken.learn.policy.SavedPolicies;
import io.hypertoken.learn.store.JsonFile;
import io.hypertoken.record.ScriptedActions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The policies that the command line names: those that an environment declares, `random`, trained ones by their
/// folders
/// or ONNX files, with or without `policy:` before them, and those on the Hugging Face Hub, `hub:user/repo`.
///
/// A run's folder stands for the policy in it.
final class NamedPolicy {
    private static final String SAVED = SavedPolicies.PREFIX + ":";
    private static final String HUB = "hub:";
    private static final String FILE = "policy.json";
    private static final int SHOWN = 120;

    private NamedPolicy() {}

    /// A new policy of this name, for all seats.
    ///
    /// @param seed of what it draws, if it draws
    /// @param rows how many rows it may play at once
    /// @throws HyperTokenException if there is none of that name, or it cannot play there
    static Policy of(String name, Spec spec, Options options, long seed, int rows) {
        if (name.equals(Spec.RANDOM)) {
            return new ScriptedActions(seed, rows);
        }
        Path saved = found(name, spec);
        return spec.policy(saved == null ? name : SAVED + saved, options);
    }

    /// The options of the environment that saved policies were trained with.
    ///
    /// @param given the names of those that somebody has chosen
    /// @return their values, without those
    /// @throws HyperTokenException `bad_field` if two policies were trained with different ones
    static Map<String, Object> trainedWith(List<String> names, Spec spec, Set<String> given) {
        Set<String> open = spec.options().stream()
                .filter(option -> !option.episode() && !given.contains(option.name()))
                .map(Option::name)
                .collect(toSet());
        var all = new LinkedHashMap<String, Object>();
        var trained = new HashMap<String, String>();
        for (String name : names) {
            Map<String, Object> own = options(name, spec);
            own.keySet().retainAll(open);
            own.forEach((option, value) -> {
                Object before = all.putIfAbsent(option, value);
                String other = trained.putIfAbsent(option, name);
                if (before != null && !before.equals(value)) {
                    throw new HyperTokenException(
                            BAD_FIELD,
                            spec.id() + " refused policies " + Shown.shortened(String.valueOf(other), SHOWN) + " and "
                                    + Shown.shortened(name, SHOWN) + " in one environment",
                            "they were trained with " + option + " " + before + " and " + value,
                            "say what they play with: --" + option + " " + before);
                }
            });
        }
        return all;
    }

    private static Map<String, Object> options(String name, Spec spec) {
        Path saved = name.equals(Spec.RANDOM) ? null : found(name, spec);
        return saved == null || !Files.exists(saved.resolve(FILE)) ? new LinkedHashMap<>() : optionsIn(saved, spec);
    }

    /// What a policy's folder says of its environment's options; nothing where it is another environment's.
    ///
    /// @throws HyperTokenException `unavailable` if it says nothing that can be read
    static Map<String, Object> optionsIn(Path folder, Spec spec) {
        var options = new LinkedHashMap<String, Object>();
        if (JsonFile.read(folder.resolve(FILE)).get("environment") instanceof Map<?, ?> environment
                && spec.id().equals(environment.get("id"))
                && environment.get("options") instanceof Map<?, ?> trained) {
            trained.forEach((option, value) -> options.put(String.valueOf(option), value));
            options.values().removeIf(Objects::isNull);
        }
        return options;
    }

    /// Where a policy lies that is to play in other processes: its absolute path; or `random`.
    ///
    /// @throws HyperTokenException if there is none of that name, or only this process can play it
    static String elsewhere(String name, Spec spec, Options options) {
        if (name.equals(Spec.RANDOM)) {
            return name;
        }
        Path saved = found(name, spec);
        if (saved != null) {
            return saved.toAbsolutePath().toString();
        }
        spec.policy(name, options); // which says who is near if there is none
        throw new HyperTokenException(
                BAD_FIELD,
                spec.id() + " refused policy " + Shown.shortened(name, SHOWN) + " with --ray",
                "it is not in a folder, and actors of Ray play those and random",
                "leave --ray out, or name a folder");
    }

    private static @Nullable Path found(String name, Spec spec) {
        return name.startsWith(HUB) ? pulled(name) : saved(name, spec);
    }

    private static Path pulled(String name) {
        String[] parts = name.substring(HUB.length()).split("/", 3);
        Path folder = Hub.pull(parts.length < 2 ? parts[0] : parts[0] + "/" + parts[1], null);
        return parts.length < 3 ? folder : folder.resolve(parts[2]);
    }

    /// The folder or file that a name says; null if it says none.
    private static @Nullable Path saved(String name, Spec spec) {
        if (spec.policies().contains(name) || (name.contains(":") && !name.startsWith(SAVED))) {
            return null;
        }
        Path named;
        try {
            named = Path.of(name.startsWith(SAVED) ? name.substring(SAVED.length()) : name);
        } catch (InvalidPathException noPath) {
            return null;
        }
        if (Files.isDirectory(named)) {
            Path within = named.resolve("policy");
            return !Files.exists(named.resolve(FILE)) && Files.isDirectory(within) ? within : named;
        }
        if (name.endsWith(SavedPolicies.GRAPH) && Files.exists(named)) {
            return named;
        }
        if (named.getNameCount() > 1 || name.startsWith(SAVED)) {
            throw new HyperTokenException(
                    BAD_FIELD,
                    spec.id() + " refused policy " + Shown.shortened(name, SHOWN),
                    "there is no such folder or file",
                    hint(named, spec));
        }
        return null;
    }

    private static String hint(Path named, Spec spec) {
        List<String> near = beside(named);
        return near.isEmpty()
                ? DidYouMean.hint(named.toString(), spec.policies())
                : "did you mean " + String.join(" or ", near) + "?";
    }

    /// What somebody who mistyped a path may have meant: the neighbours of its first part that is missing.
    private static List<String> beside(Path named) {
        Path missing = named;
        while (missing.getParent() != null && !Files.isDirectory(missing.getParent())) {
            missing = missing.getParent();
        }
        Path parent = missing.getParent() == null ? Path.of("") : missing.getParent();
        try (Stream<Path> files = Files.list(parent)) {
            List<String> near = DidYouMean.nearest(
                    String.valueOf(missing.getFileName()),
                    files.filter(Files::isDirectory)
                            .map(file -> String.valueOf(file.getFileName()))
                            .toList());
            return near.stream().map(name -> parent.resolve(name).toString()).toList();
        } catch (IOException unread) {
            return List.of();
        }
    }
}
