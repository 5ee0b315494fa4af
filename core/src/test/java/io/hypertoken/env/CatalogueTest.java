package io.hypertoken.env;

import static io.hypertoken.env.OptionType.integers;
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
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
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

    private record Letters(String prefix) implements SpecResolver {
        @Override
        public Spec resolve(String name) {
            return spec(prefix + ":" + name);
        }

        @Override
        public List<String> known() {
            return List.of("a", "b");
        }
    }

    @Test
    void anIdWithAPrefixIsTheResolversOwnAffair() {
        var resolving = new Catalogue(List.of(Gate.SPEC), List.of(new Letters("gym"), new Letters("wasm")));

        assertThat(resolving.find("gym:module:Env-v3@2").id()).isEqualTo("gym:module:Env-v3@2");
        assertThat(resolving.find("wasm:games/pong.wasm").id()).isEqualTo("wasm:games/pong.wasm");
        assertThatThrownBy(() -> resolving.find("jym:LunarLander-v3"))
                .hasMessage("there is no environment \"jym:LunarLander-v3\"; nothing here resolves ids that begin with "
                        + "\"jym:\"; known prefixes: gym, wasm");
        assertThatThrownBy(() -> catalogue.find("gym:x"))
                .hasMessage("there is no environment \"gym:x\"; nothing here resolves ids that begin with \"gym:\"; "
                        + "ask for an id without a colon");
        assertThatThrownBy(() -> new Catalogue(List.of(), List.of(new Letters("gym"), new Letters("GYM"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("two resolvers answer to GYM");
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
    void aNameOfAMillionLettersIsAnsweredAtOnceAndShortly() {
        assertThatThrownBy(() -> catalogue.find("a".repeat(1_000_000)))
                .hasMessage("there is no environment " + "a".repeat(60) + "…; no jar on the class path declares it; "
                        + "known: auction, CartPole, CartPole-v1, gate");
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
    void aJarThatIsNotThereIsNoneOrDeclaresNothingIsRefusedByName(@TempDir Path folder) throws IOException {
        Path missing = folder.resolve("missing.jar");
        Path text = Files.writeString(folder.resolve("README.md"), "# no jar");
        Path library = folder.resolve("library.jar");
        try (var jar = new JarOutputStream(Files.newOutputStream(library))) {
            jar.putNextEntry(new ZipEntry("notes.txt"));
        }
        Path classes = Files.createDirectory(folder.resolve("classes"));

        assertThatThrownBy(() -> Catalogue.of(List.of(missing), loader()))
                .isInstanceOf(HyperTokenException.class)
                .hasMessage("the jar " + missing + " was refused; there is no such file, or it cannot be read; "
                        + "build it first, or correct the path");
        assertThatThrownBy(() -> Catalogue.of(List.of(text), loader()))
                .hasMessage("the jar " + text + " was refused; it is neither a jar nor a folder of classes; "
                        + "name the jar that your build writes, such as target/my-environment.jar");
        assertThatThrownBy(() -> Catalogue.of(List.of(library, classes), loader()))
                .hasMessage("the jar " + library + ", " + classes + " was refused; it declares no environment; name "
                        + "each environment's class on a line of META-INF/services/io.hypertoken.env.Environment "
                        + "and build it again");
    }

    @Test
    void aJarThatOnesOwnNeedsMayStandBesideIt(@TempDir Path folder) throws IOException {
        Path own = Files.createDirectories(folder.resolve("own/META-INF/services"));
        Files.writeString(own.resolve(Environment.class.getName()), Auction.class.getName());
        Path library = Files.createDirectory(folder.resolve("library"));

        var both = Catalogue.of(List.of(library, folder.resolve("own")), loader());

        assertThat(both.find("auction")).isSameAs(Auction.SPEC);
    }

    /// Its declaration throws when the class is loaded, as that of an option whose default is out of range does.
    public static final class Unsound {
        public static final Spec SPEC = Spec.of("unsound", 1)
                .option("length", integers(2, 64), 1)
                .creates(options -> {
                    throw new IllegalStateException("never made");
                });

        private Unsound() {}
    }

    @Test
    void aDeclarationThatThrowsIsToldAsWhatItThrew() {
        assertThatThrownBy(() -> Catalogue.declaredBy(Unsound.class.getName(), loader()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("cannot load " + Unsound.class.getName() + "; ")
                .hasMessageContaining("length")
                .hasMessageEndingWith("; mend the declaration; build it again");
    }

    private static ClassLoader loader() {
        return CatalogueTest.class.getClassLoader();
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
