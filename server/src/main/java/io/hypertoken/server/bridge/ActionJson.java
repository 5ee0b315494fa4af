package io.hypertoken.server.bridge;

import static io.hypertoken.ErrorCode.BAD_ACTION;

import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import io.hypertoken.engine.Batch;
import io.hypertoken.env.Spec;
import io.hypertoken.json.Fields;
import io.hypertoken.space.Box;
import io.hypertoken.space.DType;
import io.hypertoken.space.DictSpace;
import io.hypertoken.space.Discrete;
import io.hypertoken.space.Leaf;
import io.hypertoken.space.MultiBinary;
import io.hypertoken.space.MultiDiscrete;
import io.hypertoken.space.Space;
import io.hypertoken.space.TupleSpace;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes one agent's action from JSON into row 0 of a batch: the kind and shape are checked here, and whether it lies
/// in the space by the engine.
final class ActionJson {
    private final Spec spec;
    private final Batch batch;
    private final int agent;
    private final @Nullable Object action;
    private int leaf;

    private ActionJson(Spec spec, Batch batch, int agent, @Nullable Object action) {
        this.spec = spec;
        this.batch = batch;
        this.agent = agent;
        this.action = action;
    }

    /// @throws HyperTokenException `bad_action` if it has not the kind and shape of the agent's action space
    static void put(Spec spec, Batch batch, int agent, @Nullable Object action) {
        if (action instanceof Long choice
                && batch.signature().actionSpaces().get(agent) instanceof Discrete
                && choice == choice.intValue()) {
            batch.action(0, agent, choice);
            return;
        }
        new ActionJson(spec, batch, agent, action)
                .put(batch.signature().actionSpaces().get(agent), action);
    }

    private void put(Space space, @Nullable Object value) {
        switch (space) {
            case DictSpace(Map<String, Space> spaces) -> {
                if (!(value instanceof Map<?, ?> parts) || !parts.keySet().equals(spaces.keySet())) {
                    throw refusal("an object with " + String.join(", ", spaces.keySet()));
                }
                spaces.forEach((name, part) -> put(part, parts.get(name)));
            }
            case TupleSpace(List<Space> spaces) -> {
                if (!(value instanceof List<?> parts) || parts.size() != spaces.size()) {
                    throw refusal("an array of " + spaces.size() + " parts");
                }
                for (int k = 0; k < spaces.size(); k++) {
                    put(spaces.get(k), parts.get(k));
                }
            }
            case Box box -> putTensor(box, value);
            case Discrete discrete -> putTensor(discrete, value);
            case MultiDiscrete multi -> putTensor(multi, value);
            case MultiBinary binary -> putTensor(binary, value);
        }
    }

    private void putTensor(Space space, @Nullable Object value) {
        Leaf tensor = space.leaves().getFirst();
        putDimension(tensor, 0, 0, value);
        leaf++;
    }

    /// @param first the element that this dimension begins with
    /// @return the element behind it
    private int putDimension(Leaf tensor, int dimension, int first, @Nullable Object value) {
        if (dimension == tensor.shape().size()) {
            batch.action(0, agent, leaf, first, number(tensor.dtype(), value));
            return first + 1;
        }
        int length = tensor.shape().get(dimension);
        if (!(value instanceof List<?> elements) || elements.size() != length) {
            throw refusal("numbers in arrays of shape " + tensor.shape());
        }
        int next = first;
        for (Object element : elements) {
            next = putDimension(tensor, dimension + 1, next, element);
        }
        return next;
    }

    private double number(DType dtype, @Nullable Object value) {
        if (!(value instanceof Number number)) {
            throw refusal(dtype.floating() ? "a finite number" : "an integer");
        }
        double wide = number.doubleValue();
        if (!dtype.floating() && (wide != Math.rint(wide) || wide < low(dtype) || wide > high(dtype))) {
            throw refusal("an integer of the space");
        }
        return wide;
    }

    private static double low(DType dtype) {
        return switch (dtype) {
            case INT8 -> Byte.MIN_VALUE;
            case INT16 -> Short.MIN_VALUE;
            case INT32 -> Integer.MIN_VALUE;
            case INT64 -> -Fields.LARGEST_SEED;
            default -> 0;
        };
    }

    private static double high(DType dtype) {
        return switch (dtype) {
            case INT8 -> Byte.MAX_VALUE;
            case UINT8 -> 0xFF;
            case INT16 -> Short.MAX_VALUE;
            case UINT16 -> 0xFFFF;
            case INT32 -> Integer.MAX_VALUE;
            default -> Fields.LARGEST_SEED;
        };
    }

    private HyperTokenException refusal(String expected) {
        return new HyperTokenException(
                BAD_ACTION,
                spec.id() + " refused action " + Shown.value(action) + " of "
                        + batch.signature().agents().get(agent),
                "it is not in the action space "
                        + batch.signature().actionSpaces().get(agent),
                "send " + expected);
    }
}
