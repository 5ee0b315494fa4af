package io.hypertoken.app;

import io.hypertoken.env.Options;
import io.hypertoken.env.Spec;
import io.hypertoken.learn.cluster.Pool;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// The environment that a command is about: its id or alias, and its declared options.
final class EnvironmentArguments {
    @Parameters(
            index = "0",
            paramLabel = "ENV",
            completionCandidates = EnvironmentNames.class,
            description = "The id or an alias of an environment, or id@version.")
    private String name = "";

    @Mixin
    private DeclaredOptions declared = new DeclaredOptions();

    private Map<String, Object> trainedWith = Map.of();

    /// The environment's declaration.
    ///
    /// @throws io.hypertoken.HyperTokenException `unknown_environment`, naming the nearest ones
    Spec spec() {
        return declared.catalogue().find(name);
    }

    /// Its construction options.
    Options options() {
        return declared.of(spec(), trainedWith);
    }

    /// Where the command line gives no value, options are to be as policies were trained with: others may show them
    /// what they have never seen.
    ///
    /// @throws io.hypertoken.HyperTokenException `bad_field` where two were trained with different ones
    void playedBy(List<String> policies) {
        Spec spec = spec();
        trainedWith =
                NamedPolicy.trainedWith(policies, spec, declared.given(spec).keySet());
    }

    /// The same for actors elsewhere.
    ///
    /// @param actors how many
    /// @param episodes how many are played in a row
    Pool pool(int actors, int episodes) {
        var given = new LinkedHashMap<String, Object>(options().values());
        Set<String> names = declared.given(spec()).keySet();
        given.keySet().removeIf(option -> !names.contains(option) && !trainedWith.containsKey(option));
        List<String> jars = declared.jars().stream()
                .map(jar -> jar.toAbsolutePath().toString())
                .toList();
        return Pool.of(name, given, jars, actors, episodes);
    }

    /// Where it was looked for, and what was given for it.
    DeclaredOptions declared() {
        return declared;
    }
}
