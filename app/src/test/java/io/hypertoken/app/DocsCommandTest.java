package io.hypertoken.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.env.Catalogue;
import io.hypertoken.env.Spec;
import io.hypertoken.fixture.Corridor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Holds the committed documentation to the code.
class DocsCommandTest extends CommandTest {
    private static final Path CHECKOUT = Path.of("..");
    private static final String PLACE = """
            Before.

            <!-- The table below is generated: change the environments, then run ./hypertoken docs -->
            old
            <!-- End of the generated table -->

            After.
            """;

    /// What the jar ships: the tests' own environments are left out.
    private static List<Spec> shipped() {
        return Catalogue.of(DocsCommandTest.class.getClassLoader()).specs().stream()
                .filter(spec -> spec != Corridor.SPEC)
                .toList();
    }

    @TestFactory
    Stream<DynamicTest> everyGeneratedFileIsCommittedAsTheCodeWouldWriteIt() throws IOException {
        Map<Path, String> files = new DocsCommand().in(CHECKOUT).files(shipped());

        return files.entrySet().stream()
                .map(file -> DynamicTest.dynamicTest(
                        file.getKey().toString(),
                        () -> assertThat(CHECKOUT.resolve(file.getKey()))
                                .as("run ./hypertoken docs")
                                .hasContent(file.getValue())));
    }

    @Test
    void noPageIsLeftOfAnEnvironmentThatIsGone() throws IOException {
        Map<Path, String> files = new DocsCommand().in(CHECKOUT).files(shipped());

        try (Stream<Path> pages = Files.list(CHECKOUT.resolve("docs/environments"))) {
            assertThat(pages.map(CHECKOUT::relativize)).isSubsetOf(files.keySet());
        }
    }

    @Test
    void itWritesEveryFileOnceAndCheckThenAgrees(@TempDir Path checkout) throws IOException {
        Files.createDirectories(checkout.resolve("launcher/commands"));
        Files.createDirectories(checkout.resolve("docs/environments"));
        Files.writeString(checkout.resolve("README.md"), PLACE);
        Files.writeString(checkout.resolve("docs/environments/gone.md"), "");

        assertThat(run("docs", "--check", "--root", checkout.toString())).isEqualTo(1);
        assertThat(err())
                .contains("README.md is stale", "gone.md is of no use", "docs/environments/corridor.md is stale")
                .endsWith("the documentation differs from the code; run ./hypertoken docs" + System.lineSeparator());

        assertThat(run("docs", "--root", checkout.toString())).isZero();
        assertThat(out()).contains("wrote README.md", "deleted docs/environments/gone.md");
        assertThat(Files.readString(checkout.resolve("README.md")))
                .startsWith("Before.\n")
                .endsWith("After.\n")
                .contains("| [`corridor`](docs/environments/corridor.md) |")
                .doesNotContain("old\n");

        assertThat(run("docs", "--check", "--root", checkout.toString())).isZero();
    }

    @Test
    void aFolderThatIsNoCheckoutIsAUsageError(@TempDir Path folder) {
        assertThat(run("docs", "--root", folder.toString())).isEqualTo(2);
        assertThat(err())
                .startsWith("hypertoken: refused --root " + folder
                        + "; it holds no README.md with a place for the table; run this " + "in a source checkout");
    }
}
