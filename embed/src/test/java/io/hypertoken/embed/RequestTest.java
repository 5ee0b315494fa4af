package io.hypertoken.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class RequestTest {
    @Test
    void optionsComeWithTheirTypes() {
        var request =
                Request.parse("env\0x\0option.a\0i6\0option.b\0f0.5\0option.c\0btrue\0option.d\0s6\0option.e\0s\0");

        assertThat(request.text("env")).isEqualTo("x");
        assertThat(request.options()).isEqualTo(Map.of("a", 6L, "b", 0.5, "c", true, "d", "6", "e", ""));
    }

    @Test
    void aWholeNumberBeyond64BitsIsStillANumber() {
        assertThat(Request.parse("option.a\0i1" + "0".repeat(30) + "\0").options())
                .isEqualTo(Map.of("a", 1e30));
    }

    @Test
    void nothingIsARequestWithoutFields() {
        assertThat(Request.parse("").options()).isEmpty();
    }

    @Test
    void aRequestThatBreaksOffIsADefectOfTheHost() {
        assertThatThrownBy(() -> Request.parse("env\0x"))
                .hasMessage("a request that ends in the middle of a field; report this");
        assertThatThrownBy(() -> Request.parse("").number("threads"))
                .hasMessage("a request without threads; the host must send it; report this");
    }
}
