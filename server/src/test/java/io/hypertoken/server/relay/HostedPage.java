package io.hypertoken.server.relay;

import io.hypertoken.json.JsonMessage;
import io.hypertoken.server.relay.wire.Announcement;
import io.hypertoken.server.relay.wire.RowLayout;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A page as the relay sees it, whose game counts: each row shows how often it was stepped, and ends at ten.
final class HostedPage implements WebSocket.Listener, AutoCloseable {
    static final String HELLO = """
            {"type":"host","protocol":1,"name":"counter","instances":%d,
             "observation_space":{"type":"box","shape":[1],"dtype":"int32"},"action_space":{"type":"discrete","n":2}}""";

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final int TEN = 10;

    /// What it was told: text messages, and the reason of its end.
    final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    /// How often it was asked.
    volatile int questions;

    final CompletableFuture<String> closed = new CompletableFuture<>();
    private final WebSocket socket;
    private final StringBuilder text = new StringBuilder();
    private final int[] counts = new int[Announcement.MOST_INSTANCES];
    private volatile UnaryOperator<ByteBuffer> answering = answer -> answer;

    HostedPage(Relay relay, String hello) {
        socket = HTTP.newWebSocketBuilder()
                .buildAsync(URI.create(relay.url() + "/host"), this)
                .join();
        socket.sendText(hello, true).join();
    }

    static HostedPage of(Relay relay, int instances) {
        var page = new HostedPage(relay, HELLO.formatted(instances));
        page.next("welcome");
        return page;
    }

    /// Answers something else from now on; null for nothing at all.
    @SuppressWarnings("NullAway") // an operator that gives null says nothing
    void answering(UnaryOperator<@Nullable ByteBuffer> with) {
        answering = with::apply;
    }

    /// The next message of a type.
    Map<String, @Nullable Object> next(String type) {
        try {
            while (true) {
                String message = heard.poll(10, TimeUnit.SECONDS);
                if (message == null) {
                    throw new AssertionError("no " + type + " came");
                }
                Map<String, @Nullable Object> said = JsonMessage.read(message.getBytes(StandardCharsets.UTF_8));
                if (type.equals(said.get("type"))) {
                    return said;
                }
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
        text.append(part);
        if (last) {
            heard.add(text.toString());
            text.setLength(0);
        }
        from.request(1);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket from, ByteBuffer question, boolean last) {
        questions++;
        ByteBuffer answer = answering.apply(played(question.order(ByteOrder.LITTLE_ENDIAN)));
        if (answer != null) {
            from.sendBinary(answer.rewind(), true);
        }
        from.request(1);
        return CompletableFuture.completedFuture(null);
    }

    private ByteBuffer played(ByteBuffer question) {
        var layout = Announcement.of(JsonMessage.read(HELLO.formatted(1).getBytes(StandardCharsets.UTF_8)))
                .layout();
        int count = question.getInt(RowLayout.COUNT_AT);
        RowLayout.Question from = layout.question(count);
        RowLayout.Answer to = layout.answer(count);
        ByteBuffer answer = ByteBuffer.allocate(to.end()).order(ByteOrder.LITTLE_ENDIAN);
        answer.putInt(0, RowLayout.ANSWER)
                .putInt(RowLayout.ID_AT, question.getInt(RowLayout.ID_AT))
                .putInt(RowLayout.COUNT_AT, count);
        for (int k = 0; k < count; k++) {
            int instance = question.getInt(from.instance() + 4 * k);
            boolean steps = question.get(from.kind() + k) == RowLayout.STEP;
            counts[instance] = steps ? counts[instance] + 1 : 0;
            answer.putInt(to.observation()[0] + 4 * k, counts[instance])
                    .putDouble(to.reward() + 8 * k, steps ? 1 : 0)
                    .put(to.terminated() + k, (byte) (counts[instance] == TEN ? 1 : 0))
                    .putInt(to.turn() + 4 * k, -1);
        }
        return answer;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int status, String reason) {
        closed.complete(status + " " + reason);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        closed.complete(error.toString());
    }

    /// Is closed as a tab is: without a goodbye.
    @Override
    public void close() {
        socket.abort();
    }
}
