package io.hypertoken.app;

import io.hypertoken.HyperTokenException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/// Tells a refusal in one line on standard error; anything else is our own defect and shows where it happened.
final class Failures implements IExecutionExceptionHandler {
    @Override
    public int handleExecutionException(Exception thrown, CommandLine command, ParseResult parsed) throws Exception {
        if (!(thrown instanceof HyperTokenException)) {
            throw thrown;
        }
        command.getErr().println(command.getColorScheme().errorText("hypertoken: " + thrown.getMessage()));
        return CommandLine.ExitCode.SOFTWARE;
    }
}
