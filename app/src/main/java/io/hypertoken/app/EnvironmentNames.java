package io.hypertoken.app;

import io.hypertoken.env.Catalogue;
import io.hypertoken.env.Spec;
import java.util.Iterator;
import java.util.stream.Stream;

/// The ids and aliases of the shipped environments, and what resolvers know of by their prefixes, for shells to
/// complete.
final class EnvironmentNames implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
        Catalogue catalogue = Catalogue.of(EnvironmentNames.class.getClassLoader());
        return Stream.concat(
                        catalogue.specs().stream().flatMap(spec -> names(spec)),
                        catalogue.resolvers().values().stream()
                                .flatMap(resolver ->
                                        resolver.known().stream().map(name -> resolver.prefix() + ":" + name)))
                .iterator();
    }

    private static Stream<String> names(Spec spec) {
        return Stream.concat(Stream.of(spec.id()), spec.aliases().stream());
    }
}
