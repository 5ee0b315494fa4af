package io.hypertoken.games.toyblackjack;

import static io.hypertoken.env.OptionType.flag;
import static io.hypertoken.space.Spaces.discrete;
import static io.hypertoken.space.Spaces.tuple;

import io.hypertoken.env.Environment;
import io.hypertoken.env.Frame;
import io.hypertoken.env.MaskMeaning;
import io.hypertoken.env.Options;
import io.hypertoken.env.Renders;
import io.hypertoken.env.Snapshot;
import io.hypertoken.env.Spec;
import io.hypertoken.env.Step;
import io.hypertoken.env.View;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/// Come closer to 21 than the dealer without going over; hit or stick.
public final class ToyBlackjack implements Environment, Snapshot, Renders {
    private static final int HIT = 1;
    private static final int DEALER_STANDS = 17;
    private static final double NATURAL_REWARD = 1.5;
    private static final String SUITS = "CDHS";
    private static final String FACES = "JQK";

    public static final Spec SPEC = Spec.of("Blackjack-v1", 1)
            .rules("""
                    You and the dealer get two cards each from an endless deck; one of the dealer's lies open. Hit for
                    another card, or stick; going over 21 loses. Then the dealer draws to 17 or more, and whoever is
                    closer to 21 wins 1 from the other. An ace counts 11 where that does not bust. With sab, an ace and
                    a ten beat all but the same; otherwise, with natural, they win 1.5. Source: Sutton and Barto,
                    Reinforcement Learning (2018), example 5.1, as Gymnasium 1.4 plays it (envs/toy_text/blackjack.py);
                    the defaults are those of gymnasium.make.""")
            .option("natural", flag(), false, "whether a win with a natural pays 1.5; only without sab")
            .option("sab", flag(), true, "whether to play by the rules of Sutton and Barto")
            .observes(tuple(discrete(32), discrete(11), discrete(2)))
            .legend("your sum", "the dealer's open card, 1 for an ace", "1 if an ace of yours counts 11")
            .acts("stick", "hit")
            .masks(MaskMeaning.NONE)
            .history("1: the rules of Gymnasium 1.4")
            .creates(ToyBlackjack::new);

    private final boolean naturalPays;
    private final boolean byTheBook;
    private Hand player = new Hand();
    private Hand dealer = new Hand();
    private int openCard;
    /// How the open card looks, such as `KS`: drawn, so it takes its numbers from the generator.
    private int suit;

    private int face;

    ToyBlackjack(Options o) {
        naturalPays = o.flag("natural");
        byTheBook = o.flag("sab");
    }

    @Override
    public void reset(Step s) {
        openCard = dealer.deal(s.random());
        player.deal(s.random());
        suit = s.random().choice(SUITS.length());
        face = openCard == 10 ? s.random().choice(FACES.length()) : 0;
    }

    @Override
    public void step(Step s) {
        if (s.action() == HIT) {
            if (!player.bust()) { // only a forged snapshot lets a bust hand play on
                player.draw(s.random());
            }
            if (player.bust()) {
                s.reward(-1).terminate();
            }
            return;
        }
        while (dealer.total() < DEALER_STANDS) {
            dealer.draw(s.random());
        }
        s.reward(settle()).terminate();
    }

    private double settle() {
        int outcome = Integer.compare(player.score(), dealer.score());
        if (byTheBook) {
            return player.natural() && !dealer.natural() ? 1 : outcome;
        }
        return naturalPays && player.natural() && outcome == 1 ? NATURAL_REWARD : outcome;
    }

    @Override
    public void observe(int agent, View v) {
        v.set(0, 0, (long) player.total()).set(1, 0, (long) openCard).set(2, 0, player.usableAce() ? 1L : 0L);
    }

    @Override
    public String text(int agent) {
        return "dealer shows " + rank() + SUITS.charAt(suit) + ", you have " + player.total()
                + (player.usableAce() ? " with a usable ace" : "");
    }

    private String rank() {
        return openCard == 1 ? "A" : openCard == 10 ? FACES.substring(face, face + 1) : "" + openCard;
    }

    @Override
    public Frame frame() {
        return RoundPicture.draw(rank(), SUITS.length() - 1 - suit, player); // clubs come last there
    }

    @Override
    public void save(DataOutput out) throws IOException {
        player.save(out);
        dealer.save(out);
        out.writeByte(openCard);
        out.writeByte(suit);
        out.writeByte(face);
    }

    @Override
    public void load(DataInput in) throws IOException {
        Hand own = Hand.read(in);
        Hand others = Hand.read(in);
        int open = in.readByte();
        int openSuit = in.readByte();
        int openFace = in.readByte();
        Snapshot.require(others.beginsWith(open), "the dealer's open card is " + open);
        Snapshot.require(
                openSuit >= 0 && openSuit < SUITS.length() && openFace >= 0 && openFace < FACES.length(),
                "the open card looks like suit " + openSuit + ", face " + openFace);
        player = own;
        dealer = others;
        openCard = open;
        suit = openSuit;
        face = openFace;
    }
}
