/// The only classes that name ONNX Runtime's, loaded together with them where they are there.
@NullMarked
package io.hypertoken.learn.onnx.ort;

import org.jspecify.annotations.NullMarked;
