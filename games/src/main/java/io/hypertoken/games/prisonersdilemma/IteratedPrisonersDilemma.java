package io.hypertoken.games.prisonersdilemma;

import static io.hypertoken.env.OptionType.integers;
import static io.hypertoken.space.Spaces.multiDiscrete;

import io.hypertoken.env.Environment;
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

/// Two players choose at once, round after round, whether to cooperate or to defect.
public final class IteratedPrisonersDilemma implements Environment, Snapshot, Renders {
    private static final int NO_MOVE_YET = 2;
    private static final String[] MOVE_NAMES = {"cooperates", "defects", "has not moved yet"};
    /// What the first of two moves earns against the second; 0 cooperates, 1 defects.
    private static final int[][] PAYOFFS = {{3, 0}, {5, 1}};

    public static final Spec SPEC = Spec.of("iterated-prisoners-dilemma", 1)
            .rules("""
                    Both players choose at once, without seeing the other's choice, and then see both. Mutual
                    cooperation earns each 3, mutual defection 1; a defector earns 5 against a cooperator, who earns 0.
                    Source: Axelrod, "Effective Choice in the Prisoner's Dilemma" (1980), whose first tournament had
                    200 rounds.""")
            .option("rounds", integers(1, 1_000_000), 200, "rounds in an episode")
            .agents("player_0", "player_1")
            .simultaneous()
            .observes(multiDiscrete(3, 3))
            .legend("own last move: 0 cooperated, 1 defected, 2 none yet", "the other's last move")
            .acts("cooperate", "defect")
            .masks(MaskMeaning.NONE)
            .integerRewards()
            .history("1: first release")
            .creates(IteratedPrisonersDilemma::new);

    private final int rounds;
    private final int[] moves = new int[2];
    private int roundsLeft;

    IteratedPrisonersDilemma(Options o) {
        rounds = o.integer("rounds");
    }

    @Override
    public void reset(Step s) {
        roundsLeft = rounds;
        moves[0] = NO_MOVE_YET;
        moves[1] = NO_MOVE_YET;
    }

    @Override
    public void step(Step s) {
        moves[0] = s.action(0);
        moves[1] = s.action(1);
        roundsLeft--;
        s.reward(0, PAYOFFS[moves[0]][moves[1]])
                .reward(1, PAYOFFS[moves[1]][moves[0]])
                .terminateIf(roundsLeft <= 0);
    }

    @Override
    public void observe(int agent, View v) {
        v.set(0, moves[agent]).set(1, moves[1 - agent]);
    }

    /// Both moves are known to both as soon as they are played.
    @Override
    public String text(int agent) {
        return "player_0 " + MOVE_NAMES[moves[0]] + "   player_1 " + MOVE_NAMES[moves[1]] + "   rounds left "
                + roundsLeft + '\n';
    }

    @Override
    public void save(DataOutput out) throws IOException {
        out.writeInt(roundsLeft);
        out.writeByte(moves[0]);
        out.writeByte(moves[1]);
    }

    @Override
    public void load(DataInput in) throws IOException {
        int left = in.readInt();
        int own = in.readByte();
        int others = in.readByte();
        Snapshot.require(left >= 0 && left <= rounds, left + " of " + rounds + " rounds are left");
        // Nobody has moved before the first round, and both have after it.
        int least = left == rounds ? NO_MOVE_YET : 0;
        int most = left == rounds ? NO_MOVE_YET : 1;
        Snapshot.require(
                Math.min(own, others) >= least && Math.max(own, others) <= most,
                "the last moves are " + own + " and " + others + ", with " + left + " rounds left");
        roundsLeft = left;
        moves[0] = own;
        moves[1] = others;
    }
}
