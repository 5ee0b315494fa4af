package io.hypertoken.server.events;

import static io.hypertoken.ErrorCode.BAD_FIELD;
import static io.hypertoken.ErrorCode.RATE_LIMITED;
import static io.hypertoken.ErrorCode.UNAVAILABLE;

import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import io.hypertoken.json.Fields;
import io.hypertoken.server.events.HubThread.Deadline;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What the hub has asked of clients for other clients: each is answered by the one who was asked, or fails in time.
/// The hub thread's own.
final class Calls {
    private static final int MOST_OF_A_CLIENT = 64;

    private record Call(
            Client asked, String command, Ask ask, Consumer<@Nullable Object> answered, Deadline deadline) {}

    private final HubThread thread;
    private final long answerMillis;
    private final Map<Long, Call> open = new LinkedHashMap<>();
    private long number;

    Calls(HubThread thread, long answerMillis) {
        this.thread = thread;
        this.answerMillis = answerMillis;
    }

    /// Asks a client.
    ///
    /// @param message what it is sent, but for the number of the request
    /// @param answered what a good answer is worth beside being told
    void call(
            Client asked,
            Map<String, @Nullable Object> message,
            String command,
            Ask ask,
            Consumer<@Nullable Object> answered) {
        if (asked.calls >= MOST_OF_A_CLIENT) {
            throw new HyperTokenException(
                    RATE_LIMITED,
                    command + " was not sent",
                    Shown.value(asked.id) + " has " + asked.calls + " such requests to answer already",
                    "wait for those, or mend that client");
        }
        long request = ++number;
        message.put("request", request);
        message.put("timestamp", Messages.now());
        ask.later();
        asked.calls++;
        Deadline deadline = thread.after(
                answerMillis,
                () -> fail(
                        request,
                        "has not answered for " + answerMillis / 1000.0 + " seconds",
                        "see what it is doing, then try again"));
        open.put(request, new Call(asked, command, ask, answered, deadline));
        Ask.send(asked.connection, Messages.json(message));
    }

    /// A client answers what it was asked.
    void answer(Client client, Fields answer) {
        Long request = answer.integer("request", 1, Long.MAX_VALUE);
        Call call = request == null ? null : open.get(request);
        if (request == null || call == null || call.asked != client) {
            throw new HyperTokenException(
                    BAD_FIELD,
                    "answer refused request=" + request,
                    "nothing of that number waits for this client's answer",
                    "answer once, in time, with the request's own number");
        }
        Call done = end(request);
        if (done == null) {
            return;
        }
        String error = answer.text("error");
        if (error != null) {
            done.ask.refuse(new HyperTokenException(
                    UNAVAILABLE,
                    done.command + " was refused by " + Shown.value(client.id),
                    Shown.shortened(error, 500),
                    "see its own log"));
            return;
        }
        Object result = answer.raw("result");
        done.answered.accept(result);
        done.ask.reply(Commands.result(done.command, result));
    }

    /// A client is gone: what it was asked fails at once.
    void left(Client client) {
        for (var each : new ArrayList<>(open.entrySet())) {
            if (each.getValue().asked == client) {
                fail(each.getKey(), "has disconnected", "try again when it is back");
            }
        }
    }

    private void fail(long request, String why, String whatToDo) {
        Call call = end(request);
        if (call != null) {
            call.ask.refuse(new HyperTokenException(
                    UNAVAILABLE, call.command + " has no result", Shown.value(call.asked.id) + " " + why, whatToDo));
        }
    }

    private @Nullable Call end(long request) {
        Call call = open.remove(request);
        if (call != null) {
            call.deadline.cancel();
            call.asked.calls--;
        }
        return call;
    }
}
