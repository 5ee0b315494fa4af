package io.hypertoken.server.events.schema;

import static io.hypertoken.ErrorCode.BAD_FIELD;
import static io.hypertoken.ErrorCode.MISSING_FIELD;

import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A type of event that HyperToken knows.
public final class EventType {
    private final String name;
    private final String description;
    private final Map<String, EventField> fields;
    private final List<String> required;
    /// One of these must be there, too; empty: it has no such rule.
    private final List<String> anyOf;

    private final List<Derivation> derivations;

    EventType(String name, String description, List<EventField> fields, List<String> anyOf) {
        this.name = name;
        this.description = description;
        this.fields = new LinkedHashMap<>();
        fields.forEach(field -> this.fields.put(field.name(), field));
        this.required = fields.stream()
                .filter(EventField::required)
                .map(EventField::name)
                .toList();
        this.anyOf = anyOf;
        this.derivations = fields.stream()
                .filter(field -> field.derivedAs() != null)
                .map(field -> Derivation.of(field.name(), String.valueOf(field.derivedAs())))
                .toList();
    }

    public String name() {
        return name;
    }

    /// What has happened, in a sentence.
    public String description() {
        return description;
    }

    /// What its data may hold, in the order of the schema; further fields pass as they are.
    public List<EventField> fields() {
        return List.copyOf(fields.values());
    }

    List<Derivation> derivations() {
        return derivations;
    }

    /// @throws HyperTokenException `missing_field` or `bad_field`, which name the field
    void check(Map<String, ? extends @Nullable Object> data) {
        for (Map.Entry<String, ? extends @Nullable Object> each : data.entrySet()) {
            EventField field = fields.get(each.getKey());
            if (field != null && !field.check().passes(each.getValue())) {
                throw new HyperTokenException(
                        BAD_FIELD,
                        "refused the event " + name + " with data." + field.name() + "=" + Shown.value(each.getValue()),
                        field.name() + " must be " + field.rule(),
                        field.required() ? "send that" : "send that, or leave it out");
            }
        }
        for (int k = 0; k < required.size(); k++) {
            if (data.get(required.get(k)) == null) {
                throw missing(required.get(k));
            }
        }
        if (!anyOf.isEmpty() && !hasAnyOf(data)) {
            throw missing(String.join(" or ", anyOf));
        }
    }

    private boolean hasAnyOf(Map<String, ? extends @Nullable Object> data) {
        for (int k = 0; k < anyOf.size(); k++) {
            if (data.get(anyOf.get(k)) != null) {
                return true;
            }
        }
        return false;
    }

    private HyperTokenException missing(String field) {
        return new HyperTokenException(
                MISSING_FIELD,
                "refused the event " + name + " without data." + field,
                "it says nothing without it",
                "add " + field + " to its data");
    }
}
