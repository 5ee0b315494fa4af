package io.hypertoken.app;

import io.hypertoken.env.Catalogue;
import io.hypertoken.env.Spec;
import java.util.Iterator;
import java.util.stream.Stream;

/// The ids and aliases of the shipped environments, for shells to complete.
final class EnvironmentNames implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
        return Catalogue.of(EnvironmentNames.class.getClassLoader()).specs().stream()
                .flatMap(spec -> names(spec))
                .iterator();
    }

    private static Stream<String> names(Spec spec) {
        return Stream.concat(Stream.of(spec.id()), spec.aliases().stream());
    }
}
