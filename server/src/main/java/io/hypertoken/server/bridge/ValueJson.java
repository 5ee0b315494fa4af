package io.hypertoken.server.bridge;

import io.hypertoken.engine.Batch;
import io.hypertoken.json.NumberJson;
import io.hypertoken.space.Box;
import io.hypertoken.space.DType;
import io.hypertoken.space.DictSpace;
import io.hypertoken.space.Discrete;
import io.hypertoken.space.Leaf;
import io.hypertoken.space.MultiBinary;
import io.hypertoken.space.MultiDiscrete;
import io.hypertoken.space.Space;
import io.hypertoken.space.TupleSpace;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import tools.jackson.core.JsonGenerator;

/// Writes what an agent sees, or has chosen, straight from the columns: nested arrays in the space's shape, a number
/// for Discrete, an
/// object for Dict, an array for Tuple.
final class ValueJson {
    private final Part root;

    private ValueJson(Space space, IntFunction<MemorySegment> columns) {
        this.root = part(
                space,
                IntStream.range(0, space.leaves().size()).mapToObj(columns).iterator());
    }

    /// For the observation columns of a batch.
    static ValueJson observations(Space space, Batch batch) {
        return new ValueJson(space, batch::observation);
    }

    /// For the action columns of a batch.
    static ValueJson actions(Space space, Batch batch) {
        return new ValueJson(space, batch::action);
    }

    /// Writes the value in cell `row * agents + agent`.
    void write(JsonGenerator out, long cell) {
        write(out, root, cell);
    }

    private sealed interface Part {}

    /// @param stride bytes from one cell to the next
    private record Tensor(DType dtype, int[] shape, MemorySegment column, long stride) implements Part {}

    private record Named(List<String> names, List<Part> parts) implements Part {}

    private record Listed(List<Part> parts) implements Part {}

    private static Part part(Space space, Iterator<MemorySegment> columns) {
        return switch (space) {
            case DictSpace dict ->
                new Named(
                        List.copyOf(dict.spaces().keySet()),
                        parts(new ArrayList<>(dict.spaces().values()), columns));
            case TupleSpace tuple -> new Listed(parts(tuple.spaces(), columns));
            case Box box -> tensor(box, columns.next());
            case Discrete discrete -> tensor(discrete, columns.next());
            case MultiDiscrete multi -> tensor(multi, columns.next());
            case MultiBinary binary -> tensor(binary, columns.next());
        };
    }

    private static List<Part> parts(List<Space> spaces, Iterator<MemorySegment> columns) {
        return spaces.stream().map(space -> part(space, columns)).toList();
    }

    private static Tensor tensor(Space space, MemorySegment column) {
        Leaf leaf = space.leaves().getFirst();
        int[] shape = leaf.shape().stream().mapToInt(Integer::intValue).toArray();
        return new Tensor(leaf.dtype(), shape, column, leaf.bytes());
    }

    private static void write(JsonGenerator out, Part part, long cell) {
        switch (part) {
            case Tensor tensor -> writeTensor(out, tensor, cell * tensor.stride, 0);
            case Named(List<String> names, List<Part> parts) -> {
                out.writeStartObject();
                for (int k = 0; k < parts.size(); k++) {
                    out.writeName(names.get(k));
                    write(out, parts.get(k), cell);
                }
                out.writeEndObject();
            }
            case Listed(List<Part> parts) -> {
                out.writeStartArray();
                for (Part each : parts) {
                    write(out, each, cell);
                }
                out.writeEndArray();
            }
        }
    }

    /// Writes the elements of one dimension and those within.
    ///
    /// @return where the next element lies
    private static long writeTensor(JsonGenerator out, Tensor tensor, long at, int dimension) {
        if (dimension == tensor.shape.length) {
            writeElement(out, tensor.dtype, tensor.column, at);
            return at + tensor.dtype.bytes();
        }
        long next = at;
        out.writeStartArray();
        for (int k = 0; k < tensor.shape[dimension]; k++) {
            next = writeTensor(out, tensor, next, dimension + 1);
        }
        out.writeEndArray();
        return next;
    }

    private static void writeElement(JsonGenerator out, DType dtype, MemorySegment column, long at) {
        switch (dtype) {
            case FLOAT32 -> NumberJson.write(out, column.get(ValueLayout.JAVA_FLOAT_UNALIGNED, at));
            case FLOAT64 -> NumberJson.write(out, column.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, at));
            case INT64 -> out.writeNumber(column.get(ValueLayout.JAVA_LONG_UNALIGNED, at));
            case INT32 -> out.writeNumber(column.get(ValueLayout.JAVA_INT_UNALIGNED, at));
            case INT16 -> out.writeNumber(column.get(ValueLayout.JAVA_SHORT_UNALIGNED, at));
            case UINT16 -> out.writeNumber(column.get(ValueLayout.JAVA_SHORT_UNALIGNED, at) & 0xFFFF);
            case INT8 -> out.writeNumber(column.get(ValueLayout.JAVA_BYTE, at));
            case UINT8 -> out.writeNumber(column.get(ValueLayout.JAVA_BYTE, at) & 0xFF);
        }
    }
}
