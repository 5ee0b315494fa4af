package io.hypertoken.env;

import static io.hypertoken.space.Spaces.discrete;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypertoken.ErrorCode;
import io.hypertoken.HyperTokenException;
import io.hypertoken.fixture.Auction;
import io.hypertoken.fixture.Gate;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogueTest {
    private static Spec spec(String id, String... aliases) {
        return Spec.of(id, 1).aliases(aliases).observes(discrete(1)).acts("go").creates(Gate.SPEC::create);
    }

    private final Catalogue catalogue =
            new Catalogue(List.of(spec("CartPole-v1", "CartPole", "cartpole"), Auction.SPEC, Gate.SPEC));

    @Test
    void idsAndAliasesAreFoundWhateverTheirCase() {
        assertThat(catalogue.find("AUCTION")).isSameAs(Auction.SPEC);
        assertThat(catalogue.find("cartPOLE").id()).isEqualTo("CartPole-v1");
        assertThat(catalogue.find("cartpole-v1@1").id()).isEqualTo("CartPole-v1");
        assertThat(catalogue.specs()).extracting(Spec::id).containsExactly("auction", "CartPole-v1", "gate");
    }

    @Test
    void anUnknownNameIsAnsweredWithTheNearest() {
        assertThatThrownBy(() -> catalogue.find("auctoin"))
                .isInstanceOfSatisfying(
                        HyperTokenException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNKNOWN_ENVIRONMENT))
                .hasMessage("there is no environment auctoin; no jar on the class path declares it; "
                        + "did you mean auction?");
        assertThatThrownBy(() -> catalogue.find("xyzzyxyzzy"))
                .hasMessageEndingWith("known: auction, CartPole, CartPole-v1, gate");
    }

    @Test
    void anotherVersionThanThePresentOneIsRefused() {
        assertThat(catalogue.find("auction@2")).isSameAs(Auction.SPEC);
        assertThatThrownBy(() -> catalogue.find("auction@1"))
                .hasMessage("there is no environment auction@1; auction is at version 2 here; ask for auction@2, "
                        + "or install the release that had the other one");
    }

    @Test
    void twoOfOneNameAreRefusedWhateverTheirCase() {
        assertThatThrownBy(() -> new Catalogue(List.of(spec("gate"), spec("GATE"))))
                .hasMessageStartingWith("two environments are called gate: ");
        assertThatThrownBy(() -> new Catalogue(List.of(spec("door", "gate"), Gate.SPEC)))
                .hasMessageStartingWith("two environments are called gate: ");
    }

    @Test
    void aServiceLineThatNamesNoEnvironmentSaysWhatItMustName(@TempDir Path folder) throws IOException {
        Path services = Files.createDirectories(folder.resolve("META-INF/services"));
        Path file = services.resolve(Environment.class.getName());
        for (String line : List.of("no.such.Class", "java.lang.String")) {
            Files.writeString(file, "# a comment\n\n" + line + " # and one more\n");
            try (var loader = new URLClassLoader(new URL[] {folder.toUri().toURL()}, null)) {
                assertThatThrownBy(() -> Catalogue.of(loader))
                        .hasMessageStartingWith(
                                "cannot use " + line + " from META-INF/services/io.hypertoken.env.Environment; ")
                        .hasMessageEndingWith(
                                "; the line must name a public class with a public static final Spec SPEC");
            }
        }
    }
}
