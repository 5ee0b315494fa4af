package io.hypertoken.bench.learn;

import io.hypertoken.env.Catalogue;
import io.hypertoken.env.Options;
import io.hypertoken.env.Spec;
import io.hypertoken.json.JsonMessage;
import io.hypertoken.learn.ppo.PpoSettings;
import io.hypertoken.learn.run.Plan;
import io.hypertoken.learn.run.Tuned;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a measurement asks for, as a JSON object on the command line.
///
/// ```text
/// env               an environment
/// options           its options; left out for its defaults
/// hyperparameters   beside those that are tuned for it, or alone where "tuned" is false
/// total_steps       left out for what is tuned
/// seeds             how many trainings, by seeds 1, 2, …
/// warm_ups          how many more before, which nobody hears of
/// episodes          fresh ones that the trained policy plays at the end
/// solved            the mean return that ends a training; left out to train to the end
/// check_every       after how many steps it is looked at
/// ```
record Order(Map<String, @Nullable Object> values) {
    static Order of(String json) {
        return new Order(JsonMessage.read(json.getBytes(StandardCharsets.UTF_8)));
    }

    Plan plan(long seed) {
        Spec spec = Catalogue.of(Order.class.getClassLoader()).find(String.valueOf(values.get("env")));
        Options options = spec.options(map("options"));
        boolean known = !Boolean.FALSE.equals(values.get("tuned"));
        Tuned tuned = Tuned.of(spec);
        var settings = PpoSettings.of(known ? tuned.hyperparameters() : Map.of(), map("hyperparameters"));
        return new Plan(spec, options, settings, integer("total_steps", tuned.totalSteps()), seed, 1);
    }

    private Map<String, Object> map(String name) {
        var given = new LinkedHashMap<String, Object>();
        if (values.get(name) instanceof Map<?, ?> map) {
            map.forEach((key, value) -> given.put(String.valueOf(key), value));
        }
        return given;
    }

    long integer(String name, long otherwise) {
        return values.get(name) instanceof Long number ? number : otherwise;
    }

    double number(String name, double otherwise) {
        return values.get(name) instanceof Number number ? number.doubleValue() : otherwise;
    }
}
