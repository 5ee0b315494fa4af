package io.hypertoken.games.exchange;

import io.hypertoken.engine.Autoreset;
import io.hypertoken.engine.Settings;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.event.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// One copy of the game with a door to its inside, for tests.
final class Desk implements AutoCloseable {
    final VectorEnvironment vector;
    final List<Event> events = new ArrayList<>();
    private GrandExchange game;

    private Desk(Map<String, ?> options, boolean listens) {
        var spec = GrandExchange.SPEC.wrapping(made -> {
            game = (GrandExchange) made;
            return game;
        });
        var settings = Settings.DEFAULT.autoreset(Autoreset.DISABLED);
        if (listens) {
            settings = settings.events((row, episode, step, event) -> events.add(event));
        }
        vector = VectorEnvironment.open(spec, spec.options(options), settings);
    }

    static Desk of(Map<String, ?> options, long seed) {
        var desk = new Desk(options, false);
        desk.vector.reset(seed);
        return desk;
    }

    /// One whose events are kept.
    static Desk listening(Map<String, ?> options, long seed) {
        var desk = new Desk(options, true);
        desk.vector.reset(seed);
        return desk;
    }

    GrandExchange game() {
        return game;
    }

    Account account(int agent) {
        return game.exchange.accounts[agent];
    }

    Desk act(int what, int place, int price, int quantity) {
        return actAs(0, what, place, price, quantity).step();
    }

    Desk actAs(int agent, int what, int place, int price, int quantity) {
        int[] action = {what, place, price, quantity};
        for (int k = 0; k < action.length; k++) {
            vector.batch().action(0, agent, 0, k, action[k]);
        }
        return this;
    }

    Desk step() {
        vector.step();
        return this;
    }

    Desk hold() {
        return act(Layout.HOLD, 0, Bins.TOUCH, Bins.ALL);
    }

    double reward(int agent) {
        return vector.batch().reward(0, agent);
    }

    List<Event> events(String type) {
        return events.stream().filter(event -> event.type().equals(type)).toList();
    }

    @Override
    public void close() {
        vector.close();
    }
}
