package io.hypertoken.random;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LogOneMinusTest {
    @Test
    void hasTheLastBitOfTheCLibraryWhereJavasDiffers() {
        // log1p(-u) of glibc 2.36 on x86-64 with FMA
        assertThat(LogOneMinus.of(0.4032255184610195)).isEqualTo(-0.5162159898221514);
        assertThat(LogOneMinus.of(0.04223143030229748)).isEqualTo(-0.04314910671155144);
        assertThat(LogOneMinus.of(0.2096072329667661)).isEqualTo(-0.2352252836110559);
        assertThat(LogOneMinus.of(0.29124881154154814)).isEqualTo(-0.3442507471042593);
        assertThat(LogOneMinus.of(0.28557738210594763)).isEqualTo(-0.336280589934939);
    }

    @Test
    void isNeverFurtherThanOneUnitInTheLastPlaceFromJavas() {
        var random = Generator.seeded(4);
        for (int i = 0; i < 200_000; i++) {
            double u = random.random() * Math.scalb(1.0, -(i % 60)); // every size down to 2^-60
            double java = StrictMath.log1p(-u);

            assertThat(Math.abs(LogOneMinus.of(u) - java)).as("u=%s", u).isLessThanOrEqualTo(Math.ulp(java));
        }
        assertThat(LogOneMinus.of(0)).isZero();
        assertThat(LogOneMinus.of(1 - 0x1.0p-53)).isEqualTo(StrictMath.log1p(0x1.0p-53 - 1));
    }
}
