package own;

import io.hypertoken.env.Environment;
import io.hypertoken.env.MaskMeaning;
import io.hypertoken.env.Options;
import io.hypertoken.env.OptionType;
import io.hypertoken.env.Spec;
import io.hypertoken.env.Step;
import io.hypertoken.env.View;
import io.hypertoken.space.Spaces;

/** Takes its time over every step, and over every reset: something for a user to interrupt. */
public final class Snail implements Environment {
    public static final Spec SPEC = Spec.of("snail", 1)
            .option("millis", OptionType.integers(0, 60_000), 5_000)
            .observes(Spaces.discrete(1 << 20))
            .acts("crawl", "sleep")
            .masks(MaskMeaning.NONE)
            .creates(Snail::new);

    private final int millis;
    private int steps;

    Snail(Options options) {
        millis = options.integer("millis");
    }

    @Override
    public void reset(Step step) {
        steps = 0;
    }

    @Override
    public void step(Step step) {
        steps++;
        if (step.action() == 1) {
            try {
                Thread.sleep(millis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void observe(int agent, View view) {
        view.set(steps);
    }
}
