package io.hypertoken.learn.onnx.ort;

import static io.hypertoken.ErrorCode.BAD_FIELD;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import io.hypertoken.HyperTokenException;
import io.hypertoken.learn.onnx.OnnxModel;
import io.hypertoken.learn.onnx.OnnxRuntime;
import java.nio.file.Path;

/// ONNX Runtime, as it is in this process.
public final class Runtime implements OnnxRuntime {
    private final OrtEnvironment environment =
            OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "hypertoken");

    @Override
    public OnnxModel open(Path file) {
        // Options that it closes keep nothing that the session needs.
        try (var options = new OrtSession.SessionOptions()) {
            // Policies are small: a second thread would spend longer on waking up than on its part of a row.
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            return new Model(environment, environment.createSession(file.toString(), options));
        } catch (OrtException e) {
            throw refusal("refused " + file, e);
        }
    }

    static HyperTokenException refusal(String what, OrtException e) {
        return new HyperTokenException(
                BAD_FIELD,
                what,
                "ONNX Runtime says: " + oneLine(String.valueOf(e.getMessage())),
                "use an ONNX file that was written whole",
                e);
    }

    private static String oneLine(String message) {
        int longest = 300;
        String line = message.strip().replaceAll("\\s+", " ");
        return line.length() <= longest ? line : line.substring(0, longest) + "…";
    }
}
