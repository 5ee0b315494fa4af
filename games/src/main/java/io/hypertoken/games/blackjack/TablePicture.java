package io.hypertoken.games.blackjack;

import io.hypertoken.env.Frame;
import io.hypertoken.games.picture.Canvas;
import io.hypertoken.games.picture.CardPicture;

/// Draws the table as everyone around it sees it: the dealer above, the seats below from the left, 400 pixels high.
///
/* Each hand stands over its total (red when bust) and, on a chip, what is bet on it; a blue chip is an insurance. The
seat whose turn it is has a lighter place. */
final class TablePicture {
    private static final int PLACE = 176; // pixels wide
    private static final int FEWEST_PLACES = 3; // so that the dealer's cards have room
    private static final int HEIGHT = 400;
    private static final int DEALER_TOP = 24;
    private static final int SEATS_TOP = 190;
    private static final int MARGIN = 2; // pixels between cards and the edge of their place
    private static final int MOST_SHIFT = 30; // pixels from a card to the next

    private static final int FELT = 0x0F6B43;
    private static final int PLACE_FELT = 0x0C5A38;
    private static final int TURN_FELT = 0x2F9A68;
    private static final int TEXT = 0xFFFFFF;
    private static final int BUST = 0xFF6B6B;
    private static final int CHIP = 0xE0A526;
    private static final int CHIP_EDGE = 0x8A6210;
    private static final int INSURANCE_CHIP = 0x5AA2F0;
    private static final int SHOE = 0x2A2F3A;
    private static final int SHOE_LEFT = 0xDDE3EA;

    private final Canvas canvas;
    private final int width;

    TablePicture(int seats) {
        this.width = PLACE * Math.max(FEWEST_PLACES, seats);
        this.canvas = new Canvas(width, HEIGHT, FELT);
    }

    /// @param open whether the hole card lies face up
    void dealer(Hand hand, boolean open) {
        int cards = open ? hand.count() : 2;
        int shift = shift(cards, PLACE * 3 / 2);
        int left = (width - CardPicture.WIDTH - shift * (cards - 1)) / 2;
        for (int k = 0; k < cards; k++) {
            if (k == 0 || open) {
                card(hand.card(k), left + k * shift, DEALER_TOP);
            } else {
                CardPicture.drawBack(canvas, left + k * shift, DEALER_TOP);
            }
        }
        if (open) {
            total(hand, width / 2, DEALER_TOP + CardPicture.HEIGHT + 10);
        }
    }

    /// @param left the share of the shoe not yet dealt
    void shoe(double left) {
        int high = 100;
        canvas.rounded(width - 44, DEALER_TOP, 24, high, 4, SHOE);
        int cards = (int) Math.round((high - 8) * left);
        canvas.fill(width - 40, DEALER_TOP + high - 4 - cards, 16, cards, SHOE_LEFT);
    }

    /// @param place which seat, from the left
    void seat(int place, int seats, Seat seat, boolean acts, int bet) {
        int left = (width - PLACE * seats) / 2 + place * PLACE;
        int felt = acts ? TURN_FELT : PLACE_FELT;
        canvas.rounded(left + 4, SEATS_TOP, PLACE - 8, HEIGHT - SEATS_TOP - 8, 10, felt);
        if (seat.isSplit) {
            int half = PLACE / 2;
            hand(seat.first, left + 4, half - 4, acts && seat.playsSecond, bet);
            hand(seat.second, left + half, half - 4, acts && !seat.playsSecond, bet);
        } else {
            hand(seat.first, left, PLACE, false, bet);
        }
        if (seat.isInsured) {
            chip(left + PLACE - 24, SEATS_TOP + 18, INSURANCE_CHIP);
        }
    }

    /// @param waits whether its seat plays its other hand
    private void hand(Hand hand, int left, int room, boolean waits, int bet) {
        int shift = shift(hand.count(), room - 2 * MARGIN);
        int cards = CardPicture.WIDTH + shift * (hand.count() - 1);
        int top = SEATS_TOP + (waits ? 46 : 36);
        for (int k = 0; k < hand.count(); k++) {
            card(hand.card(k), left + (room - cards) / 2 + k * shift, top);
        }
        int centre = left + room / 2;
        total(hand, centre, SEATS_TOP + 118);
        chip(centre, SEATS_TOP + 158, CHIP);
        canvas.writeCentred(Integer.toString(hand.bets * bet), centre, SEATS_TOP + 178, 2, TEXT);
    }

    private void card(int card, int left, int top) {
        CardPicture.draw(canvas, Card.rank(card), Card.suit(card), left, top);
    }

    private void total(Hand hand, int centre, int top) {
        canvas.writeCentred(Integer.toString(hand.total()), centre, top, 3, hand.isBust() ? BUST : TEXT);
    }

    private void chip(int x, int y, int colour) {
        canvas.disc(x, y, 11, CHIP_EDGE);
        canvas.disc(x, y, 9, colour);
        canvas.disc(x, y, 5, TEXT);
        canvas.disc(x, y, 4, colour);
    }

    private static int shift(int cards, int room) {
        return cards < 2 ? 0 : Math.min(MOST_SHIFT, (room - CardPicture.WIDTH) / (cards - 1));
    }

    Frame frame() {
        return canvas.frame();
    }
}
