package io.hypertoken.server.relay.rows;

import static io.hypertoken.ErrorCode.ENVIRONMENT_FAILED;

import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import io.hypertoken.json.JsonMessage;
import io.hypertoken.json.NumberJson;
import io.hypertoken.server.relay.wire.Announcement;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The instances of a game that a player holds at a relay, and the line by which it asks them.
///
/* A line that fails is gone with all that it held, and another is dialled when instances are next claimed. */
final class Seats implements AutoCloseable {
    /// What a line may take longer than the relay does, which keeps the deadlines.
    static final long SLACK_MILLIS = 5_000;

    private static final int LONGEST_WHY = 300;

    private final Announcement game;
    private final RelayAddress relay;
    private final long stepMillis;
    private final long resetMillis;
    private @Nullable RelayLine line;
    private long ids;
    /// What arrived while an answer about instances was awaited.
    private final Queue<RelayLine.Message> earlier = new ArrayDeque<>();

    Seats(Announcement game, RelayAddress relay, long stepMillis, long resetMillis) {
        this.game = game;
        this.relay = relay;
        this.stepMillis = stepMillis;
        this.resetMillis = resetMillis;
    }

    /// Instances for so many rows, each a page's handle and a number there; waits until pages host as many.
    ///
    /// @throws HyperTokenException `environment_failed` if they do not in that time
    /// @throws IOException if the relay is gone; so is all that was held
    List<int[]> claim(int count, long waitMillis) throws IOException {
        RelayLine dialled = line;
        if (dialled == null) {
            dialled = relay.dial();
            line = dialled;
        }
        long id = ++ids;
        var fields = new LinkedHashMap<String, @Nullable Object>();
        fields.put("type", "claim");
        fields.put("id", id);
        fields.put("name", game.name());
        fields.put("game", game.told());
        fields.put("count", count);
        fields.put("wait_ms", waitMillis);
        fields.put("step_ms", stepMillis);
        fields.put("reset_ms", resetMillis);
        try {
            dialled.sendText(NumberJson.bytes(fields));
            Map<String, @Nullable Object> answer = answerTo(id, waitMillis);
            if (answer.get("seats") instanceof List<?> seats) {
                return seats.stream().map(Seats::seat).toList();
            }
            throw failure(String.valueOf(answer.get("why")));
        } catch (IOException gone) {
            hangUp();
            throw gone;
        }
    }

    private Map<String, @Nullable Object> answerTo(long id, long waitMillis) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMillis + SLACK_MILLIS);
        while (true) {
            RelayLine.Message message = line().receive(deadline);
            if (message.text()) {
                Map<String, @Nullable Object> said = JsonMessage.read(message.bytes());
                if (said.get("id") instanceof Long answered && answered == id) {
                    return said;
                }
            }
            earlier.add(message);
        }
    }

    private static int[] seat(Object seat) {
        List<?> pair = (List<?>) seat;
        return new int[] {((Long) pair.get(0)).intValue(), ((Long) pair.get(1)).intValue()};
    }

    /// Whether there is a line, so that what was claimed may still be held.
    boolean isConnected() {
        return line != null;
    }

    void ask(ByteBuffer question) throws IOException {
        try {
            line().sendBinary(question.array(), question.limit());
        } catch (IOException gone) {
            hangUp();
            throw gone;
        }
    }

    /// A page has sent what nobody could read.
    void giveUp(int page, String why) throws IOException {
        line().sendText(NumberJson.bytes(Map.of("type", "give_up", "page", page, "why", why)));
    }

    /// What the relay says next.
    ///
    /// @throws IOException if it says nothing by then, or is gone; so is all that was held
    RelayLine.Message receive(long deadlineNanos) throws IOException {
        RelayLine.Message first = earlier.poll();
        if (first != null) {
            return first;
        }
        try {
            return line().receive(deadlineNanos);
        } catch (IOException gone) {
            hangUp();
            throw gone;
        }
    }

    /// Why instances cannot be had, or are gone.
    static String why(IOException gone) {
        return "the relay is gone: " + Shown.shortened(String.valueOf(gone.getMessage()), LONGEST_WHY);
    }

    HyperTokenException failure(String why) {
        return new HyperTokenException(
                ENVIRONMENT_FAILED, "there are not enough pages of " + game.name(), why, "the relay is at " + relay);
    }

    private RelayLine line() throws IOException {
        RelayLine current = line;
        if (current == null) {
            throw new IOException("there is no line to it");
        }
        return current;
    }

    void hangUp() {
        RelayLine current = line;
        line = null;
        earlier.clear();
        if (current != null) {
            current.close();
        }
    }

    @Override
    public void close() {
        hangUp();
    }
}
