package io.hypertoken.games.blackjack;

import io.hypertoken.env.Snapshot;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.StringJoiner;

/// Some cards of one owner, with their total.
final class Hand {
    static final int BEST = 21;
    /// 21 aces, and one card that busts.
    private static final int MOST_CARDS = 22;
    private static final int ACE_BONUS = 10;
    private static final int MOST_BETS = 2;

    private final byte[] cards = new byte[MOST_CARDS];
    private int count;
    private int hardTotal;
    private boolean hasAce;
    /// How many bets lie on it: 2 when doubled.
    int bets;

    void clear() {
        count = 0;
        hardTotal = 0;
        hasAce = false;
        bets = 1;
    }

    void add(int card) {
        cards[count++] = (byte) card;
        int value = Card.value(card);
        hardTotal += value;
        hasAce |= value == Card.ACE;
    }

    /// Takes the second of two cards of equal value out.
    int split() {
        int card = cards[--count];
        hardTotal -= Card.value(card);
        return card;
    }

    int count() {
        return count;
    }

    int card(int k) {
        return cards[k];
    }

    /// With one ace as 11 where that does not bust.
    int total() {
        return isSoft() ? hardTotal + ACE_BONUS : hardTotal;
    }

    /// Whether an ace counts 11.
    boolean isSoft() {
        return hasAce && hardTotal + ACE_BONUS <= BEST;
    }

    boolean isBust() {
        return hardTotal > BEST;
    }

    /// Whether it is an ace and a ten; a natural if it was dealt so.
    boolean isBlackjack() {
        return count == 2 && total() == BEST;
    }

    boolean isPair() {
        return count == 2 && Card.value(cards[0]) == Card.value(cards[1]);
    }

    /// Counts its cards into a table of how many of each lie there.
    void countInto(byte[] onTable) {
        for (int k = 0; k < count; k++) {
            onTable[cards[k]]++;
        }
    }

    void save(DataOutput out) throws IOException {
        out.writeByte(bets);
        out.writeByte(count);
        out.write(cards, 0, count);
    }

    /// A hand that was saved: its bets and cards, of which only the last may bust it.
    static Hand read(DataInput in) throws IOException {
        var hand = new Hand();
        hand.clear();
        hand.bets = in.readByte();
        Snapshot.require(hand.bets >= 1 && hand.bets <= MOST_BETS, "on a hand lie " + hand.bets + " bets");
        int count = in.readByte();
        Snapshot.require(count >= 0 && count <= MOST_CARDS, "a hand has " + count + " cards");
        for (int k = 0; k < count; k++) {
            Snapshot.require(!hand.isBust(), "a bust hand has drawn on");
            hand.add(Card.read(in));
        }
        return hand;
    }

    /// Its cards and total: `10♥ 6♣ (16)`.
    String describe() {
        var names = new StringJoiner(" ");
        for (int k = 0; k < count; k++) {
            names.add(Card.name(cards[k]));
        }
        return names + " (" + total() + (isBust() ? ", bust)" : ")");
    }
}
