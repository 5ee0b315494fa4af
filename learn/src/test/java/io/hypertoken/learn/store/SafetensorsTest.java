package io.hypertoken.learn.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypertoken.HyperTokenException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsTest {
    @TempDir
    Path folder;

    @Test
    void whatIsWrittenIsRead() {
        var tensors = new Tensors();
        tensors.tell("made \"by\"", "a test");
        tensors.put("actor.0.weight", Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3));
        tensors.put("steps", Tensor.of(7L, -1L));
        tensors.put("mean", Tensor.of(0.5, Math.PI));
        tensors.put("rows", Tensor.of(new byte[] {1, 2, 3}));
        tensors.put("none", Tensor.of(new float[0]));

        Safetensors.write(folder.resolve("a.safetensors"), tensors);
        Tensors read = Safetensors.read(folder.resolve("a.safetensors"));

        assertThat(read.all()).isEqualTo(tensors.all());
        assertThat(read.about()).isEqualTo(tensors.about());
        assertThat(read.get("actor.0.weight").shape()).containsExactly(2L, 3L);
    }

    @Test
    void theBytesAreThoseOfTheFormat() {
        var tensors = new Tensors();
        tensors.put("x", Tensor.of(new float[] {1}));

        byte[] bytes = Safetensors.bytes(tensors);

        String header = "{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}";
        ByteBuffer read = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(read.getLong()).isEqualTo(56).isEqualTo(Math.ceilDiv(header.length(), 8) * 8L);
        assertThat(new String(bytes, 8, 56, StandardCharsets.US_ASCII).stripTrailing())
                .isEqualTo(header);
        assertThat(read.getFloat(64)).isEqualTo(1f);
        assertThat(bytes).hasSize(68);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}x",
                "[]",
                "{\"x\":3}",
                "{\"x\":{\"dtype\":\"F16\",\"shape\":[1],\"data_offsets\":[0,4]}}",
                "{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}",
                "{\"x\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}",
                "{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
                "{\"x\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,0]}}",
                "{\"x\":{\"dtype\":\"F32\",\"shape\":\"one\",\"data_offsets\":[0,4]}}"
            })
    void whatIsNoneIsRefusedBeforeAnythingIsMadeOfIt(String header) throws IOException {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + text.length + 4).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(text.length).put(text);
        Path file = folder.resolve("bad.safetensors");
        Files.write(file, bytes.array());

        assertThatThrownBy(() -> Safetensors.read(file))
                .isInstanceOf(HyperTokenException.class)
                .hasMessageContaining("it is no safetensors file");
    }

    @Test
    void everyCutFileIsRefused() throws IOException {
        var tensors = new Tensors();
        tensors.put("x", Tensor.of(new float[] {1, 2, 3}));
        byte[] whole = Safetensors.bytes(tensors);
        Path file = folder.resolve("cut.safetensors");
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, java.util.Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> Safetensors.read(file)).isInstanceOf(HyperTokenException.class);
        }
    }

    @Test
    void aFileIsReplacedWholeAndNothingIsLeftBeside() throws IOException {
        var tensors = new Tensors();
        tensors.put("x", Tensor.of(1L));
        Path file = folder.resolve("deeper/a.safetensors");
        Safetensors.write(file, tensors);
        tensors.put("y", Tensor.of(2L));
        Safetensors.write(file, tensors);

        assertThat(Safetensors.read(file).has("y")).isTrue();
        try (Stream<Path> files = Files.list(file.getParent())) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void aTensorOfAnotherSizeIsRefusedByName() {
        var tensors = new Tensors();
        tensors.put("x", Tensor.of(new float[3]));

        assertThatThrownBy(() -> tensors.copy("x", new float[4]))
                .isInstanceOf(HyperTokenException.class)
                .hasMessageContaining("tensor x is F32[3]; 4 numbers of F32 are needed here");
        assertThatThrownBy(() -> tensors.copy("y", new float[4]))
                .isInstanceOf(HyperTokenException.class)
                .hasMessageContaining("has no y");
    }
}
