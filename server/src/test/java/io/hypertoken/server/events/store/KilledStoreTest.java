package io.hypertoken.server.events.store;

import static io.hypertoken.server.events.store.Samples.numbers;
import static io.hypertoken.server.events.store.Samples.seqs;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// A process that appends is killed under load: what it acknowledged is there.
class KilledStoreTest {
    /// How often it is killed; `-Dhypertoken.test.kills=20` is the long form.
    private static final int KILLS = Integer.getInteger("hypertoken.test.kills", 3);

    @TempDir
    Path folder;

    @Test
    void nothingAcknowledgedIsLostHoweverOftenItIsKilled() throws Exception {
        var random = new SplittableRandom(11);
        String epoch = null;
        for (int kill = 0; kill < KILLS; kill++) {
            long acknowledged = appendAndKill(random);

            try (var store = FileStore.open(FileStoreSettings.in(folder))) {
                assertThat(store.lastSeq()).isGreaterThanOrEqualTo(acknowledged);
                assertThat(epoch == null || epoch.equals(store.epoch()))
                        .as("the log keeps its name")
                        .isTrue();
                epoch = store.epoch();
                assertNoGap(store);
            }
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX) // the limit is set and lifted by util-linux
    void aFullDiskRefusesWholeAppendsAndTheStoreGoesOnWhenThereIsRoomAgain() throws Exception {
        Process child = new ProcessBuilder(
                        "bash",
                        "-c",
                        "ulimit -S -f 2000; exec \"$@\"",
                        "bash",
                        java(),
                        "-cp",
                        classPath(),
                        AppendingProcess.class.getName(),
                        folder.toString(),
                        "patient")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader told = child.inputReader()) {
            List<String> lines = linesUntil(told, "refused");
            assertThat(lines.getLast()).contains("has stored none of 7 events; ");
            long last = Long.parseLong(lines.get(lines.size() - 2));

            assertThat(new ProcessBuilder("prlimit", "--pid", Long.toString(child.pid()), "--fsize=unlimited")
                            .inheritIO()
                            .start()
                            .waitFor())
                    .isZero();

            long next = -1;
            for (String line = told.readLine(); line != null && next < 0; line = told.readLine()) {
                next = line.startsWith("refused") ? -1 : Long.parseLong(line);
            }
            assertThat(next).as("the first number after the refusals").isEqualTo(last + 7);
        } finally {
            child.destroyForcibly().waitFor();
        }
        try (var store = FileStore.open(FileStoreSettings.in(folder))) {
            assertThat((store.lastSeq()) % 7).as("appends are whole").isZero();
            assertNoGap(store);
        }
    }

    private long appendAndKill(SplittableRandom random) throws Exception {
        Process child = new ProcessBuilder(
                        java(), "-cp", classPath(), AppendingProcess.class.getName(), folder.toString(), "hasty")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader told = child.inputReader()) {
            long first = Long.parseLong(told.readLine());
            long enough = first + random.nextInt(20_000);
            long last = first;
            while (last < enough) {
                last = Long.parseLong(told.readLine());
            }
            child.toHandle().destroyForcibly(); // by its handle: what it has printed can still be read
            for (String line = told.readLine(); line != null; line = told.readLine()) {
                last = Math.max(last, Long.parseLong(line)); // of a line that is cut, only some digits
            }
            assertThat(child.waitFor(10, TimeUnit.SECONDS)).isTrue();
            return last;
        }
    }

    private static List<String> linesUntil(BufferedReader told, String beginning) throws IOException {
        var lines = new ArrayList<String>();
        do {
            lines.add(told.readLine());
        } while (lines.getLast() != null && !lines.getLast().startsWith(beginning));
        return lines;
    }

    private static void assertNoGap(FileStore store) {
        long next = 1;
        for (List<LoggedEvent> read = store.read(next, 50_000, 8 << 20);
                !read.isEmpty();
                read = store.read(next, 50_000, 8 << 20)) {
            assertThat(seqs(read)).isEqualTo(numbers(next, next + read.size() - 1));
            assertThat(read)
                    .allMatch(event -> ("id-" + event.seq()).equals(event.key().eventId()));
            next += read.size();
        }
        assertThat(next).isEqualTo(store.lastSeq() + 1);
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }
}
