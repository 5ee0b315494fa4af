package io.hypertoken.games.blackjack;

import io.hypertoken.env.Snapshot;
import io.hypertoken.random.Generator;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/// A few decks in a box, drawn from at random: every card still there is equally likely.
final class Shoe {
    static final int MOST_DECKS = 8;
    /// All decks in order; any shoe is fresh as the first decks of this.
    private static final byte[] FRESH = new byte[MOST_DECKS * Card.DECK];

    static {
        for (int k = 0; k < FRESH.length; k++) {
            FRESH[k] = (byte) (k % Card.DECK);
        }
    }

    private final int decks;
    private final byte[] cards;
    private int left;

    Shoe(int decks) {
        this.decks = decks;
        this.cards = new byte[decks * Card.DECK];
    }

    int size() {
        return cards.length;
    }

    int left() {
        return left;
    }

    /// Takes all cards back.
    void refill() {
        System.arraycopy(FRESH, 0, cards, 0, cards.length);
        left = cards.length;
    }

    /// Takes back all cards but those on the table.
    ///
    /// @param onTable how many of each card lie there
    void refillExcept(byte[] onTable) {
        left = 0;
        for (int card = 0; card < Card.DECK; card++) {
            for (int copy = onTable[card]; copy < decks; copy++) {
                cards[left++] = (byte) card;
            }
        }
    }

    /// Draws a card; the last one takes its place. The shoe must not be empty.
    int draw(Generator random) {
        int place = random.integers(left);
        int card = cards[place];
        cards[place] = cards[--left];
        return card;
    }

    void save(DataOutput out) throws IOException {
        out.writeShort(left);
        out.write(cards, 0, left);
    }

    /// A shoe of so many decks that was saved.
    static Shoe read(DataInput in, int decks) throws IOException {
        var shoe = new Shoe(decks);
        shoe.left = in.readUnsignedShort();
        Snapshot.require(shoe.left <= shoe.size(), "in the shoe are " + shoe.left + " of " + shoe.size() + " cards");
        for (int k = 0; k < shoe.left; k++) {
            shoe.cards[k] = (byte) Card.read(in);
        }
        return shoe;
    }

    /// Whether it has no card so often that, with those on the table, there are more of it than decks.
    ///
    /// @param onTable how many of each card lie there
    boolean agreesWith(byte[] onTable) {
        byte[] counts = onTable.clone();
        boolean agrees = true;
        for (int k = 0; k < left; k++) {
            counts[cards[k]]++;
        }
        for (byte count : counts) {
            agrees &= count <= decks;
        }
        return agrees;
    }
}
