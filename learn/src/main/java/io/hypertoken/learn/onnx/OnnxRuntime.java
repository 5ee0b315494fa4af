package io.hypertoken.learn.onnx;

import java.nio.file.Path;

/// What loads ONNX files: ONNX Runtime, behind a class that is loaded together with it; see [RuntimeLoader].
public interface OnnxRuntime {
    /// Loads a file.
    ///
    /// @throws io.hypertoken.HyperTokenException `bad_field` if it is no such file, or holds what the runtime does not
    /// know
    OnnxModel open(Path file);

    /// The runtime of this process.
    ///
    /// @throws io.hypertoken.HyperTokenException `unavailable` if there is none; it says how to get it
    static OnnxRuntime get() {
        return RuntimeLoader.runtime();
    }
}
