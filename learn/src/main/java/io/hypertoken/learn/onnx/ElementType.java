package io.hypertoken.learn.onnx;

import io.hypertoken.space.DType;

/// The numbers of `TensorProto.DataType` in onnx.proto for the element types that graphs of ours use.
final class ElementType {
    static final int FLOAT = 1;
    static final int INT64 = 7;
    static final int BOOL = 9;

    private ElementType() {}

    static int of(DType dtype) {
        return switch (dtype) {
            case FLOAT32 -> FLOAT;
            case UINT8 -> 2;
            case INT8 -> 3;
            case UINT16 -> 4;
            case INT16 -> 5;
            case INT32 -> 6;
            case INT64 -> INT64;
            case FLOAT64 -> 11;
        };
    }
}
