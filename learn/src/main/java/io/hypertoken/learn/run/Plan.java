package io.hypertoken.learn.run;

import io.hypertoken.env.Options;
import io.hypertoken.env.Spec;
import io.hypertoken.learn.ppo.PpoSettings;
import java.util.LinkedHashMap;
import java.util.Map;

/// What is trained, how, and for how long.
///
/// @param spec the environment
/// @param options its construction options
/// @param settings a value for every hyper-parameter
/// @param totalSteps steps of the environment, of all rows together
/// @param seed of everything that is drawn
/// @param threads how many compute; results never depend on it
public record Plan(Spec spec, Options options, PpoSettings settings, long totalSteps, long seed, int threads) {

    /// As `config.json` keeps it.
    ///
    /// @param version of HyperToken
    Map<String, Object> described(String version) {
        var environment = new LinkedHashMap<String, Object>();
        environment.put("id", spec.id());
        environment.put("version", spec.version());
        environment.put("options", options.values());
        var described = new LinkedHashMap<String, Object>();
        described.put("format", 1);
        described.put("algorithm", "ppo");
        described.put("environment", environment);
        described.put("total_steps", totalSteps);
        described.put("seed", seed);
        described.put("threads", threads);
        described.put("hyperparameters", settings.values());
        described.put(
                "versions",
                Map.of("hypertoken", version, "java", Runtime.version().toString()));
        return described;
    }
}
