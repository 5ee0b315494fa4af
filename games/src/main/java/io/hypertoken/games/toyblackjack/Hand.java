package io.hypertoken.games.toyblackjack;

import io.hypertoken.env.Snapshot;
import io.hypertoken.random.Generator;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/// Cards in a hand, kept as their sum with aces as 1.
final class Hand {
    /// Ace, two to nine, and four ranks that count ten.
    private static final int[] DECK = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 10, 10};

    private static final int LIMIT = 21;
    private static final int ACE_BONUS = 10;
    private static final int MOST_PIPS = 10; // of a card

    private int sum;
    private int cards;
    private boolean ace;

    /// Begins anew with two cards, and returns the first.
    int deal(Generator random) {
        sum = 0;
        cards = 0;
        ace = false;
        int first = draw(random);
        draw(random);
        return first;
    }

    /// Adds a card; the deck never runs out.
    int draw(Generator random) {
        int card = random.choice(DECK);
        sum += card;
        cards++;
        ace |= card == 1;
        return card;
    }

    /// Whether an ace can count 11.
    boolean usableAce() {
        return ace && sum + ACE_BONUS <= LIMIT;
    }

    int total() {
        return usableAce() ? sum + ACE_BONUS : sum;
    }

    boolean bust() {
        return sum > LIMIT;
    }

    /// What counts in the end: nothing for a bust hand.
    int score() {
        return bust() ? 0 : total();
    }

    /// An ace and a ten and nothing else.
    boolean natural() {
        return cards == 2 && ace && sum == 1 + ACE_BONUS;
    }

    void save(DataOutput out) throws IOException {
        out.writeInt(sum);
        out.writeInt(cards);
        out.writeBoolean(ace);
    }

    /// A hand that was saved.
    static Hand read(DataInput in) throws IOException {
        var hand = new Hand();
        hand.sum = in.readInt();
        hand.cards = in.readInt();
        hand.ace = in.readBoolean();
        Snapshot.require(hand.isPossible(), "a hand counts " + hand.sum + " in " + hand.cards + " cards");
        return hand;
    }

    /// Whether so many cards can count so much. The last one may bust it.
    private boolean isPossible() {
        boolean drawn = cards >= 2 && cards <= LIMIT + 1 && sum <= LIMIT + MOST_PIPS;
        int least = ace ? 1 + (cards - 1) : 2 * cards; // without an ace there is no 1
        int most = ace ? 1 + MOST_PIPS * (cards - 1) : MOST_PIPS * cards;
        return drawn && sum >= least && sum <= most;
    }

    /// Whether this card can be its first.
    boolean beginsWith(int card) {
        return card == 1 ? ace : card >= 2 && card <= MOST_PIPS && card < sum;
    }
}
