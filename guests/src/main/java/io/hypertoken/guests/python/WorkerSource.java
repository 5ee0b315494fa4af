package io.hypertoken.guests.python;

import io.hypertoken.json.NumberJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The worker's program, which the build takes over from the Python package `hypertoken.guest`.
///
/* It travels over the new process's standard input: no file is unpacked, so none can be left behind, be stale, or be
exchanged by somebody else; and whoever plays needs no package but gymnasium and numpy. */
final class WorkerSource {
    private static final List<String> MODULES = List.of(
            "__init__",
            "channel",
            "columns",
            "failures",
            "gym_rows",
            "gym_source",
            "imports",
            "pz_rows",
            "pz_source",
            "spaces",
            "told",
            "worker");
    private static final String PACKAGE = "hypertoken_guest";

    /// Makes the modules importable and begins.
    static final String BOOT = """
            import sys, json
            from importlib.machinery import ModuleSpec
            class Sent:
                texts = json.load(sys.stdin.buffer)
                def find_spec(self, name, path=None, target=None):
                    if name in self.texts:
                        return ModuleSpec(name, self, is_package=name == "hypertoken_guest")
                def create_module(self, spec):
                    return None
                def get_source(self, name):
                    return self.texts[name]
                def exec_module(self, module):
                    name = module.__name__
                    code = compile(self.texts[name], f"<{name}>", "exec", dont_inherit=True)
                    exec(code, module.__dict__)
            sys.meta_path.insert(0, Sent())
            from hypertoken_guest.worker import main
            main()
            """;

    private static final byte[] TEXTS = read();

    private WorkerSource() {}

    /// What the process reads from its standard input.
    static byte[] texts() {
        return TEXTS.clone();
    }

    private static byte[] read() {
        Map<String, String> texts = new LinkedHashMap<>();
        for (String module : MODULES) {
            texts.put(module.equals("__init__") ? PACKAGE : PACKAGE + "." + module, text(module));
        }
        return NumberJson.bytes(texts);
    }

    private static String text(String module) {
        String name = "worker/" + module + ".py";
        try (InputStream file = WorkerSource.class.getResourceAsStream(name)) {
            if (file == null) {
                throw new IllegalStateException("the jar lacks " + name + "; build it anew");
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + name, e);
        }
    }
}
