package io.hypertoken.app;

import io.hypertoken.learn.hub.Hub;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Gets a policy from the Hub.
@Command(
        name = "pull",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Pull a policy, and print its folder: in the cache of huggingface_hub, or a new one.",
            "What was pulled once is not pulled again; with HF_HUB_OFFLINE=1 it comes from the cache alone."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  hypertoken hub pull me/ppo-CartPole-v1",
            "  hypertoken hub pull me/ppo-CartPole-v1 --revision tuned --out policies/cartpole"
        })
final class HubPullCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "REPO", description = "user/name.")
    private String repo = "";

    @Option(names = "--revision", paramLabel = "NAME", description = "A branch, a tag or a commit (default main).")
    private @Nullable String revision;

    @Option(names = "--out", paramLabel = "DIR", description = "A new folder to put it into.")
    private @Nullable Path out;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() {
        PrintWriter err = command.commandLine().getErr();
        command.commandLine().getOut().println(Hub.pull(repo, revision, out, line -> {
            err.println(line);
            err.flush();
        }));
        return 0;
    }
}
