package io.hypertoken.server.events;

import static io.hypertoken.ErrorCode.BAD_FIELD;
import static io.hypertoken.ErrorCode.RATE_LIMITED;
import static io.hypertoken.ErrorCode.UNAVAILABLE;
import static io.hypertoken.ErrorCode.UNKNOWN_COMMAND;

import io.hypertoken.DidYouMean;
import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import io.hypertoken.json.Fields;
import io.hypertoken.json.PlainValue;
import io.hypertoken.server.events.Agents.Agent;
import io.hypertoken.server.events.HubThread.Deadline;
import io.hypertoken.server.events.alert.AlertRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What clients may command: the hub's own commands, those of jars, and those that other clients handle. The hub
/// thread's own.
final class Commands {
    private static final Logger LOG = LoggerFactory.getLogger(Commands.class);
    private static final int MOST_RUNNING = 16;
    private static final int MOST_RECENT = 1000;
    private static final int RECENT_BYTES = 4 << 20;
    private static final int LONGEST_NAME = 64;

    /// The hub's own.
    static final Set<String> OWN = Set.of(
            "get_status",
            "get_recent_events",
            "list_clients",
            "list_agents",
            "list_commands",
            "list_alerts",
            "set_alert",
            "remove_alert",
            "pause_agent",
            "resume_agent",
            "set_speed");

    private final Hub hub;
    private final Agents agents;
    private final Calls calls;
    private final Clients clients;
    private @Nullable Map<String, HubCommand> installed;
    private int running;

    Commands(Hub hub, Agents agents, Calls calls, Clients clients) {
        this.hub = hub;
        this.agents = agents;
        this.calls = calls;
        this.clients = clients;
    }

    /// The fields of a reply with a command's result.
    static Map<String, @Nullable Object> result(String command, @Nullable Object result) {
        var fields = new LinkedHashMap<String, @Nullable Object>();
        fields.put("status", "command_result");
        fields.put("command", command);
        fields.put("result", result);
        return fields;
    }

    /// Does what a client commands.
    void run(Client client, Fields request, Ask ask) {
        String name = request.requiredText("command", "\"command\":\"get_status\"");
        var params = new Fields(name, request.object("params"));
        switch (name) {
            case "get_status" -> ask.reply(result(name, hub.status()));
            case "get_recent_events" -> recent(params, ask);
            case "list_clients" -> ask.reply(result(name, clients.told()));
            case "list_agents" -> ask.reply(result(name, agents.told()));
            case "list_commands" -> ask.reply(result(name, List.copyOf(known())));
            case "list_alerts" ->
                ask.reply(result(
                        name,
                        hub.alerts().rules().stream().map(AlertRule::toJson).toList()));
            case "set_alert", "remove_alert" -> changeAlerts(params, ask);
            case "pause_agent" -> {
                Agent agent = agents.of(params, name, "pause");
                control(client, agent, name, params, ask, () -> agent.paused = true);
            }
            case "resume_agent" -> {
                Agent agent = agents.of(params, name, "pause");
                control(client, agent, name, params, ask, () -> agent.paused = false);
            }
            case "set_speed" -> {
                Agent agent = agents.of(params, name, "speed");
                Object speed = speed(params);
                control(client, agent, name, params, ask, () -> agent.speed = speed);
            }
            default -> other(client, name, params, ask);
        }
    }

    /// Refuses names that a client may not handle.
    static void requireFree(String name) {
        if (OWN.contains(name) || name.isEmpty() || name.length() > LONGEST_NAME) {
            throw new HyperTokenException(
                    BAD_FIELD,
                    "register refused handles=" + Shown.value(name),
                    "it is one of the hub's own commands, empty, or longer than " + LONGEST_NAME + " characters",
                    "choose another name");
        }
    }

    private static Object speed(Fields params) {
        Object speed = params.raw("speed");
        if (!(speed instanceof Number number)
                || !Double.isFinite(number.doubleValue())
                || number.doubleValue() < 0
                || number.doubleValue() > 1e9) {
            throw params.refusal("speed", "a number of windows a second, 0 for as fast as it can");
        }
        return speed;
    }

    private void recent(Fields params, Ask ask) {
        Long count = params.integer("count", 1, MOST_RECENT);
        String type = params.text("type");
        Filter filter = new Filter(type == null ? Set.of() : Set.of(type), Set.of(), Set.of(), Set.of());
        hub.latest(filter, count == null ? 10 : count.intValue(), RECENT_BYTES, found -> {
            List<Object> events = new ArrayList<>();
            found.events().forEach(event -> events.add(new Frame(event, hub.epoch())));
            ask.reply(result("get_recent_events", events));
        });
    }

    /// Rules are kept in a file, so another thread changes them.
    private void changeAlerts(Fields params, Ask ask) {
        ask.later();
        hub.reader().execute(() -> {
            Map<String, @Nullable Object> fields;
            try {
                Object told;
                if (params.command().equals("set_alert")) {
                    told = hub.alerts().put(params.values()).toJson();
                } else {
                    String rule = params.requiredText("name", "\"name\":\"a rule's name\"");
                    hub.alerts().remove(rule);
                    told = rule;
                }
                fields = result(params.command(), told);
            } catch (HyperTokenException refused) {
                fields = Messages.refusal(refused);
            }
            Map<String, @Nullable Object> answer = fields;
            hub.thread().execute(() -> ask.reply(answer));
        });
    }

    private void control(Client from, Agent agent, String name, Fields params, Ask ask, Runnable done) {
        var message = new LinkedHashMap<String, @Nullable Object>();
        message.put("type", "control");
        message.put("command", name);
        message.put("agent_id", agent.id);
        message.put("params", params.values());
        message.put("from", from.id);
        calls.call(agent.owner, message, name, ask, result -> done.run());
    }

    private void other(Client client, String name, Fields params, Ask ask) {
        HubCommand command = installed().get(name);
        if (command != null) {
            run(command, params, ask);
            return;
        }
        Client handler = clients.handlerOf(name);
        if (handler == null) {
            throw new HyperTokenException(
                    UNKNOWN_COMMAND,
                    "there is no command " + Shown.value(name),
                    "neither the hub nor a client that is connected handles it",
                    DidYouMean.hint(Shown.shortened(name, LONGEST_NAME), known()));
        }
        var message = new LinkedHashMap<String, @Nullable Object>();
        message.put("type", "control");
        message.put("command", name);
        message.put("params", params.values());
        message.put("from", client.id);
        calls.call(handler, message, name, ask, result -> {});
    }

    /// Runs a jar's command on a thread of its own: it may be slow, or never return.
    private void run(HubCommand command, Fields params, Ask ask) {
        if (running >= MOST_RUNNING) {
            throw new HyperTokenException(
                    RATE_LIMITED,
                    command.name() + " was not run",
                    MOST_RUNNING + " commands of jars run already",
                    "wait for those, or mend them");
        }
        running++;
        ask.later();
        boolean[] over = new boolean[1]; // the hub thread's own
        Deadline deadline = hub.thread().after(hub.settings().answerMillis(), () -> {
            over[0] = true;
            ask.refuse(new HyperTokenException(
                    UNAVAILABLE,
                    command.name() + " has no result",
                    "it has run for " + hub.settings().answerMillis() / 1000.0 + " seconds",
                    "see what it is doing, then try again"));
        });
        Thread.ofPlatform().daemon().name("hypertoken-hub-command").start(() -> {
            Map<String, @Nullable Object> fields = outcome(command, params);
            hub.thread().execute(() -> {
                running--;
                deadline.cancel();
                if (!over[0]) {
                    ask.reply(fields);
                }
            });
        });
    }

    private Map<String, @Nullable Object> outcome(HubCommand command, Fields params) {
        try {
            Object result = command.run(params.values(), hub.view());
            return result(command.name(), PlainValue.of(result, PlainValue.MOST));
        } catch (HyperTokenException refused) {
            return Messages.refusal(refused);
        } catch (Throwable thrown) { // somebody's code
            LOG.warn("the command {} failed: {}", command.name(), Shown.trace(thrown));
            return Messages.refusal(new HyperTokenException(
                    UNAVAILABLE,
                    command.name() + " has no result",
                    "it threw " + Shown.failure(thrown),
                    "see the server's log"));
        }
    }

    private Map<String, HubCommand> installed() {
        Map<String, HubCommand> found = installed;
        if (found == null) {
            found = new TreeMap<>();
            for (ServiceLoader.Provider<HubCommand> provider :
                    ServiceLoader.load(HubCommand.class).stream().toList()) {
                try {
                    HubCommand command = provider.get();
                    found.put(command.name(), command);
                } catch (RuntimeException | LinkageError | ServiceConfigurationError broken) {
                    LOG.warn("a command of a jar cannot be used: {}", Shown.failure(broken));
                }
            }
            installed = found;
        }
        return found;
    }

    private Set<String> known() {
        var known = new TreeSet<>(OWN);
        known.addAll(installed().keySet());
        known.addAll(clients.handled());
        return known;
    }
}
