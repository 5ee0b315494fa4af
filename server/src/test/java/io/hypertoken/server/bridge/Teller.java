package io.hypertoken.server.bridge;

import static io.hypertoken.space.Spaces.discrete;

import io.hypertoken.env.Environment;
import io.hypertoken.env.MaskMeaning;
import io.hypertoken.env.Spec;
import io.hypertoken.env.Step;
import io.hypertoken.env.View;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Counts its steps, and tells infos that no JSON can hold.
public final class Teller implements Environment {
    public static final Spec SPEC = Spec.of("teller", 1)
            .observes(discrete(1 << 20))
            .acts("cyclic", "deep", "speechless", "keys", "nan", "huge", "endless", "half", "fine")
            .masks(MaskMeaning.NONE)
            .creates(options -> new Teller());

    private int steps;

    @Override
    public void reset(Step step) {
        steps = 0;
    }

    @Override
    public void step(Step step) {
        steps++;
        step.info("told", told(step.action()));
    }

    @Override
    public void observe(int agent, View view) {
        view.set(steps);
    }

    private static Object told(int action) {
        return switch (action) {
            case 0 -> {
                var self = new ArrayList<Object>();
                self.add(self);
                yield self;
            }
            case 1 -> {
                Object deep = 1;
                for (int k = 0; k < 100_000; k++) {
                    deep = List.of(deep);
                }
                yield deep;
            }
            case 2 ->
                new Object() {
                    @Override
                    public String toString() {
                        throw new UnsupportedOperationException("no words");
                    }
                };
            case 3 -> {
                var keys = new HashMap<Object, Object>();
                keys.put(null, 1);
                keys.put(7, 2);
                yield keys;
            }
            case 4 -> List.of(Double.NaN, Float.POSITIVE_INFINITY, new java.math.BigInteger("9".repeat(400)));
            case 5 -> "x".repeat(50_000_000);
            case 6 ->
                new AbstractList<Object>() {
                    @Override
                    public Object get(int index) {
                        return index;
                    }

                    @Override
                    public int size() {
                        return Integer.MAX_VALUE;
                    }
                };
            case 7 -> Map.of("half \uD800", "\uDC00 too");
            default -> "fine";
        };
    }
}
