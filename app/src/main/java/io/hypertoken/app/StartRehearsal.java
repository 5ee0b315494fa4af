package io.hypertoken.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Does what commands do in their first seconds, so that Java can cache what that takes: run with `-XX:AOTCacheOutput`.
///
/* The cache holds the classes as they are when linked, and how often each branch and call of a method was taken, so that
the compiler need not watch first. What trainings meet differs by the kind of action and the number of agents: so there is
one of each, and the compiler expects any. They are short enough that the Vector API is not brought in: a cache that knows
classes of a module from outside the boot layer is refused. The server comes last, and runs until it is told to stop. */
final class StartRehearsal {
    private static final List<List<String>> TRAININGS = List.of(
            List.of("tic-tac-toe", "--self-play", "--total-steps", "20000"),
            List.of("Pendulum-v1", "--total-steps", "6000"),
            List.of("CartPole-v1"));

    private StartRehearsal() {}

    public static void main(String... none) throws IOException {
        Path folder = Files.createTempDirectory("hypertoken-rehearsal");
        try {
            for (List<String> training : TRAININGS) {
                var words = Stream.of(
                        List.of("train"),
                        training,
                        List.of("--events", "none", "--out", folder + "/" + training.getFirst()));
                String[] command = words.flatMap(List::stream).toArray(String[]::new);
                Main.commandLine(command).execute(command);
            }
        } finally {
            remove(folder);
        }
        Main.main("serve", "--port", "0");
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
