package io.hypertoken.games.blackjack;

import io.hypertoken.env.Snapshot;
import java.io.DataInput;
import java.io.IOException;

/// What the numbers 0 … 51 say as cards: `rank * 4 + suit`, ranks from the ace up.
final class Card {
    static final int DECK = 52;
    static final int ACE = 1;

    private static final String[] RANKS = {"A", "2", "3", "4", "5", "6", "7", "8", "9", "10", "J", "Q", "K"};
    private static final String SUITS = "♠♥♦♣";

    private Card() {}

    /// A card that was saved.
    static int read(DataInput in) throws IOException {
        int card = in.readByte();
        Snapshot.require(card >= 0 && card < DECK, "a card is " + card);
        return card;
    }

    /// Pips: an ace 1, a court card 10.
    static int value(int card) {
        return Math.min((card >> 2) + 1, 10);
    }

    static String name(int card) {
        return rank(card) + SUITS.charAt(suit(card));
    }

    static String rank(int card) {
        return RANKS[card >> 2];
    }

    /// 0 spades, 1 hearts, 2 diamonds, 3 clubs.
    static int suit(int card) {
        return card & 3;
    }
}
