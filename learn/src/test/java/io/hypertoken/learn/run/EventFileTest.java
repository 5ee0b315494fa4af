package io.hypertoken.learn.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventFileTest {
    @TempDir
    Path folder;

    /// As tensorboard 2.21 has them: its `RecordWriter` made the very bytes from the same events.
    @Test
    void theBytesAreThoseThatTensorBoardWrites() throws IOException {
        try (var file = new EventFile(folder, 1_700_000_000_000L)) {
            file.add("train/return", 300, 1.5, 1_700_000_001_500L);
        }

        try (Stream<Path> files = Files.list(folder)) {
            List<Path> all = files.toList();
            assertThat(all).hasSize(1);
            assertThat(all.getFirst().getFileName()).hasToString("events.out.tfevents.1700000000.hypertoken");
            assertThat(HexFormat.of().formatHex(Files.readAllBytes(all.getFirst())))
                    .isEqualTo(EXPECTED);
        }
    }

    private static final String EXPECTED =
            "1800000000000000a37f4b220900000040fc54d9411a0d627261696e2e4576656e743a32eced8f9d2300000000000000"
                    + "b09f77430900006040fc54d94110ac022a150a130a0c747261696e2f72657475726e150000c03f4f1d5f30";
}
