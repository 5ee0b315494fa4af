package io.hypertoken.learn.onnx;

import static io.hypertoken.ErrorCode.UNAVAILABLE;

import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Finds ONNX Runtime, whose jar is too large to be part of ours, and loads it.
///
/// It is looked for on the class path, then where `HYPERTOKEN_ONNXRUNTIME` says, then in the user's cache.
/* Our one class that names ONNX Runtime's lies in the package `ort`. The loader of hypertoken.jar could not link it, for
that never sees another jar; so this loader defines that package anew from the same bytes, with the runtime's jar beside
it, and leaves everything else to its parent. */
final class RuntimeLoader extends URLClassLoader {
    static final String VARIABLE = "HYPERTOKEN_ONNXRUNTIME";
    /// The version that is fetched; others may do as well.
    static final String VERSION = "1.29.0";

    private static final String OURS = RuntimeLoader.class.getPackageName() + ".ort.";
    private static @Nullable OnnxRuntime runtime;

    private RuntimeLoader(URL... jars) {
        super("onnxruntime", jars, RuntimeLoader.class.getClassLoader());
    }

    /// Made once: its native libraries can be loaded once.
    static synchronized OnnxRuntime runtime() {
        OnnxRuntime known = runtime;
        if (known == null) {
            known = load(System.getenv());
            runtime = known;
        }
        return known;
    }

    private static OnnxRuntime load(Map<String, String> environment) {
        URL[] jars = onClassPath() ? new URL[0] : new URL[] {url(jar(environment))};
        try {
            // Never closed: the runtime lives as long as the process.
            var loader = new RuntimeLoader(jars);
            return (OnnxRuntime)
                    loader.loadClass(OURS + "Runtime").getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException | LinkageError e) {
            Throwable why = e.getCause() == null ? e : e.getCause();
            throw new HyperTokenException(
                    UNAVAILABLE,
                    "cannot start ONNX Runtime of " + Arrays.toString(jars),
                    Shown.failure(why),
                    fetching(environment),
                    e);
        }
    }

    private static boolean onClassPath() {
        try {
            Class.forName("ai.onnxruntime.OrtEnvironment", false, RuntimeLoader.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException missing) {
            return false;
        }
    }

    /// Where the jar lies.
    ///
    /// @throws HyperTokenException `unavailable` if it does not
    static Path jar(Map<String, String> environment) {
        String named = environment.getOrDefault(VARIABLE, "");
        Path jar = named.isEmpty() ? cached(environment) : Path.of(named);
        if (!Files.isRegularFile(jar)) {
            throw new HyperTokenException(
                    UNAVAILABLE,
                    "an ONNX policy needs ONNX Runtime, which is not at " + jar,
                    named.isEmpty()
                            ? "its native libraries are large, so hypertoken.jar does not hold them"
                            : VARIABLE + " names no file",
                    fetching(environment));
        }
        return jar;
    }

    private static Path cached(Map<String, String> environment) {
        return cache(environment).resolve("onnxruntime-" + VERSION + ".jar");
    }

    private static Path cache(Map<String, String> environment) {
        String caches = environment.getOrDefault("XDG_CACHE_HOME", "");
        Path folder = caches.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(caches);
        return folder.resolve("hypertoken");
    }

    /// The command that puts the jar into the cache.
    private static String fetching(Map<String, String> environment) {
        boolean launched = System.getProperty("hypertoken.launcher.commands") != null;
        return launched
                ? "fetch it with ./hypertoken onnxruntime"
                : "fetch it with mvn dependency:copy -Dartifact=com.microsoft.onnxruntime:onnxruntime:" + VERSION
                        + " -DoutputDirectory=" + cache(environment) + ", or name its jar by " + VARIABLE;
    }

    private static URL url(Path jar) {
        try {
            return jar.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e); // a file's is none
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(OURS)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? define(name) : loaded;
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        ClassLoader ours = Objects.requireNonNull(getParent());
        try (InputStream in = ours.getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] bytes = in.readAllBytes();
            return defineClass(name, bytes, 0, bytes.length);
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }
}
