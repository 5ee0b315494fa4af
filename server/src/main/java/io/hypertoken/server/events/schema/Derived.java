package io.hypertoken.server.events.schema;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The fields of one event that its producer left out and that follow from the others.
final class Derived {
    private static final @Nullable Object[] NONE = {};

    private final List<Derivation> derivations;
    private final @Nullable Object[] values;

    private Derived(List<Derivation> derivations) {
        this.derivations = derivations;
        this.values = derivations.isEmpty() ? NONE : new @Nullable Object[derivations.size()];
    }

    /// Derives in order, so that one may follow from another.
    static Derived of(List<Derivation> derivations, Map<String, ? extends @Nullable Object> data) {
        var derived = new Derived(derivations);
        for (int k = 0; k < derived.values.length; k++) {
            Derivation each = derivations.get(k);
            if (data.get(each.field()) == null) {
                derived.values[k] = each.from(data, derived);
            }
        }
        return derived;
    }

    int count() {
        return values.length;
    }

    String name(int k) {
        return derivations.get(k).field();
    }

    /// Null if it did not have to be derived, or could not be.
    @Nullable
    Object value(int k) {
        return values[k];
    }

    /// Whether a field is here, in place of the null that the producer may have sent.
    boolean has(String field) {
        for (int k = 0; k < values.length; k++) {
            if (values[k] != null && name(k).equals(field)) {
                return true;
            }
        }
        return false;
    }

    /// A field as it was sent or derived so far.
    @Nullable
    Object value(Map<String, ? extends @Nullable Object> data, String field) {
        Object sent = data.get(field);
        for (int k = 0; sent == null && k < values.length; k++) {
            sent = name(k).equals(field) ? values[k] : null;
        }
        return sent;
    }
}
