package own;

import io.hypertoken.env.Environment;
import io.hypertoken.env.Frame;
import io.hypertoken.env.MaskMeaning;
import io.hypertoken.env.Renders;
import io.hypertoken.env.Spec;
import io.hypertoken.env.Step;
import io.hypertoken.env.View;
import io.hypertoken.space.Spaces;

/** Drawn cards as Gymnasium's toy games show them: a Tuple of Discrete, whole rewards, a number in info. */
public final class Cards implements Environment, Renders {
    public static final Spec SPEC = Spec.of("Cards-v1", 1)
            .aliases("cards")
            .observes(Spaces.tuple(Spaces.discrete(32), Spaces.discrete(11), Spaces.discrete(2)))
            .acts("stick", "hit")
            .masks(MaskMeaning.NONE)
            .integerRewards()
            .infoNumber("prob", 1, "the chance of what happened")
            .stepLimit(30)
            .creates(options -> new Cards());

    private static final int PROB = SPEC.infoNumber("prob");

    private int sum;

    @Override
    public void reset(Step step) {
        sum = step.random().integers(1, 12);
    }

    @Override
    public void step(Step step) {
        if (step.action() == 1) {
            sum = Math.min(31, sum + step.random().integers(1, 11));
        }
        step.info(PROB, 0.1);
        if (step.action() == 0 || sum > 21) {
            step.info("busted", sum > 21).reward(sum > 21 ? -1 : 1).terminate();
        }
    }

    @Override
    public void observe(int agent, View view) {
        view.set(0, 0, sum).set(1, 0, sum % 11).set(2, 0, sum > 21 ? 1 : 0);
    }

    @Override
    public String text(int agent) {
        return "sum " + sum;
    }

    @Override
    public Frame frame() {
        byte[] grey = new byte[4 * 6 * 3];
        java.util.Arrays.fill(grey, (byte) sum);
        return new Frame(6, 4, grey);
    }
}
