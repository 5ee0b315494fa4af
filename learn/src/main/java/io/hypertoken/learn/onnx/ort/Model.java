package io.hypertoken.learn.onnx.ort;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.hypertoken.learn.onnx.OnnxModel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// One loaded file: a session, and the tensors that stand before its inputs.
final class Model implements OnnxModel {
    private final OrtEnvironment environment;
    private final OrtSession session;
    private final Map<String, OnnxTensor> given = new HashMap<>();
    private final List<Value> inputs;
    private final List<Value> outputs;

    Model(OrtEnvironment environment, OrtSession session) throws OrtException {
        this.environment = environment;
        this.session = session;
        inputs = values(session.getInputInfo().values());
        outputs = values(session.getOutputInfo().values());
    }

    private static List<Value> values(Collection<NodeInfo> infos) {
        return infos.stream().map(Model::value).toList();
    }

    private static Value value(NodeInfo info) {
        if (!(info.getInfo() instanceof TensorInfo tensor)) {
            return new Value(info.getName(), "no tensor", List.of());
        }
        return new Value(
                info.getName(),
                name(tensor),
                Arrays.stream(tensor.getShape()).boxed().toList());
    }

    /// numpy's name of an element type.
    private static String name(TensorInfo tensor) {
        return switch (tensor.onnxType) {
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT -> "float32";
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_DOUBLE -> "float64";
            default ->
                tensor.onnxType
                        .name()
                        .replace("ONNX_TENSOR_ELEMENT_DATA_TYPE_", "")
                        .toLowerCase(Locale.ROOT);
        };
    }

    @Override
    public List<Value> inputs() {
        return inputs;
    }

    @Override
    public List<Value> outputs() {
        return outputs;
    }

    @Override
    public ByteBuffer input(Value input, List<Long> shape) {
        long count = shape.stream().reduce(1L, Math::multiplyExact);
        try {
            OnnxJavaType type = type(input);
            // Tensors of direct buffers are these buffers: what is written there later is what it sees.
            ByteBuffer memory = ByteBuffer.allocateDirect(Math.toIntExact(Math.multiplyExact(count, (long) type.size)))
                    .order(ByteOrder.nativeOrder());
            long[] dimensions = shape.stream().mapToLong(Long::longValue).toArray();
            given.put(input.name(), OnnxTensor.createTensor(environment, memory, dimensions, type));
            return memory;
        } catch (OrtException e) {
            throw Runtime.refusal("an ONNX policy cannot be given " + input, e);
        }
    }

    private OnnxJavaType type(Value input) throws OrtException {
        NodeInfo info = session.getInputInfo().get(input.name());
        if (info == null || !(info.getInfo() instanceof TensorInfo tensor)) {
            throw new IllegalStateException(input + " is no input");
        }
        return tensor.type;
    }

    @Override
    public ByteBuffer run(String output) {
        try (OrtSession.Result result = session.run(given, Set.of(output))) {
            return ((OnnxTensor) result.get(0)).getByteBuffer().order(ByteOrder.nativeOrder());
        } catch (OrtException e) {
            throw Runtime.refusal("an ONNX policy failed", e);
        }
    }

    @Override
    public void close() {
        given.values().forEach(OnnxTensor::close);
        given.clear();
        try {
            session.close();
        } catch (OrtException e) {
            throw Runtime.refusal("an ONNX policy did not close", e);
        }
    }
}
