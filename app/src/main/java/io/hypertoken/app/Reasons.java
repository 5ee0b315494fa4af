package io.hypertoken.app;

import io.hypertoken.env.Explained;
import io.hypertoken.env.Options;
import io.hypertoken.env.Policy;
import io.hypertoken.env.Seat;
import io.hypertoken.env.Spec;
import io.hypertoken.event.Event;
import io.hypertoken.event.EventSink;
import io.hypertoken.games.exchange.Choice;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/// Adds to the decisions that an environment tells what the policies behind them thought: their likeliest choices, each
/// with its probability, and the return that they foresaw.
///
/* A choice is an act with an item, at any price and in any quantity. What is played is the likeliest of all, price and
quantity included, and so need not be among the likeliest of these; then it comes after them. */
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
            thoughts.put(agent, new Thought(Choice.of(seat, options, probabilities), policy.foreseen()));
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
        List<Choice> all = thought.choices();
        var told = new ArrayList<Choice>(all.subList(0, Math.min(CHOICES, all.size())));
        all.stream()
                .skip(told.size())
                .filter(choice -> choice.action().equals(facts.get("action_type"))
                        && Objects.equals(choice.itemId(), facts.get("item_id")))
                .forEach(told::add);
        String words = told.stream().map(Choice::toString).collect(Collectors.joining(", "));
        facts.put("reasoning", words + "; " + facts.get("reasoning"));
        facts.put("choices", told.stream().map(Choice::facts).toList());
        facts.put("foreseen", thought.foreseen());
        return new Event(event.type(), facts);
    }

    @Override
    public boolean listening() {
        return to.listening();
    }
}
