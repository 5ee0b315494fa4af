package io.hypertoken.games.blackjack;

import io.hypertoken.env.Snapshot;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/// One player's hands in a round: one, or two after a split.
final class Seat {
    final Hand first;
    final Hand second;
    boolean isSplit;
    boolean playsSecond;
    boolean isInsured;

    Seat() {
        this(new Hand(), new Hand());
    }

    private Seat(Hand first, Hand second) {
        this.first = first;
        this.second = second;
    }

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

    /// A seat that was saved in a round.
    static Seat read(DataInput in) throws IOException {
        var seat = new Seat(Hand.read(in), Hand.read(in));
        seat.isSplit = in.readBoolean();
        seat.playsSecond = in.readBoolean();
        seat.isInsured = in.readBoolean();
        int second = seat.second.count();
        boolean dealt = seat.isSplit
                ? seat.playsSecond ? second >= 2 : second == 1 // a second hand waits with one card
                : second == 0 && !seat.playsSecond;
        Snapshot.require(
                seat.first.count() >= 2 && dealt,
                "a seat has hands of " + seat.first.count() + " and " + second + " cards");
        return seat;
    }

    /// Whether it has not played yet in its round.
    boolean isUntouched() {
        return !isSplit && first.count() == 2 && first.bets == 1;
    }

    /// Whether its turn may be now: the hand that is to be played is not bust.
    boolean canPlay() {
        return !hand().isBust();
    }
}
