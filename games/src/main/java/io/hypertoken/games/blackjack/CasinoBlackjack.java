package io.hypertoken.games.blackjack;

import static io.hypertoken.env.OptionType.choice;
import static io.hypertoken.env.OptionType.flag;
import static io.hypertoken.env.OptionType.integers;
import static io.hypertoken.env.OptionType.numbers;
import static io.hypertoken.space.Spaces.box;

import io.hypertoken.env.Environment;
import io.hypertoken.env.Frame;
import io.hypertoken.env.Options;
import io.hypertoken.env.Renders;
import io.hypertoken.env.Snapshot;
import io.hypertoken.env.Spec;
import io.hypertoken.env.Step;
import io.hypertoken.env.View;
import io.hypertoken.random.Generator;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.IntStream;

/// Blackjack for one to six seats against a dealer who peeks, with splits, doubles and insurance.
public final class CasinoBlackjack implements Environment, Snapshot, Renders {
    static final int HIT = 0;
    static final int STAND = 1;
    static final int DOUBLE = 2;
    static final int SPLIT = 3;
    static final int INSURANCE = 4;

    /// What the observation's totals are divided by: a hard 21 may take a ten.
    static final double MOST_TOTAL = 31;
    /// What the dealer's up card is divided by.
    static final double MOST_CARD = 11;

    private static final int NOBODY = -1;
    private static final int DEALER_STANDS = 17;

    public static final Spec SPEC = Spec.of("casino-blackjack", 1)
            .aliases("blackjack")
            .rules("""
                    Each seat bets, gets two cards and tries to come nearer to 21 than the dealer without going over;
                    aces count 1 or 11. If the dealer shows an ace, each seat in turn may insure half its bet, paid 2:1
                    if the dealer has a natural (an ace and a ten). The dealer looks for one under an ace or a ten. A
                    seat whose hand is thereby decided, by the dealer's natural or its own, has one turn in which it
                    can only stand; the others hit, stand, double on any two cards for one card more, or split two
                    cards of equal value once. Split aces get one card each, and a 21 after a split is no natural. The
                    dealer draws to 17, unless every hand is decided. Wins pay 1:1, naturals 3:2, ties nothing; the
                    reward is the chips won or lost, when the round is settled. Cards of busted hands and of earlier
                    rounds are discards; they are shuffled again when the shoe runs out, and the whole shoe is after a
                    round that took it to the penetration.""")
            .option("agents", integers(1, 6), 1, "seats at the table")
            .option("decks", integers(1, Shoe.MOST_DECKS), 6, "decks of 52 cards in the shoe")
            .option("hit_soft_17", flag(), false, "whether the dealer draws to a 17 with an ace as 11")
            .option("natural", choice("1.5", "1.2"), "1.5", "what a natural pays for each chip: 3:2 or 6:5")
            .option("bet", integers(1, 1_000_000), 10, "chips that each seat bets in a round")
            .option("rounds", integers(1, 1_000_000), 1, "rounds in an episode, dealt on from the same shoe")
            .option("penetration", numbers(0, 1), 0.75, "the share of the shoe dealt after which it is shuffled")
            .agents(o -> IntStream.range(0, o.integer("agents"))
                    .mapToObj(seat -> "player_" + seat)
                    .toList())
            .observes(box(0, 1, 7))
            .legend(
                    "total of the hand / 31",
                    "dealer's up card / 11, an ace as 11",
                    "soft: an ace counts 11",
                    "can double",
                    "can split",
                    "can insure",
                    "share of the shoe left")
            .acts("hit", "stand", "double", "split", "insurance")
            .fallback("stand")
            .metrics("naturals", "busts")
            .policy("basic-strategy", o -> Strategy.BASIC)
            .policy("mimic-dealer", o -> Strategy.MIMIC_DEALER)
            .history("1: first release")
            .creates(CasinoBlackjack::new);

    private static final int NATURALS = SPEC.metric("naturals");
    private static final int BUSTS = SPEC.metric("busts");

    private final Seat[] seats;
    private final int decks;
    private final byte[] onTable = new byte[Card.DECK];
    private final boolean hitsSoft17;
    private final double naturalPays;
    private final int bet;
    private final int rounds;
    private final double penetration;

    private Hand dealer = new Hand();
    private Shoe shoe;
    private int roundsLeft;
    private int turn = NOBODY;
    private boolean insuring;

    CasinoBlackjack(Options o) {
        seats = new Seat[o.integer("agents")];
        Arrays.setAll(seats, seat -> new Seat());
        decks = o.integer("decks");
        shoe = new Shoe(decks);
        hitsSoft17 = o.flag("hit_soft_17");
        naturalPays = Double.parseDouble(o.text("natural"));
        bet = o.integer("bet");
        rounds = o.integer("rounds");
        penetration = o.number("penetration");
    }

    @Override
    public void reset(Step s) {
        roundsLeft = rounds;
        shoe.refill();
        deal(s.random());
    }

    @Override
    public void step(Step s) {
        if (turn == NOBODY) {
            s.terminate(); // only a forged snapshot lets a finished episode go on
            return;
        }
        if (insuring) {
            seats[turn].isInsured = s.action() == INSURANCE;
            turn++;
            if (turn == seats.length) {
                insuring = false; // the dealer looks at the hole card
                turn = 0;
            }
        } else if (finishes(seats[turn], s.action(), s.random())) {
            turn++;
            if (turn == seats.length) {
                endRound(s);
            }
        }
        if (turn != NOBODY) {
            s.next(turn);
        }
    }

    @Override
    public void observe(int agent, View v) {
        Seat seat = seats[agent];
        Hand hand = seat.hand();
        boolean acts = agent == turn;
        boolean plays = acts && !insuring && !isDecided(seat);
        boolean canDouble = plays && hand.count() == 2;
        boolean canSplit = canDouble && canSplit(seat);
        boolean canInsure = acts && insuring;
        int up = Card.value(dealer.card(0));
        v.set(0, hand.total() / MOST_TOTAL)
                .set(1, (up == Card.ACE ? MOST_CARD : up) / MOST_CARD)
                .set(2, hand.isSoft() ? 1 : 0)
                .set(3, canDouble ? 1 : 0)
                .set(4, canSplit ? 1 : 0)
                .set(5, canInsure ? 1 : 0)
                .set(6, (double) shoe.left() / shoe.size())
                .allow(HIT, plays)
                .allow(DOUBLE, canDouble)
                .allow(SPLIT, canSplit)
                .allow(INSURANCE, canInsure);
    }

    /// Deals in the casino's order: twice round the seats and to the dealer, whose first card lies face up.
    private void deal(Generator random) {
        dealer.clear();
        for (Seat seat : seats) {
            seat.clear();
        }
        for (int round = 0; round < 2; round++) {
            for (Seat seat : seats) {
                seat.first.add(draw(random));
            }
            dealer.add(draw(random));
        }
        insuring = Card.value(dealer.card(0)) == Card.ACE;
        turn = 0;
    }

    private int draw(Generator random) {
        if (shoe.left() == 0) {
            shuffleDiscards();
        }
        return shoe.draw(random);
    }

    /* Some discards are always there: what can lie on the table, twelve hands of at most 21 pips and a dealer of at most
    20, is less than the 340 pips of one deck. */
    private void shuffleDiscards() {
        count(dealer, seats, onTable);
        shoe.refillExcept(onTable);
    }

    /// Counts the cards on the table that are no discards.
    private static void count(Hand dealer, Seat[] seats, byte[] onTable) {
        Arrays.fill(onTable, (byte) 0);
        dealer.countInto(onTable);
        for (Seat seat : seats) {
            if (!seat.first.isBust()) {
                seat.first.countInto(onTable);
            }
            if (!seat.second.isBust()) {
                seat.second.countInto(onTable);
            }
        }
    }

    /// Whether the dealer, who has looked by now, or the seat has a natural.
    private boolean isDecided(Seat seat) {
        return dealer.isBlackjack() || seat.hasNatural();
    }

    private static boolean canSplit(Seat seat) {
        return !seat.isSplit && seat.first.isPair();
    }

    /// Plays an action of a seat.
    ///
    /// @return whether its turn is over
    private boolean finishes(Seat seat, int action, Generator random) {
        Hand hand = seat.hand();
        boolean handEnds = switch (action) {
            case HIT -> {
                hand.add(draw(random));
                yield hand.isBust();
            }
            case DOUBLE -> {
                hand.bets = 2;
                hand.add(draw(random));
                yield true;
            }
            case SPLIT -> canSplit(seat) ? split(seat, random) : true; // a forged snapshot's mask may be another's
            default -> true;
        };
        if (!handEnds) {
            return false;
        }
        if (!seat.isSplit || seat.playsSecond) {
            return true;
        }
        seat.playsSecond = true;
        seat.second.add(draw(random));
        return Card.value(seat.second.card(0)) == Card.ACE;
    }

    /// Makes two hands of one and deals the first its second card.
    ///
    /// @return whether the first hand ends with it, as split aces do
    private boolean split(Seat seat, Generator random) {
        seat.isSplit = true;
        seat.second.add(seat.first.split());
        seat.first.add(draw(random));
        return Card.value(seat.second.card(0)) == Card.ACE;
    }

    private void endRound(Step s) {
        playDealer(s.random());
        for (int seat = 0; seat < seats.length; seat++) {
            s.reward(seat, chips(seats[seat]));
            count(s, seats[seat]);
        }
        roundsLeft--;
        if (roundsLeft == 0) {
            turn = NOBODY;
            s.terminate();
            return;
        }
        if (shoe.size() - shoe.left() >= penetration * shoe.size()) {
            shoe.refill();
        }
        deal(s.random());
    }

    private void playDealer(Generator random) {
        boolean contested = false;
        for (Seat seat : seats) {
            contested |= seat.isContested();
        }
        while (contested
                && (dealer.total() < DEALER_STANDS
                        || (hitsSoft17 && dealer.isSoft() && dealer.total() == DEALER_STANDS))) {
            dealer.add(draw(random));
        }
    }

    /// What a seat has won (or lost, below 0) in the round.
    private double chips(Seat seat) {
        double insurance = seat.isInsured ? (dealer.isBlackjack() ? bet : -bet / 2.0) : 0;
        if (seat.hasNatural()) {
            return insurance + (dealer.isBlackjack() ? 0 : naturalPays * bet);
        }
        return insurance + (outcome(seat.first) + (seat.isSplit ? outcome(seat.second) : 0)) * bet;
    }

    /// What a hand has won, in bets.
    private int outcome(Hand hand) {
        if (hand.isBust()) {
            return -hand.bets;
        }
        return dealer.isBust() ? hand.bets : Integer.compare(hand.total(), dealer.total()) * hand.bets;
    }

    private static void count(Step s, Seat seat) {
        if (seat.hasNatural()) {
            s.metric(NATURALS, 1);
        }
        if (seat.first.isBust()) {
            s.metric(BUSTS, 1);
        }
        if (seat.second.isBust()) {
            s.metric(BUSTS, 1);
        }
    }

    /// The table; the hole card lies face down for all but a spectator until the dealer has looked and shown a natural,
    /// or the episode is over.
    @Override
    public String text(int agent) {
        boolean open = agent == SPECTATOR || isShown();
        var table = new StringBuilder("  dealer    ");
        table.append(open ? dealer.describe() : Card.name(dealer.card(0)) + " ??")
                .append('\n');
        for (int k = 0; k < seats.length; k++) {
            table.append(k == turn ? "> " : "  ").append("player_").append(k).append("  ");
            table.append(seats[k].describe(bet)).append(k == agent ? " (you)\n" : "\n");
        }
        return table.append("  shoe      " + shoe.left() + " of " + shoe.size() + " cards\n")
                .toString();
    }

    /// Whether the hole card lies face up.
    private boolean isShown() {
        return turn == NOBODY || (!insuring && dealer.isBlackjack());
    }

    /// The table as the players see it: a picture is what a learner may be shown, so even a spectator's hides the hole
    /// card.
    @Override
    public Frame frame() {
        var picture = new TablePicture(seats.length);
        picture.dealer(dealer, isShown());
        picture.shoe((double) shoe.left() / shoe.size());
        for (int k = 0; k < seats.length; k++) {
            picture.seat(k, seats.length, seats[k], k == turn, bet);
        }
        return picture.frame();
    }

    @Override
    public void save(DataOutput out) throws IOException {
        out.writeInt(roundsLeft);
        out.writeByte(turn);
        out.writeBoolean(insuring);
        shoe.save(out);
        dealer.save(out);
        for (Seat seat : seats) {
            seat.save(out);
        }
    }

    @Override
    public void load(DataInput in) throws IOException {
        int left = in.readInt();
        int acting = in.readByte();
        boolean insures = in.readBoolean();
        Shoe box = Shoe.read(in, decks);
        Hand bank = Hand.read(in);
        Seat[] round = new Seat[seats.length];
        for (int k = 0; k < round.length; k++) {
            round[k] = Seat.read(in);
        }
        requireRound(left, acting, insures, bank, round);
        count(bank, round, onTable);
        Snapshot.require(box.agreesWith(onTable), "there are more of a card than " + decks + " decks have");
        roundsLeft = left;
        turn = acting;
        insuring = insures;
        shoe = box;
        dealer = bank;
        System.arraycopy(round, 0, seats, 0, seats.length);
    }

    private void requireRound(int left, int acting, boolean insures, Hand bank, Seat[] round) throws IOException {
        Snapshot.require(left >= 0 && left <= rounds, left + " of " + rounds + " rounds are left");
        Snapshot.require(
                left == 0 ? acting == NOBODY : acting >= 0 && acting < round.length,
                "the turn is seat " + acting + "'s, with " + left + " rounds left");
        Snapshot.require(
                left == 0 ? bank.count() >= 2 : bank.count() == 2, "the dealer has " + bank.count() + " cards");
        boolean ace = Card.value(bank.card(0)) == Card.ACE;
        Snapshot.require(!insures || (ace && acting >= 0), "there is nothing to insure");
        for (int k = 0; k < round.length; k++) {
            boolean waits = left > 0 && (insures || k > acting);
            Snapshot.require(!waits || round[k].isUntouched(), "seat " + k + " has played before its turn");
            Snapshot.require(k != acting || round[k].canPlay(), "seat " + k + " is to play a bust hand");
            Snapshot.require(!round[k].isInsured || ace, "seat " + k + " is insured against no ace");
        }
    }
}
