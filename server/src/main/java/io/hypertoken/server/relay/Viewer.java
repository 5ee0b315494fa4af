package io.hypertoken.server.relay;

import static io.hypertoken.ErrorCode.BAD_FIELD;

import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import io.hypertoken.json.Fields;
import io.hypertoken.json.JsonMessage;
import io.hypertoken.server.http.Connection;
import io.hypertoken.server.http.Conversation;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A page at the relay's root, as the JavaScript of seed 003's article: it watches whoever plays there, until its first
/// `{"type":"action","action"}`; then it plays an environment of its own and watches that.
final class Viewer implements Conversation {
    private static final String EXAMPLE = "{\"type\":\"action\",\"action\":0}";

    private final Connection connection;
    private final Stage stage;
    private final Supplier<Table> tables;
    private final boolean begins;
    private @Nullable Table table;
    private boolean running;

    /// @param tables makes it a table of its own
    /// @param begins whether there is an environment for it alone to be shown where nobody plays
    Viewer(Connection connection, Stage stage, Supplier<Table> tables, boolean begins) {
        this.connection = connection;
        this.stage = stage;
        this.tables = tables;
        this.begins = begins;
    }

    @Override
    public void begin() {
        if (stage.watch(connection) || !begins) {
            connection.next();
        } else {
            reset(connection::next);
        }
    }

    @Override
    public void text(ByteBuf message) {
        byte[] bytes = ByteBufUtil.getBytes(message);
        message.release();
        try {
            Map<String, @Nullable Object> said = JsonMessage.read(bytes, EXAMPLE);
            if (!"action".equals(new Fields("a page's message", said).requiredText("type", "\"type\":\"action\""))) {
                throw new HyperTokenException(
                        BAD_FIELD,
                        "refused a page's message of type " + Shown.value(said.get("type")),
                        "a page here watches, and sends actions; games are hosted at /host",
                        "send one such as " + EXAMPLE);
            }
            act(said.get("action"));
        } catch (HyperTokenException refused) {
            refuse(String.valueOf(refused.getMessage()));
        }
    }

    private void act(@Nullable Object action) {
        if (running) {
            step(action);
        } else if (table == null) {
            reset(() -> step(action));
        } else {
            reset(connection::next); // the action after an end only begins again
        }
    }

    private void reset(Runnable then) {
        Table mine = table();
        mine.reset(
                observation -> {
                    running = true;
                    Words.send(connection, "type", "reset", "observation", observation);
                    then.run();
                },
                this::refuse);
    }

    private Table table() {
        Table mine = table;
        if (mine == null) {
            mine = tables.get();
            table = mine;
        }
        return mine;
    }

    private void step(@Nullable Object action) {
        stage.leave(connection);
        table().step(
                        action,
                        outcome -> {
                            running = !outcome.over();
                            Words.send(
                                    connection,
                                    "type",
                                    "observation",
                                    "observation",
                                    outcome.observation(),
                                    "reward",
                                    outcome.reward(),
                                    "terminated",
                                    outcome.terminated(),
                                    "truncated",
                                    outcome.truncated());
                            connection.next();
                        },
                        this::refuse);
    }

    @Override
    public void binary(ByteBuf message) {
        message.release();
        refuse("a page here sends text");
    }

    @Override
    public long longestBinary() {
        return 0;
    }

    @Override
    public void end() {
        stage.leave(connection);
        if (table != null) {
            table.end();
        }
    }

    private void refuse(String why) {
        connection.close(Switchboard.REFUSED, why);
    }
}
