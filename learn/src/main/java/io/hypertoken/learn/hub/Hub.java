package io.hypertoken.learn.hub;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Pushes policies to the Hugging Face Hub, and pulls them.
///
/// Each call runs Python's `huggingface_hub` ([HubProcess] says which Python) and waits for it; an interrupted thread
/// ends
/// it. Who may write is who `HF_TOKEN`, or the login of `hf auth login`, says. Every call throws a
/// [HyperTokenException]:
/// `bad_field` for a name or a folder that cannot be one, `unavailable` if the Hub refuses or cannot be reached; its
/// words
/// say why. Safe for any thread.
///
/* Not the command `hf`: its upload takes no parent commit, so that one whose answer was lost could not be repeated without
being committed twice, and it makes no card. The one program that does both is the Python package's, which the jar carries;
values travel as a process's arguments and are never part of a program or a shell's words. */
public final class Hub {
    private static final Consumer<String> NOBODY = line -> {};

    private Hub() {}

    /// Pushes a policy's folder, or a run's; returns the commit's URL.
    public static String push(Path folder, String repo) {
        return push(folder, repo, PushOptions.DEFAULT, NOBODY);
    }

    /// Pushes a policy's folder, or a run's, with its model card: in one commit, once, or not at all.
    ///
    /// @param repo `user/name`, made if it is not there
    /// @param told hears, line by line, how it goes
    /// @return the commit's URL
    public static String push(Path folder, String repo, PushOptions options, Consumer<String> told) {
        var words = new ArrayList<>(List.of("push"));
        if (options.privately()) {
            words.add("--private");
        }
        add(words, "--revision", options.revision());
        if (options.createPullRequest()) {
            words.add("--create-pr");
        }
        add(words, "--message", options.message());
        positional(words, folder.toString(), repo);
        return HubProcess.run("push " + folder + " to " + repo, words, null, told)
                .text("url");
    }

    /// Gets a policy; returns its folder in the cache of `huggingface_hub`, which nobody may change.
    ///
    /// What was got once is not got again; without a network, or with `HF_HUB_OFFLINE=1`, it comes from the cache.
    ///
    /// @param revision a branch, a tag or a commit; null for main
    public static Path pull(String repo, @Nullable String revision) {
        return pull(repo, revision, null, NOBODY);
    }

    /// Gets a policy.
    ///
    /// @param revision a branch, a tag or a commit; null for main
    /// @param out a new folder to put it into; null to use it in the cache
    /// @param told hears, line by line, how it goes
    /// @return its folder
    public static Path pull(String repo, @Nullable String revision, @Nullable Path out, Consumer<String> told) {
        var words = new ArrayList<>(List.of("pull"));
        add(words, "--revision", revision);
        add(words, "--out", out == null ? null : out.toString());
        positional(words, repo);
        return Path.of(HubProcess.run("pull " + repo, words, null, told).text("path"));
    }

    /// Puts one file into a repository as `model.bin`, as PufferLib-rs does; returns the repository's URL.
    ///
    /// @param commitMessage the commit's first line
    public static String pushToHub(Path modelPath, HubConfig config, String commitMessage) {
        return pushToHub(modelPath, config, commitMessage, "model.bin");
    }

    /// Puts one file, which is no pickle, into a repository, made if it is not there; returns the repository's URL.
    ///
    /// @param commitMessage the commit's first line
    /// @param pathInRepo what it is called there
    public static String pushToHub(Path modelPath, HubConfig config, String commitMessage, String pathInRepo) {
        var words = new ArrayList<>(List.of("push-file"));
        add(words, "--message", commitMessage);
        positional(words, modelPath.toString(), config.repoId(), pathInRepo);
        return HubProcess.run("push " + modelPath + " to " + config.repoId(), words, config.token(), NOBODY)
                .text("url");
    }

    /// Gets one file, which is no pickle; returns its path in `localDir`.
    public static Path pullFromHub(String repoId, String filename, Path localDir) {
        var words = new ArrayList<>(List.of("pull-file"));
        add(words, "--out", localDir.toString());
        positional(words, repoId, filename);
        return Path.of(HubProcess.run("pull " + filename + " of " + repoId, words, null, NOBODY)
                .text("path"));
    }

    /// As one word, so that a value that begins with a dash is none of Python's options.
    private static void add(List<String> words, String option, @Nullable String value) {
        if (value != null) {
            words.add(option + "=" + value);
        }
    }

    private static void positional(List<String> words, String... values) {
        words.add("--");
        words.addAll(List.of(values));
    }
}
