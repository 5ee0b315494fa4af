package own;

import io.hypertoken.env.Environment;
import io.hypertoken.env.MaskMeaning;
import io.hypertoken.env.Spec;
import io.hypertoken.env.Step;
import io.hypertoken.env.View;
import io.hypertoken.space.Spaces;

/** Push a lever by any force: an action that is a Box, and an observation that is a Dict. */
public final class Lever implements Environment {
    public static final Spec SPEC = Spec.of("lever", 1)
            .observes(Spaces.dict("arm", Spaces.box(-10, 10, 2), "side", Spaces.discrete(3)))
            .acts(Spaces.box(-1, 1, 2))
            .masks(MaskMeaning.NONE)
            .stepLimit(20)
            .creates(options -> new Lever());

    private double angle;
    private double speed;

    @Override
    public void reset(Step step) {
        angle = step.random().uniform(-1, 1);
        speed = 0;
    }

    @Override
    public void step(Step step) {
        speed += 0.1 * Math.clamp(step.value(0) - step.value(1), -2, 2);
        angle = Math.clamp(angle + speed, -10, 10);
        step.reward(-Math.abs(angle)).terminateIf(Math.abs(angle) > 9);
    }

    @Override
    public void observe(int agent, View view) {
        view.set(0, 0, angle).set(0, 1, speed).set(1, 0, angle < 0 ? 0 : 1);
    }
}
