package io.hypertoken.bench.learn;

import io.hypertoken.engine.Autoreset;
import io.hypertoken.engine.Seats;
import io.hypertoken.engine.Settings;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.Options;
import io.hypertoken.env.Policy;
import io.hypertoken.env.Spec;

/// Plays a policy against every reply that there is, in both seats: a policy that never loses here loses to nobody,
/// however perfect.
///
/// For two agents who take turns by choice of one of n actions, without chance; few enough games to walk them all.
final class Replies implements AutoCloseable {
    private final VectorEnvironment vector;
    private final Seats seats;
    private final Policy policy;
    private final int choices;
    private long won;
    private long drawn;
    private long lost;

    Replies(Spec spec, Options options, Policy policy) {
        vector = VectorEnvironment.open(spec, options, Settings.DEFAULT.autoreset(Autoreset.DISABLED));
        seats = new Seats(vector);
        choices = vector.batch().maskSize();
        this.policy = policy;
    }

    /// Walks all games.
    Replies walk() {
        for (int mine = 0; mine < 2; mine++) {
            vector.reset(0);
            goOn(mine);
        }
        return this;
    }

    private void goOn(int mine) {
        var batch = vector.batch();
        if (vector.over(0)) {
            double earned = batch.reward(0, mine);
            won += earned > 0 ? 1 : 0;
            drawn += earned == 0 ? 1 : 0;
            lost += earned < 0 ? 1 : 0;
            return;
        }
        if (batch.turn(0) == mine) {
            seats.choose(0, policy);
            vector.step();
            goOn(mine);
            return;
        }
        byte[] here = vector.snapshot(0);
        for (int choice = 0; choice < choices; choice++) {
            vector.restore(0, here);
            int other = 1 - mine;
            if (batch.allowed(0, other, choice)) {
                batch.action(0, other, choice);
                vector.step();
                goOn(mine);
            }
        }
    }

    long won() {
        return won;
    }

    long drawn() {
        return drawn;
    }

    long lost() {
        return lost;
    }

    @Override
    public void close() {
        vector.close();
    }
}
