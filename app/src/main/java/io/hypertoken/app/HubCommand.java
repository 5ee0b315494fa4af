package io.hypertoken.app;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// What has to do with the Hugging Face Hub.
@Command(
        name = "hub",
        mixinStandardHelpOptions = true,
        description = {
            "Push a policy to the Hugging Face Hub, or pull one.",
            "It runs by a Python with huggingface_hub: that of HYPERTOKEN_PYTHON, of the active virtual environment, of"
                    + " the command hf (uv tool install huggingface_hub --with pillow), or python3. Who may write is who"
                    + " HF_TOKEN says, or hf auth login."
        },
        subcommands = {HubPushCommand.class, HubPullCommand.class},
        footerHeading = "%nExamples:%n",
        footer = {
            "  hypertoken hub push runs/cartpole-v1/20260101-120000-s1 me/ppo-CartPole-v1",
            "  hypertoken hub pull me/ppo-CartPole-v1 --out policies/cartpole",
            "  hypertoken play cartpole --policy hub:me/ppo-CartPole-v1"
        })
final class HubCommand implements Runnable {
    @Spec
    private CommandSpec command;

    @Override
    public void run() {
        throw new ParameterException(command.commandLine(), "say what to do: hub push, or hub pull");
    }
}
