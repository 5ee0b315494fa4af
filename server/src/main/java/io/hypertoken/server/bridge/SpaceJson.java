package io.hypertoken.server.bridge;

import io.hypertoken.space.Box;
import io.hypertoken.space.DictSpace;
import io.hypertoken.space.Discrete;
import io.hypertoken.space.MultiBinary;
import io.hypertoken.space.MultiDiscrete;
import io.hypertoken.space.Space;
import io.hypertoken.space.TupleSpace;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;

/// Writes spaces as the protocol draws them; an infinite bound is null.
final class SpaceJson {
    private SpaceJson() {}

    static void write(JsonGenerator out, Space space) {
        out.writeStartObject();
        switch (space) {
            case Box box -> writeBox(out, box);
            case Discrete(int n, int start) -> {
                out.writeStringProperty("type", "discrete");
                out.writeNumberProperty("n", n);
                out.writeNumberProperty("start", start);
                writeIntegers(out, "shape", List.of());
            }
            case MultiDiscrete(List<Integer> nvec) -> {
                out.writeStringProperty("type", "multi_discrete");
                writeIntegers(out, "nvec", nvec);
            }
            case MultiBinary(int n) -> {
                out.writeStringProperty("type", "multi_binary");
                out.writeNumberProperty("n", n);
            }
            case DictSpace(Map<String, Space> spaces) -> {
                out.writeStringProperty("type", "dict");
                out.writeObjectPropertyStart("spaces");
                spaces.forEach((name, part) -> {
                    out.writeName(name);
                    write(out, part);
                });
                out.writeEndObject();
            }
            case TupleSpace(List<Space> spaces) -> {
                out.writeStringProperty("type", "tuple");
                out.writeArrayPropertyStart("spaces");
                spaces.forEach(part -> write(out, part));
                out.writeEndArray();
            }
        }
        out.writeEndObject();
    }

    private static void writeBox(JsonGenerator out, Box box) {
        out.writeStringProperty("type", "box");
        writeIntegers(out, "shape", box.shape());
        out.writeName("low");
        new Bounds(out, box.shape(), box.low()).write(0);
        out.writeName("high");
        new Bounds(out, box.shape(), box.high()).write(0);
        out.writeStringProperty("dtype", box.dtype().numpyName());
    }

    static void writeIntegers(JsonGenerator out, String name, List<Integer> integers) {
        out.writeArrayPropertyStart(name);
        integers.forEach(out::writeNumber);
        out.writeEndArray();
    }

    /// Writes one bound of each element, nested as the shape is.
    private static final class Bounds {
        private final JsonGenerator out;
        private final List<Integer> shape;
        private final double[] bounds;
        private int next;

        Bounds(JsonGenerator out, List<Integer> shape, double[] bounds) {
            this.out = out;
            this.shape = shape;
            this.bounds = bounds;
        }

        void write(int dimension) {
            if (dimension == shape.size()) {
                double bound = bounds[next++];
                if (Double.isInfinite(bound)) {
                    out.writeNull();
                } else {
                    NumberJson.write(out, bound);
                }
                return;
            }
            out.writeStartArray();
            for (int k = 0; k < shape.get(dimension); k++) {
                write(dimension + 1);
            }
            out.writeEndArray();
        }
    }
}
