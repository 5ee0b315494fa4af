package io.hypertoken.app;

import io.hypertoken.Shown;
import io.hypertoken.json.JsonMessage;
import io.hypertoken.json.NumberJson;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets a hub's clients pause the agents of a game and change its pace: it registers them, and answers each control.
///
/// On a thread of its own until it is closed, or the hub is.
final class Steering implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Steering.class);

    private final HubConversation hub;
    private final LivePlay play;

    private Steering(HubConversation hub, LivePlay play) {
        this.hub = hub;
        this.play = play;
    }

    /// Registers a game's agents with a hub.
    ///
    /// @param name of the client, as other clients see it
    static Steering of(LivePlay play, HubConversation hub, String name) {
        var steering = new Steering(hub, play);
        Map<String, @Nullable Object> message = new LinkedHashMap<>();
        message.put("action", "register");
        message.put("client_id", name);
        message.put("client_type", "run");
        message.put("subscriptions", List.of("control")); // no event has that type: it wants none
        message.put("agents", play.agents());
        message.put("controls", List.of("pause", "speed"));
        hub.send(written(message));
        Thread.ofPlatform().daemon().name("hypertoken-steering").start(steering::answer);
        return steering;
    }

    private void answer() {
        try {
            for (String text = hub.next(); text != null; text = hub.next()) {
                Map<String, @Nullable Object> message = JsonMessage.read(text.getBytes(StandardCharsets.UTF_8));
                if ("control".equals(message.get("type"))) {
                    hub.send(written(answer(message)));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException thrown) {
            LOG.warn("agents cannot be steered any more: {}", Shown.failure(thrown));
        }
    }

    private Map<String, @Nullable Object> answer(Map<String, @Nullable Object> control) {
        String agent = String.valueOf(control.get("agent_id"));
        Map<?, ?> params = control.get("params") instanceof Map<?, ?> given ? given : Map.of();
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put("action", "answer");
        answer.put("request", control.get("request"));
        switch (String.valueOf(control.get("command"))) {
            case "pause_agent" -> {
                play.pause(agent, true);
                answer.put("result", Map.of("agent_id", agent, "paused", true));
            }
            case "resume_agent" -> {
                play.pause(agent, false);
                answer.put("result", Map.of("agent_id", agent, "paused", false));
            }
            case "set_speed" -> {
                double speed = params.get("speed") instanceof Number number ? number.doubleValue() : 0;
                play.speed(speed);
                answer.put("result", Map.of("agent_id", agent, "speed", speed));
            }
            default -> answer.put("error", "this game knows pause_agent, resume_agent and set_speed");
        }
        return answer;
    }

    private static String written(Map<String, @Nullable Object> message) {
        return new String(NumberJson.bytes(message), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        hub.close();
    }
}
