package io.hypertoken.server.events.store;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/// Appends events to a folder for ever, and prints the number of each append's last event once it is acknowledged.
final class AppendingProcess {
    private static final int EVENTS = 7;

    private AppendingProcess() {}

    /// @param args the folder, and `hasty`, or `patient`: it prints refusals and tries again
    public static void main(String[] args) throws InterruptedException {
        boolean patient = "patient".equals(args[1]);
        var store = FileStore.open(FileStoreSettings.in(Path.of(args[0])));
        while (true) {
            long next = store.lastSeq() + 1;
            CompletableFuture<Long> appended = store.append(Samples.events(next, next + EVENTS - 1));
            if (appended.isCompletedExceptionally() && patient) {
                System.out.println("refused: " + appended.exceptionNow().getMessage());
                Thread.sleep(10); // between two tries
            } else {
                System.out.println(appended.join());
            }
        }
    }
}
