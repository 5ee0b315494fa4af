package io.hypertoken.learn.ppo;

import static io.hypertoken.space.Spaces.box;

import io.hypertoken.engine.Autoreset;
import io.hypertoken.engine.Settings;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.Catalogue;
import io.hypertoken.env.Environment;
import io.hypertoken.env.MaskMeaning;
import io.hypertoken.env.Options;
import io.hypertoken.env.Spec;
import io.hypertoken.env.Step;
import io.hypertoken.env.View;
import io.hypertoken.games.cartpole.CartPole;
import io.hypertoken.space.Space;
import java.util.Map;

/// Environments to train on, and trainings of them.
final class Stand {
    static final Spec CART_POLE = CartPole.SPEC;
    private static final Catalogue CATALOGUE = Catalogue.of(Stand.class.getClassLoader());

    private Stand() {}

    static Spec named(String id) {
        return CATALOGUE.find(id);
    }

    /// An environment with nothing but spaces.
    static Spec of(Space actions, boolean masked) {
        return Spec.of("stand", 1)
                .observes(box(-10, 10, 3))
                .acts(actions)
                .masks(masked ? MaskMeaning.BINDING : MaskMeaning.NONE)
                .creates(Nothing::new);
    }

    static VectorEnvironment vector(Spec spec, PpoSettings settings) {
        return VectorEnvironment.open(
                spec,
                spec.options(Map.of()),
                Settings.DEFAULT.rows(settings.envs()).autoreset(Autoreset.SAME_STEP));
    }

    static final class Nothing implements Environment {
        Nothing(Options options) {}

        @Override
        public void reset(Step s) {}

        @Override
        public void step(Step s) {}

        @Override
        public void observe(int agent, View v) {}
    }
}
