package io.hypertoken.learn.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypertoken.HyperTokenException;
import io.hypertoken.learn.net.Activation;
import io.hypertoken.learn.net.ActorCritic;
import io.hypertoken.learn.net.Categorical;
import io.hypertoken.learn.space.Moments;
import io.hypertoken.random.Generator;
import io.hypertoken.space.Space;
import io.hypertoken.space.Spaces;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Where ONNX Runtime is looked for, and that it is loaded from beside the class path.
class RuntimeLoaderTest {
    private static final Space SEEN = Spaces.box(-1, 1, 3);
    private static final Space ACTS = Spaces.discrete(2);

    @TempDir
    private Path folder;

    @Test
    void withoutARuntimeTheSentenceHoldsTheCommandThatFetchesIt() {
        Path cache = folder.resolve("hypertoken");

        assertThatThrownBy(() -> RuntimeLoader.jar(Map.of("XDG_CACHE_HOME", folder.toString())))
                .isInstanceOf(HyperTokenException.class)
                .hasMessage("an ONNX policy needs ONNX Runtime, which is not at " + cache
                        + "/onnxruntime-1.29.0.jar; its native libraries are large, so hypertoken.jar does not hold"
                        + " them; fetch it with mvn dependency:copy"
                        + " -Dartifact=com.microsoft.onnxruntime:onnxruntime:1.29.0 -DoutputDirectory=" + cache
                        + ", or name its jar by HYPERTOKEN_ONNXRUNTIME");
    }

    @Test
    void theVersionThatIsFetchedIsTheOneThatIsTested() {
        assertThat(runtimeJar().getFileName()).hasToString("onnxruntime-" + RuntimeLoader.VERSION + ".jar");
    }

    @Test
    void aJarOutsideTheClassPathIsLoadedWhenItIsNamed() throws Exception {
        Path graph = folder.resolve("policy.onnx");
        var network = new ActorCritic(3, new int[] {4}, Activation.TANH, false, new Categorical(new int[] {2}, false));
        Files.write(
                graph,
                PolicyGraph.of(
                        SEEN,
                        ACTS,
                        network,
                        network.initial(Generator.seeded(1), true, 1),
                        new Moments(new boolean[3]),
                        false));
        String without = Arrays.stream(classPath())
                .filter(entry -> !entry.equals(runtimeJar().toString()))
                .collect(Collectors.joining(File.pathSeparator));
        var java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        without,
                        Opens.class.getName(),
                        graph.toString())
                .redirectErrorStream(true);
        java.environment().put(RuntimeLoader.VARIABLE, runtimeJar().toString());

        Process process = java.start();
        String told = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(told.strip()).isEqualTo("opened in onnxruntime");
    }

    private static Path runtimeJar() {
        List<String> found = Arrays.stream(classPath())
                .filter(entry -> entry.contains("onnxruntime"))
                .toList();
        assertThat(found).hasSize(1);
        return Path.of(found.getFirst());
    }

    private static String[] classPath() {
        return System.getProperty("java.class.path").split(File.pathSeparator);
    }

    /// Opens a graph in a process of its own.
    static final class Opens {
        private Opens() {}

        public static void main(String... arguments) throws IOException {
            try (OnnxPolicy policy = OnnxPolicy.open(Path.of(arguments[0]), SEEN, ACTS)) {
                assert policy != null;
                System.out.println("opened in "
                        + OnnxRuntime.get().getClass().getClassLoader().getName());
            }
        }
    }
}
