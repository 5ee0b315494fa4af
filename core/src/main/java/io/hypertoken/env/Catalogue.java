package io.hypertoken.env;

import static io.hypertoken.ErrorCode.UNKNOWN_ENVIRONMENT;

import io.hypertoken.DidYouMean;
import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;

/// The environments that a class path holds, found by id, alias or `id@version`, ignoring case; immutable.
///
/// Each jar lists its environments in `META-INF/services/io.hypertoken.env.Environment`, one class name a line; each
/// class has a `public static final Spec SPEC`.
public final class Catalogue {
    static final String SERVICE_FILE = "META-INF/services/" + Environment.class.getName();

    private final Map<String, Spec> byId = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final Map<String, SpecResolver> resolvers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final Map<String, Spec> byName = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    /// A catalogue of just these environments.
    ///
    /// @throws IllegalArgumentException if two share an id or an alias
    public Catalogue(Collection<Spec> specs) {
        this(specs, List.of());
    }

    /// A catalogue of these environments, and of those that resolvers find by their prefixes.
    ///
    /// @throws IllegalArgumentException if two share an id, an alias or a prefix
    public Catalogue(Collection<Spec> specs, Iterable<SpecResolver> resolvers) {
        for (SpecResolver resolver : resolvers) {
            SpecResolver other = this.resolvers.putIfAbsent(resolver.prefix(), resolver);
            if (other != null) {
                throw new IllegalArgumentException("two resolvers answer to " + resolver.prefix() + ": " + other
                        + " and " + resolver + "; prefixes are unique; leave one out");
            }
        }
        for (Spec spec : specs) {
            enter(byId, spec.id(), spec);
            enter(byName, spec.id(), spec);
            spec.aliases().stream()
                    .filter(alias -> !alias.equalsIgnoreCase(spec.id()))
                    .forEach(alias -> enter(byName, alias, spec));
        }
    }

    /// Just the environment that a class declares: quicker to make than the whole catalogue.
    ///
    /// @throws IllegalArgumentException if the class has no `SPEC`
    public static Catalogue declaredBy(String className, ClassLoader loader) {
        return new Catalogue(List.of(specOf(className, loader)));
    }

    /// The classes that the service files of a class loader name, in order.
    public static Collection<String> declaringClasses(ClassLoader loader) {
        return serviceLines(loader);
    }

    /// The environments that a class loader and its parents see.
    ///
    /// @throws IllegalArgumentException if a service line names no class with a `SPEC`, or two environments share a
    /// name
    public static Catalogue of(ClassLoader loader) {
        var specs = new ArrayList<Spec>();
        serviceLines(loader).forEach(className -> specs.add(specOf(className, loader)));
        return new Catalogue(specs, ServiceLoader.load(SpecResolver.class, loader));
    }

    /// The environments that a class loader sees, and those of jars and folders of classes.
    ///
    /// @throws HyperTokenException `unknown_environment` if a jar is not there or is none, or no jar declares an
    /// environment
    /// @throws IllegalArgumentException as [#of(ClassLoader)]
    public static Catalogue of(Collection<Path> jars, ClassLoader loader) {
        return of(jars.isEmpty() ? loader : NamedJars.loader(jars, loader));
    }

    /// All environments, by id.
    public Collection<Spec> specs() {
        return Collections.unmodifiableCollection(byId.values());
    }

    /// The environment of this id or alias, with or without `@version`.
    ///
    /// @throws HyperTokenException `unknown_environment`, naming the nearest ones
    public Spec find(String name) {
        int colon = name.indexOf(':');
        if (colon > 0) {
            return resolve(name, colon);
        }
        String shown = Shown.shortened(name, 60);
        int at = name.lastIndexOf('@');
        String word = at < 0 ? name : name.substring(0, at);
        Spec spec = byName.get(word);
        if (spec == null) {
            throw new HyperTokenException(
                    UNKNOWN_ENVIRONMENT,
                    "there is no environment " + shown,
                    "no jar on the class path declares it",
                    DidYouMean.hint(word, byName.keySet()));
        }
        if (at >= 0 && !name.substring(at + 1).equals(Integer.toString(spec.version()))) {
            throw new HyperTokenException(
                    UNKNOWN_ENVIRONMENT,
                    "there is no environment " + shown,
                    spec.id() + " is at version " + spec.version() + " here",
                    "ask for " + word + "@" + spec.version() + ", or install the release that had the other one");
        }
        return spec;
    }

    /// The environment that the resolver of the word before the colon finds.
    private Spec resolve(String name, int colon) {
        String prefix = name.substring(0, colon);
        SpecResolver resolver = resolvers.get(prefix);
        if (resolver == null) {
            throw new HyperTokenException(
                    UNKNOWN_ENVIRONMENT,
                    "there is no environment " + Shown.value(name),
                    "nothing here resolves ids that begin with " + Shown.value(prefix + ":"),
                    resolvers.isEmpty()
                            ? "ask for an id without a colon"
                            : "known prefixes: " + String.join(", ", resolvers.keySet()));
        }
        return resolver.resolve(name.substring(colon + 1));
    }

    /// Who resolves ids with a prefix, by it.
    public Map<String, SpecResolver> resolvers() {
        return Collections.unmodifiableMap(resolvers);
    }

    private static void enter(Map<String, Spec> names, String name, Spec spec) {
        Spec other = names.putIfAbsent(name, spec);
        if (other != null && other != spec) {
            throw new IllegalArgumentException("two environments are called " + name.toLowerCase(Locale.ROOT) + ": "
                    + other + " and " + spec + "; ids and aliases are unique ignoring case; rename one");
        }
    }

    private static Collection<String> serviceLines(ClassLoader loader) {
        var classNames = new LinkedHashSet<String>();
        try {
            for (URL file : Collections.list(loader.getResources(SERVICE_FILE))) {
                var connection = file.openConnection();
                connection.setUseCaches(false); // a cached jar would hide a rebuilt one from the next loader
                try (var reader = new BufferedReader(
                        new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8))) {
                    reader.lines()
                            .map(line -> line.replaceFirst("#.*", "").strip())
                            .filter(line -> !line.isEmpty())
                            .forEach(classNames::add);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + SERVICE_FILE, e);
        }
        return classNames;
    }

    private static Spec specOf(String className, ClassLoader loader) {
        try {
            Object spec =
                    Class.forName(className, true, loader).getField("SPEC").get(null);
            if (spec instanceof Spec declared) {
                return declared;
            }
            throw new IllegalArgumentException(badLine(className, "its SPEC is no " + Spec.class.getName()));
        } catch (ClassNotFoundException | NoSuchFieldException | IllegalAccessException e) {
            throw new IllegalArgumentException(badLine(className, e.toString()), e);
        } catch (LinkageError e) { // it was compiled for another Java, misses a class, or throws at its SPEC
            throw new IllegalArgumentException(badClass(className, e), e);
        }
    }

    private static String badClass(String className, LinkageError thrown) {
        Throwable cause =
                thrown instanceof ExceptionInInitializerError && thrown.getCause() != null ? thrown.getCause() : thrown;
        return "cannot load " + className + "; " + cause + "; build it again";
    }

    private static String badLine(String className, String why) {
        return String.join(
                "; ",
                List.of(
                        "cannot use " + className + " from " + SERVICE_FILE,
                        why,
                        "the line must name a public class with a public static final Spec SPEC"));
    }
}
