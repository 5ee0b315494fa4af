package io.hypertoken.games.acrobot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import org.junit.jupiter.api.Test;

class FloatAngleTest {

    /// What numpy 2.4.6 gives for these float32 angles, where it differs from the sine and cosine rounded to float32.
    @Test
    void theBitsAreNumpysWhereTheRoundedOnesWouldDiffer() {
        assertThat(Float.floatToIntBits(FloatAngle.cos(Float.intBitsToFloat(0x401e7f86))))
                .isEqualTo(0xbf4970fb);
        assertThat(Float.floatToIntBits(FloatAngle.sin(Float.intBitsToFloat(0x401e7f86))))
                .isEqualTo(0x3f1dfaa5);
    }

    @Test
    void everyQuadrantIsCloseToStrictMath() {
        for (float angle = -50; angle < 50; angle += 0.013f) {
            assertThat((double) FloatAngle.cos(angle)).isCloseTo(StrictMath.cos(angle), offset(1.5e-7));
            assertThat((double) FloatAngle.sin(angle)).isCloseTo(StrictMath.sin(angle), offset(1.5e-7));
        }
    }
}
