package io.hypertoken.app;

import io.hypertoken.env.Options;
import io.hypertoken.env.Policy;
import io.hypertoken.env.Spec;
import io.hypertoken.learn.policy.SavedPolicies;
import io.hypertoken.record.ScriptedActions;
import java.nio.file.Files;
import java.nio.file.Path;

/// The policies that the command line names: those that an environment declares, `random`, and trained ones by their
/// folders or ONNX files, with or without `policy:` before them.
final class NamedPolicy {
    private NamedPolicy() {}

    /// A new policy of this name.
    ///
    /// @param seed of what it draws, if it draws
    /// @param rows how many rows it may play at once
    /// @throws io.hypertoken.HyperTokenException if there is none of that name, or it cannot play there
    static Policy of(String name, Spec spec, Options options, long seed, int rows) {
        if (name.equals(Spec.RANDOM)) {
            return new ScriptedActions(seed, rows);
        }
        boolean saved = !spec.policies().contains(name)
                && !name.contains(":")
                && (Files.isDirectory(Path.of(name)) || name.endsWith(SavedPolicies.GRAPH));
        return spec.policy(saved ? SavedPolicies.PREFIX + ":" + name : name, options);
    }
}
