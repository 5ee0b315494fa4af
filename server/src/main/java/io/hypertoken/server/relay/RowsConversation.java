package io.hypertoken.server.relay;

import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import io.hypertoken.json.Fields;
import io.hypertoken.json.JsonMessage;
import io.hypertoken.json.RequestId;
import io.hypertoken.server.http.Connection;
import io.hypertoken.server.http.Conversation;
import io.hypertoken.server.relay.wire.Announcement;
import io.hypertoken.server.relay.wire.RowLayout;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The side of a player that steps rows, as [io.hypertoken.server.relay.rows.PageRows] does.
///
/// ```text
/// {"type":"describe","id","name","wait_ms"}                            {"type":"game","id","game"}
/// {"type":"claim","id","name","game","count","wait_ms",                {"type":"claimed","id","seats":[[page,
/// instance],…]}
///  "step_ms","reset_ms"}
///                                      or, when the wait is over:      {"type":"refused","id","why"}
/// {"type":"give_up","page","why"}       whenever a page is gone:       {"type":"lost","page","why"}
/// a question in binary                                                 its answer in binary, whenever it comes
/// ```
final class RowsConversation implements Conversation {
    private static final String EXAMPLE = "{\"type\":\"describe\",\"id\":1,\"name\":\"my-game\"}";
    private static final long LONGEST_MILLIS = 86_400_000;
    private static final int LONGEST_WHY = 200;

    private final Switchboard switchboard;
    private final Connection connection;
    private final Player player;
    /// The longest question that what was claimed has a use for.
    private volatile long longestBinary;

    RowsConversation(Switchboard switchboard, Connection connection) {
        this.switchboard = switchboard;
        this.connection = connection;
        this.player = new Player(connection);
    }

    @Override
    public void begin() {
        connection.next();
    }

    @Override
    public void text(ByteBuf message) {
        byte[] bytes = ByteBufUtil.getBytes(message);
        message.release();
        try {
            Map<String, @Nullable Object> said = JsonMessage.read(bytes, EXAMPLE);
            obey(new Fields("a player's message", said), RequestId.of(said));
            connection.next();
        } catch (HyperTokenException refused) {
            connection.close(Switchboard.REFUSED, String.valueOf(refused.getMessage()));
        }
    }

    private void obey(Fields said, @Nullable Object id) {
        switch (said.requiredText("type", "\"type\":\"describe\"")) {
            case "describe" -> switchboard.wish(wish(said, id, 0));
            case "claim" -> claim(said, id);
            case "give_up" -> {
                Long page = said.integer("page", 0, Integer.MAX_VALUE);
                String why = said.text("why");
                if (page != null && why != null) {
                    switchboard.giveUp(player, page.intValue(), Shown.shortened(why, LONGEST_WHY));
                }
            }
            default -> throw said.refusal("type", "one of describe, claim, give_up");
        }
    }

    private void claim(Fields said, @Nullable Object id) {
        Long count = said.integer("count", 1, Integer.MAX_VALUE);
        if (count == null) {
            throw said.missing("count", "\"count\":1");
        }
        longestBinary = longestQuestion(Announcement.of(said.object("game")));
        switchboard.playsWithin(player, millis(said, "step_ms", 5_000), millis(said, "reset_ms", 30_000));
        switchboard.wish(wish(said, id, count.intValue()));
    }

    /// Of one page's rows.
    private static long longestQuestion(Announcement game) {
        return game.layout().question(Announcement.MOST_INSTANCES).end() + RowLayout.MOST_JSON;
    }

    private Wish wish(Fields said, @Nullable Object id, int count) {
        long wait = millis(said, "wait_ms", 0);
        return new Wish(
                player,
                id,
                said.text("name"),
                count == 0 ? null : Announcement.of(said.object("game")).told(),
                count,
                switchboard.deadline(wait),
                wait);
    }

    private static long millis(Fields said, String name, long otherwise) {
        Long given = said.integer(name, 0, LONGEST_MILLIS);
        return given == null ? otherwise : given;
    }

    @Override
    public void binary(ByteBuf message) {
        String wrong;
        try {
            wrong = switchboard.ask(player, message);
        } finally {
            message.release();
        }
        if (wrong == null) {
            connection.next();
        } else {
            connection.close(Switchboard.REFUSED, wrong);
        }
    }

    @Override
    public long longestBinary() {
        return longestBinary;
    }

    @Override
    public void end() {
        switchboard.left(player);
    }
}
