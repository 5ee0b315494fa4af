package io.hypertoken.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// One thing at a time, in order, whichever threads it comes from and runs on.
class MailboxTest {
    private static final int SENDERS = 4;
    private static final int MESSAGES = 20_000;

    private final ExecutorService pool = Executors.newCachedThreadPool();
    private final Mailbox mailbox = new Mailbox(pool);

    @AfterEach
    void stop() {
        pool.shutdownNow();
    }

    @Test
    void anIdleMailboxRunsAShortMessageOnItsSendersThread() {
        var ran = new ArrayList<Thread>();

        mailbox.put(() -> ran.add(Thread.currentThread()), true);

        assertThat(ran).containsExactly(Thread.currentThread());
    }

    @Test
    void whatComesDuringALongMessageWaitsForItsEndAndHoldsUpNobody() throws Exception {
        var gate = new CountDownLatch(1);
        var done = new CountDownLatch(1);
        List<String> order = new ArrayList<>();
        mailbox.put(
                () -> {
                    awaitUninterruptibly(gate);
                    order.add("long");
                },
                false);

        mailbox.put(() -> order.add("first"), true);
        mailbox.put(() -> order.add("second"), false);
        mailbox.put(done::countDown, true);

        gate.countDown();
        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(order).containsExactly("long", "first", "second");
    }

    @Test
    void manySendersNeverMeetInsideAndKeepTheirOrder() throws Exception {
        var inside = new AtomicInteger();
        var met = new AtomicInteger();
        var done = new CountDownLatch(SENDERS * MESSAGES);
        int[] last = new int[SENDERS]; // guarded by the mailbox alone
        var disorder = new AtomicInteger();
        for (int k = 0; k < SENDERS; k++) {
            int sender = k;
            pool.execute(() -> {
                for (int n = 1; n <= MESSAGES; n++) {
                    int number = n;
                    mailbox.put(
                            () -> {
                                met.addAndGet(inside.getAndIncrement());
                                if (last[sender] + 1 != number) {
                                    disorder.incrementAndGet();
                                }
                                last[sender] = number;
                                inside.decrementAndGet();
                                done.countDown();
                            },
                            (n + sender) % 3 != 0);
                }
            });
        }

        assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(met).hasValue(0);
        assertThat(disorder).hasValue(0);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
