package io.hypertoken.games.blackjack;

import static io.hypertoken.space.Spaces.box;

import io.hypertoken.env.Environment;
import io.hypertoken.env.Frame;
import io.hypertoken.env.Renders;
import io.hypertoken.env.Spec;
import io.hypertoken.env.Step;
import io.hypertoken.env.View;
import io.hypertoken.games.OneRow;
import io.hypertoken.random.Generator;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;

/// The casino's own game with cards that a test has put in order.
final class RiggedTable implements Environment, Renders {
    private final CasinoBlackjack game;
    private final int seats;
    private final int[] cards;

    private RiggedTable(Map<String, ?> options, int[] cards) {
        var opened = CasinoBlackjack.SPEC.options(options);
        this.game = new CasinoBlackjack(opened);
        this.seats = opened.integer("agents");
        this.cards = cards;
    }

    /// A table of one seat.
    static OneRow deal(String cards) {
        return deal(Map.of(), cards);
    }

    /// A table whose first round is dealt these cards, and no more are in the shoe.
    ///
    /// @param cards in the order of the draws: to each seat, the dealer's up card, to each seat, the hole card, and
    /// then
    ///     whatever is drawn; ranks only, `A 10 8 …`
    static OneRow deal(Map<String, ?> options, String cards) {
        int[] drawn =
                Arrays.stream(cards.split(" ")).mapToInt(RiggedTable::card).toArray();
        int seats = CasinoBlackjack.SPEC.options(options).integer("agents");
        var spec = Spec.of("rigged-blackjack", 1)
                .agents(IntStream.range(0, seats)
                        .mapToObj(seat -> "player_" + seat)
                        .toArray(String[]::new))
                .observes(box(0, 1, 7))
                .acts("hit", "stand", "double", "split", "insurance")
                .metrics("naturals", "busts")
                .creates(o -> new RiggedTable(options, drawn));
        return OneRow.of(spec).reset(0);
    }

    /// A card of this rank; which suit does not matter.
    private static int card(String rank) {
        return IntStream.range(0, Card.DECK)
                .filter(card -> Card.name(card).startsWith(rank))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void reset(Step s) {
        game.reset(s);
        try {
            game.load(new DataInputStream(
                    new ByteArrayInputStream(table(s.random().copy()))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] table(Generator random) throws IOException {
        var dealer = new Hand();
        dealer.clear();
        dealer.add(cards[seats]);
        dealer.add(cards[2 * seats + 1]);
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        out.writeInt(1); // rounds left
        out.writeByte(0); // the first seat's turn
        out.writeBoolean(Card.value(dealer.card(0)) == Card.ACE); // insurance is offered
        byte[] shoe = arranged(Arrays.copyOfRange(cards, 2 * seats + 2, cards.length), random);
        out.writeShort(shoe.length);
        out.write(shoe);
        dealer.save(out);
        for (int k = 0; k < seats; k++) {
            var seat = new Seat();
            seat.clear();
            seat.first.add(cards[k]);
            seat.first.add(cards[seats + 1 + k]);
            seat.save(out);
        }
        return bytes.toByteArray();
    }

    /// Lays cards so that the generator will draw them in order.
    private static byte[] arranged(int[] draws, Generator random) {
        byte[] shoe = new byte[draws.length];
        int[] places = IntStream.range(0, draws.length).toArray();
        for (int k = 0; k < draws.length; k++) {
            int left = draws.length - k;
            int place = random.integers(left);
            shoe[places[place]] = (byte) draws[k];
            places[place] = places[left - 1];
        }
        return shoe;
    }

    @Override
    public void step(Step s) {
        game.step(s);
    }

    @Override
    public void observe(int agent, View v) {
        game.observe(agent, v);
    }

    @Override
    public String text(int agent) {
        return game.text(agent);
    }

    @Override
    public Frame frame() {
        return game.frame();
    }
}
