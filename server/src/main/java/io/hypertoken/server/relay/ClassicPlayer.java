package io.hypertoken.server.relay;

import static io.hypertoken.ErrorCode.BAD_FIELD;

import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import io.hypertoken.json.Fields;
import io.hypertoken.server.http.Connection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A program that sends `{"type":"reset"}`, `{"type":"step","action"}` and `{"type":"render"}`, as the Python class of
/// seed
/// 003's article does. It is told nothing that it did not ask for: that would be read as the next reply.
final class ClassicPlayer {
    private final Connection connection;
    private final Table table;
    private final Stage stage;

    ClassicPlayer(Connection connection, Table table, Stage stage) {
        this.connection = connection;
        this.table = table;
        this.stage = stage;
    }

    /// @throws HyperTokenException for what it may not say
    void hear(Map<String, @Nullable Object> said) {
        var fields = new Fields("a message", said);
        switch (fields.requiredText("type", "\"type\":\"reset\"")) {
            case "reset" -> table.reset(this::begun, this::refuse);
            case "step" -> table.step(said.get("action"), this::stepped, this::refuse);
            case "render" -> {
                stage.render();
                connection.next();
            }
            case String other ->
                throw new HyperTokenException(
                        BAD_FIELD,
                        "refused a message of type " + Shown.value(other),
                        "a player sends reset, step and render",
                        "send one of these");
        }
    }

    private void begun(@Nullable Object observation) {
        Words.send(connection, "observation", observation);
        stage.begun(observation);
        connection.next();
    }

    private void stepped(Table.Outcome outcome) {
        Words.send(
                connection,
                "observation",
                outcome.observation(),
                "reward",
                outcome.reward(),
                "terminated",
                outcome.terminated(),
                "truncated",
                outcome.truncated());
        stage.stepped(outcome.observation());
        connection.next();
    }

    private void refuse(String why) {
        connection.close(Switchboard.REFUSED, why);
    }

    void end() {
        table.end();
    }
}
