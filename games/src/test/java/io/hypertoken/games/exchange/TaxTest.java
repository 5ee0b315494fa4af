package io.hypertoken.games.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaxTest {
    private static final int WHIP = 4151;
    private static final long ONE_PERCENT = 1_639_072_800L; // 9 December 2021
    private static final long TWO_PERCENT = 1_748_514_600L; // 29 May 2025

    @ParameterizedTest
    @CsvSource({
        // price, before any tax, under 1 %, under 2 %
        "49, 0, 0, 0",
        "50, 0, 0, 1",
        "99, 0, 0, 1",
        "100, 0, 1, 2",
        "199, 0, 1, 3",
        "249999999, 0, 2499999, 4999999",
        "250000000, 0, 2500000, 5000000",
        "499999999, 0, 4999999, 5000000",
        "500000000, 0, 5000000, 5000000",
        "9200000000, 0, 5000000, 5000000"
    })
    void theTaxIsRoundedDownAUnitAndHasAMost(long price, long none, long one, long two) {
        assertThat(Tax.at(ONE_PERCENT - 1).of(WHIP, price)).isEqualTo(none);
        assertThat(Tax.at(ONE_PERCENT).of(WHIP, price)).isEqualTo(one);
        assertThat(Tax.at(TWO_PERCENT - 1).of(WHIP, price)).isEqualTo(one);
        assertThat(Tax.at(TWO_PERCENT).of(WHIP, price)).isEqualTo(two);
        assertThat(Tax.dividingBy(100).of(WHIP, price)).isEqualTo(one);
        assertThat(Tax.dividingBy(50).of(WHIP, price)).isEqualTo(two);
    }

    @ParameterizedTest
    @CsvSource({"233, 0, 0", "8794, 0, 0", "379, 100, 0", "28824, 100, 0", "4151, 100, 200"})
    void exemptionsHaveTheirDatesToo(int id, long underOne, long underTwo) {
        assertThat(Tax.at(ONE_PERCENT).of(id, 10_000)).isEqualTo(underOne);
        assertThat(Tax.at(TWO_PERCENT - 1).of(id, 10_000)).isEqualTo(underOne);
        assertThat(Tax.at(TWO_PERCENT).of(id, 10_000)).isEqualTo(underTwo);
    }
}
