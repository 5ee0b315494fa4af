package io.hypertoken.app;

import io.hypertoken.env.Explained;
import io.hypertoken.env.Options;
import io.hypertoken.env.Policy;
import io.hypertoken.env.Seat;
import io.hypertoken.env.Spec;
import io.hypertoken.event.Event;
import io.hypertoken.event.EventSink;
import io.hypertoken.games.exchange.Choice;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Adds to the decisions that an environment tells what the policies behind them thought: their likeliest choices, each
/// with its probability, and the return that they foresaw.
///
/// Only where the environment's actions can be told in words, and only of policies that can tell. For the thread that
/// plays.
final class Reasons implements EventSink {
    private static final String DECISION = "agent_decision";
    private static final int CHOICES = 3;

    private final EventSink to;
    private final Options options;
    private final boolean known;
    private final Map<String, Thought> thoughts = new HashMap<>();

    private record Thought(List<Choice> choices, double foreseen) {}

    /// @param to hears everything
    Reasons(Spec spec, Options options, EventSink to) {
        this.to = to;
        this.options = options;
        known = Choice.areOf(spec);
    }

    /// The policy, with what it thinks kept for the events of the next step.
    Policy heard(String agent, Policy policy) {
        return known && policy instanceof Explained explained ? seat -> think(agent, explained, seat) : policy;
    }

    private void think(String agent, Explained policy, Seat seat) {
        policy.act(seat);
        float[] probabilities = policy.probabilities();
        if (probabilities.length > 0 && to.listening()) {
            var choices = Choice.likeliest(seat, options, probabilities, CHOICES);
            thoughts.put(agent, new Thought(choices, policy.foreseen()));
        }
    }

    /// Forgets what was thought, before the next decisions.
    void forget() {
        thoughts.clear();
    }

    @Override
    public void accept(int row, long episode, long step, Event event) {
        Thought thought =
                event.type().equals(DECISION) ? thoughts.get(event.facts().get("agent_id")) : null;
        to.accept(row, episode, step, thought == null ? event : explained(event, thought));
    }

    private static Event explained(Event event, Thought thought) {
        var facts = new LinkedHashMap<String, Object>(event.facts());
        String words = thought.choices().stream().map(Choice::toString).collect(Collectors.joining(", "));
        facts.put("reasoning", words + "; " + facts.get("reasoning"));
        facts.put("choices", thought.choices().stream().map(Choice::facts).toList());
        facts.put("foreseen", thought.foreseen());
        return new Event(event.type(), facts);
    }

    @Override
    public boolean listening() {
        return to.listening();
    }
}
