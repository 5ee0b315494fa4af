package io.hypertoken.guests.python;

import io.hypertoken.engine.Settings;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.Spec;
import java.util.Map;

/// PettingZoo's environments in Java; see [GymnasiumEnvironment].
public final class PettingZooEnvironment {
    private PettingZooEnvironment() {}

    /// The declaration of an environment of PettingZoo's registry, or of a module that has `env` or `parallel_env`.
    ///
    /// @param id such as `classic/tictactoe_v3`, or `aec:classic/rps_v2` where it has both faces
    /// @throws io.hypertoken.HyperTokenException `unknown_environment`, naming the nearest ones, or
    ///     `environment_failed` with what Python said
    public static Spec spec(String id) {
        return PythonResolver.find("pz", id);
    }

    /// One copy, opened; close it.
    ///
    /// @param options the constructor's keywords by name, and how it is played
    public static VectorEnvironment make(String id, Map<String, ?> options) {
        Spec spec = spec(id);
        return VectorEnvironment.open(spec, spec.options(options), Settings.DEFAULT);
    }
}
