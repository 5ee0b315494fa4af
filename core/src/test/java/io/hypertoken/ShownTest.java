package io.hypertoken;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ShownTest {
    @Test
    void aLongValueIsCutAndNeverInsideASurrogatePair() {
        assertThat(Shown.value("x".repeat(1_000_000))).isEqualTo('"' + "x".repeat(60) + "…\"");
        assertThat(Shown.shortened("ab\uD83D\uDE00", 3)).isEqualTo("ab…");
    }

    @Test
    void aFailureWhoseMessageThrowsIsTellable() {
        var liar = new RuntimeException() {
            @Override
            public String getMessage() {
                throw new IllegalStateException("no message for you");
            }
        };

        assertThat(Shown.failure(liar)).isEqualTo(liar.getClass().getName());
        assertThat(Shown.trace(liar)).contains("ShownTest");
    }

    @Test
    void aFailureWithoutTextIsToldByItsClass() {
        var silent = new RuntimeException() {
            @Override
            public @SuppressWarnings("NullAway") String toString() {
                return null;
            }
        };

        assertThat(Shown.failure(silent)).isEqualTo(silent.getClass().getName());
    }

    @Test
    void aMessageOfMegabytesIsCut() {
        assertThat(Shown.failure(new RuntimeException("x".repeat(50_000_000)))).hasSizeLessThan(310);
    }
}
