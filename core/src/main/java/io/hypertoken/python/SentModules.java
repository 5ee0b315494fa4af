package io.hypertoken.python;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

/// Modules of Python that a process gets over its standard input: a line for each, its name and its text in base64,
/// then
/// an empty line, or the end.
///
/* No file is unpacked, so none can be left behind, be stale, or be exchanged by somebody else; and whoever runs them needs
no package of ours. Only BOOT, which never changes, is on a command line. */
public final class SentModules {
    private static final String BOOT = """
            import sys
            from base64 import b64decode
            from importlib.machinery import ModuleSpec
            class Sent:
                texts = {}
                def find_spec(self, name, path=None, target=None):
                    if name in self.texts:
                        inside = name + "."
                        package = any(other.startswith(inside) for other in self.texts)
                        return ModuleSpec(name, self, is_package=package)
                def create_module(self, spec):
                    return None
                def get_source(self, name):
                    return self.texts[name]
                def exec_module(self, module):
                    name = module.__name__
                    code = compile(self.texts[name], f"<{name}>", "exec", dont_inherit=True)
                    exec(code, module.__dict__)
            while line := sys.stdin.buffer.readline().split():
                Sent.texts[line[0].decode()] = b64decode(line[1]).decode() if line[1:] else ""
            sys.meta_path.insert(0, Sent())
            """;

    private SentModules() {}

    /// The program for `python -c` that takes the modules and calls the function `main` of one of them.
    public static String boot(String module) {
        return BOOT + "from " + module + " import main\nsys.exit(main())\n";
    }

    /// What the process is to read.
    ///
    /// @param beside the class in whose package the texts lie
    /// @param resources by the module's name, its file there; empty for a package without a text
    public static byte[] lines(Class<?> beside, Map<String, String> resources) {
        var lines = new StringBuilder();
        resources.forEach((module, file) -> lines.append(module)
                .append(' ')
                .append(file.isEmpty() ? "" : Base64.getEncoder().encodeToString(text(beside, file)))
                .append('\n'));
        return lines.append('\n').toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] text(Class<?> beside, String name) {
        try (InputStream file = beside.getResourceAsStream(name)) {
            if (file == null) {
                throw new IllegalStateException("the jar lacks " + name + "; build it anew");
            }
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + name, e);
        }
    }
}
