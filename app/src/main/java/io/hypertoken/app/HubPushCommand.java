package io.hypertoken.app;

import io.hypertoken.learn.hub.Hub;
import io.hypertoken.learn.hub.PushOptions;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Puts a policy on the Hub.
@Command(
        name = "push",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Push a policy, with a model card, its scores and a picture of its training; print the commit's address.",
            "All of it is one commit, once or not at all. Only safetensors, ONNX, JSON, text and pictures are pushed."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  hypertoken hub push runs/cartpole-v1/20260101-120000-s1 me/ppo-CartPole-v1",
            "  hypertoken hub push policies/mine team/agent --create-pr --message 'More steps'"
        })
final class HubPushCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "DIR", description = "A policy's folder, or a run's.")
    private Path folder = Path.of("");

    @Parameters(index = "1", paramLabel = "REPO", description = "user/name; made if it is not there.")
    private String repo = "";

    @Option(names = "--private", description = "Make the repository private, if it is made.")
    private boolean privately;

    @Option(names = "--revision", paramLabel = "BRANCH", description = "Commit to this branch (default main).")
    private @Nullable String revision;

    @Option(names = "--create-pr", description = "Open a pull request instead of committing.")
    private boolean createPullRequest;

    @Option(names = "--message", paramLabel = "TEXT", description = "The commit's first line.")
    private @Nullable String message;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() {
        PrintWriter err = command.commandLine().getErr();
        var options = new PushOptions(privately, revision, createPullRequest, message);
        command.commandLine().getOut().println(Hub.push(folder, repo, options, line -> {
            err.println(line);
            err.flush();
        }));
        return 0;
    }
}
