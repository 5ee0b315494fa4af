package io.hypertoken.games.toyblackjack;

import io.hypertoken.env.Frame;
import io.hypertoken.games.picture.Canvas;
import io.hypertoken.games.picture.CardPicture;

/// Draws what the player knows, 320 by 240 pixels: the dealer's cards above, one of them open, and your sum below,
/// beside an ace while one of yours counts 11; a sum over 21 is red.
final class RoundPicture {
    private static final int WIDTH = 320;
    private static final int HEIGHT = 240;
    private static final int DEALER_TOP = 24;
    private static final int SUM_TOP = 144;
    private static final int SUM_SIZE = 8;
    private static final int ACE_LEFT = 232;

    private static final int FELT = 0x0F6B43;
    private static final int PLACE = 0x0C5A38;
    private static final int TEXT = 0xFFFFFF;
    private static final int BUST = 0xFF6B6B;

    private RoundPicture() {}

    /// @param rank the open card's, as [CardPicture] names it
    static Frame draw(String rank, int suit, Hand player) {
        var canvas = new Canvas(WIDTH, HEIGHT, FELT);
        int left = WIDTH / 2 - CardPicture.WIDTH - 4;
        CardPicture.draw(canvas, rank, suit, left, DEALER_TOP);
        CardPicture.drawBack(canvas, left + CardPicture.WIDTH + 8, DEALER_TOP);
        canvas.rounded(16, SUM_TOP - 24, WIDTH - 32, HEIGHT - SUM_TOP + 8, 12, PLACE);
        int colour = player.bust() ? BUST : TEXT;
        canvas.writeCentred(Integer.toString(player.total()), WIDTH / 2, SUM_TOP, SUM_SIZE, colour);
        if (player.usableAce()) {
            CardPicture.draw(canvas, "A", 0, ACE_LEFT, SUM_TOP - 4);
        }
        return canvas.frame();
    }
}
