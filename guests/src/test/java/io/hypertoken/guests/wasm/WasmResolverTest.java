package io.hypertoken.guests.wasm;

import static io.hypertoken.ErrorCode.UNKNOWN_ENVIRONMENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypertoken.HyperTokenException;
import io.hypertoken.engine.Settings;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.Catalogue;
import io.hypertoken.env.Spec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WasmResolverTest {
    @TempDir
    Path folder;

    private final WasmResolver resolver = new WasmResolver();

    private void refuses(String name, String sentence) {
        assertThatThrownBy(() -> resolver.resolve(name))
                .isInstanceOfSatisfying(
                        HyperTokenException.class,
                        refused -> assertThat(refused.code()).isEqualTo(UNKNOWN_ENVIRONMENT))
                .hasMessageStartingWith("cannot load wasm:")
                .hasMessageContaining(sentence);
    }

    private String file(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes).toString();
    }

    @Test
    void theCatalogueFindsModulesByTheirPaths() throws IOException {
        String path = file("counter.wasm", new TestModule().bytes());

        Spec spec = Catalogue.of(WasmResolver.class.getClassLoader()).find("wasm:" + path);

        assertThat(spec.id()).isEqualTo("wasm:" + path);
        assertThat(spec.rules()).isEqualTo("Counts.");
        assertThat(spec.blocking()).isTrue();
    }

    @Test
    void theSameBytesAreTheSameSpecAndOthersAnother() throws IOException {
        String path = file("counter.wasm", new TestModule().bytes());
        Spec first = resolver.resolve(path);

        assertThat(resolver.resolve(path)).isSameAs(first);
        file(
                "counter.wasm",
                new TestModule()
                        .json(TestModule.DESCRIPTION.replace("Counts", "Counts on"))
                        .bytes());
        assertThat(resolver.resolve(path).rules()).isEqualTo("Counts on.");
    }

    @Test
    void whatIsOpenPlaysOnWhenItsFileIsGone() throws IOException {
        String path = file("counter.wasm", new TestModule().bytes());
        Spec spec = resolver.resolve(path);
        Files.delete(Path.of(path));

        try (var vector = VectorEnvironment.open(spec, spec.options(Map.of()), Settings.DEFAULT)) {
            vector.reset(1);
            vector.batch().action(0, 0);
            vector.step();
            assertThat(vector.batch().observation(0, 0)).isEqualTo(1);
        }
        refuses(path, "there is no such file");
    }

    @Test
    void aMissingFileNamesTheNearest() throws IOException {
        file("counter.wasm", new TestModule().bytes());

        refuses(folder.resolve("conter.wasm").toString(), "; did you mean counter.wasm?");
    }

    @Test
    void whatIsNoModuleIsRefused() throws IOException {
        refuses(file("text.wasm", "hello, world".getBytes()), "it is no valid WebAssembly module (");
        refuses(file("empty.wasm", new byte[0]), "it is no valid WebAssembly module (");
        refuses(
                file("large.wasm", new byte[(16 << 20) + 1]),
                "it is larger than 16 MB; build it without debug symbols");
        refuses(folder.toString(), "there is no such file");
        refuses("", "a path goes straight to its file");
        refuses("no\0path", "it is no path (");
        refuses("my game.wasm", "an id has no spaces in it");
    }

    @Test
    void aPathDoesNotClimbOutOfTheFolderThatItNames() throws IOException {
        file("counter.wasm", new TestModule().bytes());

        refuses(folder + "/games/../counter.wasm", "a path goes straight to its file; name it without /../ and /./");
    }
}
