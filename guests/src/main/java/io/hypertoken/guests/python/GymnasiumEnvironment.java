package io.hypertoken.guests.python;

import io.hypertoken.engine.Settings;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.Spec;
import java.util.Map;

/// Gymnasium's environments in Java: played by Python processes, stepped like any other.
///
/// ```java
/// try (VectorEnvironment lander = GymnasiumEnvironment.make("LunarLander-v3", Map.of("continuous", true))) {
///     lander.reset(7);
///     lander.batch().action(0, 0, 0, 0, 0.5); // row 0, agent 0, leaf 0, element 0
///     lander.step();
///     System.out.println(lander.batch().reward(0, 0));
/// }
/// ```
/// It needs a Python with gymnasium: that of `HYPERTOKEN_PYTHON`, of the active virtual environment, or `python3`.
public final class GymnasiumEnvironment {
    private GymnasiumEnvironment() {}

    /// The declaration of an environment of Gymnasium's registry, for whatever takes a Spec.
    ///
    /// @param id such as `CartPole-v1`, `my_package:MyGame-v0` or `path/to/file.py:MyGame-v0`
    /// @throws io.hypertoken.HyperTokenException `unknown_environment`, naming the nearest ones, or
    ///     `environment_failed` with what Python said
    public static Spec spec(String id) {
        return PythonResolver.find("gym", id);
    }

    /// One copy, opened; close it.
    public static VectorEnvironment make(String id) {
        return make(id, Map.of());
    }

    /// One copy with options, opened; close it.
    ///
    /// @param options the constructor's keywords by name, and how it is played: `python`, `workers`, `spin`, …
    /// @throws io.hypertoken.HyperTokenException as [#spec(String)], or `bad_option`
    public static VectorEnvironment make(String id, Map<String, ?> options) {
        return makeVec(id, Settings.DEFAULT, options);
    }

    /// Many copies, opened; close them.
    public static VectorEnvironment makeVec(String id, Settings settings, Map<String, ?> options) {
        Spec spec = spec(id);
        return VectorEnvironment.open(spec, spec.options(options), settings);
    }
}
