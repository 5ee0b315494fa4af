package io.hypertoken.server.events.alert;

import io.hypertoken.server.events.store.EventKey;
import io.hypertoken.server.events.store.LoggedEvent;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One rule at work: what it has found when. For the thread that tells it of events.
final class Watch {
    /// Of how many agents and items it remembers when it was last found; the longest silent is forgotten first.
    private static final int REMEMBERED = 1024;

    /// What a rule has found.
    ///
    /// @param value what its field was; null if the rule has no condition
    record Found(
            AlertRule rule, LoggedEvent event, @Nullable Object value) {}

    private record Subject(@Nullable String agent, @Nullable String item, long itemId) {}

    private final AlertRule rule;
    private final @Nullable Comparison comparison;
    private final String[] path;
    private final Map<Subject, Long> silentUntil = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Subject, Long> eldest) {
            return size() > REMEMBERED;
        }
    };

    Watch(AlertRule rule) {
        this.rule = rule;
        AlertRule.Condition condition = rule.condition();
        this.comparison = condition == null ? null : Comparison.of(condition.sign());
        this.path = condition == null ? new String[0] : condition.field().split("\\.", -1);
    }

    AlertRule rule() {
        return rule;
    }

    /// What the rule finds in an event; null if nothing, or if it is to be silent.
    ///
    /// @param now in ms
    @Nullable
    Found look(LoggedEvent event, long now) {
        EventKey key = event.key();
        if (!rule.concerns(key)) {
            return null;
        }
        Object value = null;
        AlertRule.Condition condition = rule.condition();
        if (condition != null && comparison != null) {
            value = EventFields.value(event.json(), path);
            if (value == null || !comparison.holds(value, condition.value())) {
                return null;
            }
        }
        var subject = new Subject(key.agent(), key.item(), key.itemId());
        Long until = silentUntil.get(subject);
        if (until != null && now < until) {
            return null;
        }
        silentUntil.put(subject, now + rule.cooldown().toMillis());
        return new Found(rule, event, value);
    }
}
