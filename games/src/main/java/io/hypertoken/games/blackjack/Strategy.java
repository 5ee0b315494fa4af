package io.hypertoken.games.blackjack;

import io.hypertoken.env.Policy;
import io.hypertoken.env.Seat;

/// A way to play that looks only at what a seat may see.
enum Strategy implements Policy {
    /// The chart of [BasicStrategy], without insurance.
    BASIC,
    /// The same, with insurance whenever it is offered.
    BASIC_AND_INSURANCE,
    /// Hit to 17 like the dealer, never double, split or insure.
    MIMIC_DEALER,
    ALWAYS_STAND;

    @Override
    public void act(Seat seat) {
        int total = (int) Math.round(seat.seen(0) * CasinoBlackjack.MOST_TOTAL);
        int upCard = (int) Math.round(seat.seen(1) * CasinoBlackjack.MOST_CARD);
        boolean soft = seat.seen(2) == 1;
        boolean canDouble = seat.allowed(CasinoBlackjack.DOUBLE);
        boolean canSplit = seat.allowed(CasinoBlackjack.SPLIT);
        boolean canInsure = seat.allowed(CasinoBlackjack.INSURANCE);
        seat.choose(0, choose(total, upCard, soft, canDouble, canSplit, canInsure));
    }

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
