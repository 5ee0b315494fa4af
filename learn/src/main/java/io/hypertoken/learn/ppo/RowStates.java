package io.hypertoken.learn.ppo;

import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.learn.store.Tensor;
import io.hypertoken.learn.store.Tensors;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/// The states of a vector's rows among a checkpoint's tensors, where the environment can be saved.
final class RowStates {
    private static final String BYTES = "rows";
    private static final String LENGTHS = "rows.lengths";

    private RowStates() {}

    static void save(VectorEnvironment vector, Tensors into) {
        if (!vector.spec().savable()) {
            return;
        }
        var bytes = new ByteArrayOutputStream();
        long[] lengths = new long[vector.settings().rows()];
        for (int row = 0; row < lengths.length; row++) {
            byte[] state = vector.snapshot(row);
            bytes.writeBytes(state);
            lengths[row] = state.length;
        }
        into.put(LENGTHS, Tensor.of(lengths));
        into.put(BYTES, Tensor.of(bytes.toByteArray()));
    }

    /// @param seed of the first new row, where none were saved
    static void load(VectorEnvironment vector, Tensors from, long seed) {
        vector.reset(seed);
        if (!from.has(BYTES)) {
            return;
        }
        byte[] bytes = from.get(BYTES).bytes();
        long[] lengths = from.longs(LENGTHS, vector.settings().rows());
        int at = 0;
        for (int row = 0; row < lengths.length; row++) {
            vector.restore(row, Arrays.copyOfRange(bytes, at, at + (int) lengths[row]));
            at += (int) lengths[row];
        }
    }
}
