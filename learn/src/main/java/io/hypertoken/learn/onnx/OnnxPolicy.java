package io.hypertoken.learn.onnx;

import io.hypertoken.env.Policy;
import io.hypertoken.env.Seat;
import io.hypertoken.space.DType;
import io.hypertoken.space.Leaf;
import io.hypertoken.space.Space;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// A graph that plays what its output `action` says. For one thread at a time.
///
/// Its session is closed when it is, or when nobody holds it any more: policies are often made where nobody can say
/// when they have played their last.
public final class OnnxPolicy implements Policy, AutoCloseable {
    private static final Cleaner FORGOTTEN = Cleaner.create();

    private final OnnxModel model;
    private final Cleaner.Cleanable session;
    private final List<Leaf> leaves;
    private final ByteBuffer[] seen;
    private final ByteBuffer mask;
    private final Leaf action;

    private OnnxPolicy(OnnxModel model, GraphCheck check) {
        this.model = model;
        session = FORGOTTEN.register(this, model::close);
        leaves = check.leaves();
        action = check.action();
        seen = leaves.stream()
                .map(leaf -> model.input(check.input(PolicyGraph.inputName(leaf)), one(leaf.shape())))
                .toArray(ByteBuffer[]::new);
        mask = check.masked() ? model.input(check.input(PolicyGraph.MASK), one(List.of(check.flags()))) : empty();
    }

    private static ByteBuffer empty() {
        return ByteBuffer.allocate(0);
    }

    private static List<Long> one(List<Integer> shape) {
        return Stream.concat(Stream.of(1L), shape.stream().map(Integer::longValue))
                .toList();
    }

    /// Loads a file.
    ///
    /// @throws io.hypertoken.HyperTokenException `unavailable` if it cannot be read, or there is no ONNX Runtime;
    /// `bad_field` if it is no such file, or does not fit the spaces
    public static OnnxPolicy open(Path file, Space observations, Space actions) {
        GraphCheck.requireReadable(file);
        OnnxModel model = OnnxRuntime.get().open(file);
        try {
            return new OnnxPolicy(model, new GraphCheck(file, model, observations, actions));
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    @Override
    public void act(Seat seat) {
        look(seat);
        ByteBuffer chosen = model.run(PolicyGraph.ACTION);
        for (int k = 0; k < action.size(); k++) {
            seat.choose(0, k, number(chosen, action.dtype(), k));
        }
    }

    /// Sees what a seat may see.
    void look(Seat seat) {
        for (int leaf = 0; leaf < seen.length; leaf++) {
            DType type = leaves.get(leaf).dtype();
            for (int k = 0; k < leaves.get(leaf).size(); k++) {
                write(seen[leaf], type, k, seat.seen(leaf, k));
            }
        }
        for (int k = 0; k < mask.capacity(); k++) {
            mask.put(k, (byte) (seat.allowed(k) ? 1 : 0));
        }
    }

    /// Whatever else it makes of what it looked at last.
    ByteBuffer output(String name) {
        return model.run(name);
    }

    private static void write(ByteBuffer into, DType type, int k, double value) {
        int at = k * type.bytes();
        switch (type) {
            case FLOAT32 -> into.putFloat(at, (float) value);
            case FLOAT64 -> into.putDouble(at, value);
            case INT64 -> into.putLong(at, (long) value);
            case INT32 -> into.putInt(at, (int) value);
            case INT16, UINT16 -> into.putShort(at, (short) value);
            case INT8, UINT8 -> into.put(at, (byte) value);
        }
    }

    private static double number(ByteBuffer from, DType type, int k) {
        int at = k * type.bytes();
        return switch (type) {
            case FLOAT32 -> from.getFloat(at);
            case FLOAT64 -> from.getDouble(at);
            case INT64 -> from.getLong(at);
            case INT32 -> from.getInt(at);
            case INT16 -> from.getShort(at);
            case UINT16 -> Short.toUnsignedInt(from.getShort(at));
            case INT8 -> from.get(at);
            case UINT8 -> Byte.toUnsignedInt(from.get(at));
        };
    }

    @Override
    public void close() {
        session.clean();
    }
}
