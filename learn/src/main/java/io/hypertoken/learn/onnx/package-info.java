/// Policies as ONNX graphs: written by hand, and run by ONNX Runtime where that is there.
@NullMarked
package io.hypertoken.learn.onnx;

import org.jspecify.annotations.NullMarked;
