package io.hypertoken.server.events;

import static io.hypertoken.ErrorCode.BAD_FIELD;

import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import io.hypertoken.json.Fields;
import io.hypertoken.server.events.store.EventKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Which events a client wants: those whose type, agent and item are each among the ones it names; where it names none,
/// any.
///
/// @param items by name, exactly as events tell it
/// @param itemIds the same by number
record Filter(Set<String> types, Set<String> agents, Set<String> items, Set<Long> itemIds) {
    /// Everything.
    static final Filter ALL = new Filter(Set.of(), Set.of(), Set.of(), Set.of());

    /// How many names of a kind there may be.
    static final int MOST = 1024;

    Filter {
        types = Set.copyOf(types);
        agents = Set.copyOf(agents);
        items = Set.copyOf(items);
        itemIds = Set.copyOf(itemIds);
    }

    boolean matches(EventKey key) {
        if (!types.isEmpty() && !types.contains(key.type())) {
            return false;
        }
        if (!agents.isEmpty() && (key.agent() == null || !agents.contains(key.agent()))) {
            return false;
        }
        return (items.isEmpty() && itemIds.isEmpty())
                || (key.item() != null && items.contains(key.item()))
                || (key.itemId() != EventKey.NO_ITEM && itemIds.contains(key.itemId()));
    }

    /// What a message subscribes to: nothing named is everything, a list names types, an object types, agents and
    /// items.
    static Filter of(Fields request, String name) {
        Object subscriptions = request.raw(name);
        return switch (subscriptions) {
            case null -> ALL;
            case List<?> types -> new Filter(Set.copyOf(texts(name, types)), Set.of(), Set.of(), Set.of());
            case Map<?, ?> named -> of(new Fields(name, request.object(name)));
            default -> throw request.refusal(name, "a list of types, or an object of types, agents and items");
        };
    }

    private static Filter of(Fields named) {
        return of(list(named, "types"), list(named, "agents"), list(named, "items"));
    }

    /// @param items names, or numbers, also where these are written as text
    static Filter of(List<?> types, List<?> agents, List<?> items) {
        var names = new HashSet<String>();
        var numbers = new HashSet<Long>();
        for (Object item : items) {
            switch (item) {
                case Long number -> numbers.add(number);
                case String text
                when text.matches("[0-9]{1,18}") -> {
                    numbers.add(Long.valueOf(text));
                    names.add(text);
                }
                case String text -> names.add(text);
                case null, default -> throw refusal("items", item, "a name or an item's number");
            }
        }
        return new Filter(Set.copyOf(texts("types", types)), Set.copyOf(texts("agents", agents)), names, numbers);
    }

    private static List<?> list(Fields named, String name) {
        Object value = named.raw(name);
        return switch (value) {
            case null -> List.of();
            case List<?> list when list.size() <= MOST -> list;
            case List<?> list -> throw refusal(name, list.size() + " names", "a list of at most " + MOST);
            default -> throw named.refusal(name, "a list");
        };
    }

    private static Set<String> texts(String name, List<?> list) {
        if (list.size() > MOST) {
            throw refusal(name, list.size() + " names", "a list of at most " + MOST);
        }
        var texts = new HashSet<String>();
        for (Object each : list) {
            if (!(each instanceof String text)) {
                throw refusal(name, each, "a list of strings");
            }
            texts.add(text);
        }
        return texts;
    }

    private static HyperTokenException refusal(String name, @Nullable Object value, String expected) {
        return new HyperTokenException(
                BAD_FIELD,
                "refused " + Shown.value(value) + " in " + name,
                name + " must be " + expected,
                "send that, or leave it out to hear of all");
    }

    /// What a reply tells of it: the list of types, or an object where more is named.
    Object told() {
        var sorted = new ArrayList<Object>(new TreeSet<>(types));
        if (agents.isEmpty() && items.isEmpty() && itemIds.isEmpty()) {
            return sorted;
        }
        var all = new LinkedHashMap<String, Object>();
        all.put("types", sorted);
        all.put("agents", new ArrayList<>(new TreeSet<>(agents)));
        var both = new ArrayList<Object>(new TreeSet<>(items));
        itemIds.stream()
                .sorted()
                .filter(number -> !items.contains(number.toString()))
                .forEach(both::add);
        all.put("items", both);
        return all;
    }
}
