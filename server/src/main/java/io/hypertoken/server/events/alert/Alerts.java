package io.hypertoken.server.events.alert;

import static io.hypertoken.ErrorCode.BAD_FIELD;
import static io.hypertoken.ErrorCode.TOO_LARGE;

import io.hypertoken.DidYouMean;
import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import io.hypertoken.event.Event;
import io.hypertoken.json.JsonMessage;
import io.hypertoken.server.events.store.EventKey;
import io.hypertoken.server.events.store.LoggedEvent;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A hub's alert rules at work.
///
/// It is told of everything stored, by one thread, as a store tells its follower; what it does about it never waits.
/// Rules may be changed on any thread, and hold from the next batch of events on.
public final class Alerts implements Consumer<List<LoggedEvent>>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Alerts.class);
    private static final int MOST_RULES = 1000;
    private static final String TYPE = "alert";
    private static final double MILLIS = 1000;
    /// Of an event that an alert carries with it; a larger one it only names.
    private static final int LARGEST_CARRIED = 32 << 10;

    private static final long WEBHOOK_PAUSE_MILLIS = 1000;
    private static final long COMMAND_MILLIS = 10_000;

    private final AlertSettings settings;
    private final Consumer<Event> emit;
    private final InstantSource clock;
    private final RuleFile file;
    private final AlertCounts counts = new AlertCounts();
    private final Webhooks webhooks;
    private final CommandLines commands;
    /// Replaced as a whole.
    private volatile Map<String, Watch> watches;

    private Alerts(
            AlertSettings settings, Consumer<Event> emit, InstantSource clock, long pauseMillis, long commandMillis) {
        this.settings = settings;
        this.emit = emit;
        this.clock = clock;
        this.file = new RuleFile(settings);
        this.webhooks = new Webhooks(counts, pauseMillis);
        this.commands = new CommandLines(counts, commandMillis);
        var read = new LinkedHashMap<String, Watch>();
        file.read().forEach((name, rule) -> read.put(name, new Watch(rule)));
        this.watches = read;
    }

    /// Begins with the rules of the settings' file.
    ///
    /// @param emit publishes an alert; called by the thread that tells of events, so it may only queue it
    /// @throws HyperTokenException `bad_option`: the file holds something else than allowed rules
    public static Alerts open(AlertSettings settings, Consumer<Event> emit) {
        return open(settings, emit, InstantSource.system(), WEBHOOK_PAUSE_MILLIS, COMMAND_MILLIS);
    }

    static Alerts open(
            AlertSettings settings, Consumer<Event> emit, InstantSource clock, long pauseMillis, long commandMillis) {
        return new Alerts(settings, emit, clock, pauseMillis, commandMillis);
    }

    /// What became of the alerts so far.
    public AlertCounts counts() {
        return counts;
    }

    /// The rules, oldest first.
    public List<AlertRule> rules() {
        return watches.values().stream().map(Watch::rule).toList();
    }

    /// Adds a rule, or replaces the one of its name, and keeps it in the file.
    ///
    /// @throws HyperTokenException `missing_field`, `bad_field`, `too_large` or `unavailable`: nothing has changed
    public synchronized AlertRule put(Map<String, @Nullable Object> json) {
        AlertRule rule = RuleReader.read(json, settings);
        var changed = new LinkedHashMap<>(watches);
        changed.put(rule.name(), new Watch(rule));
        if (changed.size() > MOST_RULES) {
            throw new HyperTokenException(
                    TOO_LARGE,
                    "refused the alert rule " + Shown.value(rule.name()),
                    "there are " + MOST_RULES + " already",
                    "remove one of them");
        }
        change(changed);
        return rule;
    }

    /// Removes a rule, from the file too.
    ///
    /// @throws HyperTokenException `bad_field`: there is none of that name; `unavailable`: nothing has changed
    public synchronized void remove(String name) {
        var changed = new LinkedHashMap<>(watches);
        if (changed.remove(name) == null) {
            throw new HyperTokenException(
                    BAD_FIELD,
                    "there is no alert rule " + Shown.value(name),
                    "rules are known by their names",
                    watches.isEmpty() ? "add one first" : DidYouMean.hint(name, watches.keySet()));
        }
        change(changed);
    }

    private void change(Map<String, Watch> changed) {
        file.write(changed.values().stream().map(Watch::rule).toList());
        watches = changed;
    }

    @Override
    public void accept(List<LoggedEvent> events) {
        Map<String, Watch> now = watches;
        if (now.isEmpty()) {
            return;
        }
        long millis = clock.millis();
        for (LoggedEvent event : events) {
            if (event.key().type().equals(TYPE)) {
                continue; // no alert about alerts
            }
            for (Watch watch : now.values()) {
                Watch.Found found = watch.look(event, millis);
                if (found != null) {
                    raise(found, millis);
                }
            }
        }
    }

    private void raise(Watch.Found found, long millis) {
        counts.raised.increment();
        try {
            Map<String, @Nullable Object> facts = facts(found);
            AlertRule rule = found.rule();
            if (rule.emits()) {
                emit.accept(event(facts));
            }
            if (rule.webhook() == null && rule.command().isEmpty()) {
                return;
            }
            var told = new LinkedHashMap<String, @Nullable Object>();
            told.put("type", TYPE);
            told.put("data", facts);
            told.put("timestamp", millis / MILLIS);
            byte[] json = RuleFile.json(told);
            if (rule.webhook() != null) {
                webhooks.post(rule.webhook(), json);
            }
            if (!rule.command().isEmpty()) {
                commands.start(rule.command(), json);
            }
        } catch (RuntimeException e) {
            LOG.error("the alert {} was not told", found.rule().name(), e);
        }
    }

    @SuppressWarnings("NullAway") // the facts may hold null, which it does not see in a class of another module
    private static Event event(Map<String, @Nullable Object> facts) {
        return new Event(TYPE, facts);
    }

    private static Map<String, @Nullable Object> facts(Watch.Found found) {
        AlertRule rule = found.rule();
        LoggedEvent event = found.event();
        EventKey key = event.key();
        AlertRule.Condition condition = rule.condition();
        var facts = new LinkedHashMap<String, @Nullable Object>();
        facts.put("rule", rule.name());
        facts.put("message", message(found));
        put(facts, "agent_id", key.agent());
        put(facts, "item", key.item());
        put(facts, "item_id", key.itemId() == EventKey.NO_ITEM ? null : key.itemId());
        if (condition != null) {
            facts.put("field", condition.field());
            facts.put("op", condition.sign());
            facts.put("value", found.value());
            facts.put("threshold", condition.value());
        }
        facts.put("event_type", key.type());
        facts.put("event_seq", event.seq());
        if (event.json().length <= LARGEST_CARRIED) {
            facts.put("event", JsonMessage.read(event.json()));
        }
        return facts;
    }

    private static String message(Watch.Found found) {
        AlertRule rule = found.rule();
        if (rule.message() != null) {
            return rule.message();
        }
        EventKey key = found.event().key();
        var message = new StringBuilder(key.type());
        String about = key.item() != null ? key.item() : key.agent();
        if (about != null) {
            message.append(" of ").append(about);
        }
        AlertRule.Condition condition = rule.condition();
        if (condition != null) {
            message.append(": ")
                    .append(condition.field())
                    .append(' ')
                    .append(found.value())
                    .append(' ')
                    .append(condition.sign())
                    .append(' ')
                    .append(condition.value());
        }
        return message.toString();
    }

    private static void put(Map<String, @Nullable Object> facts, String name, @Nullable Object value) {
        if (value != null) {
            facts.put(name, value);
        }
    }

    /// Gives up webhooks and ends command lines that are under way.
    @Override
    public void close() {
        webhooks.close();
        commands.close();
    }
}
