package io.hypertoken.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypertoken.HyperTokenException;
import io.hypertoken.fixture.Corridor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JarsTest {
    @TempDir
    private Path folder;

    @Test
    void withoutJarsThereIsOneCatalogueOfOurOwn() {
        assertThat(Jars.catalogue("")).isSameAs(Jars.catalogue(""));
        assertThat(Jars.catalogue("").find("hall")).isSameAs(Corridor.SPEC);
    }

    @Test
    void theClassThatDeclaresAnEnvironmentIsAHintOnly() {
        String here = Corridor.class.getName();

        assertThat(Jars.find("Corridor@1", here, "")).isSameAs(Corridor.SPEC);
        assertThat(Jars.find("corridor", "io.hypertoken.Nothing", "")).isSameAs(Corridor.SPEC);
        assertThatThrownBy(() -> Jars.find("corridor@2", here, ""))
                .hasMessage("there is no environment corridor@2; corridor is at version 1 here; ask for corridor@1, or "
                        + "install the release that had the other one");
        assertThatThrownBy(() -> Jars.find("hail", here, ""))
                .hasMessage("there is no environment hail; no jar on the class path declares it; did you mean hall?");
    }

    @Test
    void aJarThatIsNotThereIsRefusedByName() {
        Path jar = folder.resolve("mine.jar");

        assertThatThrownBy(() -> Jars.catalogue(jar.toString()))
                .isInstanceOf(HyperTokenException.class)
                .hasMessage("the jar " + jar + " was refused; there is no such file, or it cannot be read; build it "
                        + "first, or correct the path");
    }

    @Test
    void aFileThatIsNoJarIsRefusedByName() throws IOException {
        Path file = Files.writeString(folder.resolve("Corridor.java"), "class Corridor {}");

        assertThatThrownBy(() -> Jars.catalogue(file.toString()))
                .isInstanceOf(HyperTokenException.class)
                .hasMessage("the jar " + file + " was refused; it is neither a jar nor a folder of classes; "
                        + "name the jar that your build writes, such as target/my-environment.jar");
    }
}
