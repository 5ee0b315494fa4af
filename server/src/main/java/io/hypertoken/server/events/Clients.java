package io.hypertoken.server.events;

import static io.hypertoken.ErrorCode.MISSING_FIELD;
import static io.hypertoken.ErrorCode.RATE_LIMITED;
import static io.hypertoken.ErrorCode.UNKNOWN_COMMAND;

import io.hypertoken.DidYouMean;
import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import io.hypertoken.json.Fields;
import io.hypertoken.server.events.Position.Start;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The WebSocket clients, and what they ask but for publishing. The hub thread's own.
///
/* Who has registered is sent events. Before that nothing but replies is sent, so that a program which asks and reads in
turns is not disturbed; only a client that has said nothing at all for a second is sent everything, as it was by hubs
that broadcast to whoever is connected.

A client that registers without an `id` cannot tell a reply from an event but by what it reads next. So it is given no
event until it has asked nothing for a moment, or a second has passed: what happens meanwhile waits in the log. */
final class Clients {
    private static final long MOST_HELD_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int LONGEST_NAME = 128;
    private static final int MOST_HANDLES = 64;
    private static final int LEAST_QUEUE = 16;
    private static final int MOST_QUEUE = 1 << 20;
    private static final int MOST_EARLIER = 64;
    private static final List<String> ACTIONS = List.of("register", "subscribe", "command", "publish", "answer");

    private final Hub hub;
    private final FanOut fanOut;
    private final Agents agents;
    private final Calls calls;
    private final Commands commands;
    private final Set<Client> all = new LinkedHashSet<>();
    private final Set<EventStream> streams = new LinkedHashSet<>();
    private final Map<String, Client> handlers = new LinkedHashMap<>();

    Clients(Hub hub, FanOut fanOut, Agents agents, Calls calls) {
        this.hub = hub;
        this.fanOut = fanOut;
        this.agents = agents;
        this.calls = calls;
        this.commands = new Commands(hub, agents, calls, this);
    }

    void arrived(Client client) {
        all.add(client);
        tellCount();
        client.silence = hub.thread().after(hub.settings().silenceMillis(), () -> begin(client, Filter.ALL));
    }

    void left(Client client) {
        client.gone = true;
        all.remove(client);
        cancelTimes(client);
        handlers.values().removeIf(handler -> handler == client);
        agents.left(client);
        calls.left(client);
        if (client.feed != null) {
            fanOut.remove(client.feed);
        }
        tellCount();
    }

    void opened(EventStream stream) {
        streams.add(stream);
        tellCount();
    }

    void ended(EventStream stream) {
        streams.remove(stream);
        tellCount();
    }

    int count() {
        return all.size() + streams.size();
    }

    private void tellCount() {
        hub.metrics().clients(count());
        hub.listeners(streams.size()
                + (int) all.stream().filter(client -> client.feed != null).count());
    }

    /// A client has sent something, whatever it is.
    void heard(Client client) {
        if (client.silence != null) {
            client.silence.cancel();
            client.silence = null;
        }
        if (client.feed != null && client.feed.held) {
            hold(client, client.feed);
        }
    }

    /// Answers a request.
    ///
    /// @param action as the message names it
    void obey(Client client, String action, Map<String, @Nullable Object> message, Ask ask) {
        heard(client);
        try {
            var request = new Fields(action, message);
            switch (action) {
                case "register" -> register(client, request, ask);
                case "subscribe" -> subscribe(client, request, ask);
                case "command" -> commands.run(client, request, ask);
                case "answer" -> {
                    calls.answer(client, request);
                    if (ask.id() == null) {
                        ask.beSilent();
                    } else {
                        ask.reply(Map.of("status", "answered"));
                    }
                }
                default -> throw unknown(action);
            }
        } catch (HyperTokenException refused) {
            ask.refuse(refused);
        }
    }

    /// What to tell a message that says neither what to do nor what happened.
    static HyperTokenException nothingAsked() {
        return new HyperTokenException(
                MISSING_FIELD,
                "a message has neither action nor type",
                "action says what to do; type and data publish an event",
                "send one such as {\"action\":\"register\",\"client_id\":\"me\"}");
    }

    private static HyperTokenException unknown(String action) {
        return new HyperTokenException(
                UNKNOWN_COMMAND,
                "there is no action " + Shown.value(action),
                "this hub does what it is asked by one of its actions",
                DidYouMean.hint(Shown.shortened(action, 64), ACTIONS));
    }

    private void register(Client client, Fields request, Ask ask) {
        if (ask.id() == null && request.values().equals(client.registration)) {
            ask.beSilent();
            return;
        }
        String id = name(request, "client_id");
        String type = name(request, "client_type");
        Filter filter = Filter.of(request, "subscriptions");
        SlowPolicy policy = request.choice("slow", SlowPolicy.class);
        Long queue = request.integer("queue", LEAST_QUEUE, MOST_QUEUE);
        Position position = Position.of(request);
        Set<String> handles = handles(request);
        Map<String, Set<String>> run = Agents.of(request);
        hub.start(position, filter, start -> {
            if (client.gone) {
                return;
            }
            client.registration = request.values();
            if (id != null) {
                client.id = id;
            }
            client.type = type == null ? "" : type;
            client.handles = handles;
            handlers.values().removeIf(handler -> handler == client);
            handles.forEach(name -> handlers.put(name, client));
            agents.register(client, run);
            var fields = new LinkedHashMap<String, @Nullable Object>();
            fields.put("status", "registered");
            fields.put("client_id", client.id);
            tell(filter, position, start, fields);
            ask.reply(fields);
            if (client.feed != null && !position.looksBack()) {
                fanOut.refilter(client.feed, filter);
            } else {
                follow(client, filter, start, ask.id() == null && !position.looksBack());
            }
            change(client.feed, policy, queue);
        });
    }

    private void subscribe(Client client, Fields request, Ask ask) {
        Filter filter = Filter.of(request, "subscriptions");
        Position position = Position.of(request);
        Subscriber feed = client.feed;
        if (feed != null && feed.earlier.size() >= MOST_EARLIER) {
            throw new HyperTokenException(
                    RATE_LIMITED,
                    "subscribe was refused",
                    "events that wait for this client carry " + MOST_EARLIER + " subscriptions already",
                    "read them first");
        }
        hub.start(position, filter, start -> {
            if (client.gone) {
                return;
            }
            var fields = new LinkedHashMap<String, @Nullable Object>();
            fields.put("status", "subscribed");
            tell(filter, position, start, fields);
            if (client.feed == null || position.looksBack()) {
                ask.reply(fields);
                follow(client, filter, start, false);
            } else {
                fanOut.refilter(client.feed, filter);
                ask.reply(fields);
            }
        });
    }

    private void tell(Filter filter, Position position, Start start, Map<String, @Nullable Object> fields) {
        fields.put("subscriptions", filter.told());
        if (position.looksBack()) {
            Position.tell(start, hub.store(), fields);
        }
    }

    /// A client that has said nothing is sent everything.
    private void begin(Client client, Filter filter) {
        client.silence = null;
        if (!client.gone && client.feed == null) {
            follow(client, filter, new Start(hub.seq() + 1, true), false);
        }
    }

    /// Sends a client events from a place on, in place of what it was sent.
    private void follow(Client client, Filter filter, Start start, boolean held) {
        Subscriber former = client.feed;
        if (former != null) {
            fanOut.remove(former);
        }
        var feed = new Subscriber(
                client.connection,
                Form.WEBSOCKET,
                filter,
                former == null ? SlowPolicy.DROP : former.policy,
                former == null ? hub.settings().queueEvents() : former.limit,
                start.next(),
                client.connection::close);
        client.feed = feed;
        feed.held = held;
        if (held) {
            client.heldSinceNanos = System.nanoTime();
            hold(client, feed);
        }
        fanOut.add(feed);
        tellCount();
    }

    /// Gives a client events once it has asked nothing for a moment.
    private void hold(Client client, Subscriber feed) {
        if (client.quiet != null) {
            client.quiet.cancel();
        }
        long left = client.heldSinceNanos + MOST_HELD_NANOS - System.nanoTime();
        long millis = Math.clamp(
                TimeUnit.NANOSECONDS.toMillis(left), 0, hub.settings().quietMillis());
        client.quiet = hub.thread().after(millis, () -> {
            client.quiet = null;
            fanOut.release(feed);
        });
    }

    private static void cancelTimes(Client client) {
        if (client.silence != null) {
            client.silence.cancel();
        }
        if (client.quiet != null) {
            client.quiet.cancel();
        }
    }

    private static void change(@Nullable Subscriber feed, @Nullable SlowPolicy policy, @Nullable Long queue) {
        if (feed != null && policy != null) {
            feed.policy = policy;
        }
        if (feed != null && queue != null) {
            feed.limit = queue.intValue();
        }
    }

    private static @Nullable String name(Fields request, String field) {
        String name = request.text(field);
        if (name != null && (name.isEmpty() || name.length() > LONGEST_NAME)) {
            throw request.refusal(field, "a name of 1 to " + LONGEST_NAME + " characters");
        }
        return name;
    }

    private static Set<String> handles(Fields request) {
        Object value = request.raw("handles");
        if (value == null) {
            return Set.of();
        }
        if (!(value instanceof List<?> list) || list.size() > MOST_HANDLES) {
            throw request.refusal("handles", "a list of at most " + MOST_HANDLES + " names of commands");
        }
        var names = new TreeSet<String>();
        for (Object each : list) {
            if (!(each instanceof String name)) {
                throw request.refusal("handles", "a list of names of commands");
            }
            Commands.requireFree(name);
            names.add(name);
        }
        return names;
    }

    @Nullable
    Client handlerOf(String command) {
        return handlers.get(command);
    }

    Set<String> handled() {
        return handlers.keySet();
    }

    /// What `list_clients` tells.
    List<Object> told() {
        var told = new ArrayList<Object>();
        all.forEach(client -> told.add(client.told()));
        streams.forEach(stream -> told.add(stream.told()));
        return told;
    }
}
