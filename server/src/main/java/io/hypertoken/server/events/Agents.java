package io.hypertoken.server.events;

import static io.hypertoken.ErrorCode.BAD_FIELD;
import static io.hypertoken.ErrorCode.UNKNOWN_AGENT;

import io.hypertoken.DidYouMean;
import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import io.hypertoken.json.Fields;
import io.hypertoken.server.events.store.LoggedEvent;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The agents that clients run and let others steer, and those that events speak of. The hub thread's own.
final class Agents {
    private static final int MOST_SEEN = 1000;
    private static final int MOST_OF_A_CLIENT = 1000;
    private static final Set<String> CONTROLS = Set.of("pause", "speed");

    /// One agent that somebody runs.
    static final class Agent {
        final String id;
        final Client owner;
        final Set<String> controls;

        @Nullable
        Boolean paused;

        @Nullable
        Object speed;

        private Agent(String id, Client owner, Set<String> controls) {
            this.id = id;
            this.owner = owner;
            this.controls = controls;
        }
    }

    private final Map<String, Agent> run = new LinkedHashMap<>();
    /// The newest event of each agent, the longest silent first.
    private final Map<String, Long> seen = new LinkedHashMap<>();

    /// An event is in the log.
    void add(LoggedEvent event) {
        String agent = event.key().agent();
        if (agent == null) {
            return;
        }
        seen.remove(agent);
        seen.put(agent, event.seq());
        if (seen.size() > MOST_SEEN) {
            Iterator<String> oldest = seen.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    /// What a message registers: `"agents": ["a", …]` with `"controls": [...]` of all, or each as an object of its own
    /// `id` and `controls`.
    static Map<String, Set<String>> of(Fields request) {
        if (!(request.raw("agents") instanceof List<?> list)) {
            if (request.has("agents")) {
                throw request.refusal("agents", "a list of names, or of objects with id and controls");
            }
            return Map.of();
        }
        if (list.size() > MOST_OF_A_CLIENT) {
            throw request.refusal("agents", "a list of at most " + MOST_OF_A_CLIENT);
        }
        Set<String> controls = controls(request);
        var agents = new LinkedHashMap<String, Set<String>>();
        for (Object each : list) {
            switch (each) {
                case String id -> agents.put(id, controls);
                case Map<?, ?> object -> {
                    @SuppressWarnings("unchecked") // JsonMessage makes no other maps
                    var fields = new Fields("agents", (Map<String, @Nullable Object>) object);
                    agents.put(
                            fields.requiredText("id", "\"id\":\"agent_0\""),
                            fields.has("controls") ? controls(fields) : controls);
                }
                case null, default ->
                    throw request.refusal("agents", "a list of names, or of objects with id and controls");
            }
        }
        return agents;
    }

    private static Set<String> controls(Fields fields) {
        Object value = fields.raw("controls");
        if (value == null) {
            return Set.of();
        }
        if (!(value instanceof List<?> list) || !CONTROLS.containsAll(list)) {
            throw fields.refusal("controls", "a list of pause and speed");
        }
        var controls = new TreeSet<String>();
        list.forEach(each -> controls.add((String) each));
        return controls;
    }

    /// A client runs these and no others; what another ran before is its now.
    void register(Client owner, Map<String, Set<String>> agents) {
        left(owner);
        agents.forEach((id, controls) -> run.put(id, new Agent(id, owner, controls)));
    }

    /// A client is gone.
    void left(Client owner) {
        run.values().removeIf(agent -> agent.owner == owner);
    }

    /// An agent that may be steered.
    ///
    /// @param control what is asked of it
    Agent of(Fields params, String command, String control) {
        String id = params.has("agent") ? params.text("agent") : params.text("agent_id");
        if (id == null) {
            throw params.missing("agent_id", "\"agent_id\":\"agent_0\"");
        }
        Agent agent = run.get(id);
        if (agent == null) {
            throw new HyperTokenException(
                    UNKNOWN_AGENT,
                    command + " refused agent_id=" + Shown.value(id),
                    seen.containsKey(id) ? "no client that is connected runs it" : "nobody knows an agent of that name",
                    run.isEmpty() ? "nobody runs an agent now" : DidYouMean.hint(id, run.keySet()));
        }
        if (!agent.controls.contains(control)) {
            throw new HyperTokenException(
                    BAD_FIELD,
                    command + " refused agent_id=" + Shown.value(id),
                    "its owner " + Shown.value(agent.owner.id) + " did not register the control " + control,
                    "register it with \"controls\":[\"" + control + "\"]");
        }
        return agent;
    }

    /// All of them: those that somebody runs, then those that events have spoken of.
    List<Object> told() {
        var all = new ArrayList<Object>();
        for (Agent agent : run.values()) {
            Map<String, @Nullable Object> told = new LinkedHashMap<>();
            told.put("agent_id", agent.id);
            told.put("owner", agent.owner.id);
            told.put("controls", List.copyOf(agent.controls));
            told.put("paused", agent.paused);
            told.put("speed", agent.speed);
            told.put("last_seq", seen.get(agent.id));
            all.add(told);
        }
        seen.forEach((id, seq) -> {
            if (!run.containsKey(id)) {
                Map<String, @Nullable Object> told = new LinkedHashMap<>();
                told.put("agent_id", id);
                told.put("owner", null);
                told.put("controls", List.of());
                told.put("last_seq", seq);
                all.add(told);
            }
        });
        return all;
    }
}
