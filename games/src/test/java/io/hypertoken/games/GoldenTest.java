package io.hypertoken.games;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.check.FlippedBit;
import io.hypertoken.env.Catalogue;
import io.hypertoken.env.Spec;
import io.hypertoken.record.Golden;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Holds every shipped environment to its playthrough and digest. To write one: `./hypertoken golden update ENV`.
class GoldenTest {
    private static final Catalogue CATALOGUE = Catalogue.of(GoldenTest.class.getClassLoader());
    private static final Golden GOLDEN = new Golden(Path.of("src/test/resources/golden"));

    static Collection<Spec> specs() {
        return CATALOGUE.specs();
    }

    static List<Path> files() {
        return GOLDEN.files();
    }

    @ParameterizedTest
    @MethodSource("specs")
    void everyEnvironmentHasAPlaythroughOfItsPresentVersion(Spec spec) {
        assertThat(GOLDEN.files(spec))
                .isNotEmpty()
                .allSatisfy(
                        file -> assertThat(Golden.read(file).title().version()).isEqualTo(spec.version()));
    }

    @ParameterizedTest
    @MethodSource("files")
    void everyPlaythroughReplaysLineByLine(Path file) {
        Spec spec = CATALOGUE.find(Golden.read(file).title().id());

        assertThat(GOLDEN.check(file, spec)).isEmpty();
    }

    /// The test of the test: whatever bit changes wherever, the transcript or the digest tells.
    @ParameterizedTest
    @MethodSource("files")
    void oneFlippedBitInOneObservationIsNoticed(Path file) {
        Spec spec = CATALOGUE.find(Golden.read(file).title().id());

        assertThat(GOLDEN.check(file, spec.wrapping(FlippedBit.afterStep(7))))
                .as("in the transcript and the digest")
                .hasSizeGreaterThanOrEqualTo(2);
        assertThat(GOLDEN.check(file, spec.wrapping(FlippedBit.afterStep(9_990))))
                .as("in the digest alone")
                .hasSize(1);
    }
}
