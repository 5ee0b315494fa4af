package io.hypertoken.games.blackjack;

/// A way to play that looks only at what a seat may see.
enum Strategy {
    /// The chart of [BasicStrategy], without insurance.
    BASIC,
    /// The same, with insurance whenever it is offered.
    BASIC_AND_INSURANCE,
    /// Hit to 17 like the dealer, never double, split or insure.
    MIMIC_DEALER,
    ALWAYS_STAND;

    /// The action for a seat that is to act.
    int choose(int total, int upCard, boolean soft, boolean canDouble, boolean canSplit, boolean canInsure) {
        if (canInsure) {
            return this == BASIC_AND_INSURANCE ? CasinoBlackjack.INSURANCE : CasinoBlackjack.STAND;
        }
        return switch (this) {
            case BASIC, BASIC_AND_INSURANCE -> BasicStrategy.choose(total, upCard, soft, canDouble, canSplit);
            case MIMIC_DEALER -> total < 17 ? CasinoBlackjack.HIT : CasinoBlackjack.STAND;
            case ALWAYS_STAND -> CasinoBlackjack.STAND;
        };
    }
}
