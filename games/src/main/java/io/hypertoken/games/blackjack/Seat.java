package io.hypertoken.games.blackjack;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/// One player's hands in a round: one, or two after a split.
final class Seat {
    final Hand first = new Hand();
    final Hand second = new Hand();
    boolean isSplit;
    boolean playsSecond;
    boolean isInsured;

    void clear() {
        first.clear();
        second.clear();
        isSplit = false;
        playsSecond = false;
        isInsured = false;
    }

    /// The hand that is, or was last, played.
    Hand hand() {
        return playsSecond ? second : first;
    }

    /// Whether it was dealt an ace and a ten; a 21 after a split is no natural.
    boolean hasNatural() {
        return !isSplit && first.isBlackjack();
    }

    /// Whether any hand stands that the dealer must still beat.
    boolean isContested() {
        return !hasNatural() && (!first.isBust() || (isSplit && !second.isBust()));
    }

    /// Its hands and bets: `8♥ 10♣ (18) bet 10 | 8♠ 3♦ 10♠ (21) bet 20`.
    String describe(int bet) {
        String hands = describe(first, bet) + (isSplit ? " | " + describe(second, bet) : "");
        return isInsured ? hands + " insured" : hands;
    }

    private static String describe(Hand hand, int bet) {
        return hand.describe() + " bet " + hand.bets * bet;
    }

    void save(DataOutput out) throws IOException {
        first.save(out);
        second.save(out);
        out.writeBoolean(isSplit);
        out.writeBoolean(playsSecond);
        out.writeBoolean(isInsured);
    }

    void load(DataInput in) throws IOException {
        first.load(in);
        second.load(in);
        isSplit = in.readBoolean();
        playsSecond = in.readBoolean();
        isInsured = in.readBoolean();
    }
}
