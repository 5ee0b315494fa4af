package io.hypertoken.guests.wasm;

import static io.hypertoken.ErrorCode.UNKNOWN_ENVIRONMENT;

import io.hypertoken.DidYouMean;
import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import io.hypertoken.env.Spec;
import io.hypertoken.env.SpecResolver;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Finds `wasm:path/to/env.wasm`: a module in a file, seen from the folder that the process was started in.
///
/* A file is read anew for every look-up, for it may have been built again; the same bytes are the same Spec, and what has
been opened keeps the code that it was opened with. */
public final class WasmResolver implements SpecResolver {
    private static final int MOST_BYTES = 16 << 20;
    private static final int KEPT = 16;
    private static final int SHOWN = 100;

    /// A file's bytes when it was last read, and what they declare.
    @SuppressWarnings("ArrayRecordComponent") // compared by Arrays.equals alone
    private record Read(byte[] bytes, Spec spec) {}

    private final Map<String, Read> known = new LinkedHashMap<>();

    @Override
    public String prefix() {
        return "wasm";
    }

    @Override
    public synchronized Spec resolve(String name) {
        byte[] bytes = bytes(name);
        Read before = known.get(name);
        if (before != null && Arrays.equals(before.bytes, bytes)) {
            return before.spec;
        }
        Spec spec;
        try {
            spec = WasmModules.declared("wasm:" + name, bytes);
        } catch (Refusal bad) {
            throw refusal(name, bad.why, bad.what);
        }
        known.remove(name);
        known.put(name, new Read(bytes, spec));
        if (known.size() > KEPT) {
            known.remove(known.keySet().iterator().next());
        }
        return spec;
    }

    private static byte[] bytes(String name) {
        Path path = path(name);
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw refusal(
                        name, "it is larger than " + (MOST_BYTES >> 20) + " MB", "build it without debug symbols");
            }
            return bytes;
        } catch (IOException e) {
            if (Files.isRegularFile(path)) {
                throw refusal(name, "it cannot be read (" + e.getMessage() + ")", "let this process read it");
            }
            List<String> near = modules(path.toAbsolutePath().getParent());
            throw refusal(
                    name,
                    "there is no such file, seen from " + Path.of("").toAbsolutePath(),
                    near.isEmpty()
                            ? "name a module, such as wasm:path/to/env.wasm"
                            : DidYouMean.hint(String.valueOf(path.getFileName()), near));
        }
    }

    /// A name climbs out of the folder that it begins in nowhere but at its beginning, so that a pattern such as
    /// `wasm:games/*` opens that folder alone.
    private static Path path(String name) {
        if (name.chars().anyMatch(Character::isWhitespace)) {
            throw refusal(
                    name, "an id has no spaces in it", "rename the file, or start inside the folder that has one");
        }
        try {
            Path path = Path.of(name);
            if (name.isEmpty()
                    || !path.normalize().toString().equals(path.toString().replaceFirst("^(\\./)+", ""))) {
                throw refusal(name, "a path goes straight to its file", "name it without /../ and /./");
            }
            return path;
        } catch (InvalidPathException e) {
            throw refusal(name, "it is no path (" + e.getReason() + ")", "name a file");
        }
    }

    @Override
    public Collection<String> known() {
        return modules(Path.of("").toAbsolutePath());
    }

    private static List<String> modules(@Nullable Path folder) {
        if (folder == null) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(file -> file.endsWith(".wasm"))
                    .sorted()
                    .limit(100)
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static HyperTokenException refusal(String name, String why, String what) {
        return new HyperTokenException(
                UNKNOWN_ENVIRONMENT, "cannot load wasm:" + Shown.shortened(name, SHOWN), why, what);
    }
}
