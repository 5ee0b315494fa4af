package io.hypertoken.app;

import io.hypertoken.HyperTokenException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/// Tells a refusal, or a file that cannot be used, in one line on standard error; anything else is our own defect and
/// shows where it happened.
final class Failures implements IExecutionExceptionHandler {
    @Override
    public int handleExecutionException(Exception thrown, CommandLine command, ParseResult parsed) throws Exception {
        String message = switch (thrown) {
            case HyperTokenException refusal -> refusal.getMessage();
            case FileSystemException file -> tell(file);
            default -> throw thrown;
        };
        return tell(message, command);
    }

    /// Tells of a failure that the command cannot throw any more.
    static int tell(@Nullable String message, CommandLine command) {
        command.getErr().println(command.getColorScheme().errorText("hypertoken: " + message));
        return CommandLine.ExitCode.SOFTWARE;
    }

    private static String tell(FileSystemException thrown) {
        String why = switch (thrown) {
            case NoSuchFileException ignored -> "there is no such file or folder";
            case AccessDeniedException ignored -> "access to it is denied";
            default -> String.valueOf(thrown.getReason());
        };
        return "cannot use " + thrown.getFile() + "; " + why + "; correct the path";
    }
}
