package io.hypertoken.server.relay;

import static io.hypertoken.ErrorCode.BAD_FIELD;

import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import io.hypertoken.json.Fields;
import io.hypertoken.json.JsonMessage;
import io.hypertoken.server.http.Connection;
import io.hypertoken.server.http.Conversation;
import io.hypertoken.server.relay.wire.Announcement;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A page's side: it announces a game, and then answers questions about it.
final class HostConversation implements Conversation {
    private static final String EXAMPLE = "{\"type\":\"host\",\"protocol\":1,\"name\":\"my-game\",…}";
    private static final int LONGEST_TAB = 64;

    private final Switchboard switchboard;
    private final Connection connection;
    private @Nullable Page page;

    HostConversation(Switchboard switchboard, Connection connection) {
        this.switchboard = switchboard;
        this.connection = connection;
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
            switch (new Fields("a page's message", said).requiredText("type", "\"type\":\"host\"")) {
                case "host" -> host(said);
                case "ping" -> Words.send(connection, "type", "pong", "id", said.get("id"));
                case String other ->
                    throw new HyperTokenException(
                            BAD_FIELD,
                            "refused a page's message of type " + Shown.value(other),
                            "a page sends host and ping, and its answers as binary",
                            "use the SDK that came with this relay");
            }
            connection.next();
        } catch (HyperTokenException refused) {
            refuse(String.valueOf(refused.getMessage()));
        }
    }

    @Override
    public void binary(ByteBuf message) {
        Page hosting = page;
        try {
            if (hosting == null) {
                refuse("a page announces its game first");
                return;
            }
            switchboard.answer(hosting, message);
        } finally {
            message.release();
        }
        connection.next();
    }

    @Override
    public long longestBinary() {
        Page hosting = page;
        return hosting == null ? 0 : hosting.game.longestAnswer(hosting.players.length);
    }

    @Override
    public void end() {
        if (page != null) {
            switchboard.left(page);
        }
    }

    private void host(Map<String, @Nullable Object> said) {
        var fields = new Fields("host", said);
        Long protocol = fields.integer("protocol", 0, Integer.MAX_VALUE);
        if (protocol == null || protocol != Announcement.PROTOCOL) {
            throw fields.refusal("protocol", Announcement.PROTOCOL + ", which this relay speaks");
        }
        if (page != null) {
            throw fields.refusal("name", "announced once; a page that hosts another game connects anew");
        }
        Announcement game = Announcement.of(said);
        String tab = fields.text("tab");
        var hosting = new Page(
                switchboard.newHandle(),
                connection,
                game,
                tab == null ? "" : Shown.shortened(tab, LONGEST_TAB),
                game.instances(said));
        page = hosting;
        String why = switchboard.host(hosting);
        if (why != null) {
            page = null;
            refuse(why);
        }
    }

    private void refuse(String why) {
        Words.send(connection, "type", "refused", "why", why);
        connection.close(Switchboard.REFUSED, why);
    }
}
