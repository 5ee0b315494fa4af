package io.hypertoken.games.toyblackjack;

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

    void load(DataInput in) throws IOException {
        sum = in.readInt();
        cards = in.readInt();
        ace = in.readBoolean();
    }
}
