package io.hypertoken.games.blackjack;

/// The best way to play 4 to 8 decks without counting: dealer stands on soft 17, double after split, no surrender.
///
/// Source: the chart for these rules as published by the Wizard of Odds ("4-deck to 8-deck blackjack strategy, dealer
/// stands on soft 17").
public final class BasicStrategy {
    /* Columns are the dealer's 2 … 10 and ace. S stand, H hit, D double or hit, d double or stand, Y split. */
    private static final String[] HARD = { // from a total of 4
        "HHHHHHHHHH", "HHHHHHHHHH", "HHHHHHHHHH", "HHHHHHHHHH", "HHHHHHHHHH",
        "HDDDDHHHHH", "DDDDDDDDHH", "DDDDDDDDDH", "HHSSSHHHHH", "SSSSSHHHHH",
        "SSSSSHHHHH", "SSSSSHHHHH", "SSSSSHHHHH", "SSSSSSSSSS", "SSSSSSSSSS",
        "SSSSSSSSSS", "SSSSSSSSSS", "SSSSSSSSSS"
    };
    private static final String[] SOFT = { // from a total of 12
        "HHHHHHHHHH", "HHHDDHHHHH", "HHHDDHHHHH", "HHDDDHHHHH", "HHDDDHHHHH",
        "HDDDDHHHHH", "SddddSSHHH", "SSSSSSSSSS", "SSSSSSSSSS", "SSSSSSSSSS"
    };
    private static final String[] PAIR = { // from aces, each card's value
        "YYYYYYYYYY", "YYYYYYNNNN", "YYYYYYNNNN", "NNNYYNNNNN", "NNNNNNNNNN",
        "YYYYYNNNNN", "YYYYYYNNNN", "YYYYYYYYYY", "YYYYYNYYNN", "NNNNNNNNNN"
    };

    private BasicStrategy() {}

    /// The chart's action: 0 hit, 1 stand, 2 double, 3 split.
    ///
    /// @param total the hand's total, with an ace as 11 where `soft`
    /// @param upCard the dealer's up card, 2 to 11 (an ace)
    public static int choose(int total, int upCard, boolean soft, boolean canDouble, boolean canSplit) {
        int column = upCard - 2;
        if (canSplit && PAIR[soft ? 0 : total / 2 - 1].charAt(column) == 'Y') {
            return CasinoBlackjack.SPLIT;
        }
        char move = soft ? SOFT[total - 12].charAt(column) : HARD[total - 4].charAt(column);
        return switch (move) {
            case 'H' -> CasinoBlackjack.HIT;
            case 'D' -> canDouble ? CasinoBlackjack.DOUBLE : CasinoBlackjack.HIT;
            case 'd' -> canDouble ? CasinoBlackjack.DOUBLE : CasinoBlackjack.STAND;
            default -> CasinoBlackjack.STAND;
        };
    }
}
