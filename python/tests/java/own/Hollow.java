package own;

import io.hypertoken.env.Environment;
import io.hypertoken.env.MaskMeaning;
import io.hypertoken.env.Spec;
import io.hypertoken.env.Step;
import io.hypertoken.env.View;
import io.hypertoken.space.Spaces;

/** Follows a null reference in every other step, which Java meets as a signal once the code is compiled. */
public final class Hollow implements Environment {
    public static final Spec SPEC = Spec.of("hollow", 1)
            .observes(Spaces.discrete(2))
            .acts("fill", "follow")
            .masks(MaskMeaning.NONE)
            .creates(options -> new Hollow());

    private static final class Thing {
        int weight = 1;
    }

    private Thing thing = new Thing();

    @Override
    public void reset(Step step) {}

    @Override
    public void step(Step step) {
        Thing found = step.action() == 1 ? null : thing;
        int weight;
        try {
            weight = found.weight;
        } catch (NullPointerException e) {
            weight = -1;
        }
        step.reward(weight);
    }

    @Override
    public void observe(int agent, View view) {}
}
