package own;

import io.hypertoken.env.Environment;
import io.hypertoken.env.MaskMeaning;
import io.hypertoken.env.Spec;
import io.hypertoken.env.Step;
import io.hypertoken.env.View;
import io.hypertoken.space.Spaces;
import java.util.concurrent.atomic.AtomicInteger;

/** Wait, leave, or slam the door: who slammed it is not let in again at once. Odd seeds never are. */
public final class Door implements Environment {
    public static final Spec SPEC = Spec.of("door", 1)
            .observes(Spaces.discrete(100))
            .acts("wait", "leave", "slam")
            .masks(MaskMeaning.BINDING)
            .creates(options -> new Door());

    /** Resets that will fail: both tries of one. */
    private static final AtomicInteger LOCKED = new AtomicInteger();

    private int steps;

    @Override
    public void reset(Step step) {
        if (step.seed().isPresent() && step.seed().getAsLong() % 2 == 1) {
            throw new IllegalStateException("odd");
        }
        if (LOCKED.get() > 0) {
            LOCKED.decrementAndGet();
            throw new IllegalStateException("locked");
        }
        steps = 0;
    }

    @Override
    public void step(Step step) {
        steps++;
        step.reward(1);
        if (step.action() == 2) {
            LOCKED.set(2);
        }
        step.terminateIf(step.action() > 0);
    }

    @Override
    public void observe(int agent, View view) {
        view.set(steps + 1).allow(2, steps > 0);
    }
}
