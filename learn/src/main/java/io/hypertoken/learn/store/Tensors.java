package io.hypertoken.learn.store;

import static io.hypertoken.ErrorCode.BAD_FIELD;

import io.hypertoken.HyperTokenException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/// Tensors by name, and texts about them, in the order in which they were put.
public final class Tensors {
    private final Map<String, Tensor> byName = new LinkedHashMap<>();
    private final Map<String, String> about = new TreeMap<>();

    /// Adds a tensor, or replaces the one of that name.
    public void put(String name, Tensor tensor) {
        byName.put(name, tensor);
    }

    /// Adds a text.
    public void tell(String name, String text) {
        about.put(name, text);
    }

    /// Whether there is a tensor of this name.
    public boolean has(String name) {
        return byName.containsKey(name);
    }

    /// The tensor of this name.
    ///
    /// @throws HyperTokenException `bad_field` if there is none
    public Tensor get(String name) {
        Tensor found = byName.get(name);
        if (found == null) {
            throw new HyperTokenException(
                    BAD_FIELD,
                    "a file of tensors has no " + name,
                    "it was written for something else, or by another version",
                    "use one that this version wrote for the same environment and network");
        }
        return found;
    }

    /// Copies the floats of a tensor into an array of their number.
    ///
    /// @throws HyperTokenException `bad_field` if there is no such tensor, or it has another size or type
    public void copy(String name, float[] into) {
        Tensor tensor = get(name);
        require(name, tensor, "F32", into.length);
        System.arraycopy(tensor.floats(), 0, into, 0, into.length);
    }

    /// Copies the doubles of a tensor into an array of their number.
    ///
    /// @throws HyperTokenException `bad_field` if there is no such tensor, or it has another size or type
    public void copy(String name, double[] into) {
        Tensor tensor = get(name);
        require(name, tensor, "F64", into.length);
        System.arraycopy(tensor.doubles(), 0, into, 0, into.length);
    }

    /// The integers of a tensor.
    ///
    /// @throws HyperTokenException `bad_field` if there is no such tensor, or it has another size or type
    public long[] longs(String name, int count) {
        Tensor tensor = get(name);
        require(name, tensor, "I64", count);
        return tensor.longs();
    }

    private static void require(String name, Tensor tensor, String dtype, int count) {
        long size = tensor.shape().stream().reduce(1L, (a, b) -> a * b);
        if (!tensor.dtype().equals(dtype) || size != count) {
            throw new HyperTokenException(
                    BAD_FIELD,
                    "tensor " + name + " is " + tensor,
                    count + " numbers of " + dtype + " are needed here",
                    "use a file that was written for the same environment and network");
        }
    }

    /// All tensors, in order.
    public Map<String, Tensor> all() {
        return Collections.unmodifiableMap(byName);
    }

    /// All texts, by name.
    public Map<String, String> about() {
        return Collections.unmodifiableMap(about);
    }
}
