package io.hypertoken.random;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Expected words are those of numpy 2.4's `SeedSequence(…).generate_state(…)`.
class SeedSequenceTest {
    @Test
    void oneIntBecomesAsManyWordsAsItNeeds() {
        assertThat(SeedSequence.of(0).generateState(6))
                .containsExactly(0xb0f478be, 0xdb2cd7e7, 0x2c71ba49, 0xabf4641a, 0x9d7b8d41, 0x20c6ed6d);
        assertThat(SeedSequence.of((1L << 40) + 5).generateState(3))
                .containsExactly(0xe08a170b, 0xdae41755, 0x7ecdcb2c);
        assertThat(SeedSequence.of((1L << 40) + 5, 1).generateState(3))
                .containsExactly(0xff487999, 0xbcf89e8d, 0x1f7a4);
    }

    @Test
    void entropyOfAnyLengthMayBeGivenInWords() {
        // 12345678901234567890123456789012345678901234567890
        var sequence = SeedSequence.ofWords(0xce3f0ad2, 0xf8c7f196, 0x5026747a, 0xaaf83ca1, 0x727f6369, 0x8);

        assertThat(sequence.generateState(3)).containsExactly(0x5723862, 0x5e9714a8, 0x464e8dc0);
    }

    @Test
    void longWordsAreTwoIntWordsLowFirst() {
        assertThat(SeedSequence.of(9).generateLongState(2)).containsExactly(0xfedd4552c03df53cL, 0xe44f7adacce03589L);
    }

    @Test
    void childrenAreCountedOnFromOneSpawnToTheNext() {
        var parent = SeedSequence.of(9);

        var first = parent.spawn(2);
        var later = parent.spawn(1);

        assertThat(first.get(0).generateState(1)).containsExactly(0x2c9248cc);
        assertThat(first.get(1).generateState(1)).containsExactly(0xf19da3ac);
        assertThat(later.get(0).generateState(1)).containsExactly(0x767ee0ae);
        assertThat(first.get(1).spawn(1).get(0).generateState(1)).containsExactly(0xf11f432d);
    }
}
