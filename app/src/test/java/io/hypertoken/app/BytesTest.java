package io.hypertoken.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

/// Amounts of memory on the command line.
class BytesTest {
    @ParameterizedTest
    @CsvSource({
        "1, 1",
        "4096, 4096",
        "512m, 536870912",
        "4g, 4294967296",
        "2K, 2048",
        "1gb, 1073741824",
        "1t, 1099511627776"
    })
    void anAmountIsBytesOrPowersOf1024(String text, long bytes) {
        assertThat(new Bytes().convert(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1", "m", "1.5g", "4 g", "4x", "999999999999t", "99999999999999999999"})
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> new Bytes().convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessage("'" + text + "' is not an amount of memory such as 512m or 4g");
    }
}
