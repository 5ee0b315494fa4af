package io.hypertoken.app;

import io.hypertoken.Shown;
import io.hypertoken.app.exchange.Window;
import io.hypertoken.games.exchange.Recordings;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/// The name of a recording, and the folder in which environments find it.
final class ExchangeFolder {
    @Option(
            names = "--name",
            required = true,
            paramLabel = "NAME",
            description = "What the environment's option data calls it: letters, digits, dots, hyphens, underscores.")
    private String name = "";

    @Option(
            names = "--to",
            paramLabel = "FOLDER",
            description = "Where to (default: HYPERTOKEN_EXCHANGE_DATA, or else .hypertoken/exchange in the home"
                    + " folder); where environments look too.")
    private @Nullable Path folder;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    String name() {
        if (!Recordings.isName(name)) {
            throw new ParameterException(
                    command.commandLine(),
                    "refused --name " + Shown.shortened(name, 60)
                            + "; a name is a word of letters, digits, dots, hyphens and underscores");
        }
        return name;
    }

    Path folder() {
        return folder == null ? Recordings.folder() : folder;
    }

    /// What makes environments find it, where they would not by themselves.
    String hint() {
        return folder == null
                ? ""
                : "; environments find it by HYPERTOKEN_EXCHANGE_DATA="
                        + folder.toAbsolutePath().normalize();
    }

    /// A window's length, as the API writes it.
    static final class Windows implements ITypeConverter<Window> {
        @Override
        public Window convert(String text) {
            Window window = Window.of(text);
            if (window == null) {
                throw new TypeConversionException(
                        "'" + Shown.shortened(text, 60) + "' is none of the API's windows, " + Window.words());
            }
            return window;
        }
    }

    /// A day in UTC, as the Unix seconds of its beginning.
    static final class Day implements ITypeConverter<Long> {
        @Override
        public Long convert(String text) {
            try {
                return LocalDate.parse(text).atStartOfDay().toEpochSecond(ZoneOffset.UTC);
            } catch (DateTimeException e) {
                throw new TypeConversionException("'" + Shown.shortened(text, 60) + "' is no day such as 2026-01-05");
            }
        }
    }
}
