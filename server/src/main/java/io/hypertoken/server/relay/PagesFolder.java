package io.hypertoken.server.relay;

import static io.hypertoken.ErrorCode.BAD_OPTION;

import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import io.hypertoken.server.http.Request;
import io.hypertoken.server.http.Response;
import io.hypertoken.server.http.Route;
import io.hypertoken.server.web.MediaTypes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;

/// Serves the files of a folder as they are now, and nothing beside it.
final class PagesFolder {
    private static final int NO_BODY = 8192;
    private static final long LONGEST = 64L << 20;
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String START = "index.html";

    private final Path root;

    /// @throws HyperTokenException `bad_option` if there is no such folder
    PagesFolder(Path folder) {
        try {
            root = folder.toRealPath();
        } catch (IOException e) {
            throw refusal(folder, "there is none");
        }
        if (!Files.isDirectory(root)) {
            throw refusal(folder, "it is a file");
        }
    }

    private static HyperTokenException refusal(Path folder, String why) {
        return new HyperTokenException(
                BAD_OPTION, "refused the folder of pages " + Shown.value(folder), why, "name the folder of index.html");
    }

    Route route() {
        return new Route(
                "GET",
                "/*",
                NO_BODY,
                true,
                (request, response) ->
                        Thread.ofVirtual().name("hypertoken-pages").start(() -> answer(request, response)));
    }

    private void answer(Request request, Response response) {
        try {
            Path file = root.resolve("." + request.path()).normalize();
            if (!request.path().endsWith("/") && file.startsWith(root) && Files.isDirectory(file)) {
                response.send(301, TEXT, new byte[0], Map.of("Location", request.path() + "/"));
                return;
            }
            Path real = (request.path().endsWith("/") ? file.resolve(START) : file).toRealPath();
            if (real.startsWith(root) && Files.isRegularFile(real) && Files.size(real) <= LONGEST) {
                response.send(
                        200,
                        MediaTypes.of(real.toString()),
                        Files.readAllBytes(real),
                        Map.of("Cache-Control", "no-cache"));
                return;
            }
        } catch (IOException | InvalidPathException nothing) {
            // told below
        }
        response.send(404, TEXT, "there is no such file here\n".getBytes(StandardCharsets.UTF_8));
    }
}
