package io.hypertoken.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Where a session's next request runs.
class RequestCostTest {
    private static final long MICROSECOND = 1_000;

    @Test
    void whatTakesLongLeavesTheLoopAndComesBackWhenItIsClearlyShort() {
        var cost = new RequestCost(true, 64);
        assertThat(cost.isShort()).isTrue();

        for (int k = 0; k < 20; k++) {
            cost.took(400 * MICROSECOND);
        }
        assertThat(cost.isShort()).isFalse();
        for (int k = 0; k < 200; k++) {
            cost.took(150 * MICROSECOND);
        }
        assertThat(cost.isShort())
                .as("between the two bounds it stays where it is")
                .isFalse();
        for (int k = 0; k < 20; k++) {
            cost.took(10 * MICROSECOND);
        }
        assertThat(cost.isShort()).isTrue();
    }

    @Test
    void oneSlowRequestAmongQuickOnesChangesNothing() {
        var cost = new RequestCost(true, 1);

        cost.took(3_000_000 * MICROSECOND);

        assertThat(cost.isShort()).isTrue();
    }

    @Test
    void largeBatchesBeginOffTheLoopAndForeignEnvironmentsNeverComeOntoIt() {
        assertThat(new RequestCost(true, 65_536).isShort()).isFalse();
        var foreign = new RequestCost(false, 1);
        for (int k = 0; k < 100; k++) {
            foreign.took(1);
        }

        assertThat(foreign.isShort()).isFalse();
    }
}
